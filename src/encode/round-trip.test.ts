import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visitDefinition, visitType } from '../../test/fixtures/visit-definition.ts'
import { decodeDocument } from '../decode/decode.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import type { DocumentFormat } from '../decode/sniff.ts'
import { columnsOf, groupColumnsOf } from '../exchange/columns.ts'
import { neutralise } from '../exchange/formula-cell.ts'
import type { Body, RawTree } from '../exchange/parcel.ts'
import { compileTranslator } from '../translate/translator.ts'
import { compileValidator } from '../validate/validator.ts'
import { bytesOf } from './bytes.ts'
import { csvRow } from './csv.ts'
import { writeJson } from './json.ts'
import { type Travel, toRows, toWire } from './record.ts'
import { writeSheet } from './sheet.ts'
import { xmlElement, xmlFrame } from './xml.ts'

const translator = compileTranslator(visitDefinition)
const validator = compileValidator(visitDefinition)
const header = columnsOf(visitDefinition, visitType).map(({ column }) => column)
const travel: Travel = { operation: 'create' }

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

/** A document of these records, in this format. */
function written(bodies: readonly Body[], format: DocumentFormat): AsyncIterable<Uint8Array> {
  const rows = bodies.flatMap((body) => toRows(visitDefinition, visitType, body, travel))
  const trees: RawTree[] = bodies.map((body) => toWire(visitDefinition, visitType, body, travel))
  if (format === 'csv') return bytesOf(each([header, ...rows].map((row) => csvRow(row, '|'))))
  if (format === 'json') return bytesOf(writeJson(each(trees), 'wrapper', 'visits'))
  // A sheet computes no text, but what is read from one is restored as a cell of CSV is.
  if (format === 'xlsx') return writeSheet('Visits', header, each(rows.map((row) => row.map(neutralise))))
  const frame = xmlFrame('Visits', null)
  return bytesOf(each([frame.start, ...trees.map((tree) => xmlElement('Visit', tree)), frame.end]))
}

async function read(bytes: AsyncIterable<Uint8Array>, format: DocumentFormat): Promise<Body[]> {
  const bodies: Body[] = []
  const batches = decodeDocument(bytes, format, {
    formats: visitDefinition.formats,
    limits: DEFAULT_LIMITS,
    groupColumns: groupColumnsOf(visitDefinition),
    firstPosition: 1,
    member: '',
  })
  const context = {
    partner: 'p',
    today: '2024-06-01',
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  }
  for await (const batch of batches)
    for (const record of batch)
      bodies.push(JSON.parse(validator.validate(translator.translate(record, context), context).body))
  return bodies
}

const word = fc.string({
  unit: fc.constantFrom('a', 'B', '7', '"', '|', '<', '&', 'é', '=', '-', "'"),
  minLength: 1,
  maxLength: 8,
})
const code = fc.constantFrom('1', '2')
const body = fc.record(
  {
    id: fc.nat(9_999).map((n) => `A${n}`),
    day: fc.constantFrom('2024-02-29', '2023-12-31'),
    place: fc.record({ kind: code, street: word }, { requiredKeys: ['kind'] }),
    persons: fc.array(
      fc.record(
        {
          pid: fc.integer({ min: 1, max: 99 }),
          races: fc.array(code, { minLength: 1, maxLength: 2 }),
          student: fc.boolean(),
          results: fc.array(
            fc.record(
              {
                result: code,
                offences: fc.array(fc.constantFrom('54106', '7'), { minLength: 1, maxLength: 3 }),
              },
              { requiredKeys: ['result'] },
            ),
            { minLength: 1, maxLength: 3 },
          ),
        },
        { requiredKeys: ['pid', 'races'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: ['id', 'day', 'place', 'persons'], noNullPrototype: true },
)
const bodies = fc.uniqueArray(body, { minLength: 1, maxLength: 3, selector: ({ id }) => id })

test.each(['json', 'xml', 'csv', 'xlsx'] as const)(
  'records written as %s are read as the same records',
  (format) =>
    fc.assert(
      fc.asyncProperty(bodies, async (records) => {
        const sent = records as unknown as Body[]
        expect(await read(written(sent, format), format)).toEqual(JSON.parse(JSON.stringify(sent)))
      }),
      { numRuns: format === 'xlsx' ? 20 : 60 },
    ),
)
