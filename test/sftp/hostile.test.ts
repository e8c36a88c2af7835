import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import ssh2, { type SFTPWrapper } from 'ssh2'
import { afterEach, expect, test, vi } from 'vitest'
import type { SftpConfig } from '../../src/channel/sftp/ports.ts'
import { OPEN, REQUEST, STATUS } from '../../src/channel/sftp/wire.ts'
import { makeSshKey } from '../../src/identity/make-ssh-key.ts'
import { incompleteUploads } from '../../src/store/incomplete-uploads.ts'
import { filesBelow } from './below.ts'
import { openRaw, type Raw, uint64, uploadFlags } from './raw.ts'
import { account, password, type Served, serve } from './serve.ts'

const soon = { timeout: 10_000 }

const open: Served[] = []
afterEach(async () => {
  for (const served of open.splice(0)) {
    expect(served.errors).toEqual([])
    await served.close()
  }
})

async function started(config: Partial<SftpConfig> = {}): Promise<Served> {
  const served = await serve(config)
  open.push(served)
  return served
}

async function rawOf(served: Served, username = 'north-feed'): Promise<Raw> {
  const { client } = await served.connect({ username })
  return openRaw(client)
}

function handleOf({ kind, body }: { kind: number; body: Buffer }): Buffer {
  expect(kind).toBe(102)
  return body.subarray(4)
}

/** Sends bytes as one write and gives the answer. */
function write(raw: Raw, handle: Buffer, position: number, data: Buffer) {
  // A 64-bit number has no length in front of it, so it goes as two of 32 bits.
  const at = uint64(position)
  return raw.ask(REQUEST.write, handle, at.readUInt32BE(0), at.readUInt32BE(4), data)
}

const WRONG_NAMES: readonly (string | Buffer)[] = [
  'a\nb.json',
  'a\u0000b.json',
  'a\u001b[2Jb.json',
  'a\\..\\b.json',
  'a\u2215b.json',
  'a\u2044b.json',
  'a\uff0fb.json',
  'a\uff3cb.json',
  '\uff0e\uff0e',
  '\u2025',
  'a\u202egnp.json',
  'a\u200bb.json',
  'n'.repeat(256),
  'ä'.repeat(128),
  Buffer.from([0x61, 0xff, 0xfe]),
  Buffer.from([0xc0, 0xae, 0xc0, 0xae]),
  Buffer.from([0xed, 0xa0, 0x80]),
]

const OUTSIDE = [
  '../../south/PROD/INPUT/theirs.json',
  '/PROD/INPUT/../../../south/PROD/INPUT/theirs.json',
  '/../south/PROD/INPUT/theirs.json',
  '/etc/passwd',
  '//etc/passwd',
  '/PROD/INPUT/../../../../../../etc/passwd',
  '/proc/self/environ',
  '/.work/secret',
  '/PROD/../.work/secret',
  '/PROD/OUTPUT/.secret',
  '/PROD/INPUT/file.json/more',
  '/south/PROD/INPUT/theirs.json',
  '',
  '/',
  '/PROD',
  '/PROD/INPUT',
]

test('no path leads out of the tree of a partner, whatever is done with it', async () => {
  const served = await started()
  await writeFile(join(served.folder, 'south', 'PROD', 'INPUT', 'theirs.json'), 'theirs')
  await mkdir(served.path('.work'), { recursive: true })
  await writeFile(served.path('.work', 'secret'), 'secret')
  await writeFile(served.path('PROD', 'OUTPUT', '.secret'), 'secret')
  await writeFile(served.path('PROD', 'INPUT', 'file.json'), 'mine')
  const before = await filesBelow(served.folder)
  const raw = await rawOf(served)
  for (const path of OUTSIDE) {
    for (const flags of [OPEN.read, uploadFlags, OPEN.write, OPEN.write | OPEN.append | OPEN.create])
      expect((await raw.open(path, flags)).status, path).not.toBe(null)
    expect((await raw.ask(REQUEST.remove, path)).status, path).not.toBe(STATUS.ok)
    expect((await raw.ask(REQUEST.rename, '/PROD/INPUT/file.json', path)).status, path).not.toBe(STATUS.ok)
    expect((await raw.ask(REQUEST.rename, path, '/PROD/INPUT/got.json')).status, path).not.toBe(STATUS.ok)
    expect((await raw.ask(REQUEST.mkdir, path, 0)).status, path).not.toBe(STATUS.ok)
    expect((await raw.ask(REQUEST.symlink, path, '/PROD/INPUT/got.json')).status, path).toBe(STATUS.denied)
    expect((await raw.ask(REQUEST.symlink, '/PROD/INPUT/got.json', path)).status, path).toBe(STATUS.denied)
    expect((await raw.ask(REQUEST.readlink, path)).status, path).toBe(STATUS.denied)
    expect(
      (await raw.ask(REQUEST.extended, 'hardlink@openssh.com', path, '/PROD/INPUT/got.json')).status,
      path,
    ).toBe(STATUS.unsupported)
  }
  expect(await filesBelow(served.folder)).toEqual(before)
})

test('names with controls, look-alikes, bad bytes or too many bytes are refused and make no file', async () => {
  const served = await started()
  await writeFile(served.path('PROD', 'INPUT', 'file.json'), 'mine')
  const raw = await rawOf(served)
  for (const name of WRONG_NAMES) {
    const path = Buffer.concat([Buffer.from('/PROD/INPUT/'), Buffer.from(name)])
    const shown = path.toString('latin1')
    expect([STATUS.failure, STATUS.noSuchFile], shown).toContain((await raw.open(path)).status)
    expect((await raw.ask(REQUEST.rename, '/PROD/INPUT/file.json', path)).status, shown).not.toBe(STATUS.ok)
    expect((await raw.ask(REQUEST.stat, path)).status, shown).toBe(STATUS.noSuchFile)
  }
  expect(await readdir(served.path('PROD', 'INPUT'))).toEqual(['file.json'])
  const longest = `${'ü'.repeat(125)}.json`
  expect((await raw.open(`/PROD/INPUT/${longest}`)).kind).toBe(102)
})

test('a link that lies in a tree is neither listed nor followed', async () => {
  const served = await started()
  const secret = join(served.folder, 'south', 'PROD', 'OUTPUT', 'secret.txt')
  await writeFile(secret, 'secret')
  await symlink(secret, served.path('PROD', 'INPUT', 'link.txt'))
  await symlink(secret, served.path('PROD', 'OUTPUT', 'link.txt'))
  await rm(served.path('TEST', 'INPUT'), { recursive: true })
  await symlink(join(served.folder, 'south', 'TEST', 'INPUT'), served.path('TEST', 'INPUT'))
  const raw = await rawOf(served)
  for (const folder of ['INPUT', 'OUTPUT']) {
    for (const flags of [OPEN.read, uploadFlags, OPEN.write])
      expect((await raw.open(`/PROD/${folder}/link.txt`, flags)).kind).toBe(101)
    expect((await raw.ask(REQUEST.stat, `/PROD/${folder}/link.txt`)).status).toBe(STATUS.noSuchFile)
  }
  expect((await raw.open('/TEST/INPUT/x.json')).status).toBe(STATUS.denied)
  expect((await raw.ask(REQUEST.opendir, '/TEST/INPUT')).status).toBe(STATUS.denied)
  const { sftp } = await served.connect()
  expect(await namesIn(sftp, '/PROD/INPUT')).toEqual(['.', '..'])
  expect(await readFile(secret, 'utf8')).toBe('secret')
  expect(await readdir(join(served.folder, 'south', 'TEST', 'INPUT'))).toEqual([])
})

function namesIn(sftp: SFTPWrapper, path: string): Promise<string[]> {
  return new Promise((resolve, reject) =>
    sftp.readdir(path, (error, list) =>
      error ? reject(error) : resolve(['.', '..', ...list.map((entry) => entry.filename)]),
    ),
  )
}

test('an account sees the folders of its grants and realms only', async () => {
  const served = await started()
  served.accounts.set(
    'reader',
    account('reader', 'north', { grants: [{ exchange: 'stops', grants: ['read'] }] }),
  )
  served.accounts.set('tester', account('tester', 'north', { realms: ['test'] }))
  served.accounts.set(
    'nothing',
    account('nothing', 'north', { grants: [{ exchange: 'other', grants: ['submit'] }] }),
  )
  await writeFile(served.path('PROD', 'OUTPUT', 'report.txt'), 'report')

  const reader = await rawOf(served, 'reader')
  expect((await reader.open('/PROD/OUTPUT/report.txt', OPEN.read)).kind).toBe(102)
  expect((await reader.open('/PROD/INPUT/x.json')).status).toBe(STATUS.denied)
  expect((await reader.ask(REQUEST.remove, '/PROD/OUTPUT/report.txt')).status).toBe(STATUS.denied)

  const tester = await rawOf(served, 'tester')
  expect((await tester.open('/TEST/INPUT/x.json')).kind).toBe(102)
  expect((await tester.open('/PROD/INPUT/x.json')).status).toBe(STATUS.noSuchFile)
  expect((await tester.ask(REQUEST.stat, '/PROD')).status).toBe(STATUS.noSuchFile)

  const { sftp } = await served.connect({ username: 'nothing' })
  expect(await namesIn(sftp, '/')).toEqual(['.', '..'])
})

test('open files of a session are limited, and handles that are not open are refused', async () => {
  const served = await started({ handlesPerSessionMax: 10 })
  const raw = await rawOf(served)
  const opened = []
  for (let number = 0; number < 10; number += 1) opened.push(await raw.open(`/PROD/INPUT/${number}.json`))
  const handles = opened.map(handleOf)
  expect((await raw.open('/PROD/INPUT/more.json')).text).toContain('Too many open files')
  expect((await raw.ask(REQUEST.close, handles[0] ?? '')).status).toBe(STATUS.ok)
  expect((await raw.ask(REQUEST.close, handles[0] ?? '')).text).toBe('Invalid handle')
  for (const handle of [
    Buffer.alloc(0),
    Buffer.alloc(4),
    Buffer.alloc(256, 1),
    handles[0] ?? Buffer.alloc(4),
  ]) {
    expect((await raw.ask(REQUEST.read, handle, 0, 0, 100)).text).toBe('Invalid handle')
    expect((await raw.ask(REQUEST.write, handle, 0, 0, 'data')).text).toBe('Invalid handle')
    expect((await raw.ask(REQUEST.readdir, handle)).text).toBe('Invalid handle')
    expect((await raw.ask(REQUEST.fstat, handle)).text).toBe('Invalid handle')
  }
  expect((await raw.open('/PROD/INPUT/more.json')).kind).toBe(102)
})

test('requests that are no requests end the session and nothing else', async () => {
  const served = await started()
  const steady = await rawOf(served)
  for (const bytes of [
    Buffer.from([0, 0, 0, 0]),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 1]),
    Buffer.from([0, 0, 0, 2, REQUEST.open, 0]),
    Buffer.from([0, 0, 0, 9, REQUEST.open, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0, 0, 0, 9, REQUEST.write, 0, 0, 0, 1, 0, 0, 0, 4]),
  ]) {
    const { channel } = await rawOf(served)
    channel.write(bytes)
    await once(channel, 'close')
  }
  const { client } = await served.connect()
  const channel = (await openRaw(client)).channel
  for (let sent = 0; sent < 2000; sent += 1) channel.write(Buffer.from([0]))
  await once(channel, 'close')
  expect((await steady.ask(REQUEST.stat, '/PROD')).kind).toBe(105)
  expect((await steady.ask(99, 'what')).status).toBe(STATUS.unsupported)
})

test('a client that asks and never reads costs little memory, and others are served', async () => {
  const served = await started()
  const size = 2 ** 20
  await writeFile(served.path('PROD', 'OUTPUT', 'big.bin'), Buffer.alloc(size, 7))
  const { client } = await served.connect()
  const raw = await openRaw(client)
  const handle = handleOf(await raw.open('/PROD/OUTPUT/big.bin', OPEN.read))
  const before = process.memoryUsage().arrayBuffers
  raw.channel.pause()
  raw.channel.removeAllListeners('data')
  for (let asked = 0; asked < 5000; asked += 1)
    raw.send(REQUEST.read, handle, 0, (asked % 4) * 2 ** 18, 2 ** 18)
  const steady = await rawOf(served)
  let most = 0
  for (let round = 0; round < 100; round += 1) {
    expect((await steady.ask(REQUEST.stat, '/PROD/OUTPUT/big.bin')).kind).toBe(105)
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    await new Promise((resolve) => setImmediate(resolve))
  }
  // 1.3 GB were asked for; this process holds both ends.
  expect(most).toBeLessThan(100 * 2 ** 20)
  client.destroy()
})

test('a client that sends more than it was given room for is cut off', async () => {
  const served = await started()
  await writeFile(served.path('PROD', 'OUTPUT', 'big.bin'), Buffer.alloc(2 ** 20))
  const { client } = await served.connect()
  const raw = await openRaw(client)
  const handle = handleOf(await raw.open('/PROD/OUTPUT/big.bin', OPEN.read))
  raw.channel.pause()
  raw.channel.removeAllListeners('data')
  for (let asked = 0; asked < 200; asked += 1) raw.send(REQUEST.read, handle, 0, 0, 2 ** 18)
  // The client believes that it may send as much as it likes.
  const { outgoing } = raw.channel as unknown as { outgoing: { window: number } }
  outgoing.window = 2 ** 31
  const gone = new Promise<void>((resolve) => client.on('close', () => resolve()))
  client.on('error', () => {})
  for (let sent = 0; sent < 64; sent += 1) raw.send(REQUEST.stat, Buffer.alloc(2 ** 17))
  await gone
})

test('writes anywhere in a file, in any order and before answers come, leave what a local file would hold', async () => {
  const served = await started()
  const raw = await rawOf(served)
  const writes = fc.array(
    fc.record({ position: fc.nat(300_000), length: fc.integer({ min: 1, max: 100_000 }), fill: fc.nat(255) }),
    { minLength: 1, maxLength: 30 },
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(writes, async (list) => {
      run += 1
      const path = `/PROD/INPUT/run-${run}.bin`
      const handle = handleOf(await raw.open(path))
      const expected = Buffer.alloc(Math.max(...list.map(({ position, length }) => position + length)))
      const answers = list.map(({ position, length, fill }) => {
        expected.fill(fill, position, position + length)
        return write(raw, handle, position, Buffer.alloc(length, fill))
      })
      for (const answer of await Promise.all(answers)) expect(answer.status).toBe(STATUS.ok)
      expect((await raw.ask(REQUEST.close, handle)).status).toBe(STATUS.ok)
      expect(expected.equals(await readFile(served.path(path)))).toBe(true)
    }),
    { numRuns: 15 },
  )
})

test('a quota reached in the middle of a file stops it, and the file counts as incomplete', async () => {
  const served = await started({ quotaBytes: 1_000_000 })
  const raw = await rawOf(served)
  const handle = handleOf(await raw.open('/PROD/INPUT/large.bin'))
  const statuses: (number | null)[] = []
  for (let part = 0; part < 12; part += 1)
    statuses.push((await write(raw, handle, part * 100_000, Buffer.alloc(100_000, 1))).status)
  expect(statuses).toEqual([...Array(10).fill(STATUS.ok), STATUS.failure, STATUS.failure])
  const closed = await raw.ask(REQUEST.close, handle)
  expect(closed).toMatchObject({ status: STATUS.failure, text: expect.stringContaining('Quota exceeded') })
  expect(served.transfers.at(-1)?.result).toMatch(/^incomplete: Quota exceeded/)
  expect((await incompleteUploads(join(served.folder, 'north'))).has('PROD/INPUT/large.bin')).toBe(true)

  const sparse = handleOf(await raw.open('/TEST/INPUT/sparse.bin'))
  expect((await write(raw, sparse, 2 ** 40, Buffer.from('x'))).status).toBe(STATUS.failure)
  expect((await raw.ask(REQUEST.remove, '/PROD/INPUT/large.bin')).status).toBe(STATUS.ok)
  const again = handleOf(await raw.open('/PROD/INPUT/small.bin'))
  expect((await write(raw, again, 0, Buffer.alloc(200_000))).status).toBe(STATUS.ok)
})

test('nothing is written when the disk has too little left', async () => {
  const served = await started({ freeBytesMin: 2 ** 52 })
  const raw = await rawOf(served)
  const handle = handleOf(await raw.open('/PROD/INPUT/x.bin'))
  const answer = await write(raw, handle, 0, Buffer.from('x'))
  expect(answer).toMatchObject({ status: STATUS.failure, text: 'No space left on the server' })
})

test('an input folder takes no more files than it may hold', async () => {
  const served = await started({ folderFilesMax: 3 })
  const raw = await rawOf(served)
  for (const name of ['a', 'b', 'c']) expect((await raw.open(`/PROD/INPUT/${name}`)).kind).toBe(102)
  expect((await raw.open('/PROD/INPUT/d')).text).toContain('A folder may hold 3 files')
  expect((await raw.open('/PROD/INPUT/a')).kind).toBe(102)
  expect((await raw.ask(REQUEST.remove, '/PROD/INPUT/b')).status).toBe(STATUS.ok)
  expect((await raw.open('/PROD/INPUT/d')).kind).toBe(102)
})

/** Resolves when the other side has closed the connection. */
async function ended(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

test('connections that do not sign in are ended, and there are never many of them', async () => {
  const served = await started({ signInMs: 500 })
  const sockets = Array.from({ length: 60 }, (_, index) => {
    const socket = connectTcp(served.port, '127.0.0.1')
    if (index % 2 === 0) socket.write('SSH-2.0-half')
    return socket
  })
  await Promise.all(sockets.map(ended))
  const { client } = await served.connect()
  client.end()
})

test('guessing passwords is slow, told, and ends the connection', async () => {
  const served = await started({ refusalMs: 40 })
  const client = new ssh2.Client()
  let guesses = 0
  const begun = performance.now()
  const ends = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('close', () => resolve())
  })
  client.connect({
    host: '127.0.0.1',
    port: served.port,
    username: 'north-feed',
    authHandler: (_left, _partial, next) => {
      guesses += 1
      next({ type: 'password', username: 'north-feed', password: `guess ${guesses}` })
    },
  })
  await ends
  expect(guesses).toBe(7)
  expect(performance.now() - begun).toBeGreaterThan(40 * (1 + 2 + 3 + 4 + 5 + 6))
  expect(served.transfers.filter(({ result }) => result === 'refused')).toHaveLength(6)
  await expect(served.connect({ username: 'nobody' })).rejects.toThrow()
})

test('a key that was not proved, or is another one, signs nobody in', async () => {
  const served = await started()
  const other = makeSshKey('ed25519').private
  await expect(connectWith(served, other)).rejects.toThrow()
  await vi.waitFor(() => expect(served.transfers).toHaveLength(1), soon)
  expect(served.transfers[0]).toMatchObject({ action: 'login', login: '(unknown)', result: 'refused' })
  const { client } = await connectWith(served, await readFile(served.keyFile, 'utf8'))
  client.end()
})

function connectWith(served: Served, privateKey: string) {
  const how = { privateKey }
  return import('./serve.ts').then(({ connect }) =>
    connect({ port: served.port, username: 'north-feed', ...how }),
  )
}

test('shells, commands and forwarded ports are refused', async () => {
  const served = await started()
  const { client, sftp } = await served.connect()
  const refusal = (ask: (done: (error: Error | undefined) => void) => void) =>
    new Promise<Error | undefined>((resolve) => ask(resolve))
  expect(await refusal((done) => client.shell(done))).toBeInstanceOf(Error)
  expect(await refusal((done) => client.exec('id', done))).toBeInstanceOf(Error)
  expect(await refusal((done) => client.subsys('netconf', done))).toBeInstanceOf(Error)
  expect(await refusal((done) => client.forwardIn('127.0.0.1', 0, done))).toBeInstanceOf(Error)
  expect(
    await refusal((done) => client.forwardOut('127.0.0.1', 1, '127.0.0.1', served.port, done)),
  ).toBeInstanceOf(Error)
  expect(await namesIn(sftp, '/')).toContain('PROD')
  client.end()
})

test('an account has a limited number of sessions, and one that is closed loses those it has', async () => {
  const served = await started({ sessionsPerAccountMax: 3, accountCheckMs: 50 })
  const clients = [await served.connect(), await served.connect(), await served.connect()]
  await expect(served.connect()).rejects.toThrow()
  const south = await served.connect({ username: 'south-feed' })
  const gone = clients.map(({ client }) => once(client, 'close'))
  served.accounts.delete('north-feed')
  await Promise.all(gone)
  expect(await namesIn(south.sftp, '/')).toContain('PROD')
})

test('a connection that does nothing is closed', async () => {
  const served = await started({ idleMs: 200 })
  const { client } = await served.connect()
  await once(client, 'close')
})

test('an open upload goes where its file is renamed to, and nowhere when the file is replaced', async () => {
  const served = await started()
  const raw = await rawOf(served)
  const moved = handleOf(await raw.open('/PROD/INPUT/first.part'))
  await write(raw, moved, 0, Buffer.from('one '))
  expect((await raw.ask(REQUEST.rename, '/PROD/INPUT/first.part', '/PROD/INPUT/first.json')).status).toBe(
    STATUS.ok,
  )
  expect([...served.server.openForWriting('north')]).toEqual(['PROD/INPUT/first.json'])
  await write(raw, moved, 4, Buffer.from('file'))
  const other = handleOf(await raw.open('/PROD/INPUT/second.part'))
  await write(raw, other, 0, Buffer.from('two'))
  await raw.ask(REQUEST.close, other)
  const replaced = raw.ask(
    REQUEST.extended,
    'posix-rename@openssh.com',
    '/PROD/INPUT/second.part',
    '/PROD/INPUT/first.json',
  )
  expect((await replaced).status).toBe(STATUS.ok)
  expect((await raw.ask(REQUEST.close, moved)).status).toBe(STATUS.ok)
  await vi.waitFor(() => expect(served.server.openForWriting('north').size).toBe(0), soon)
  expect(await readFile(served.path('PROD', 'INPUT', 'first.json'), 'utf8')).toBe('two')
  expect(await readdir(served.path('PROD', 'INPUT'))).toEqual(['first.json'])
  expect(await readdir(served.path('.work', 'incomplete'))).toEqual([])
})

test('a file that was taken away while it is open is not found again under its name', async () => {
  const served = await started()
  const raw = await rawOf(served)
  const handle = handleOf(await raw.open('/PROD/INPUT/taken.json'))
  await write(raw, handle, 0, Buffer.from('{}'))
  await rename(served.path('PROD', 'INPUT', 'taken.json'), served.path('.work', 'taken'))
  expect((await raw.ask(REQUEST.close, handle)).status).toBe(STATUS.ok)
  expect((await raw.ask(REQUEST.stat, '/PROD/INPUT/taken.json')).status).toBe(STATUS.noSuchFile)
})

test('a password of one partner opens nothing of another', async () => {
  const served = await started()
  await writeFile(served.path('PROD', 'OUTPUT', 'north.txt'), 'north')
  const { sftp } = await served.connect({ username: 'south-feed', password })
  expect(await namesIn(sftp, '/PROD/OUTPUT')).toEqual(['.', '..'])
})
