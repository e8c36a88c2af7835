import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { putPartner } from '../../src/store/partners.ts'
import { createPlaceTrees, treeOf } from '../../src/store/place-trees.ts'
import {
  dropPlace,
  listPlaces,
  notePlaceSeen,
  openPlaces,
  putPlace,
  setPlaceActive,
} from '../../src/store/places.ts'
import { testDatabases } from '../database.ts'

const bucket = {
  kind: 's3',
  endpoint: 'https://s3.us-west-1.amazonaws.com/',
  region: 'us-west-1',
  bucket: 'deliveries',
  prefix: '/north/',
  accessKeyId: 'AKID',
  secretAccessKey: 'hush-hush',
}
const folder = mkdtempSync(join(tmpdir(), 'places-'))
const data = join(folder, 'data')
const drop = join(folder, 'drop')
mkdirSync(data)
mkdirSync(drop)
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(testDatabases())('places on the $name', ({ open }) => {
  let db: Database
  beforeAll(async () => {
    db = await open()
    await db.transact(async (tx) => {
      for (const partner of ['north', 'south'])
        await putPartner(tx, { partner, name: partner, centre: false, profile: null })
    })
  })
  afterAll(() => db.close())
  const put = (place: string, settings: Parameters<typeof putPlace>[1]['settings'], partner = 'north') =>
    db.transact((tx) => putPlace(tx, { place, partner, settings }))

  test("a bucket's secret is kept and never given back", async () => {
    const made = await put('cloud', bucket)
    expect(made.settings).toMatchObject({ bucket: 'deliveries', prefix: 'north', style: 'virtual' })
    const listed = await db.transact((tx) => listPlaces(tx, 'north'))
    expect(JSON.stringify([made, listed])).not.toContain('hush')
    const { secretAccessKey: _, ...rest } = bucket
    await put('cloud', { ...rest, prefix: 'other', style: 'path' })
    expect((await db.transact(openPlaces))[0]?.settings).toMatchObject({
      secretAccessKey: 'hush-hush',
      prefix: 'other',
      style: 'path',
    })
    await expect(put('cloud', { ...rest, endpoint: 'https://elsewhere.example.org' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  test('two places never hold the same files', async () => {
    await put('share', { kind: 'folder', path: '/mnt/agencies/north/' })
    for (const path of [
      '/mnt/agencies',
      '/mnt/agencies/north',
      '/mnt/agencies/north/deeper',
      '/mnt/x/../agencies',
    ])
      await expect(put('again', { kind: 'folder', path }, 'south'), path).rejects.toMatchObject({
        code: 'CONFLICT',
      })
    await expect(put('whole', { ...bucket, prefix: '' }, 'south')).rejects.toMatchObject({ code: 'CONFLICT' })
    await put('beside', { kind: 'folder', path: '/mnt/agencies/northern' }, 'south')
    await put('beside-too', { ...bucket, prefix: 'others' }, 'south')
    await expect(put('share', { kind: 'folder', path: '/mnt/y' }, 'south')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test.each([
    [{ kind: 'ftp' }, 'kind'],
    [{ kind: 'folder' }, 'absolute'],
    [{ kind: 'folder', path: 'drop' }, 'absolute'],
    [{ kind: 'folder', path: '/' }, 'whole disk'],
    [{ ...bucket, endpoint: 'file:///etc' }, 'endpoint'],
    [{ ...bucket, endpoint: 'https://me:you@s3.example.org' }, 'endpoint'],
    [{ ...bucket, bucket: '../x' }, 'bucket'],
    [{ ...bucket, prefix: 'a/../b' }, 'prefix'],
    [{ ...bucket, style: 'other' }, 'style'],
    [{ ...bucket, accessKeyId: '' }, 'access key'],
    [{ ...bucket, secretAccessKey: undefined }, 'secret'],
  ])('wrong settings are refused: %j', async (settings, words) => {
    await expect(put('wrong', settings)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(put('wrong', settings)).rejects.toThrow(words)
  })

  test('a place is put out of use and removed, and what happened last is shown', async () => {
    await expect(put('Odd name', { kind: 'folder', path: '/mnt/z' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(put('z', { kind: 'folder', path: '/mnt/z' }, 'nobody')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await put('z', { kind: 'folder', path: '/mnt/z' }, 'south')
    const found = async () =>
      (await db.transact((tx) => listPlaces(tx, null))).find(({ place }) => place === 'z')
    await db.transact((tx) => notePlaceSeen(tx, 'z', null, Date.parse('2024-01-02T03:04:05Z')))
    await db.transact((tx) => notePlaceSeen(tx, 'z', 'it is away', Date.parse('2024-01-02T04:00:00Z')))
    expect(await found()).toMatchObject({
      seenAt: '2024-01-02T03:04:05Z',
      lastError: 'it is away',
      active: true,
    })
    expect(await db.transact((tx) => setPlaceActive(tx, 'z', false))).toBe(true)
    expect((await db.transact(openPlaces)).some(({ place }) => place === 'z')).toBe(false)
    expect(await db.transact((tx) => dropPlace(tx, 'z'))).toBe(true)
    expect(await db.transact((tx) => dropPlace(tx, 'z'))).toBe(false)
    expect(await found()).toBeUndefined()
  })

  test('a folder that is away is told, and used again when it is back', async () => {
    const path = join(folder, 'mounted')
    await put('mounted', { kind: 'folder', path }, 'south')
    const trees = createPlaceTrees(db, data)
    const there = async () => (await trees.list()).find(({ place }) => place === 'mounted')?.files
    const error = async () =>
      (await db.transact((tx) => listPlaces(tx, 'south'))).find(({ place }) => place === 'mounted')?.lastError
    expect([await there(), await error()]).toEqual([undefined, `There is no folder ${path}.`])
    mkdirSync(path)
    const files = await there()
    expect(files).toBeDefined()
    expect(await there()).toBe(files)
    await trees.seen('mounted', null)
    expect(await error()).toBeNull()
    rmSync(path, { recursive: true })
    expect([await there(), await error()]).toEqual([undefined, `There is no folder ${path}.`])
    await db.transact((tx) => dropPlace(tx, 'mounted'))
  })
})

test('a folder in the data folder, around it, or that leads into it is no place', async () => {
  mkdirSync(join(data, 'files'))
  symlinkSync(data, join(folder, 'link'))
  writeFileSync(join(folder, 'file'), '')
  for (const path of [data, join(data, 'files'), folder, join(folder, 'link')])
    await expect(treeOf({ kind: 'folder', path }, data), path).rejects.toThrow('its own files')
  for (const path of [join(folder, 'missing'), join(folder, 'file')])
    await expect(treeOf({ kind: 'folder', path }, data), path).rejects.toThrow('There is no folder')
  await expect(treeOf({ kind: 'folder', path: drop }, data)).resolves.toBeDefined()
})
