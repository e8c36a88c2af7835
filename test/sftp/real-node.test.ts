import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { incompleteUploads } from '../../src/store/incomplete-uploads.ts'
import { newPostgresUrl } from '../database.ts'
import { smallDisk } from '../servers/small-disk.ts'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { run } from './programs.ts'
import { connect, makeKey } from './serve.ts'

const soon = { timeout: 10_000 }

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

interface Site {
  readonly data: string
  readonly env: Record<string, string>
  /** Options of OpenSSH's clients that trust only the node's first key. */
  options(node: NodeProcess): Promise<string[]>
  readonly privateKey: string
  query<R>(text: string): Promise<R[]>
}

async function newSite(): Promise<Site> {
  const data = await mkdtemp(join(tmpdir(), 'tributary-sftp-node-'))
  cleanUp.push(() => rm(data, { recursive: true, force: true }))
  const url = await newPostgresUrl()
  const key = await makeKey(data)
  const env = {
    DATABASE_URL: url,
    TRIBUTARY_DATA: data,
    TRIBUTARY_SFTP_PORT: '0',
    TRIBUTARY_SFTP_HOST: '127.0.0.1',
    TRIBUTARY_SFTP_FREE_BYTES_MIN: '0',
  }
  const query = async <R>(text: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(text).finally(() => client.end())
    return rows as R[]
  }
  return {
    data,
    env,
    query,
    privateKey: await readFile(key.keyFile, 'utf8'),
    async options(node) {
      const [host] = await query<{ publicKey: string }>(
        `select public_key as "publicKey" from host_key where kind = 'ssh-ed25519'`,
      )
      const known = join(data, 'known_hosts')
      await writeFile(known, `[127.0.0.1]:${node.sftp?.port} ${host?.publicKey}\n`)
      return [
        ...['-F', '/dev/null', '-i', key.keyFile, '-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none'],
        ...['-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${known}`, '-o', 'BatchMode=yes'],
      ]
    },
  }
}

/** Registers partner north with an account that may submit stops and has the site's key. */
async function register(site: Site, node: NodeProcess): Promise<void> {
  const centre = await firstSignIn(node, 'a long enough password')
  await centre.json('POST', '/v1/partners', { body: { name: 'north', title: 'North PD' } })
  await centre.json('POST', '/v1/accounts', {
    body: { name: 'north-feed', partner: 'north', kind: 'machine', realms: ['live', 'test'] },
  })
  await centre.json('PUT', '/v1/accounts/north-feed/grants/ripa', { body: { grants: ['submit', 'read'] } })
  const { readSshKey } = await import('../../src/identity/ssh-key.ts')
  const { stdout } = await publicHalf(join(site.data, 'key'))
  const { fingerprint, publicKey } = readSshKey(stdout)
  await site.query(`update account set channels = '{rest,sftp}' where login = 'north-feed'`)
  await site.query(`insert into account_key (fingerprint, account, public_key, title)
    select '${fingerprint}', account, '${publicKey}', 'test' from account where login = 'north-feed'`)
}

async function publicHalf(keyFile: string): Promise<{ stdout: string }> {
  const ran = await run('ssh-keygen', ['-y', '-f', keyFile])
  return { stdout: ran.out }
}

function urlOf(node: NodeProcess): string {
  return `sftp://north-feed@127.0.0.1:${node.sftp?.port}`
}

test('a node killed during an upload knows that the file is incomplete, keeps its keys, and lets it be resumed', async () => {
  const site = await newSite()
  const first = await startTributary(site.env)
  cleanUp.push(() => first.kill())
  await register(site, first)
  const content = randomBytes(2_000_000)
  const file = join(site.data, 'whole.part')
  await writeFile(file, content)

  const { client, sftp } = await connect({
    port: first.sftp?.port ?? 0,
    username: 'north-feed',
    privateKey: site.privateKey,
  })
  const handle = await new Promise<Buffer>((resolve, reject) =>
    sftp.open('/TEST/INPUT/whole.part', 'w', (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  await new Promise<void>((resolve, reject) =>
    sftp.write(handle, content, 0, 30_000, 0, (error) => (error ? reject(error) : resolve())),
  )
  client.on('error', () => {})
  await first.kill()
  const tree = join(site.data, 'files', 'north')
  expect((await incompleteUploads(tree)).list.map(({ path }) => path)).toEqual(['TEST/INPUT/whole.part'])
  expect((await stat(join(tree, 'TEST', 'INPUT', 'whole.part'))).size).toBe(30_000)

  const second = await startTributary(site.env)
  cleanUp.push(() => second.stop())
  expect(second.sftp?.fingerprints).toEqual(first.sftp?.fingerprints)
  const words = [...(await site.options(second)), '-b', '-', urlOf(second)]
  const ran = await run('sftp', words, `ls -l TEST/INPUT\nreput ${file} TEST/INPUT/whole.part\n`)
  expect(ran.code, ran.err).toBe(0)
  await vi.waitFor(async () => expect((await incompleteUploads(tree)).list).toEqual([]), soon)
  expect(content.equals(await readFile(join(tree, 'TEST', 'INPUT', 'whole.part')))).toBe(true)
  const lines = await site.query<{ action: string; partner: string; bytes: string; result: string }>(
    'select action, partner, bytes, result from transfer order by transfer',
  )
  expect(lines.map(({ action, result }) => `${action} ${result}`)).toEqual([
    'login ok',
    'login ok',
    'upload ok',
  ])
  expect(lines.at(-1)).toMatchObject({ partner: 'north', bytes: String(2_000_000 - 30_000) })
  const audit = await site.query<{ action: string }>(
    `select action from audit_entry where action like '%sftp%' order by entry`,
  )
  expect(audit.map(({ action }) => action)).toEqual(['signed in (sftp, key)', 'signed in (sftp, key)'])
})

test('a disk that is full stops an upload with a reason, and the node goes on', async () => {
  const site = await newSite()
  const files = join(site.data, 'files')
  await mkdir(files)
  const node = await startTributary(site.env, smallDisk(files, 8))
  cleanUp.push(() => node.stop())
  await register(site, node)
  const file = join(site.data, 'large.part')
  await writeFile(file, randomBytes(20 * 2 ** 20))
  const words = [...(await site.options(node)), '-b', '-', urlOf(node)]
  const full = await run('sftp', words, `put ${file} TEST/INPUT/large.part\n`)
  expect(full.code).not.toBe(0)
  await vi.waitFor(async () => {
    const lines = await site.query<{ result: string }>(`select result from transfer where action = 'upload'`)
    expect(lines.map(({ result }) => result)).toEqual([expect.stringMatching(/^incomplete: /)])
  })
  await writeFile(join(site.data, 'small.part'), 'small')
  const small = join(site.data, 'small.part')
  const ran = await run(
    'sftp',
    words,
    `rm TEST/INPUT/large.part\nput ${small} TEST/INPUT/small.part\nls TEST/INPUT\n`,
  )
  expect(ran.code, ran.err).toBe(0)
  expect(ran.out).toContain('small.part')
})
