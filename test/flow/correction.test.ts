import { describe, expect, test } from 'vitest'
import { type DemoStop, stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { DEFAULT_LIMITS } from '../../src/decode/limits.ts'
import { decodeSheet } from '../../src/decode/sheet.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { writeSheet } from '../../src/encode/sheet.ts'
import { xmlElement, xmlFrame } from '../../src/encode/xml.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { createSubmissionPorts } from '../../src/node/submission-ports.ts'
import { submitOne } from '../../src/run/one-record.ts'
import type { StoredLine } from '../../src/store/log-lines.ts'
import type { Submission } from '../../src/store/model.ts'
import { testDatabases } from '../database.ts'
import { judgeHere, openRiver, type River } from './river.ts'

const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)

/** In place of a gender: stored with errors. In place of a date: not stored. Both are found again as text. */
const wrongGender = 'ZZ'
const wrongDate = '99/99/2024'

interface Format {
  readonly name: 'csv' | 'xlsx' | 'xml' | 'json'
  write(stops: readonly DemoStop[]): Promise<Uint8Array>
  correct(bytes: Uint8Array): Promise<Uint8Array>
}

const formats: readonly Format[] = [
  {
    name: 'csv',
    write: async (stops) =>
      Buffer.from(
        table(stops)
          .map((row) => csvRow(row, '|'))
          .join(''),
      ),
    correct: async (bytes) => Buffer.from(corrected(Buffer.from(bytes).toString())),
  },
  {
    name: 'xlsx',
    write: (stops) => workbook(table(stops)),
    async correct(bytes) {
      const rows: string[][] = []
      for await (const batch of decodeSheet(bytes, 'xlsx', ripa.formats.sheet, DEFAULT_LIMITS))
        for (const { cells } of batch) rows.push(cells.map(corrected))
      return workbook(rows)
    },
  },
  {
    name: 'xml',
    async write(stops) {
      const { root, record, namespace } = ripa.formats.xml
      const { start, end } = xmlFrame(root, namespace)
      return Buffer.from(start + stops.map((stop) => xmlElement(record, stopTree(stop))).join('\n') + end)
    },
    correct: async (bytes) => Buffer.from(corrected(Buffer.from(bytes).toString())),
  },
  {
    name: 'json',
    write: async (stops) => Buffer.from(JSON.stringify({ records: stops.map(stopTree) })),
    correct: async (bytes) => Buffer.from(corrected(Buffer.from(bytes).toString())),
  },
]

function table(stops: readonly DemoStop[]): string[][] {
  return [stopHeader('v2'), ...stops.flatMap((stop) => stopRows(stop))]
}

async function workbook([header = [], ...rows]: readonly string[][]): Promise<Uint8Array> {
  async function* each(): AsyncGenerator<string[]> {
    yield* rows
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of writeSheet(ripa.formats.sheet.name, header, each())) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function corrected(text: string): string {
  return text.replaceAll(wrongGender, '1').replaceAll(wrongDate, '02/14/2024')
}

/** Eight stops: two stored with errors (one of several persons), three never stored. */
function someStops(): DemoStop[] {
  const made = [...generateStops({ seed: 7, count: 60, ori: 'CA0000001', faults: 0 })]
  const several = made.find(({ persons }) => persons.length > 1) as DemoStop
  const stops = [...made.filter((stop) => stop !== several && stop.version === 'v2').slice(0, 7), several]
  const at = (index: number) => stops[index] as DemoStop
  ;(at(1).persons[0] as DemoStop['persons'][number]).gender = wrongGender
  ;(at(7).persons[1] as DemoStop['persons'][number]).gender = wrongGender
  at(2).date = wrongDate
  // Never stored, but sent as an update, and with a transaction type that there is not.
  at(3).transaction = 'U'
  at(5).transaction = 'X' as 'I'
  return stops
}

async function errorsOf(river: River, submission: Submission): Promise<Uint8Array> {
  const { stream } = await errorFile(river.deps, submission, ripa)
  return Buffer.concat(await stream.toArray())
}

/** The findings of the records that are in an error file. */
function told(lines: readonly StoredLine[]): unknown[] {
  return lines
    .filter(({ findings = [] }) =>
      findings.some(({ severity }) => severity === 'error' || severity === 'fatal'),
    )
    .map(({ key, findings }) => ({ key, findings }))
}

async function opened(open: () => Promise<Database>, definition: Definition): Promise<River> {
  return openRiver(await open(), [definition], judgeHere())
}

describe.each(testDatabases())('$name', ({ open }) => {
  test.each(formats)(
    'a corrected error file in $name is sent again as it is, and only its records are processed',
    async ({ write, correct }) => {
      const river = await opened(open, ripa)
      try {
        const first = await river.send(await write(someStops()), { fileName: 'stops' })
        expect(first.counts).toMatchObject({ received: 8, created: 5, rejected: 3, withErrors: 2 })
        const second = await river.send(await correct(await errorsOf(river, first)), { fileName: 'again' })

        expect(second.counts).toMatchObject({
          received: 5,
          created: 3,
          updated: 2,
          rejected: 0,
          withErrors: 0,
        })
        const lines = await river.log(second.tracking)
        const marks = (lines as { corrects?: string }[]).map((line) => line.corrects)
        expect(marks).toEqual([2, 3, 4, 6, 8].map((position) => `${first.tracking}:${position}`))
        expect(lines.map(({ operation }) => operation)).toEqual([
          'replace',
          'create',
          'create',
          'create',
          'replace',
        ])

        const ports = createSubmissionPorts({ ...river.deps, sign: async () => '' })
        const link = (tracking: string) => [{ tracking, records: 5 }]
        expect(await ports.find(second.tracking, null)).toMatchObject({
          corrects: link(first.tracking),
          correctedBy: [],
        })
        expect(await ports.find(first.tracking, null)).toMatchObject({
          corrects: [],
          correctedBy: link(second.tracking),
        })
      } finally {
        await river.close()
      }
    },
  )

  test.each(formats)(
    'an error file in $name that was not corrected gives the same findings again',
    async ({ write }) => {
      const river = await opened(open, ripa)
      try {
        const stops = someStops().filter(({ transaction }) => transaction === 'I')
        const first = await river.send(await write(stops))
        const found = told(await river.log(first.tracking))
        expect(found).toHaveLength(3)
        const second = await river.send(await errorsOf(river, first))
        expect(told(await river.log(second.tracking))).toEqual(found)
        const third = await river.send(await errorsOf(river, second))
        expect(told(await river.log(third.tracking))).toEqual(found)
      } finally {
        await river.close()
      }
    },
  )

  test('without a marker nothing is inferred: an insert on a stored key is refused, and nothing is linked', async () => {
    const river = await opened(open, ripa)
    try {
      const [json] = formats.filter(({ name }) => name === 'json') as [Format]
      const stops = someStops().slice(0, 2)
      const first = await river.send(await json.write(stops))
      const again = await river.send(await json.correct(await json.write(stops)))
      expect(again.counts).toMatchObject({ received: 2, rejected: 2 })
      const [{ n } = { n: -1 }] = await river.deps.db.transact((tx) =>
        tx.rows<{ n: number }>(sql`select count(*)::int as n from correction`),
      )
      expect(n).toBe(0)
      expect(first.counts.created).toBe(2)
    } finally {
      await river.close()
    }
  })

  test('a marker links a single call too, and one that names no submission of the book links nothing', async () => {
    const river = await opened(open, ripa)
    try {
      const [json] = formats.filter(({ name }) => name === 'json') as [Format]
      const [, wrong, , , clean] = someStops()
      const first = await river.send(await json.write([wrong as DemoStop]))
      const marked = (stop: DemoStop, marker: string) => ({
        ...stopTree(stop),
        TX_Type: stop === wrong ? 'U' : 'I',
        Tributary_Corrects: marker,
      })
      const call = (tree: object, key: string) =>
        submitOne(
          { ...river.deps, realtime: river.realtime },
          {
            who: { partner: 'alpha', account: 'a', centre: false } as never,
            exchange: 'ripa',
            realm: 'live',
            partner: 'alpha',
            channel: 'rest',
            type: 'stop',
            operation: null,
            recordId: null,
            expectedVersion: null,
            idempotencyKey: key,
            bytes: Buffer.from(corrected(JSON.stringify(tree))),
            format: 'json',
            names: 'wire',
          },
        )
      const one = await call(marked(wrong as DemoStop, `${first.tracking}:1`), 'one')
      expect(one).toMatchObject({ outcome: 'updated', status: 'submitted' })
      const two = await call(marked(clean as DemoStop, `ripa-1-${'0'.repeat(21)}:1`), 'two')
      expect(two).toMatchObject({ outcome: 'created', status: 'submitted' })
      const ports = createSubmissionPorts({ ...river.deps, sign: async () => '' })
      expect(await ports.find(first.tracking, null)).toMatchObject({
        correctedBy: [{ tracking: one.tracking, records: 1 }],
      })
      expect(await ports.find(two.tracking, null)).toMatchObject({ corrects: [], correctedBy: [] })
    } finally {
      await river.close()
    }
  })
})
