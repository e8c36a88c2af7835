import { expect, test } from 'vitest'
import { rawRows } from '../../test/fixtures/definition.ts'
import { electorsFolder } from '../../test/fixtures/electors.ts'
import { createJudge } from '../judge/judge.ts'
import { readExchangeFolder, sha256 } from '../node/exchange-folder.ts'
import { loadDefinition } from './load.ts'

const files = await readExchangeFolder(electorsFolder)
const type = files.get('types/elector.yaml') ?? ''

function load(layouts: string) {
  const changed = new Map(files)
  changed.set('types/elector.yaml', `${type}\nlayouts:\n  ${layouts}\n`)
  return loadDefinition(changed, { sha256 })
}

test('a layout may stand in the definition itself, for everybody', () => {
  const { definition, problems } = load(
    'theirs: { of: rows, columns: { Id: elector_id, First: name.first, Last: name.last }, fields: { status: { value: active } } }',
  )
  expect(problems).toEqual([])
  if (definition === null) throw new Error('no definition')
  expect(definition.hash).not.toBe(loadDefinition(files, { sha256 }).definition?.hash)
  // It crosses process boundaries and is kept as JSON.
  const kept = JSON.parse(JSON.stringify(definition)) as typeof definition
  const record = rawRows(['Id', 'First', 'Last', 'Other'], ['E1', 'A', 'B', 'x'])
  for (const one of [definition, kept]) {
    const [parcel] = createJudge(one).judge([record], { partner: 'p', today: '2026-03-02' })
    expect(parcel).toMatchObject({ key: 'E1', findings: [] })
    expect(JSON.parse(parcel?.body ?? '')).toEqual({
      elector_id: 'E1',
      name: { first: 'A', last: 'B' },
      status: 'active',
    })
  }
})

test('its mistakes are told with file and line, like all others', () => {
  const { definition, problems } = load('theirs: { of: rows, columns: { Id: elektor_id } }')
  expect(definition).toBeNull()
  expect(problems.map(({ file, message, fix }) => `${file} ${message} ${fix}`)).toEqual([
    "types/elector.yaml The layout 'theirs' maps nothing to 'elector_id', by which a record is known. Map it too.",
    "types/elector.yaml There is no field 'elektor_id' here. Did you mean 'elector_id'?",
  ])
})

test('where our own records have several rows, a layout of rows cannot be', () => {
  const changed = new Map(files)
  changed.set(
    'types/elector.yaml',
    `${type}\nlayouts: { theirs: { of: rows, columns: { Id: elector_id } } }\n`,
  )
  const exchange = files.get('exchange.yaml') ?? ''
  changed.set('exchange.yaml', exchange.replace('formats:', 'formats:\n  csv: { row_per: identifiers }'))
  const { problems } = loadDefinition(changed, { sha256 })
  expect(problems.map(({ message }) => message)).toContain(
    "Records of this exchange have a row for each of 'identifiers'.",
  )
})
