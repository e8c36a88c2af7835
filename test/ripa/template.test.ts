import { expect, test } from 'vitest'
import { writeTemplate } from '../../src/encode/template.ts'
import { judgeDocument } from '../../src/judge/document.ts'
import { createJudge } from '../../src/judge/judge.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { FOLDER } from './judging.ts'

test.each(['json', 'xml', 'csv', 'xlsx'] as const)(
  'the template in %s is a record without a finding',
  async (format) => {
    const definition = await loadExchange(FOLDER)
    const bytes = await writeTemplate(definition, definition.types, format)
    const context = {
      partner: 'alder-flat-pd',
      today: '2024-06-01',
      fileName: `template.${format}`,
      fromPosition: 0,
      limits: documentLimits,
    }
    const judged = []
    for await (const { parcels } of judgeDocument(
      definition,
      createJudge(definition),
      { kind: 'bytes', bytes },
      context,
    ))
      judged.push(...parcels.map(({ version, operation, findings }) => ({ version, operation, findings })))
    expect(judged).toEqual([{ version: 'v2', operation: 'create', findings: [] }])
  },
)
