import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { testDatabases } from '../database.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { allFindings, errorBytes, expectBalance, expectSoundBooks } from './balance.ts'
import { openRiver, type River } from './river.ts'
import { loadWells, makeWells, wellFile, zipped } from './wells.ts'

const HEADER = 'Action,Number,State,Drilled,Depth,Note,Day,Level\n'
const row = (number: string, note = '') => `,${number},O,,,${note},,\n`
const json = (inner: string) => `{"wells":[${inner}]}`
const xml = (inner: string, head = '') => `<?xml version="1.0"?>${head}<Wells>${inner}</Wells>`

/** A document that breaks off: nothing of it is stored, and the finding says why. */
const REFUSED: readonly [
  what: string,
  fileName: string,
  bytes: () => string | Uint8Array | Promise<Uint8Array>,
  code: RegExp,
][] = [
  ['an empty file', 'wells.csv', () => '', /FILE_EMPTY/],
  ['a file of spaces', 'wells.json', () => '  \n \n', /FILE_EMPTY|FILE_TYPE_UNKNOWN/],
  [
    'a truncated ZIP',
    'w.zip',
    async () => cut(zipped('w.csv', await wellFile('csv', makeWells(50))), 0.6),
    /FILE_TRUNCATED|FILE_ARCHIVE_REFUSED|FILE_MALFORMED/,
  ],
  [
    'a truncated JSON',
    'w.json',
    async () => cut(await wellFile('json', makeWells(1)), 0.7),
    /FILE_TRUNCATED|FILE_MALFORMED/,
  ],
  [
    'a truncated XML',
    'w.xml',
    async () => cut(await wellFile('xml', makeWells(1)), 0.7),
    /FILE_TRUNCATED|FILE_MALFORMED/,
  ],
  [
    'a truncated XLSX',
    'w.xlsx',
    async () => cut(await wellFile('xlsx', makeWells(50)), 0.6),
    /FILE_TRUNCATED|FILE_MALFORMED|FILE_ARCHIVE_REFUSED/,
  ],
  [
    'a picture named .csv',
    'wells.csv',
    () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    /FILE_TYPE_UNKNOWN|FILE_ENCODING/,
  ],
  ['a PDF named .json', 'wells.json', () => '%PDF-1.7\n%âãÏÓ\n1 0 obj', /FILE_TYPE_UNKNOWN/],
  ['a web page', 'wells.csv', () => '<!DOCTYPE html><html><body>Sign in</body></html>', /FILE_/],
  [
    'JSON ten thousand levels deep',
    'w.json',
    () => json(`{"Number":"D","Note":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
    /FILE_TOO_DEEP/,
  ],
  [
    'XML ten thousand levels deep',
    'w.xml',
    () => xml(`<Well>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</Well>`),
    /FILE_TOO_DEEP/,
  ],
  [
    'a billion laughs',
    'w.xml',
    () =>
      xml(
        '<Well><Number>&c;</Number></Well>',
        '<!DOCTYPE Wells [<!ENTITY a "lol"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
      ),
    /FILE_ENTITY_REFUSED/,
  ],
  [
    'an external entity',
    'w.xml',
    () =>
      xml('<Well><Number>&x;</Number></Well>', '<!DOCTYPE Wells [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    /FILE_ENTITY_REFUSED/,
  ],
  [
    'a zip bomb',
    'w.zip',
    () => makeZip([{ name: 'w.csv', data: Buffer.alloc(60 * 2 ** 20, 'a') }]),
    /FILE_ARCHIVE_REFUSED|FILE_TOO_LARGE/,
  ],
  [
    'a zip that says it climbs out of its folder',
    'w.zip',
    () => makeZip([{ name: '../../w.csv', data: HEADER + row('Z1') }]),
    /FILE_ARCHIVE_REFUSED/,
  ],
  ['an endless first line', 'w.csv', () => Buffer.alloc(30 * 2 ** 20, 'x'), /FILE_|RECORD_/],
]

/** A document whose other records are stored: the bad one is refused with this finding. */
const PARTLY: readonly [what: string, fileName: string, text: () => string | Uint8Array, code: RegExp][] = [
  [
    'duplicate names in a JSON record',
    'w.json',
    () => json('{"Number":"A","Number":"B","State":"O"},{"Number":"GOOD","State":"O"}'),
    /RECORD_REPEATED_NAME/,
  ],
  [
    '__proto__ in a JSON record',
    'w.json',
    () =>
      json(
        '{"Number":"A","State":"O","__proto__":{"Note":"x"},"constructor":{"prototype":{"y":1}}},{"Number":"GOOD","State":"O"}',
      ),
    /UNKNOWN_FIELD/,
  ],
  ['a NUL character in CSV', 'w.csv', () => `${HEADER}${row('A', 'a\0b')}${row('GOOD')}`, /CHARACTER/],
  [
    'a NUL character in JSON',
    'w.json',
    () => json('{"Number":"A","State":"O","Note":"a\\u0000b"},{"Number":"GOOD","State":"O"}'),
    /CHARACTER/,
  ],
  [
    'half a surrogate pair',
    'w.json',
    () => json('{"Number":"A\\ud800","State":"O"},{"Number":"GOOD","State":"O"}'),
    /CHARACTER/,
  ],
  [
    'a NUL in the name of a field',
    'w.json',
    () => json('{"Number":"A","State":"O","x\\u0000y":"1"},{"Number":"GOOD","State":"O"}'),
    /UNKNOWN_FIELD|CHARACTER/,
  ],
  [
    'a NUL in a code',
    'w.json',
    () => json('{"Number":"A","State":"O\\u0000"},{"Number":"GOOD","State":"O"}'),
    /CHARACTER/,
  ],
  [
    'a row with a cell too many',
    'w.csv',
    () => `${HEADER}${row('A').trim()},extra\n${row('GOOD')}`,
    /RECORD_RAGGED/,
  ],
  ['a row with a cell too few', 'w.csv', () => `${HEADER},A,O\n${row('GOOD')}`, /RECORD_RAGGED/],
  [
    'a field of two million characters',
    'w.csv',
    () => `${HEADER}${row('A', 'x'.repeat(2_000_000))}${row('GOOD')}`,
    /RECORD_TOO_LARGE/,
  ],
  [
    'a day that is not in the calendar',
    'w.csv',
    () => `${HEADER},A,O,2025-02-30,,,,\n${row('GOOD')}`,
    /F003T/,
  ],
  [
    'a number too large for anything',
    'w.json',
    () => json('{"Number":"A","State":"O","Depth":1e999},{"Number":"GOOD","State":"O"}'),
    /F004|RECORD_MALFORMED/,
  ],
  [
    'an object where a text is expected',
    'w.json',
    () => json('{"Number":"A","State":{"a":[1]}},{"Number":"GOOD","State":"O"}'),
    /F002/,
  ],
]

describe.each(testDatabases())('hostile files through the whole river on the $name', ({ open }) => {
  let wells: Definition
  let river: River
  let db: Database

  beforeAll(async () => {
    wells = await loadWells()
    db = await open()
    river = await openRiver(db, [wells])
  })
  afterAll(async () => {
    await expectSoundBooks(db)
    await river.close()
  })

  const records = async () => {
    const found = await db.transact((tx) =>
      tx.rows<{ key: string }>(sql`select key from record order by key`),
    )
    return found.map((one) => one.key)
  }
  const forget = () =>
    db
      .transact((tx) => tx.rows(sql`truncate record, history`))
      .then(() => db.transact((tx) => tx.rows(sql`update book set live_records = 0, change_no = 0`)))

  test.each(REFUSED)(
    '%s is refused with a finding, and nothing of it is stored',
    async (_, fileName, make, code) => {
      await forget()
      const done = await river.send(await make(), { fileName })
      expect(done.state, done.reason ?? '').toBe('refused')
      const [finding] = await allFindings(db, done)
      expect(finding?.code).toMatch(code)
      expect(finding?.message).not.toMatch(/\bat \w+ \(|node_modules|\/work|undefined|\[object/)
      expect(await records()).toEqual([])
      await expectBalance(river, wells, done)
    },
  )

  test.each(PARTLY)(
    '%s: that record has a finding, the others are stored',
    async (_, fileName, make, code) => {
      await forget()
      const done = await river.send(await make(), { fileName })
      expect(done.state, done.reason ?? '').toBe('completed')
      const found = (await allFindings(db, done)).filter((one) => one.position === 1)
      expect(found.map((one) => one.code).join()).toMatch(code)
      expect(await records()).toContain('GOOD')
      expect(Object.hasOwn(Object.prototype, 'Note')).toBe(false)
      await expectBalance(river, wells, done)
    },
  )

  test('a field of 200 MB is refused without being held in memory', async () => {
    await forget()
    async function* bytes() {
      yield Buffer.from(`${HEADER}${row('FIRST')},A,O,,,"`)
      for (let index = 0; index < 200; index += 1) yield Buffer.alloc(2 ** 20, 'x')
      yield Buffer.from('",,\n')
    }
    const done = await river.send('', { fileName: 'w.csv', bytes: bytes() })
    expect(['refused', 'incomplete']).toContain(done.state)
    expect((await allFindings(db, done)).map((one) => one.code).join()).toMatch(/TOO_LARGE|FILE_/)
    await expectBalance(river, wells, done)
  })

  test('bytes that are no UTF-8 end the file where they stand; what came before keeps its outcome', async () => {
    await forget()
    const good = await wellFile('ndjson', makeWells(3000))
    const bad = Buffer.concat([
      good,
      Buffer.from('{"Number":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\n'),
    ])
    const done = await river.send(bad, { fileName: 'w.ndjson' })
    expect(done.state).toBe('incomplete')
    expect((await allFindings(db, done)).map((one) => one.code)).toEqual(['FILE_ENCODING'])
    expect((await records()).length).toBe(done.counts.created)
    expect(done.counts.created).toBeGreaterThan(0)
    await expectBalance(river, wells, done)
  })

  test('what a spreadsheet would compute is stored as it was sent and neutralised in the error file', async () => {
    await forget()
    const formula = '=HYPERLINK("http://example.com";"x")'
    const cell = `"${formula.replaceAll('"', '""')}"`
    const done = await river.send(`${HEADER}${row('A', cell)},B,Q,,,${cell},,\n,C,Q,,,@x,,\n`, {
      fileName: 'w.csv',
    })
    expect(done.counts).toMatchObject({ created: 3, withErrors: 2 })
    const stored = await db.transact((tx) =>
      tx.rows<{ note: string }>(sql`select body ->> 'note' as note from record where key = 'A'`),
    )
    expect(stored).toEqual([{ note: formula }])
    const { bytes } = await errorBytes(river, wells, done)
    const text = new TextDecoder().decode(bytes)
    expect(text).toContain(`'=HYPERLINK`)
    expect(text).toContain(`'@x`)
  })

  test('a file name with any characters is only a name', async () => {
    await forget()
    const done = await river.send(`${HEADER}${row('A')}`, { fileName: '../../etc/pass\u202ewd\n.csv' })
    expect(done.state).toBe('completed')
    expect(await records()).toEqual(['A'])
  })
})

function cut(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}
