import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { makeZip } from '../../test/unpack/zip-maker.ts'
import { UNPACK_LIMITS, type UnpackLimits } from './limits.ts'
import { unpackDocument } from './unpack.ts'

interface Found {
  readonly parts: readonly { name: string; member: string; format: string; packed: boolean; text: string }[]
  readonly ended: string | null
  readonly reason: string
}

async function collect(parts: ReturnType<typeof unpackDocument>): Promise<Found> {
  const found: { name: string; member: string; format: string; packed: boolean; text: string }[] = []
  try {
    for await (const { name, member, format, packed, bytes } of parts) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      found.push({ name, member, format, packed, text: Buffer.concat(chunks).toString() })
    }
  } catch (error) {
    const { name, code, reason } = error as { name: string; code: string; reason: string }
    if (name !== 'DecodeError') throw error
    return { parts: found, ended: code, reason }
  }
  return { parts: found, ended: null, reason: '' }
}

/** Unpacks from memory and from a file, which must agree. */
async function unpack(
  bytes: Uint8Array,
  fileName = '',
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'unpack-'))
  try {
    const path = join(folder, 'document')
    writeFileSync(path, bytes)
    const fromFile = await collect(unpackDocument({ path }, { fileName, limits }))
    const fromMemory = await collect(unpackDocument({ bytes }, { fileName, limits }))
    expect(fromMemory).toEqual(fromFile)
    expect(readdirSync(folder)).toEqual(['document'])
    return fromFile
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const table = 'id|name\n1|Ann\n'
const listing = '[{"id":1}]'

test('a plain document comes as it is', async () => {
  expect((await unpack(Buffer.from(table), 'a.csv')).parts).toEqual([
    { name: 'a.csv', member: '', format: 'csv', packed: false, text: table },
  ])
})

test('an empty file, a web page and random bytes are refused by name', async () => {
  expect((await unpack(Buffer.from(''))).ended).toBe('FILE_EMPTY')
  const page = await unpack(Buffer.from('<!doctype html><html></html>'), 'stops.xls')
  expect([page.ended, page.reason]).toEqual([
    'FILE_TYPE_UNKNOWN',
    'the file seems to be a web page (HTML); send CSV, XLSX, XLS, XML or JSON, or one of them in ZIP or gzip.',
  ])
  expect((await unpack(Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 73) & 255)))).ended).toBe(
    'FILE_TYPE_UNKNOWN',
  )
})

test('the content decides and a wrong name is noted', async () => {
  for await (const part of unpackDocument({ bytes: Buffer.from(listing) }, { fileName: 'stops.csv' }))
    expect([part.format, part.note]).toEqual([
      'json',
      'The file is named .csv but holds JSON; it was read as what it holds.',
    ])
})

test('gzip is opened, also when it was written in pieces', async () => {
  const pieces = Buffer.concat([gzipSync('id|name\n'), gzipSync('1|Ann\n')])
  expect((await unpack(pieces, 'a.csv.gz')).parts).toEqual([
    { name: 'a.csv', member: '', format: 'csv', packed: true, text: table },
  ])
})

test('the members of a ZIP come in order, without directories and what systems leave behind', async () => {
  const zip = makeZip([
    { name: '__MACOSX/._a.csv', data: '\0\0' },
    { name: 'in/', data: '' },
    { name: 'in/b.json', data: listing },
    { name: '.DS_Store', data: 'x' },
    { name: 'a.csv', data: table },
  ])
  expect((await unpack(zip, 'all.zip')).parts).toEqual([
    { name: 'in/b.json', member: 'in/b.json', format: 'json', packed: true, text: listing },
    { name: 'a.csv', member: 'a.csv', format: 'csv', packed: true, text: table },
  ])
})

test('an archive with no document in it is empty', async () => {
  expect((await unpack(makeZip([]))).ended).toBe('FILE_EMPTY')
  expect((await unpack(makeZip([{ name: 'in/', data: '' }]))).ended).toBe('FILE_EMPTY')
  expect((await unpack(makeZip([{ name: 'a.csv', data: '' }]))).reason).toBe('a.csv is empty.')
})

const workbook = [
  { name: '[Content_Types].xml', data: '<Types/>' },
  { name: 'xl/workbook.xml', data: '<workbook/>' },
]

test('a workbook is handed on whole, alone or in an archive', async () => {
  const bytes = makeZip(workbook)
  const turned = makeZip([...workbook].reverse())
  for (const one of [bytes, turned])
    expect((await unpack(one, 'a.xlsx')).parts).toEqual([
      { name: 'a.xlsx', member: '', format: 'xlsx', packed: false, text: one.toString() },
    ])
  expect((await unpack(makeZip([{ name: 'a.xlsx', data: bytes }]))).parts).toMatchObject([
    { format: 'xlsx', packed: true, text: bytes.toString() },
  ])
  expect((await unpack(gzipSync(bytes))).parts).toMatchObject([{ format: 'xlsx', text: bytes.toString() }])
})

test('other office documents are not taken for archives of documents', async () => {
  const text = makeZip([
    { name: '[Content_Types].xml', data: '<Types/>' },
    { name: 'word/document.xml', data: '<w/>' },
  ])
  const open = makeZip([
    { name: 'mimetype', data: 'x' },
    { name: 'META-INF/manifest.xml', data: '<x/>' },
  ])
  for (const bytes of [text, open]) expect((await unpack(bytes)).ended).toBe('FILE_TYPE_UNKNOWN')
})

test.each([
  ['a name that leads upward', [{ name: '../../etc/cron.d/x', data: table }], 'leads out of the archive'],
  ['an absolute name', [{ name: '/etc/passwd', data: table }], 'leads out of the archive'],
  ['a drive', [{ name: 'C:/x.csv', data: table }], 'leads out of the archive'],
  ['a name with backslashes upward', [{ name: '..\\..\\x.csv', data: table }], 'leads out of the archive'],
  ['a password', [{ name: 'a.csv', data: table, says: { flags: 1 } }], 'encrypted'],
  ['an unusual method', [{ name: 'a.csv', data: table, says: { method: 14 } }], 'not read'],
  [
    'a symbolic link',
    [{ name: 'a.csv', data: '/etc/passwd', says: { madeBy: 3 << 8, attributes: 0o120777 << 16 } }],
    'link',
  ],
  [
    'two entries with one name',
    [
      { name: 'a.csv', data: table },
      { name: 'a.csv', data: listing },
    ],
    'two entries',
  ],
  [
    'entries over the same bytes',
    [
      { name: 'a.csv', data: table },
      { name: 'b.csv', data: table, says: { sameAs: 0 } },
    ],
    'overlaps',
  ],
  [
    'an archive inside',
    [{ name: 'a.zip', data: makeZip([{ name: 'a.csv', data: table }]) }],
    'archive in an',
  ],
  ['a gzip file inside', [{ name: 'a.csv.gz', data: gzipSync(table) }], 'archive in an'],
  ['another checksum', [{ name: 'a.csv', data: table, says: { crc: 1 } }], 'checksum'],
  ['more bytes than it says', [{ name: 'a.csv', data: table, says: { size: 3 } }], 'damaged'],
  ['fewer bytes than it says', [{ name: 'a.csv', data: table, says: { size: 300 } }], 'damaged'],
] as const)('an archive with %s is refused', async (_, entries, reason) => {
  const found = await unpack(makeZip(entries))
  expect(found.ended).toBe('FILE_ARCHIVE_REFUSED')
  expect(found.reason).toContain(reason)
  expect(found.parts).toEqual([])
})

test('one bad member refuses the archive before any member is handed on', async () => {
  const zip = makeZip([
    { name: 'a.csv', data: table },
    { name: 'b.pdf', data: '%PDF-1.7 x' },
  ])
  const found = await unpack(zip)
  expect([found.parts.length, found.ended]).toEqual([0, 'FILE_TYPE_UNKNOWN'])
})

const zeros = Buffer.alloc(64 * 2 ** 20, 'a')

test('a bomb is refused by its ratio, as ZIP before anything is unpacked and as gzip soon', async () => {
  const bomb = await unpack(makeZip([{ name: 'a.csv', data: zeros }]))
  expect([bomb.ended, bomb.parts.length]).toEqual(['FILE_ARCHIVE_REFUSED', 0])
  expect(bomb.reason).toContain('times its size')
  let unpacked = 0
  const reading = async () => {
    for await (const { bytes } of unpackDocument({ bytes: gzipSync(zeros) }, { fileName: '' }))
      for await (const chunk of bytes) unpacked += chunk.length
  }
  await expect(reading()).rejects.toMatchObject({ code: 'FILE_ARCHIVE_REFUSED' })
  expect(unpacked).toBeLessThan(17 * 2 ** 20)
})

test('a bomb that lies about its size is stopped at the size it told', async () => {
  const found = await unpack(makeZip([{ name: 'a.csv', data: zeros, says: { size: 1000 } }]))
  expect(found.ended).toBe('FILE_ARCHIVE_REFUSED')
})

test('many members, many entries and a large sum are refused', async () => {
  const many = Array.from({ length: 20 }, (_, n) => ({ name: `${n}.csv`, data: table }))
  const found = await unpack(makeZip(many), '', { ...UNPACK_LIMITS, entriesMax: 19 })
  expect([found.ended, found.reason]).toEqual(['FILE_ARCHIVE_REFUSED', 'it has more than 19 entries.'])
  const sum = await unpack(makeZip(many), '', { ...UNPACK_LIMITS, unpackedBytesMax: 250 })
  expect([sum.ended, sum.reason]).toEqual(['FILE_ARCHIVE_REFUSED', 'it unpacks to more than 250 bytes.'])
  const parts = await unpack(makeZip(many), '', { ...UNPACK_LIMITS, workbookEntriesMax: 10 })
  expect(parts.ended).toBe('FILE_ARCHIVE_REFUSED')
  const gzip = await unpack(gzipSync(table.repeat(99)), '', { ...UNPACK_LIMITS, unpackedBytesMax: 250 })
  expect(gzip.ended).toBe('FILE_ARCHIVE_REFUSED')
})

test('a workbook beyond its limits is refused before it is read', async () => {
  const bytes = makeZip(workbook)
  const large = await unpack(bytes, '', { ...UNPACK_LIMITS, workbookBytesMax: 100 })
  expect(large.ended).toBe('FILE_TOO_LARGE')
  const inside = await unpack(makeZip([{ name: 'a.xlsx', data: bytes }]), '', {
    ...UNPACK_LIMITS,
    workbookBytesMax: 100,
  })
  expect(inside.ended).toBe('FILE_TOO_LARGE')
  const deep = makeZip([...workbook, { name: 'xl/sharedStrings.xml', data: zeros }])
  expect((await unpack(deep)).ended).toBe('FILE_ARCHIVE_REFUSED')
  expect((await unpack(makeZip([{ name: 'a.xlsx', data: deep }]))).ended).toBe('FILE_ARCHIVE_REFUSED')
})

test('an archive cut anywhere is truncated or refused, never read as if it were whole', async () => {
  const zip = makeZip([{ name: 'a.csv', data: table }])
  for (let length = 4; length < zip.length; length += 1)
    expect((await collect(unpackDocument({ bytes: zip.subarray(0, length) }, { fileName: '' }))).ended).toBe(
      'FILE_TRUNCATED',
    )
  const gzip = gzipSync(table)
  for (let length = 2; length < gzip.length; length += 1)
    expect((await unpack(gzip.subarray(0, length))).ended).toBe('FILE_TRUNCATED')
})

test('an archive with any byte changed gives the same documents or a refusal', async () => {
  for (const archive of [makeZip([{ name: 'a.csv', data: table }]), gzipSync(table)])
    for (let at = 0; at < archive.length; at += 1)
      for (const bit of [1, 0x80]) {
        const changed = Buffer.from(archive)
        changed[at] = (changed[at] as number) ^ bit
        const found = await collect(unpackDocument({ bytes: changed }, { fileName: '' }))
        if (found.ended === null && found.parts[0]?.packed === true) expect(found.parts[0]?.text).toBe(table)
      }
})

test('gzip followed by something else is refused', async () => {
  const found = await unpack(Buffer.concat([gzipSync(table), Buffer.alloc(7)]))
  expect([found.ended, found.parts.length]).toEqual(['FILE_ARCHIVE_REFUSED', 0])
})

test('a reader that stops early leaves nothing open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unpack-'))
  const path = join(folder, 'document')
  const open = () => readdirSync('/proc/self/fd').length
  for (const bytes of [
    makeZip([
      { name: 'a.csv', data: table.repeat(99_999) },
      { name: 'b.csv', data: table },
    ]),
    gzipSync(table.repeat(99_999)),
    Buffer.from(table.repeat(99_999)),
  ]) {
    writeFileSync(path, bytes)
    const before = open()
    for (let turn = 0; turn < 8; turn += 1) {
      for await (const part of unpackDocument({ path }, { fileName: '' })) {
        for await (const _ of part.bytes) break
        break
      }
      for await (const _ of unpackDocument({ path }, { fileName: '' })) break
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(open()).toBeLessThan(before + 4)
  }
  rmSync(folder, { recursive: true })
})
