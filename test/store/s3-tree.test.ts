import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileTree } from '../../src/store/file-tree.ts'
import { objectUrl, type S3Settings } from '../../src/store/s3-client.ts'
import { createS3Tree } from '../../src/store/s3-tree.ts'
import { type S3Server, startS3 } from '../servers/s3.ts'

const partBytes = 64 * 1024
let server: S3Server
let tree: FileTree

beforeEach(async () => {
  server = await startS3({ pageMax: 7, partBytesMin: partBytes })
  tree = treeOn()
})
afterEach(() => server.close())

function treeOn(changes: Partial<S3Settings> = {}): FileTree {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = server
  const settings = { endpoint, region, bucket, accessKeyId, secretAccessKey, prefix: 'agency/north' }
  return createS3Tree({ ...settings, style: 'path', ...changes }, { partBytes, copyBytes: 200_000 })
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function textOf(bytes: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  return bytes === null ? null : Buffer.concat(await all(bytes)).toString()
}

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const input = 'PROD/INPUT'
const inputKey = (name: string) => `agency/north/${input}/${name}`
const offered = '01234567-89ab-7cde-8f01-23456789abcd'

test('a listing gives every file of the folder, whatever its name and over many pages, and nothing else', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `2024010112000${n}_X.json`)
  const odd = ['a b+c&d=e.json', 'Ünï (1) *!\'"<>.json', '100%25.json', '名前.json']
  for (const name of [...names, ...odd, '.hidden', '']) server.upload(inputKey(name), 'x'.repeat(3))
  server.upload(inputKey('deeper/one.json'), 'x')
  server.upload('agency/north/PROD/OUTPUT/two.json', 'x')
  server.upload(`agency/northern/${input}/three.json`, 'x')
  const found = await all(tree.list(input))
  expect(found.map(({ name }) => name).sort()).toEqual([...names, ...odd].sort())
  expect(found.every(({ bytes, modifiedAt }) => bytes === 3 && Date.now() - modifiedAt < 60_000)).toBe(true)
  expect(await all(tree.list('PROD/NOTHING'))).toEqual([])
  for (const { name } of found) {
    expect(await textOf(await tree.get(input, name))).toBe('xxx')
    const taken = await tree.take(input, name, offered, 5)
    expect(taken).toMatchObject({ name, folder: input, bytes: 3, takenAt: 5 })
  }
  expect((await tree.taken()).map(({ name }) => name).sort()).toEqual([...names, ...odd].sort())
})

test('a file is taken, read and archived, and its name in the archive is free', async () => {
  server.upload(inputKey('a.json'), 'first', new Date('2024-01-02T03:04:05Z'))
  server.upload('agency/north/PROD/ARCHIVE/a.json', 'older')
  const taken = await tree.take(input, 'a.json', offered, 1_700_000_000_000)
  expect(taken).toMatchObject({
    folder: input,
    name: 'a.json',
    bytes: 5,
    modifiedAt: Date.parse('2024-01-02T03:04:05Z'),
  })
  const file = taken?.file ?? ''
  expect(file).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(await all(tree.list(input))).toEqual([])
  expect(await tree.take(input, 'a.json', offered, 2)).toBeNull()
  expect(await tree.taken()).toEqual([taken])
  expect(tree.pathOf(file)).toBeNull()
  expect(await textOf(tree.read(file))).toBe('first')
  const name = await tree.archive(file, 'PROD/ARCHIVE', 'a.json')
  expect(name).toBe(`${file}_a.json`)
  expect(server.text(`agency/north/PROD/ARCHIVE/${name}`)).toBe('first')
  expect(server.text('agency/north/PROD/ARCHIVE/a.json')).toBe('older')
  expect(await tree.taken()).toEqual([])
  await expect(all(tree.read(file))).rejects.toThrow('not in the bucket')
  expect(await tree.archive(file, 'PROD/ARCHIVE', 'a.json')).toBe(name)
})

test('a file is taken once, at whichever request the node is killed, and the next take goes on', async () => {
  for (let step = 0; step < 6; step += 1) {
    const name = `step${step}.json`
    server.upload(inputKey(name), `content ${step}`)
    let requests = 0
    // From this request on the node is dead.
    server.before = () => (requests++ >= step ? 403 : null)
    const first = await tree.take(input, name, offered, 1).catch(() => null)
    server.before = () => null
    const again = treeOn()
    const second = step % 2 === 0 ? await again.take(input, name, offered, 2) : null
    const taken = (await again.taken()).filter((file) => file.name === name)
    const rest = (await all(again.list(input))).filter((file) => file.name === name)
    if (taken.length === 0) expect([first, rest.length]).toEqual([null, 1])
    else {
      expect([taken.length, rest.length]).toEqual([1, 0])
      for (const one of [first, second]) if (one !== null) expect(one.file).toBe(taken[0]?.file)
      expect(await textOf(again.read(taken[0]?.file ?? ''))).toBe(`content ${step}`)
    }
  }
})

test('a file is archived once, at whichever request the node is killed', async () => {
  for (let step = 0; step < 6; step += 1) {
    const name = `step${step}.json`
    server.upload(inputKey(name), `content ${step}`)
    const file = (await tree.take(input, name, offered, 1))?.file ?? ''
    let requests = 0
    server.before = () => (requests++ >= step ? 403 : null)
    await tree.archive(file, 'PROD/ARCHIVE', name).catch(() => {})
    server.before = () => null
    expect(await treeOn().archive(file, 'PROD/ARCHIVE', name)).toBe(name)
    const kept = server.keys().filter((key) => key.includes(name) || key.includes(file))
    expect(kept).toEqual([`agency/north/PROD/ARCHIVE/${name}`])
    expect(server.text(kept[0] ?? '')).toBe(`content ${step}`)
  }
})

test('a file that is replaced while it is taken is not lost: both are taken', async () => {
  server.upload(inputKey('a.json'), 'first', new Date('2024-01-01T00:00:00Z'))
  server.before = (request) => {
    if (request.startsWith('PUT')) {
      server.before = (next) => {
        if (next.startsWith('HEAD'))
          server.upload(inputKey('a.json'), 'second', new Date('2024-01-01T00:00:07Z'))
        server.before = () => null
        return null
      }
    }
    return null
  }
  const first = await tree.take(input, 'a.json', offered, 1)
  const second = await tree.take(input, 'a.json', offered, 2)
  expect(first?.file).not.toBe(second?.file)
  expect(await textOf(tree.read(first?.file ?? ''))).toBe('first')
  expect(await textOf(tree.read(second?.file ?? ''))).toBe('second')
  expect(await all(tree.list(input))).toEqual([])
})

test('a file that changes before it is copied is left for the next time', async () => {
  server.upload(inputKey('a.json'), 'first')
  server.before = (request) => {
    if (request.startsWith('PUT')) server.upload(inputKey('a.json'), 'second')
    return null
  }
  expect(await tree.take(input, 'a.json', offered, 1)).toBeNull()
  expect((await all(tree.list(input))).length).toBe(1)
})

test('a server that refuses conditions on etags still has its files taken once, and replaced ones are not lost', async () => {
  const other = await startS3({ refusesConditions: true })
  try {
    const { endpoint, accessKeyId, secretAccessKey } = other
    const picky = treeOn({ endpoint, accessKeyId, secretAccessKey })
    const long = `${'x'.repeat(900)}.json`
    for (const name of ['a.json', long]) {
      other.upload(inputKey(name), 'first')
      const taken = await picky.take(input, name, offered, 1)
      expect(await textOf(picky.read(taken?.file ?? ''))).toBe('first')
      expect(await all(picky.list(input))).toEqual([])
      expect((await picky.taken()).map((file) => file.name)).toEqual([name])
      expect(await picky.archive(taken?.file ?? '', 'PROD/ARCHIVE', name)).toBe(name)
    }
    other.upload(inputKey('b.json'), 'first', new Date('2024-01-01T00:00:00Z'))
    let copies = 0
    other.before = (request) => {
      if (request.startsWith('PUT') && ++copies === 2)
        other.upload(inputKey('b.json'), 'second', new Date('2024-01-01T00:00:07Z'))
      return null
    }
    expect(await picky.take(input, 'b.json', offered, 1)).toBeNull()
    const second = await picky.take(input, 'b.json', offered, 1)
    expect(await textOf(picky.read(second?.file ?? ''))).toBe('second')
    expect((await picky.taken()).length).toBe(1)
  } finally {
    await other.close()
  }
})

test('the mark on an offered id is kept, also when the file was copied before', async () => {
  server.upload(inputKey('a.json'), 'x')
  const taken = await tree.take(input, 'a.json', `${offered}-incomplete`, 1)
  expect(taken?.file).toMatch(/-incomplete$/)
  expect((await tree.taken())[0]?.file).toBe(taken?.file)
})

test.each([
  ['empty', 0],
  ['small', 10],
  ['as long as a part', partBytes],
  ['of some parts', partBytes * 3 + 5],
  ['of whole parts', partBytes * 4],
])('a file that is %s is written and read back as it was', async (_, size) => {
  const bytes = randomBytes(size)
  await tree.put('PROD/OUTPUT', 'big.bin', pieces(bytes, 10_007))
  const back = Buffer.concat(await all((await tree.get('PROD/OUTPUT', 'big.bin')) ?? pieces(bytes, 0)))
  expect(back.equals(bytes)).toBe(true)
  server.upload(inputKey('big.bin'), bytes)
  const file = (await tree.take(input, 'big.bin', offered, 1))?.file ?? ''
  expect(Buffer.concat(await all(tree.read(file))).equals(bytes)).toBe(true)
  expect(server.pendingUploads()).toBe(0)
})

test('a file is written whole or not at all', async () => {
  await tree.put('PROD/OUTPUT', 'a.csv', pieces(Buffer.from('old')))
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* pieces(randomBytes(partBytes * 2 + 1))
    throw new Error('the report could not be made')
  }
  await expect(tree.put('PROD/OUTPUT', 'a.csv', failing())).rejects.toThrow('could not be made')
  server.before = (request) => (request.includes('partNumber=2') ? 403 : null)
  await expect(tree.put('PROD/OUTPUT', 'a.csv', pieces(randomBytes(partBytes * 3)))).rejects.toThrow('403')
  expect(server.pendingUploads()).toBe(0)
  expect(server.text('agency/north/PROD/OUTPUT/a.csv')).toBe('old')
  await tree.remove('PROD/OUTPUT', 'a.csv')
  await tree.remove('PROD/OUTPUT', 'a.csv')
  expect(await tree.get('PROD/OUTPUT', 'a.csv')).toBeNull()
})

test('a download that breaks off goes on where it broke', async () => {
  const bytes = randomBytes(300_000)
  server.upload('agency/north/PROD/OUTPUT/a.bin', bytes)
  let cuts = 3
  server.before = (request) => (request.startsWith('GET') && cuts-- > 0 ? 'cut' : null)
  const back = Buffer.concat(await all((await tree.get('PROD/OUTPUT', 'a.bin')) ?? pieces(bytes, 0)))
  expect(back.equals(bytes)).toBe(true)
  expect(server.log.filter((line) => line.startsWith('GET')).length).toBe(4)
})

test('a server that is busy or breaks off is asked again, and one that stays away is an error', async () => {
  server.upload(inputKey('a.json'), 'x')
  let failures = 2
  server.before = () => (failures-- > 0 ? (failures === 1 ? 503 : 'lose') : null)
  expect((await all(tree.list(input))).length).toBe(1)
  await server.close()
  await expect(all(tree.list(input))).rejects.toThrow(/cannot be reached: /)
})

test('folders are shown to other programs and do not count as files', async () => {
  await tree.prepare(['PROD/INPUT', 'PROD/OUTPUT'])
  await tree.prepare(['PROD/INPUT'])
  expect(server.keys()).toEqual(['agency/north/PROD/INPUT/', 'agency/north/PROD/OUTPUT/'])
  expect(await all(tree.list(input))).toEqual([])
})

test('a wrong key, a wrong secret and a bucket that is not there are told by their names, never the secret', async () => {
  for (const [changes, words] of [
    [{ accessKeyId: 'OTHER' }, 'InvalidAccessKeyId'],
    [{ secretAccessKey: 'hush-hush' }, 'SignatureDoesNotMatch'],
    [{ bucket: 'nothing' }, 'NoSuchBucket'],
  ] as const) {
    const failing = all(treeOn(changes).list(input))
    await expect(failing).rejects.toThrow(words)
    await expect(failing).rejects.not.toThrow('hush-hush')
  }
})

test('the bucket is part of the path or of the host', () => {
  const at = { endpoint: 'https://s3.example.org:9000', bucket: 'deliveries' }
  expect(objectUrl({ ...at, style: 'path' }, 'a b/c+d.json')).toBe(
    'https://s3.example.org:9000/deliveries/a%20b/c%2Bd.json',
  )
  expect(objectUrl({ ...at, style: 'virtual' }, 'a/(1).json', { uploads: '' })).toBe(
    'https://deliveries.s3.example.org:9000/a/%281%29.json?uploads=',
  )
})
