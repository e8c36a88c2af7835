import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { Body } from '../../src/exchange/parcel.ts'
import { createJudgePool } from '../../src/judge/pool.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { createRecordPorts } from '../../src/node/record-ports.ts'
import { type OneRequest, submitOne } from '../../src/run/one-record.ts'
import type { Submission } from '../../src/store/model.ts'
import { testDatabases } from '../database.ts'
import { gifOf, smallest } from '../fixtures/images.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { openRiver, type River } from './river.ts'

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const table = (...rows: readonly string[]) => `PersonId,Captured,Signature,Form\n${rows.join('\n')}\n`
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const gif = gifOf(2000)
const large = gifOf(200_000, 7)

describe.each(testDatabases())('documents of records on $name', ({ open }) => {
  let river: River
  let image: Definition

  beforeAll(async () => {
    image = await loadExchange(new URL('../fixtures/exchanges/image', import.meta.url).pathname)
    river = await openRiver(await open(), [image], createJudgePool())
  }, 60_000)
  afterAll(() => river.close())

  const kept = async () => {
    const rows = await river.deps.db.transact((tx) =>
      tx.rows<{ sha256: string; size: number; inline: boolean }>(
        sql`select sha256, size, bytes is not null as inline from document`,
      ),
    )
    return new Map(rows.map(({ sha256, size, inline }) => [sha256, { size, inline }]))
  }
  const bodyOf = async (key: string) => {
    const rows = await river.deps.db.transact((tx) =>
      tx.rows<{ body: Body; record_id: string }>(sql`select body, record_id from record where key = ${key}`),
    )
    return rows[0]?.body
  }
  const findings = async ({ tracking }: Submission) =>
    (await river.log(tracking)).map(({ outcome, findings: found = [] }) => [
      outcome,
      ...found.map(({ code, message }) => `${code} ${message}`),
    ])

  test('base64 in JSON, XML and CSV: hash, kind and size are in the record, the bytes are a document', async () => {
    const json = await river.send(JSON.stringify({ images: [{ PersonId: 'A1', Signature: base64(gif) }] }))
    const wrapped = base64(large).replace(/.{76}/g, '$&\n')
    const xml = await river.send(
      `<Images><Image><PersonId>A2</PersonId><Signature>${wrapped}</Signature></Image></Images>`,
    )
    const csv = await river.send(
      table(`A3,2026-01-02,${base64(smallest('jpeg'))},${base64(smallest('pdf'))}`),
    )
    for (const done of [json, xml, csv])
      expect(done).toMatchObject({ state: 'completed', counts: { created: 1 } })
    expect(await bodyOf('A1')).toEqual({
      person_id: 'A1',
      signature: { sha256: hashOf(gif), type: 'gif', size: gif.length },
    })
    expect(await bodyOf('A3')).toMatchObject({ signature: { type: 'jpeg' }, form: { type: 'pdf' } })
    const documents = await kept()
    expect(documents.get(hashOf(gif))).toEqual({ size: gif.length, inline: true })
    expect(documents.get(hashOf(large))).toEqual({ size: large.length, inline: false })
    const { size } = await stat(river.deps.documents.pathOf(hashOf(large)))
    expect(size).toBe(large.length)
  })

  test('a cell names a file of the same ZIP, from the top or from beside the table', async () => {
    const done = await river.send(
      makeZip([
        {
          name: 'scans/images.csv',
          data: table('B1,,one.gif,', 'B2,,scans\\two.tif,', 'B3,,other/three.jpg,'),
        },
        { name: 'scans/one.gif', data: gif },
        { name: 'scans/two.tif', data: smallest('tiff') },
        { name: 'other/three.jpg', data: smallest('jpeg') },
        { name: 'other/not asked for.jpg', data: smallest('jpeg') },
      ]),
    )
    expect(await findings(done)).toEqual([['created'], ['created'], ['created']])
    expect(await bodyOf('B2')).toMatchObject({
      signature: { type: 'tiff', sha256: hashOf(smallest('tiff')) },
    })
  })

  test('what is wrong with a document is a finding; of the record the rest is stored', async () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(50)])
    const cases: readonly (readonly [string, string])[] = [
      [base64(png), 'F003T Signature is none of GIF, TIFF, JPEG, by what is in it.'],
      [base64(smallest('pdf')), 'F003T Signature is a PDF; GIF, TIFF, JPEG are taken here.'],
      [base64(gif.subarray(0, 900)), 'F003T Signature is a GIF that was cut off or is damaged.'],
      [
        base64(Buffer.concat([smallest('jpeg'), makeZip([{ name: 'x', data: 'y' }])])),
        'F003T Signature is a JPEG with something else behind its end.',
      ],
      ['R0lGOD!!', 'F003T Signature is not base64 text.'],
      [
        base64(gifOf(300_100)),
        'F003L Signature has more than 300000 bytes, which is the most that is taken.',
      ],
      ['signature.gif', 'F003M Signature names the file signature.gif, which is not in the archive.'],
      ['', 'F003R Signature is required.'],
    ]
    const before = (await kept()).size
    const done = await river.send(table(...cases.map(([cell], at) => `C${at},2026-01-02,${cell},`)))
    expect(await findings(done)).toEqual(cases.map(([, finding]) => ['created', finding]))
    expect(await bodyOf('C1')).toEqual({
      person_id: 'C1',
      captured: '2026-01-02',
      signature: { size: smallest('pdf').length },
    })
    // The document of the submission itself.
    expect((await kept()).size).toBe(before + 1)
  })

  test('a member that is too large, or damaged, is told; a fatal document refuses its record and is not kept', async () => {
    const fresh = gifOf(3000, 99)
    const done = await river.send(
      makeZip([
        { name: 'images.csv', data: table(`D1,,big.gif,`, `D2,,${base64(fresh)},form.pdf`) },
        { name: 'big.gif', data: gifOf(310_000) },
        { name: 'form.pdf', data: 'no PDF' },
      ]),
    )
    expect(await findings(done)).toEqual([
      ['created', 'F003L Signature has more than 300000 bytes, which is the most that is taken.'],
      ['rejected', 'F004T Form is none of PDF, TIFF, by what is in it.'],
    ])
    expect((await kept()).has(hashOf(fresh))).toBe(false)
  })

  test('a broken file inside the archive ends it like any other', async () => {
    const data = [
      { name: 'images.csv', data: table('E1,,a.gif,') },
      { name: 'a.gif', data: gif, says: { crc: 1 } },
    ]
    expect(await river.send(makeZip(data))).toMatchObject({ state: 'refused' })
  })

  test('an unchanged image costs no write, in a full refresh too; a changed one is a change', async () => {
    const other = await openRiver(await open(), [image], createJudgePool())
    const rows = Array.from({ length: 30 }, (_, at) => `F${at},2026-01-02,${base64(gifOf(70_000, at))},`)
    await other.send(table(...rows))
    const paths = rows.map((_, at) => other.deps.documents.pathOf(hashOf(gifOf(70_000, at))))
    const times = () => Promise.all(paths.map(async (path) => (await stat(path)).ctimeMs))
    const before = await times()
    const again = await other.send(`${table(...rows)}\n`, { scope: 'refresh' })
    expect(again).toMatchObject({ state: 'completed', counts: { received: 30, unchanged: 30 } })
    expect(await times()).toEqual(before)
    rows[3] = `F3,2026-01-02,${base64(gifOf(70_000, 1000))},`
    expect(await other.send(table(...rows), { scope: 'refresh' })).toMatchObject({
      counts: { unchanged: 29, updated: 1 },
    })
    await other.close()
  })

  test('a dry run stores no document', async () => {
    const fresh = gifOf(90_000, 12_345)
    const done = await river.send(table(`G1,,${base64(fresh)},`), { dryRun: true })
    expect(done.counts).toMatchObject({ created: 1 })
    expect((await kept()).has(hashOf(fresh))).toBe(false)
    await expect(stat(river.deps.documents.pathOf(hashOf(fresh)))).rejects.toThrow('ENOENT')
  })

  const call = (content: object, change: Partial<OneRequest> = {}) =>
    submitOne(
      { ...river.deps, realtime: river.realtime },
      {
        who: {
          account: 'caller',
          name: 'caller',
          partner: 'alpha',
          centre: false,
          kind: 'machine',
          realms: ['live'],
          grants: [],
        },
        exchange: 'image',
        realm: 'live',
        partner: 'alpha',
        channel: 'test',
        type: 'image',
        operation: 'create',
        recordId: null,
        expectedVersion: null,
        idempotencyKey: null,
        bytes: Buffer.from(JSON.stringify(content)),
        format: 'json',
        names: 'native',
        ...change,
      },
    )

  test('a call brings a document, keeps it by quoting it, and cannot quote that of another record', async () => {
    const own = gifOf(80_000, 77)
    const made = await call({ person_id: 'H1', signature: base64(own) })
    expect(made.outcome).toBe('created')
    expect((await kept()).get(hashOf(own))).toEqual({ size: own.length, inline: false })
    const { recordId } = made
    const asked = { recordId, operation: 'replace' as const }
    const quoted = await call({ ...made.body, captured: '2026-02-03' }, asked)
    expect([quoted.outcome, quoted.findings, quoted.body]).toMatchObject(['updated', [], made.body])
    const merged = await call({ captured: '2026-02-04' }, { recordId, operation: 'merge' })
    expect([merged.outcome, merged.findings]).toEqual(['updated', []])
    const stolen = { signature: { sha256: hashOf(gif), type: 'gif', size: gif.length } }
    const told = await call({ ...made.body, ...stolen }, asked)
    expect(told.findings.map(({ code }) => code)).toEqual(['F003M'])
    expect(told.body.signature).toEqual({})
    const created = await call({ person_id: 'H2', ...stolen })
    expect(created.findings.map(({ code }) => code)).toEqual(['F003M'])
    expect((await call({}, { recordId, operation: 'delete' })).outcome).toBe('deleted')
    expect((await kept()).has(hashOf(own))).toBe(true)
  })

  test('rules read what a document is, and a document can be read by its hash', async () => {
    const tiff = Buffer.concat([smallest('tiff')])
    const done = await river.send(table(`I1,,${base64(large)},${base64(tiff)}`))
    expect(await findings(done)).toEqual([
      ['created', `R1 A form of ${tiff.length} bytes is smaller than the signature.`],
    ])
    const ports = createRecordPorts(river.deps)
    const read = await ports.document(hashOf(large))
    expect([read.bytes, hashOf(await buffer(read.stream))]).toEqual([large.length, hashOf(large)])
    await expect(ports.document('0'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('many images go through in little memory: few are held at a time', async () => {
    const many = Array.from(
      { length: 400 },
      (_, at) => `J${at},2026-01-02,${base64(gifOf(150_000, at % 7))},`,
    )
    const done = await river.send(table(...many))
    expect(done).toMatchObject({ state: 'completed', counts: { received: 400, created: 400 } })
  })
})
