import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readSshKey } from '../../src/identity/ssh-key.ts'
import { incompleteUploads } from '../../src/store/incomplete-uploads.ts'
import { python, run } from './programs.ts'
import { opensshOptions, password, type Served, serve } from './serve.ts'

let served: Served
let here: string
beforeAll(async () => {
  served = await serve()
  here = await mkdtemp(join(tmpdir(), 'tributary-sftp-client-'))
})
afterAll(async () => {
  await served.close()
  await rm(here, { recursive: true, force: true })
})

async function localFile(name: string, bytes: number): Promise<{ path: string; content: Buffer }> {
  const content = randomBytes(bytes)
  const path = join(here, name)
  await writeFile(path, content)
  return { path, content }
}

/** A batch of OpenSSH's sftp. */
function sftp(...lines: string[]) {
  const place = `sftp://north-feed@127.0.0.1:${served.port}`
  return run('sftp', [...served.openssh, '-b', '-', place], `${lines.join('\n')}\n`)
}

/** A script of lftp, signed in by password. */
function lftp(...lines: string[]) {
  const ssh = 'ssh -a -x -F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'
  const script = [
    'set net:max-retries 1',
    'set net:timeout 20',
    'set cmd:fail-exit yes',
    `set sftp:connect-program "${ssh}"`,
    `open -u north-feed,'${password}' sftp://127.0.0.1:${served.port}`,
    ...lines,
  ]
  return run('lftp', ['--norc', '-c', script.join('; ')])
}

async function same(path: string, content: Buffer): Promise<boolean> {
  return content.equals(await readFile(path))
}

/** Nothing of `north` waits to become safe. */
async function settled(): Promise<void> {
  await vi.waitFor(() => expect(served.server.openForWriting('north').size).toBe(0), soon)
}

test('OpenSSH sftp uploads, lists, downloads, renames into place and removes', async () => {
  const { path, content } = await localFile('a.bin', 3_000_001)
  await writeFile(served.path('PROD', 'OUTPUT', 'report.txt'), 'all is well')
  const ran = await sftp(
    'ls -la',
    'cd PROD/INPUT',
    'pwd',
    `put -p ${path} a.part`,
    'ls -l',
    'rename a.part a.bin',
    'cd ../OUTPUT',
    `get report.txt ${join(here, 'report.txt')}`,
    'rm report.txt',
    'df',
  )
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toContain('Remote working directory: /PROD/INPUT')
  expect(ran.out).toContain('a.part')
  expect(await same(served.path('PROD', 'INPUT', 'a.bin'), content)).toBe(true)
  expect(await readFile(join(here, 'report.txt'), 'utf8')).toBe('all is well')
  expect(await readdir(served.path('PROD', 'OUTPUT'))).toEqual([])
  const kept = await stat(served.path('PROD', 'INPUT', 'a.bin'))
  expect(Math.trunc(kept.mtimeMs / 1000)).toBe(Math.trunc((await stat(path)).mtimeMs / 1000))
  await settled()
  expect(served.uploaded).toContain('north')
  const lines = served.transfers.map(({ action, path, bytes, result }) => ({ action, path, bytes, result }))
  expect(lines).toEqual(
    expect.arrayContaining([
      { action: 'login', path: '', bytes: 0, result: 'ok' },
      { action: 'upload', path: '/PROD/INPUT/a.part', bytes: 3_000_001, result: 'ok' },
      { action: 'rename', path: '/PROD/INPUT/a.bin', bytes: 3_000_001, result: 'ok, was /PROD/INPUT/a.part' },
      { action: 'download', path: '/PROD/OUTPUT/report.txt', bytes: 11, result: 'ok' },
      { action: 'remove', path: '/PROD/OUTPUT/report.txt', bytes: 11, result: 'ok' },
    ]),
  )
})

test('OpenSSH sftp resumes an interrupted upload and an interrupted download', async () => {
  const { path, content } = await localFile('long.bin', 2_500_000)
  await writeFile(served.path('TEST', 'INPUT', 'long.bin'), content.subarray(0, 1_000_000))
  expect(await sftp(`reput ${path} TEST/INPUT/long.bin`)).toMatchObject({ code: 0 })
  expect(await same(served.path('TEST', 'INPUT', 'long.bin'), content)).toBe(true)

  await writeFile(served.path('TEST', 'OUTPUT', 'big.bin'), content)
  const back = join(here, 'back.bin')
  await writeFile(back, content.subarray(0, 1_234_567))
  expect(await sftp(`reget TEST/OUTPUT/big.bin ${back}`)).toMatchObject({ code: 0 })
  expect(await same(back, content)).toBe(true)
})

test('OpenSSH sftp replaces a file in one step when it renames over it', async () => {
  await writeFile(served.path('PROD', 'INPUT', 'old.csv'), 'old')
  const { path, content } = await localFile('new.csv', 100)
  const ran = await sftp(`put ${path} PROD/INPUT/new.tmp`, 'rename PROD/INPUT/new.tmp PROD/INPUT/old.csv')
  expect(ran).toMatchObject({ code: 0 })
  expect(await same(served.path('PROD', 'INPUT', 'old.csv'), content)).toBe(true)
})

test('OpenSSH scp copies in both directions', async () => {
  const { path, content } = await localFile('copy.bin', 700_000)
  const there = `scp://north-feed@127.0.0.1:${served.port}/PROD`
  expect(await run('scp', ['-s', '-p', ...served.openssh, path, `${there}/INPUT/copy.bin`])).toMatchObject({
    code: 0,
  })
  expect(await same(served.path('PROD', 'INPUT', 'copy.bin'), content)).toBe(true)
  await writeFile(served.path('PROD', 'OUTPUT', 'result.csv'), 'a|b')
  const back = join(here, 'result.csv')
  expect(await run('scp', ['-s', ...served.openssh, `${there}/OUTPUT/result.csv`, back])).toMatchObject({
    code: 0,
  })
  expect(await readFile(back, 'utf8')).toBe('a|b')
})

test('RSA and ECDSA keys sign in, but no signature by SHA-1', async () => {
  const place = `sftp://north-feed@127.0.0.1:${served.port}`
  for (const [kind, bits] of [
    ['rsa', '2048'],
    ['ecdsa', '256'],
    ['ecdsa', '521'],
  ] as const) {
    const file = join(here, `${kind}-${bits}`)
    await run('ssh-keygen', ['-q', '-N', '', '-f', file, '-t', kind, '-b', bits])
    const { fingerprint } = readSshKey(await readFile(`${file}.pub`, 'utf8'))
    const words = [...opensshOptions(file), '-b', '-']
    expect(await run('sftp', [...words, place], 'ls\n'), kind).toMatchObject({ code: 255 })
    served.keys.add(fingerprint)
    expect(await run('sftp', [...words, place], 'ls\n'), kind).toMatchObject({ code: 0 })
    const old = await run('sftp', [...words, '-o', 'PubkeyAcceptedAlgorithms=ssh-rsa', place], 'ls\n')
    expect(old.code).toBe(255)
  }
})

test('folders are as the node made them, and the archive is for reading', async () => {
  await writeFile(served.path('PROD', 'ARCHIVE', 'kept.json'), '{}')
  const { path } = await localFile('x.json', 10)
  for (const line of [
    'mkdir PROD/INPUT/more',
    'mkdir PROD/INPUT',
    'rmdir PROD/INPUT',
    'rm PROD/ARCHIVE/kept.json',
    `put ${path} PROD/ARCHIVE/x.json`,
    `put ${path} PROD/OUTPUT/x.json`,
    `put ${path} PROD/x.json`,
    'rename PROD/ARCHIVE/kept.json PROD/INPUT/kept.json',
    'ln -s /etc/passwd PROD/INPUT/link',
    'ls /etc',
  ])
    expect(await sftp(line), line).toMatchObject({ code: 1 })
  expect(await readdir(served.path('PROD', 'ARCHIVE'))).toEqual(['kept.json'])
  expect(await sftp(`get PROD/ARCHIVE/kept.json ${join(here, 'kept.json')}`)).toMatchObject({ code: 0 })
})

test('lftp signs in by password, mirrors a folder up and down, and continues an upload', async () => {
  const up = join(here, 'up')
  await mkdir(up)
  for (let number = 0; number < 50; number += 1)
    await writeFile(join(up, `file-${number}.json`), `{"number":${number}}`)
  const { path, content } = await localFile('continued.bin', 400_000)
  await writeFile(served.path('PROD', 'INPUT', 'continued.bin'), content.subarray(0, 150_000))
  const down = join(here, 'down')
  await writeFile(served.path('TEST', 'OUTPUT', 'one.txt'), '1')
  const ran = await lftp(
    `mirror -R --parallel=4 ${up} TEST/INPUT`,
    `put -c ${path} -o PROD/INPUT/continued.bin`,
    `mirror TEST/OUTPUT ${down}`,
    'cls -1 TEST/INPUT',
  )
  expect(ran.code, ran.err).toBe(0)
  for (let number = 0; number < 50; number += 1)
    expect(await readFile(served.path('TEST', 'INPUT', `file-${number}.json`), 'utf8')).toBe(
      `{"number":${number}}`,
    )
  expect(await same(served.path('PROD', 'INPUT', 'continued.bin'), content)).toBe(true)
  expect(await readFile(join(down, 'one.txt'), 'utf8')).toBe('1')
})

test('paramiko uploads with a check of the size, renames, lists and downloads', async () => {
  const { path, content } = await localFile('para.bin', 1_500_000)
  const script = `
import paramiko, sys
transport = paramiko.Transport(('127.0.0.1', ${served.port}))
transport.connect(username='north-feed', password=${JSON.stringify(password)})
sftp = paramiko.SFTPClient.from_transport(transport)
sftp.put(${JSON.stringify(path)}, '/PROD/INPUT/.para.bin.part', confirm=True)
sftp.utime('/PROD/INPUT/.para.bin.part', (1700000000, 1700000000))
sftp.chmod('/PROD/INPUT/.para.bin.part', 0o600)
sftp.posix_rename('/PROD/INPUT/.para.bin.part', '/PROD/INPUT/para.bin')
sftp.chdir('PROD/INPUT')
info = [entry for entry in sftp.listdir_attr() if entry.filename == 'para.bin'][0]
print(info.st_size, info.st_mtime, sftp.getcwd(), sftp.normalize('../OUTPUT'))
with sftp.open('random.bin', 'w') as file:
    file.write(b'a' * 10)
    file.seek(4)
    file.write(b'BB')
    file.truncate(8)
with sftp.open('random.bin', 'a') as file:
    file.write(b'end')
print(sftp.open('random.bin').read().decode())
try:
    sftp.stat('/PROD/INPUT/none')
except FileNotFoundError:
    print('not found')
sftp.close()
transport.close()
`
  const ran = await run(python, ['-c', script])
  expect(ran.code, ran.err).toBe(0)
  expect(ran.out.split('\n')).toEqual([
    '1500000 1700000000 /PROD/INPUT /PROD/OUTPUT',
    'aaaaBBaaend',
    'not found',
    '',
  ])
  expect(await same(served.path('PROD', 'INPUT', 'para.bin'), content)).toBe(true)
})

const soon = { timeout: 10_000 }

test('a folder of 20,000 files is listed while other sessions are answered', async () => {
  const folder = served.path('TEST', 'ARCHIVE')
  for (let from = 0; from < 20_000; from += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => writeFile(join(folder, `stop-${from + index}.json`), '{}')),
    )
  const other = await served.connect()
  const listing = sftp('ls -l TEST/ARCHIVE')
  let answered = 0
  let listed = false
  void listing.then(() => {
    listed = true
  })
  while (!listed) {
    await new Promise((resolve, reject) =>
      other.sftp.stat('/PROD/INPUT', (error, info) => (error ? reject(error) : resolve(info))),
    )
    answered += 1
  }
  const ran = await listing
  other.client.end()
  expect(ran.out.split('\n').filter((line) => line.includes('stop-'))).toHaveLength(20_000)
  expect(answered).toBeGreaterThan(10)
})

test('an upload whose connection breaks counts as incomplete until it is resumed', async () => {
  const { path, content } = await localFile('broken.bin', 300_000)
  const { client, sftp: wire } = await served.connect()
  const handle = await new Promise<Buffer>((resolve, reject) =>
    wire.open('/PROD/INPUT/broken.bin', 'w', (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  await new Promise<void>((resolve, reject) =>
    wire.write(handle, content, 0, 30_000, 0, (error) => (error ? reject(error) : resolve())),
  )
  expect([...served.server.openForWriting('north')]).toEqual(['PROD/INPUT/broken.bin'])
  expect(await served.server.whileClosed('north', 'PROD/INPUT/broken.bin', async () => 'taken')).toBe(null)
  client.destroy()
  await settled()
  const tree = join(served.folder, 'north')
  const marked = await incompleteUploads(tree)
  expect(marked.has('PROD/INPUT/broken.bin')).toBe(true)
  expect(marked.list.map((upload) => upload.path)).toEqual(['PROD/INPUT/broken.bin'])
  expect(served.transfers.at(-1)).toMatchObject({ action: 'upload', bytes: 30_000 })
  expect(served.transfers.at(-1)?.result).toContain('incomplete')

  await truncate(served.path('PROD', 'INPUT', 'broken.bin'), 30_000)
  expect(await sftp(`reput ${path} PROD/INPUT/broken.bin`)).toMatchObject({ code: 0 })
  await settled()
  expect((await incompleteUploads(tree)).list).toEqual([])
  expect(await same(served.path('PROD', 'INPUT', 'broken.bin'), content)).toBe(true)
})

test('the transfer log tells a download that was read to its end and not closed from one that broke off', async () => {
  await writeFile(served.path('PROD', 'OUTPUT', 'report.csv'), randomBytes(20_000))
  for (const [from, length, result] of [
    [0, 20_000, 'ok, the connection ended'],
    [15_000, 5000, 'ok, the connection ended'],
    [0, 15_000, 'incomplete: the connection ended'],
  ] as const) {
    const { client, sftp: wire } = await served.connect()
    const handle = await new Promise<Buffer>((resolve, reject) =>
      wire.open('/PROD/OUTPUT/report.csv', 'r', (error, opened) => (error ? reject(error) : resolve(opened))),
    )
    await new Promise<void>((resolve, reject) =>
      wire.read(handle, Buffer.alloc(length), 0, length, from, (error) =>
        error ? reject(error) : resolve(),
      ),
    )
    client.destroy()
    const line = { action: 'download', path: '/PROD/OUTPUT/report.csv', bytes: length, result }
    await vi.waitFor(() => expect(served.transfers.at(-1)).toMatchObject(line), soon)
  }
})
