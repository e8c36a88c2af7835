import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TreeFile } from '../../src/store/file-tree.ts'
import { createLocalTree } from '../../src/store/local-tree.ts'

let top: string
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'tree-'))
})
afterEach(() => rm(top, { recursive: true, force: true }))

const put = async (name: string, text = name) => {
  await mkdir(join(top, 'IN'), { recursive: true })
  await writeFile(join(top, 'IN', name), text)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function textOf(bytes: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  return bytes === null ? null : Buffer.concat(await all(bytes)).toString()
}

async function* bytesOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

test('a folder lists its files, and nothing that is hidden, a folder or a link', async () => {
  const tree = createLocalTree(top)
  await tree.prepare(['IN/deep'])
  await put('a.json', 'abc')
  await put('.hidden')
  await symlink('/etc/passwd', join(top, 'IN', 'link.json'))
  const files: TreeFile[] = await all(tree.list('IN'))
  expect(files).toMatchObject([{ name: 'a.json', bytes: 3 }])
  expect(await all(tree.list('nowhere'))).toEqual([])
})

test('of many who take the same files each file is had by one', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `f${index}.json`)
  for (const name of names) await put(name)
  const takers = Array.from({ length: 4 }, () => createLocalTree(top))
  const taken = await Promise.all(
    takers.map((tree, taker) =>
      Promise.all(names.map((name, index) => tree.take('IN', name, `${taker}-${index}`, 1))),
    ),
  )
  const had = taken.flat().filter((file) => file !== null)
  expect(had.map(({ name }) => name).sort()).toEqual([...names].sort())
  expect(await readdir(join(top, 'IN'))).toEqual([])
  for (const { file, name } of had) expect(await textOf(takers[0]?.read(file) ?? null)).toBe(name)
})

test('what was taken is found again with its name and folder, and is gone when it was archived', async () => {
  await put('a.json')
  await put('b.json')
  const first = createLocalTree(top)
  await Promise.all([first.take('IN', 'a.json', 'id-a', 5), first.take('IN', 'b.json', 'id-b', 5)])
  const tree = createLocalTree(top)
  const taken = [...(await tree.taken())].sort((a, b) => (a.file < b.file ? -1 : 1))
  expect(taken).toMatchObject([
    { file: 'id-a', folder: 'IN', name: 'a.json', takenAt: 5, bytes: 6 },
    { file: 'id-b', folder: 'IN', name: 'b.json', takenAt: 5, bytes: 6 },
  ])
  expect(await tree.archive('id-a', 'ARCHIVE', 'a.json')).toBe('a.json')
  expect((await tree.taken()).map(({ file }) => file)).toEqual(['id-b'])
  expect(await tree.archive('id-b', 'ARCHIVE', 'b.json')).toBe('b.json')
  expect(await readdir(join(top, '.work'))).toEqual([])
})

test('a taking that ended before any file was moved leaves the files where they are', async () => {
  await put('a.json')
  await put('b.json')
  const tree = createLocalTree(top)
  await tree.take('IN', 'a.json', 'id-a', 5)
  // As if the process had ended between the list of files and the moving of them.
  await rename(join(top, '.work', 'id-a'), join(top, 'IN', 'a.json'))
  const next = createLocalTree(top)
  expect(await next.taken()).toEqual([])
  expect((await all(next.list('IN'))).map(({ name }) => name).sort()).toEqual(['a.json', 'b.json'])
  expect(await next.take('IN', 'a.json', 'id-other', 6)).toMatchObject({ file: 'id-other', name: 'a.json' })
})

test('archiving can be ended anywhere and done again, and never overwrites what has the name', async () => {
  await mkdir(join(top, 'ARCHIVE'))
  await writeFile(join(top, 'ARCHIVE', 'a.json'), 'before')
  await put('a.json', 'new')
  const tree = createLocalTree(top)
  await tree.take('IN', 'a.json', 'id-a', 5)
  // The name is in use, and the process ended between the new name and the end of the old one.
  await link(join(top, '.work', 'id-a'), join(top, 'ARCHIVE', 'id-a_a.json'))
  expect(await tree.archive('id-a', 'ARCHIVE', 'a.json')).toBe('id-a_a.json')
  // And once more, after the end of the old one.
  expect(await tree.archive('id-a', 'ARCHIVE', 'a.json')).toBe('id-a_a.json')
  expect(await readFile(join(top, 'ARCHIVE', 'a.json'), 'utf8')).toBe('before')
  expect(await readFile(join(top, 'ARCHIVE', 'id-a_a.json'), 'utf8')).toBe('new')
  expect((await readdir(join(top, 'ARCHIVE'))).length).toBe(2)
})

test('a file is put into a folder whole or not at all, in the place of one of its name', async () => {
  const tree = createLocalTree(top)
  await tree.put('OUT', 'log.txt', bytesOf('first'))
  await tree.put('OUT', 'log.txt', bytesOf('sec', 'ond'))
  expect(await textOf(await tree.get('OUT', 'log.txt'))).toBe('second')
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half')
    throw new Error('broken')
  }
  await expect(tree.put('OUT', 'log.txt', broken())).rejects.toThrow('broken')
  expect(await textOf(await tree.get('OUT', 'log.txt'))).toBe('second')
  expect(await readdir(join(top, '.work'))).toEqual([])
  await tree.remove('OUT', 'log.txt')
  await tree.remove('OUT', 'log.txt')
  expect(await tree.get('OUT', 'log.txt')).toBe(null)
})

test('a link that was put in the place of a listed file is not taken and not read', async () => {
  await mkdir(join(top, 'IN'))
  await symlink('/etc/passwd', join(top, 'IN', 'a.json'))
  const tree = createLocalTree(top)
  expect(await tree.take('IN', 'a.json', 'id-a', 5)).toBe(null)
  expect(await tree.get('IN', 'a.json')).toBe(null)
})

test('long names are archived too', async () => {
  const name = `${'ä'.repeat(120)}.json`
  await mkdir(join(top, 'ARCHIVE'))
  await writeFile(join(top, 'ARCHIVE', name), 'before')
  await put(name, 'new')
  const tree = createLocalTree(top)
  const file = '019f0000-0000-7000-8000-000000000000'
  await tree.take('IN', name, file, 5)
  const archived = await tree.archive(file, 'ARCHIVE', name)
  expect(archived.startsWith(`${file}_`) && archived.endsWith('ä.json')).toBe(true)
  expect(await readFile(join(top, 'ARCHIVE', archived), 'utf8')).toBe('new')
})

test('a tree that must be there, as a mounted one, is not made when it is away', async () => {
  const away = join(top, 'mount')
  const tree = createLocalTree(away, false)
  await expect(tree.prepare(['IN'])).rejects.toThrow('ENOENT')
  expect(await readdir(top)).toEqual([])
})
