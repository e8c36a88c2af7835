import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { afterAll, expect, test } from 'vitest'
import type { ViewConfig } from '../../src/agent/config.ts'
import { readExtract } from '../../src/agent/extract-file.ts'
import { type Extraction, extract } from '../../src/agent/extraction.ts'
import { openSnapshot } from '../../src/agent/snapshot.ts'
import { createJudgeCache, judgeDocument } from '../../src/judge/document.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-extraction-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const limits = { batchRows: 100, rowsPerSecond: 0, pauseMs: 0, statementSeconds: 5, connectSeconds: 5 }
let number = 0

function view(type: string, name: string, more: Partial<ViewConfig> = {}): ViewConfig {
  return { type, view: name, where: null, columns: new Map(), otherColumns: 'refuse', changes: null, ...more }
}

/** Extracts from a SQLite database, and judges the file as the centre does. */
async function sent(
  exchange: string,
  statements: readonly string[],
  views: readonly ViewConfig[],
  more: Partial<Extraction> = {},
) {
  number += 1
  const path = join(folder, `${number}.sqlite`)
  const db = new Database(path)
  for (const text of statements) db.exec(text)
  db.close()
  const definition = await loadExchange(
    fileURLToPath(new URL(`../fixtures/exchanges/${exchange}`, import.meta.url)),
  )
  const file = { path: join(folder, `${number}.gz`), key: more.file?.key ?? null }
  const made = await extract({
    job: { extract: 'full', since: null },
    definition,
    partner: 'north',
    batch: { exchange, realm: 'live', source: 'ems', views, check: { mode: 'report', shareMax: 0 } },
    source: { name: 'ems', spec: { driver: 'sqlite', path }, limits },
    snapshotOf: (type) => openSnapshot(join(folder, `${number}.${type}.sqlite`)),
    moved: () => {},
    note: () => {},
    signal: new AbortController().signal,
    ...more,
    file,
  })
  const pieces: Uint8Array[] = []
  for await (const piece of readExtract(file.path, file.key, made.bytes, 0, made.bytes)) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  expect(bytes.length).toBe(made.bytes)
  const source = { kind: 'bytes', bytes } as const
  const context = {
    partner: 'north',
    today: '2026-03-01',
    fromPosition: 0,
    fileName: 'x',
    limits: documentLimits,
  }
  const parcels = []
  for await (const batch of judgeDocument(definition, createJudgeCache()(definition), source, context))
    parcels.push(...batch.parcels)
  return { made, parcels }
}

test('several types come as members of their own, in the order of the exchange, also one without a record', async () => {
  const { made, parcels } = await sent(
    'district',
    [
      'create table d (DistrictId text, Name text, Level text)',
      "insert into d values ('D1', 'First', 'C'), ('D2', 'Second', 'S')",
      'create table p (PrecinctId text, Name text, Voters integer)',
      'create table m (PrecinctId text, DistrictId text, Split integer)',
      "insert into m values ('P1', 'D1', 1)",
    ],
    // Not in the order of the exchange.
    [
      view('mapping', 'm', { columns: new Map([['Split', null]]) }),
      view('district', 'd'),
      view('precinct', 'p'),
    ],
  )
  expect(parcels.map(({ type, key }) => [type, key])).toEqual([
    ['district', 'D1'],
    ['district', 'D2'],
    ['mapping', expect.stringMatching(/^P1.D1$/)],
  ])
  expect(made.tally).toMatchObject({ records: 3, withErrors: 0 })
})

test('images go as Base64, and the centre finds what they are', async () => {
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64').toString(
    'hex',
  )
  const { parcels, made } = await sent(
    'image',
    [
      'create table i (PersonId text, Signature blob)',
      `insert into i values ('V1', x'${gif}'), ('V2', x'00')`,
    ],
    [view('image', 'i')],
  )
  expect(parcels.map(({ key, findings }) => [key, findings.length > 0])).toEqual([
    ['V1', false],
    ['V2', true],
  ])
  expect(made.tally).toMatchObject({ records: 2, withErrors: 1 })
})

test('a large encrypted file comes back byte for byte, from any place', async () => {
  const key = Buffer.alloc(32, 7)
  const { made } = await sent(
    'wells',
    [
      'create table w (Number text, Note text)',
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000) insert into w select 'W' || i, hex(randomblob(40)) from n",
    ],
    [view('well', 'w')],
    { file: { path: '', key } },
  )
  expect(made.bytes).toBeGreaterThan(130_000)
  const path = join(folder, `${number}.gz`)
  const whole: Buffer[] = []
  for await (const piece of readExtract(path, key, made.bytes, 0, made.bytes)) whole.push(Buffer.from(piece))
  const all = Buffer.concat(whole)
  for (const from of [1, 65_535, 65_536, 65_537, 131_072, made.bytes - 1, made.bytes]) {
    const rest: Buffer[] = []
    for await (const piece of readExtract(path, key, made.bytes, from, 70_000)) rest.push(Buffer.from(piece))
    expect(Buffer.concat(rest).equals(all.subarray(from, from + 70_000))).toBe(true)
  }
})
