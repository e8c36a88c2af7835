import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { tributary } from '../cli/tributary.ts'
import { newPostgresUrl } from '../database.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Which data folder and database the commands and nodes of an operator work on. */

const soon = { timeout: 40_000, interval: 100 }
const password = 'a-Passphrase-of-our-own-7'
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'data-folder-'))
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(env: Record<string, string>): Promise<NodeProcess> {
  const node = await startTributary(env)
  cleanUp.push(() => node.kill())
  return node
}

test('commands for a node that is not there say so and make nothing', async () => {
  const cwd = await newFolder()
  const url = await newPostgresUrl()
  for (const words of [
    ['audit', 'verify'],
    ['audit', 'export'],
    ['backup', 'copy'],
  ]) {
    const ran = await tributary(words, { cwd })
    expect(ran.code, words.join(' ')).toBe(2)
    expect(ran.stderr).toContain(`There is no data of a node in ${join(cwd, 'data')}.`)
    const server = await tributary(words, { cwd, env: { DATABASE_URL: url } })
    expect(server.code, words.join(' ')).toBe(2)
    expect(server.stderr).toContain('There is no data of a node in the database that was named.')
  }
  const restored = await tributary(['restore', 'nowhere'], { cwd })
  expect(restored.code).toBe(2)
  expect(restored.stderr).toContain('There is no folder nowhere.')
  expect(await readdir(cwd)).toEqual([])
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client
    .query(`select 1 from pg_tables where schemaname = 'public'`)
    .finally(() => client.end())
  expect(rows).toEqual([])
}, 180_000)

test('a data folder serves one database only: no other node takes the files in it', async () => {
  const { env } = await newSetting()
  const onFolder = (data: string) => ({ ...env, TRIBUTARY_DATA: data })
  const onServer = async (data: string) => ({ ...onFolder(data), DATABASE_URL: await newPostgresUrl() })
  const data = await newFolder()
  const first = await start(await onServer(data))
  await expect(start(onFolder(data))).rejects.toThrow(/belongs to another node/)
  await expect(start(await onServer(data))).rejects.toThrow(/belongs to another node/)
  expect(await first.stop()).toBe(0)
  await expect(start(onFolder(data))).rejects.toThrow(/belongs to another node/)

  const embedded = await newFolder()
  await start(onFolder(embedded))
  await expect(start(await onServer(embedded))).rejects.toThrow(/belongs to another node/)
  await expect(start(onFolder(embedded))).rejects.toThrow(/Another node \(process \d+\) uses/)
}, 300_000)

test('a demo leaves the folder of a running demo, and any other folder, alone', async () => {
  const cwd = await newFolder()
  const bin = new URL('../../bin/tributary.js', import.meta.url).pathname
  const env = { PATH: process.env.PATH ?? '', HOME: cwd }
  const demo = spawn(process.execPath, [bin, 'demo', '--stops', '100', '--json'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  cleanUp.push(async () => {
    demo.kill('SIGKILL')
  })
  await once(demo.stdout, 'data')
  const second = await tributary(['demo', '--exit', '--stops', '100'], { cwd })
  expect(second.code).toBe(4)
  expect(second.stderr).toContain(`A demo (process ${demo.pid}) is running in`)
  await access(join(cwd, 'data/demo/database'))
  await mkdir(join(cwd, 'mine'))
  const other = await tributary(['demo', '--exit', '--stops', '100', '--data', 'mine'], { cwd })
  expect(other.code).toBe(4)
  const ended = once(demo, 'exit')
  demo.kill('SIGTERM')
  await ended
}, 180_000)

interface Setting {
  readonly exchanges: string
  readonly env: Record<string, string>
}

/** Wells are gathered for a second only. */
async function newSetting(): Promise<Setting> {
  const exchanges = join(await newFolder(), 'exchanges')
  const source = new URL('../fixtures/exchanges/wells', import.meta.url).pathname
  await cp(source, join(exchanges, 'wells'), { recursive: true })
  const path = join(exchanges, 'wells', 'exchange.yaml')
  await writeFile(path, `${await readFile(path, 'utf8')}files: { gather_seconds: 1 }\n`)
  return { exchanges, env: { TRIBUTARY_EXCHANGES: exchanges, TRIBUTARY_SFTP_PORT: '0' } }
}

function put(client: Client, name: string, number: string): Promise<Response> {
  const path = encodeURIComponent(`/wells/PROD/INPUT/${name}`)
  return client.request('PUT', `/v1/partners/alder/files/content?path=${path}`, {
    headers: { 'content-type': 'application/octet-stream' },
    body: JSON.stringify({ Number: number, State: 'O' }),
  })
}

/** Waits until these files were processed, and gives the names in the archive. */
async function processed(client: Client, names: readonly string[]): Promise<string[]> {
  const path = encodeURIComponent('/wells/PROD/ARCHIVE')
  return vi.waitFor(async () => {
    const { items } = await client.json<{ items: { state: string }[] }>('GET', '/v1/intakes')
    const listed = await client.json<{ items: { name: string }[] }>(
      'GET',
      `/v1/partners/alder/files?path=${path}`,
    )
    expect(items.filter(({ state }) => state !== 'done')).toEqual([])
    expect(listed.items.map(({ name }) => name).sort()).toEqual([...names].sort())
    return listed.items.map(({ name }) => name)
  }, soon)
}

test('from the embedded database to PostgreSQL and back by backup and restore: files that waited are processed once', async () => {
  const { env } = await newSetting()
  const cwd = await newFolder()
  const run = async (words: readonly string[], more: Record<string, string>) => {
    const ran = await tributary([...words, '--json'], { cwd, env: { ...env, ...more } })
    expect(ran.code, ran.stderr).toBe(0)
    return JSON.parse(ran.stdout) as { files: number | null }
  }
  const first = { TRIBUTARY_DATA: await newFolder() }
  const node = await start({ ...env, ...first })
  const centre = await firstSignIn(node, password)
  await centre.json('POST', '/v1/partners', { body: { name: 'alder', title: 'Alder' } })
  await put(centre, 'a.json', 'A')
  await processed(centre, ['a.json'])
  await put(centre, 'b.json', 'B')
  expect(await node.stop()).toBe(0)
  expect((await run(['backup', 'one'], first)).files).toBeGreaterThan(1)

  const second = { TRIBUTARY_DATA: join(cwd, 'second'), DATABASE_URL: await newPostgresUrl() }
  await run(['restore', 'one'], second)
  const again = await tributary(['restore', 'one'], { cwd, env: { ...env, ...second } })
  expect(again.code).toBe(4)
  const server = await start({ ...env, ...second })
  expect(server.sftp?.fingerprints).toEqual(node.sftp?.fingerprints)
  const there = await signIn(server.url, 'administrator', password)
  await processed(there, ['a.json', 'b.json'])
  await put(there, 'c.json', 'C')
  // While the node runs; whether it has taken the file by now or not.
  await run(['backup', 'two'], second)
  expect((await run(['backup', 'three', '--no-files'], second)).files).toBeNull()
  const elsewhere = await tributary(['backup', 'four'], {
    cwd,
    env: { ...env, ...second, TRIBUTARY_DATA: join(cwd, 'wrong') },
  })
  expect(elsewhere.code).toBe(2)
  expect(elsewhere.stderr).toContain('is not the data folder of this node')

  const third = { TRIBUTARY_DATA: join(cwd, 'third') }
  await run(['restore', 'two'], third)
  const back = await start({ ...env, ...third })
  const here = await signIn(back.url, 'administrator', password)
  await processed(here, ['a.json', 'b.json', 'c.json'])
  const { items } = await here.json<{ items: { counts: { created: number } }[] }>('GET', '/v1/submissions')
  expect(items.map(({ counts }) => counts.created)).toEqual([1, 1, 1])
  expect(await back.stop()).toBe(0)
  expect((await tributary(['audit', 'verify'], { cwd, env: { ...env, ...third } })).code).toBe(0)
}, 400_000)
