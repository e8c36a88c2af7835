import { expect, test } from 'vitest'
import { writeTemplate } from '../../src/encode/template.ts'
import { EXCHANGES, judge, load } from './judging.ts'

const formats = ['json', 'xml', 'csv', 'xlsx'] as const
const cases = EXCHANGES.flatMap((exchange) => formats.map((format) => [exchange, format] as const))

test.each(cases)('the templates of %s in %s are records without a finding', async (exchange, format) => {
  const definition = await load(exchange)
  for (const type of definition.types) {
    const bytes = await writeTemplate(definition, [type], format)
    const alone = { ...definition, batch: { required: [] } }
    const parcels = await judge(alone, bytes, `${type.name}.${format}`, '2024-12-31')
    expect(parcels.map((parcel) => [parcel.type, parcel.findings])).toEqual([[type.name, []]])
  }
})
