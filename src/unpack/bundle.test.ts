import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeBundle } from '../../test/unpack/bundle-maker.ts'
import { makeZip } from '../../test/unpack/zip-maker.ts'
import { bundleMembers } from './bundle.ts'
import type { ByteSource } from './byte-source.ts'

type Found = { members: Record<string, string>; shares: number[]; code: string | null }

async function collect(source: ByteSource): Promise<Found> {
  const found: Found = { members: {}, shares: [], code: null }
  try {
    for await (const { name, bytes, share } of bundleMembers(source)) {
      found.members[name] = Buffer.from(bytes).toString('latin1')
      found.shares.push(share)
    }
  } catch (error) {
    if ((error as Error).name !== 'DecodeError') throw error
    found.code = (error as { code: string }).code
  }
  return found
}

/** Opens from memory and from a file, which must agree. */
async function open(bytes: Uint8Array): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    const path = join(folder, 'bundle')
    writeFileSync(path, bytes)
    const found = await collect({ path })
    expect(await collect({ bytes })).toEqual(found)
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('members come in order, whatever their names and sizes', async () => {
  const members = {
    'b.json': '{}',
    '[Content_Types].xml': '<Types/>',
    mimetype: '',
    'Thumbs.db': 'x'.repeat(3_000_000),
    'a\u00e9.csv': 'a,b\n',
  }
  const { members: found, shares, code } = await open(await makeBundle(members))
  expect(Object.entries(found)).toEqual(Object.entries(members))
  expect(code).toBeNull()
  expect(shares.every((share, index) => share <= 1 && share > (shares[index - 1] ?? 0))).toBe(true)
})

test('a bundle without members is empty', async () => {
  expect(await open(await makeBundle({}))).toEqual({ members: {}, shares: [], code: null })
})

test('an archive that the node did not make is no bundle', async () => {
  const packed = makeZip([{ name: 'a.csv', data: 'a'.repeat(100) }])
  const twins = makeZip([
    { name: 'a', data: '', says: { method: 0 } },
    { name: 'a', data: '', says: { method: 0 } },
  ])
  for (const bytes of [packed, twins])
    expect(await open(bytes)).toMatchObject({ members: {}, code: 'FILE_ARCHIVE_REFUSED' })
  expect((await open(Buffer.from('PK'))).code).toBe('FILE_TRUNCATED')
})

test('more members than a node puts into a bundle are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`${n}`, '']))
  expect(await collect({ bytes: await makeBundle(many) })).toMatchObject({ code: 'FILE_ARCHIVE_REFUSED' })
})

test('a bundle that was changed anywhere gives its members or is refused, and never anything else', async () => {
  const bundle = await makeBundle({ a: 'first', b: 'second' })
  const place = fc.nat(bundle.length - 1)
  await fc.assert(
    fc.asyncProperty(place, fc.nat(255), fc.option(place), async (at, byte, cut) => {
      const changed = Buffer.from(bundle.subarray(0, cut ?? undefined))
      if (at < changed.length) changed[at] = byte
      for (const text of Object.values((await collect({ bytes: changed })).members))
        expect(['first', 'second']).toContain(text)
    }),
    { numRuns: 500 },
  )
})

test('twenty thousand small members are cut out one by one', async () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`${n}.json`, `{"n":${n}}`]))
  const bytes = await makeBundle(many)
  let count = 0
  for await (const member of bundleMembers({ bytes })) count += member.bytes.length > 0 ? 1 : 0
  expect(count).toBe(20_000)
})
