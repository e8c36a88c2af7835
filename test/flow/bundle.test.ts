import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoStop, stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import { createJudgePool, type JudgePool } from '../../src/judge/pool.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import type { StoredLine } from '../../src/store/log-lines.ts'
import type { Submission } from '../../src/store/model.ts'
import { BUNDLE_TYPE } from '../../src/unpack/bundle.ts'
import { testDatabases } from '../database.ts'
import { makeBundle } from '../unpack/bundle-maker.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { judgeHere, openRiver, type River } from './river.ts'

const ORI = 'CA0000001'
const TIME = '20260301120000'

function stopsFrom(firstNumber: number, count = 1): DemoStop[] {
  return [...generateStops({ seed: firstNumber, count, ori: ORI, firstNumber })]
}

const json = (...stops: readonly DemoStop[]) =>
  JSON.stringify(stops.length === 1 ? stopTree(stops[0]!) : stops.map(stopTree))
const nameOf = (stop: DemoStop, extension = 'json') => `${TIME}_${ORI}_${stop.leaRecordId}.${extension}`

function csv(stops: readonly DemoStop[]): string {
  return [stopHeader('v2'), ...stops.flatMap((stop) => stopRows(stop))]
    .map((row) => csvRow(row, '|'))
    .join('')
}

type Members = Readonly<Record<string, string | Uint8Array>>

async function sendBundle(river: River, members: Members): Promise<Submission> {
  const change = { channel: 'sftp', contentType: BUNDLE_TYPE, fileName: 'bundle.zip' }
  return river.send(await makeBundle(members), change)
}

const shown = (lines: readonly StoredLine[]) =>
  lines.map(({ position, member, outcome, findings = [] }) => {
    const fatal = findings.find(({ severity }) => severity === 'fatal')
    return [position, member ?? '', outcome, fatal === undefined ? null : `${fatal.code} ${fatal.field}`]
  })

describe.each(testDatabases())('bundles on $name', ({ open }) => {
  let river: River
  let ripa: Definition

  beforeAll(async () => {
    ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
    river = await openRiver(await open(), [ripa], judgeHere())
  }, 60_000)
  afterAll(() => river.close())

  test('each file of a bundle is read by itself: what cannot be read is one rejected record, and the rest go on', async () => {
    const [a, b, c, d] = stopsFrom(1, 4) as [DemoStop, DemoStop, DemoStop, DemoStop]
    const rest = stopsFrom(10, 3)
    const twoRows = csv(rest)
    const members = {
      [nameOf(a)]: json(a),
      [`${TIME}_${ORI}_empty.json`]: '',
      [`${TIME}_${ORI}_odd.json`]: Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]),
      [`${TIME}_${ORI}_cut.json`]: '{"LEARecordID": "cut", "ORI": ',
      [nameOf(b, 'json.gz')]: gzipSync(json(b)),
      [nameOf(c, 'json.zip')]: makeZip([{ name: 'stop.json', data: json(c) }]),
      [`${TIME}_${ORI}_bad.json.zip`]: makeZip([{ name: '../x', data: '{}' }]),
      [`${TIME}_${ORI}.csv`]: twoRows,
      [nameOf(d)]: json(d),
    }
    const done = await sendBundle(river, members)
    const names = Object.keys(members)
    const lines = await river.log(done.tracking)
    expect(done).toMatchObject({ state: 'completed', counts: { received: 11, created: 7, rejected: 4 } })
    expect(shown(lines)).toEqual([
      [1, names[0], 'created', null],
      [2, names[1], 'rejected', 'FILE_EMPTY file'],
      [3, names[2], 'rejected', 'FILE_TYPE_UNKNOWN file'],
      [4, names[3], 'rejected', 'FILE_TRUNCATED file'],
      [5, names[4], 'created', null],
      [6, `${names[5]}!/stop.json`, 'created', null],
      [7, names[6], 'rejected', 'FILE_ARCHIVE_REFUSED file'],
      [8, names[7], 'created', null],
      [9, names[7], 'created', null],
      [10, names[7], 'created', null],
      [11, names[8], 'created', null],
    ])
  })

  test('conversion error is for the record and record type invalid for its file; both leave the others alone', async () => {
    const [a, b, c] = stopsFrom(30, 3) as [DemoStop, DemoStop, DemoStop]
    const ragged = csv([a, b]).trimEnd().split('\n')
    const broken = [...ragged.slice(0, 2), 'one cell', ...ragged.slice(2)].join('\n')
    const table = `${TIME}_${ORI}.csv`
    const document = `${TIME}_${ORI}_x.json`
    const done = await sendBundle(river, {
      [table]: broken,
      [document]: '%PDF-1.7 ...',
      [nameOf(c)]: json(c),
    })
    expect(shown(await river.log(done.tracking))).toEqual([
      [1, table, 'created', null],
      [2, table, 'rejected', 'RECORD_RAGGED '],
      [3, table, 'created', null],
      [4, document, 'rejected', 'FILE_TYPE_UNKNOWN file'],
      [5, nameOf(c), 'created', null],
    ])
  })

  test('records read before a file breaks off keep their outcome', async () => {
    const stops = stopsFrom(40, 3)
    const [after] = stopsFrom(50)
    const table = `${TIME}_${ORI}.csv`
    const bytes = Buffer.concat([Buffer.from(csv(stops)), Buffer.from('\xff\xfe\x81'.repeat(9), 'latin1')])
    const done = await sendBundle(river, { [table]: bytes, [nameOf(after!)]: json(after!) })
    const lines = shown(await river.log(done.tracking))
    expect(lines.slice(0, 2)).toEqual([
      [1, table, 'created', null],
      [2, table, 'created', null],
    ])
    expect(lines.slice(-2)).toEqual([
      [lines.length - 1, table, 'rejected', 'FILE_ENCODING file'],
      [lines.length, nameOf(after!), 'created', null],
    ])
  })

  test('what a name says must be in the records, and both are told where it is not', async () => {
    const [a, b] = stopsFrom(60, 2) as [DemoStop, DemoStop]
    const wrong = `${TIME}_CA0990100_${b.leaRecordId}.json`
    const done = await sendBundle(river, { [nameOf(a)]: json(b), [wrong]: json(b) })
    const lines = await river.log(done.tracking)
    const fatal = lines.map(({ outcome, findings }) => [
      outcome,
      findings?.filter(({ severity }) => severity === 'fatal'),
    ])
    expect(fatal).toEqual([
      [
        'rejected',
        [
          {
            code: 'FILE_NAME_DISAGREES',
            severity: 'fatal',
            path: 'lea_record_id',
            field: 'LEARecordID',
            item: null,
            message: `The name of the file says LEARecordID ${a.leaRecordId}, but the record says ${b.leaRecordId}.`,
            value: b.leaRecordId,
          },
        ],
      ],
      [
        'rejected',
        [expect.objectContaining({ code: 'FILE_NAME_DISAGREES', path: 'ori', field: 'ORI', value: ORI })],
      ],
    ])
  })

  test('a file that may hold one record and holds more is refused as a whole', async () => {
    const [a, b, c] = stopsFrom(70, 3) as [DemoStop, DemoStop, DemoStop]
    const done = await sendBundle(river, {
      [nameOf(a)]: json(a, b),
      [nameOf(b, 'json.zip')]: makeZip([
        { name: 'a.json', data: json(b) },
        { name: 'b.json', data: json(c) },
      ]),
      [nameOf(c, 'zip')]: makeZip([
        { name: nameOf(a), data: json(a) },
        { name: nameOf(b), data: json(b) },
      ]),
    })
    expect(shown(await river.log(done.tracking))).toEqual([
      [1, nameOf(a), 'rejected', 'FILE_RECORDS_MANY file'],
      [2, nameOf(b, 'json.zip'), 'rejected', 'FILE_RECORDS_MANY file'],
      [3, `${nameOf(c, 'zip')}!/${nameOf(a)}`, 'created', null],
      [4, `${nameOf(c, 'zip')}!/${nameOf(b)}`, 'created', null],
    ])
  })

  test('a file that holds another format than files named so is refused, with the reason', async () => {
    const [a] = stopsFrom(80)
    const done = await sendBundle(river, { [nameOf(a!)]: csv([a!]), 'stops.json': json(a!) })
    const lines = await river.log(done.tracking)
    expect(
      lines.map(({ outcome, findings }) => [outcome, findings?.[0]?.code, findings?.[0]?.message]),
    ).toEqual([
      ['rejected', 'FILE_NAME_WRONG', 'a file with this name must hold JSON or XML; this one holds CSV.'],
      [
        'rejected',
        'FILE_NAME_WRONG',
        expect.stringMatching(
          /^the name must look like yyyyMMddHHmmss_<ORI>_<LEARecordID>\.json \(or \.xml\)/,
        ),
      ],
    ])
  })

  test('a file that was too large for a bundle is held against its name too', async () => {
    const [a, b] = stopsFrom(90, 2) as [DemoStop, DemoStop]
    const alone = { channel: 'drop', contentType: null }
    const many = await river.send(json(a, b), { ...alone, fileName: nameOf(a) })
    expect(many).toMatchObject({ state: 'refused', counts: { received: 0 } })
    expect(many.reason).toContain('may hold one record')
    const other = await river.send(json(a), { ...alone, fileName: nameOf(b) })
    expect(shown(await river.log(other.tracking))).toEqual([
      [1, '', 'rejected', 'FILE_NAME_DISAGREES LEARecordID'],
    ])
    const right = await river.send(json(a), { ...alone, fileName: nameOf(a) })
    expect(right.counts).toMatchObject({ received: 1, created: 1 })
    const called = await river.send(json(b), { channel: 'rest', fileName: 'any name' })
    expect(called.counts).toMatchObject({ received: 1, created: 1 })
  })

  test('nobody else can have an archive read as a bundle', async () => {
    const [a] = stopsFrom(100)
    const bundle = await makeBundle({ 'a.json': json(a!), 'b.json': '' })
    const done = await river.send(bundle, { channel: 'rest', contentType: BUNDLE_TYPE, fileName: 'x.zip' })
    expect(done).toMatchObject({ state: 'refused', counts: { received: 0 } })
  })

  test('the error file of a bundle has the records at the positions at which they were judged', async () => {
    const [a, b, c] = stopsFrom(110, 3) as [DemoStop, DemoStop, DemoStop]
    const done = await sendBundle(river, {
      [nameOf(a)]: json(a),
      [`${TIME}_${ORI}_many.json`]: json(a, b, c),
      [nameOf(b)]: json({ ...b, time: '' }),
      [nameOf(c)]: '{',
    })
    const { stream } = await errorFile(river.deps, done, ripa)
    const text = Buffer.concat(await stream.toArray()).toString()
    expect(text).toContain(`${done.tracking}:3`)
    expect(text).toContain('F007')
    expect(text).toContain(b.leaRecordId)
  })
})

test('after its judging process died a bundle goes on where it stood, at the same positions', async () => {
  const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
  const [database] = testDatabases()
  const pool = createJudgePool()
  let deaths = 0
  const dying: JudgePool = {
    ...pool,
    async *judge(definition, source, context) {
      for await (const batch of pool.judge(definition, source, context)) {
        yield batch
        if (deaths === 0) {
          deaths += 1
          const { JudgeDied } = await import('../../src/judge/pool.ts')
          throw new JudgeDied('it was killed', '')
        }
      }
    },
  }
  const river = await openRiver(await database!.open(), [ripa], dying)
  try {
    const stops = stopsFrom(1, 450)
    const members = Object.fromEntries(
      stops.map((stop, n) => [nameOf(stop), n % 50 === 7 ? '{' : json(stop)]),
    )
    const done = await sendBundle(river, members)
    expect(deaths).toBe(1)
    expect(done).toMatchObject({ state: 'completed', counts: { received: 450, created: 441, rejected: 9 } })
    const lines = await river.log(done.tracking)
    expect(lines.map(({ member }) => member)).toEqual(Object.keys(members))
    expect(lines.map(({ position }) => position)).toEqual(stops.map((_, n) => n + 1))
  } finally {
    await river.close()
  }
}, 60_000)
