import { expect, test } from 'vitest'
import { codeList, exchangeOf, field, rawTree, recordType } from '../../test/fixtures/definition.ts'
import type { Field, NameRule } from '../exchange/definition.ts'
import { createJudge } from './judge.ts'
import { compileFileNaming, compileNaming, onlyOne } from './naming.ts'

/** Codes and fields of what a name disagrees with in a record. */
function disagreements(value: Partial<Field>, text: string, sent: string | undefined, pattern = '{what}') {
  const { files, ...rest } = exchangeOf(
    recordType([field('id'), field('what', { path: ['What'], ...value })]),
    { lists: { size: codeList('size', ['Big', 'Small']) } },
  )
  const names: readonly NameRule[] = [{ pattern, formats: ['json'], records: 'many' }]
  const definition = { ...rest, files: { ...files, names } }
  const raw = rawTree({ id: '1_2', ...(sent === undefined ? {} : { What: sent }) })
  const parcels = createJudge(definition).judge([raw], { partner: 'p', today: '2026-03-02' })
  const found = compileFileNaming(definition)(`${text}.json`).documentIn('', 'json')
  const hold = compileNaming(definition, 'p')
  return parcels.flatMap((parcel) =>
    hold(parcel, found.names)
      .findings.filter(({ code }) => code === 'FILE_NAME_DISAGREES')
      .map((finding) => finding.message),
  )
}

test.each<[string, Partial<Field>, string, string]>([
  ['a text', {}, 'A-1', 'A-1'],
  ['a character that no file name can hold', {}, 'A-1_2', 'A/1:2'],
  ['what the field changes', { transforms: ['upper'] }, 'ca1', 'CA1'],
  ['a code in either case', { type: 'code', list: 'size' }, 'BIG', 'Big'],
  ['a date', { type: 'date' }, '2026-03-01', '03/01/2026'],
  ['a date without marks', { type: 'date' }, '20260301', '03/01/2026'],
  ['a time without marks', { type: 'time' }, '143000', '14:30:00'],
  ['a time without seconds', { type: 'time' }, '1430', '14:30'],
  ['a date and time', { type: 'datetime' }, '20260301143000', '2026-03-01T14:30:00'],
  ['a number', { type: 'integer' }, '007', '7'],
  ['a decimal', { type: 'decimal' }, '1.50', '1.5'],
  ['a yes', { type: 'boolean' }, 'Y', 'Y'],
])('%s in a name agrees with the record', (_, value, text, sent) => {
  expect(disagreements(value, text, sent)).toEqual([])
})

test.each<[string, Partial<Field>, string, string | undefined, string]>([
  ['another text', {}, 'A1', 'A2', 'A1, but the record says A2.'],
  ['an id in the other case', {}, 'a1', 'A1', 'a1, but the record says A1.'],
  ['another date', { type: 'date' }, '20260302', '03/01/2026', '20260302, but the record says 2026-03-01.'],
  ['another time', { type: 'time' }, '1431', '14:30', '1431, but the record says 14:30:00.'],
  ['a value that the record has not', {}, 'A1', undefined, 'A1, but the record has none.'],
])('%s is told with both values', (_, value, text, sent, told) => {
  expect(disagreements(value, text, sent)).toEqual([`The name of the file says What ${told}`])
})

test('values that hold what stands between them agree when the name can be divided so', () => {
  expect(disagreements({}, '1_2_A_B', 'A_B', '{id}_{what}')).toEqual([])
  expect(disagreements({}, '1_3_A_B', 'A_B', '{id}_{what}')).not.toEqual([])
})

test('of a file that may hold one record nothing is handed on when there are two, and the one when it breaks off', async () => {
  const batch = (count: number) => ({ records: Array.from({ length: count }, () => rawTree({ id: '1' })) })
  async function* of(...batches: readonly (ReturnType<typeof batch> | Error)[]) {
    for (const one of batches) {
      if (one instanceof Error) throw one
      yield one
    }
  }
  const run = async (batches: ReturnType<typeof of>) => {
    const handed: number[] = []
    try {
      for await (const { records } of onlyOne(batches)) handed.push(records.length)
    } catch (error) {
      return [...handed, (error as { code?: string }).code ?? (error as Error).message]
    }
    return handed
  }
  expect(await run(of())).toEqual([])
  expect(await run(of(batch(1)))).toEqual([1])
  expect(await run(of(batch(2)))).toEqual(['FILE_RECORDS_MANY'])
  expect(await run(of(batch(1), batch(1)))).toEqual(['FILE_RECORDS_MANY'])
  expect(await run(of(batch(1), new Error('cut')))).toEqual([1, 'cut'])
})
