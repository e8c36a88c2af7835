import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import type { Definition } from '../exchange/definition.ts'
import { LANGUAGE } from '../exchange/language.ts'
import { loadDefinition } from '../exchange/load.ts'
import { languageReference } from './language-reference.ts'
import { recordSchema } from './record-schema.ts'
import { exchangeReference } from './reference.ts'
import { starterFiles } from './starter.ts'

const files = new Map(Object.entries(starterFiles('visits', 'Visits | <all>')))
const definition = loadDefinition(files, { sha256: () => 'abc' }).definition as Definition

/** Every row of each table has as many cells as its header. */
function expectWholeTables(text: string): void {
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length
  const blocks = text.split('\n\n').filter((block) => block.trimStart().startsWith('|'))
  expect(blocks.length).toBeGreaterThan(0)
  for (const block of blocks) expect(new Set(block.trim().split('\n').map(cells)).size, block).toBe(1)
}

test('the reference of the language names every key, and its links lead somewhere', () => {
  const text = languageReference()
  expectWholeTables(text)
  for (const { keys } of Object.values(LANGUAGE))
    for (const key of Object.keys(keys)) expect(text).toContain(`\`${key}\``)
  const anchors = [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\d\s-]/gu, '')
      .replaceAll(' ', '-'),
  )
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor)
})

test('the page of an exchange names its fields, places, codes, rules and columns', () => {
  const text = exchangeReference(definition)
  expectWholeTables(text)
  expect(text).toMatch(/^# Visits \| \\<all\\>\n/)
  expect(text).toContain(
    "| 1 | `visit_no` | text, 1 to 20 characters | yes | `VisitNo` | Visit number. The site's own number of the visit, never used again. | `F001R` `F001L` |",
  )
  expect(text).toContain(
    '| 2 | `day` | date, 2000-01-01 to today | yes | `Day` | Day | `F002R` `F002T` `F002N` |',
  )
  expect(text).toContain('| 7 | `loans.days` | integer, 1 to 60 |  | `Loans.Loan.Days` |')
  expect(text).toContain('| `V100` | error | A film is lent for a week at most |')
  expect(text).toContain('| `Kind` | loans.kind |')
  expect(text).toContain('| `F` | Film |')
})

test('the schema of a record type takes records without findings and names what is wrong with others', () => {
  const [type] = definition.types
  if (type === undefined) throw new Error('the starter has a type')
  const fits = new Ajv2020({ strict: true, formats: { date: /^\d{4}-\d\d-\d\d$/ } }).compile(
    recordSchema(definition, type),
  )
  const record = { visit_no: '1', day: '2026-01-05', site: 'north', loans: [{ kind: 'B', days: 3 }] }
  expect(fits(record), JSON.stringify(fits.errors)).toBe(true)
  expect(fits({ ...record, visit_no: '' })).toBe(false)
  expect(fits({ ...record, loans: [{ kind: 'X' }] })).toBe(false)
  expect(fits({ ...record, loans: [{ kind: 'B', days: 61 }] })).toBe(false)
  expect(fits({ visit_no: '1' })).toBe(false)
})
