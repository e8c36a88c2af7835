import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostKeyView } from '../../src/identity/host-keys.ts'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { connect } from '../sftp/serve.ts'
import { type Ran, tributary } from './tributary.ts'

/** The file server's keys and who sees what there, by command, against a real node on the embedded database. */

const password = 'a-Passphrase-of-our-own-7'
let folder = ''
let node: NodeProcess
let feed: { readonly id: string; readonly secret: string }
const administrator = { id: 'administrator', secret: password }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-server-'))
  await start()
  await firstSignIn(node, password)
  await done('partner', 'add', 'alder-pd', '--title', 'Alder Police')
  await done('account', 'add', 'alder-feed', '--partner', 'alder-pd')
  await done('account', 'grant', 'alder-feed', 'ripa', 'submit', 'read')
  const { clientId, clientSecret } = await json<{ clientId: string; clientSecret: string }>(
    'account',
    'secret',
    'alder-feed',
  )
  feed = { id: clientId, secret: clientSecret }
}, 300_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  node = await startTributary({
    TRIBUTARY_DATA: join(folder, 'data'),
    TRIBUTARY_SFTP_PORT: '0',
    TRIBUTARY_SFTP_HOST: '127.0.0.1',
  })
}

function run(words: readonly string[], as = administrator): Promise<Ran> {
  const env = {
    TRIBUTARY_URL: node.url,
    TRIBUTARY_CLIENT_ID: as.id,
    TRIBUTARY_CLIENT_SECRET: as.secret,
  }
  return tributary(words, { cwd: folder, env })
}

/** What a command shows to people; it must end well. */
async function done(...words: readonly string[]): Promise<string> {
  const ran = await run(words)
  expect(ran.code, ran.stderr).toBe(0)
  return ran.stdout
}

async function json<T>(...words: readonly string[]): Promise<T> {
  return JSON.parse(await done(...words, '--json')) as T
}

async function hostKeys(): Promise<readonly (HostKeyView & { readonly shown: boolean })[]> {
  return (await json<{ items: readonly (HostKeyView & { shown: boolean })[] }>('keys', 'host', 'list')).items
}

test('the administrator is told the keys with their kinds, and not to connect with an account that may not', async () => {
  const shown = await done('sftp', 'server')
  expect(shown).not.toContain('sftp -P')
  expect(shown).toContain('administrator may not sign in to it.')
  for (const { kind, fingerprint } of await hostKeys())
    expect(shown).toMatch(new RegExp(`${kind} +${fingerprint.replaceAll(/[+/]/g, '\\$&')}`))
  const foreign = await run(['keys', 'host', 'list'], feed)
  expect(foreign.code).toBe(4)
  for (const words of [
    ['keys', 'host', 'new'],
    ['account', 'realms', 'alder-feed', 'test'],
  ])
    expect((await run(words, feed)).code, words.join(' ')).toBe(4)
}, 180_000)

test('letting an account in tells which folders it will see; its realms can be changed later', async () => {
  const live = await done('partner', 'channel', 'alder-feed', 'sftp', 'on')
  expect(live).toContain(`sftp -P ${node.sftp?.port} alder-feed@127.0.0.1`)
  expect(live).toContain('PROD/INPUT')
  expect(live).not.toContain('TEST/INPUT')
  expect(live).toContain('tributary account realms alder-feed live test')
  const names = async () => {
    const { client, sftp } = await connect({
      port: node.sftp?.port ?? 0,
      username: feed.id,
      password: feed.secret,
    })
    const list = await new Promise<string[]>((resolve, reject) =>
      sftp.readdir('/', (error, entries) =>
        error ? reject(error) : resolve(entries.map(({ filename }) => filename)),
      ),
    )
    client.end()
    return list.sort()
  }
  expect(await names()).toEqual(['PROD'])
  expect(await done('account', 'realms', 'alder-feed', 'live', 'test')).toContain('works in live and test')
  expect(await names()).toEqual(['PROD', 'TEST'])
  const both = await done('partner', 'channel', 'alder-feed', 'sftp', 'on')
  expect(both).toContain('TEST/INPUT')
  expect(both).not.toContain('account realms')
  expect((await run(['account', 'realms', 'alder-feed', 'nowhere'])).code).toBe(2)
  expect((await run(['account', 'realms', 'nobody', 'live'])).code).toBe(3)
  const partner = await run(['sftp', 'server'], feed)
  expect(partner.stdout).toContain(`sftp -P ${node.sftp?.port} ${feed.id}@127.0.0.1`)
}, 180_000)

test('a new key of the file server waits beside the old one, and takes its place when that is retired', async () => {
  const old = (await hostKeys()).map(({ fingerprint }) => fingerprint)
  expect(node.sftp?.fingerprints).toEqual(old)
  expect((await run(['keys', 'host', 'retire', old[0] ?? ''])).code).toBe(4)
  await done('keys', 'host', 'new')
  const beside = await hostKeys()
  expect(beside.map(({ kind, state, shown }) => `${kind} ${state} ${shown}`)).toEqual([
    'ssh-ed25519 in use true',
    'ssh-ed25519 next false',
    'ecdsa-sha2-nistp256 in use true',
    'ecdsa-sha2-nistp256 next false',
  ])
  const next = beside.filter(({ state }) => state === 'next').map(({ fingerprint }) => fingerprint)
  const told = await run(['sftp', 'server'], feed)
  for (const fingerprint of next) expect(told.stdout).toContain(fingerprint)
  expect((await run(['keys', 'host', 'retire', 'SHA256:nothing'])).code).toBe(2)

  await done('keys', 'host', 'retire', old[0] ?? '')
  expect(await done('keys', 'host', 'list')).toContain('Start the node again')
  expect(await node.stop()).toBe(0)
  await start()
  expect(node.sftp?.fingerprints).toEqual([next[0], old[1]])
  expect((await hostKeys()).map(({ state, shown }) => `${state} ${shown}`)).toEqual([
    'retired false',
    'in use true',
    'in use true',
    'next false',
  ])
  expect(await done('keys', 'host', 'list')).not.toContain('Start the node again')
  const seen: string[] = []
  const { client } = await connect({
    port: node.sftp?.port ?? 0,
    username: feed.id,
    password: feed.secret,
    algorithms: { serverHostKey: ['ssh-ed25519'] },
    hostHash: 'sha256',
    hostVerifier: (hash: string) => {
      seen.push(Buffer.from(hash, 'hex').toString('base64').replaceAll('=', ''))
      return true
    },
  })
  client.end()
  expect(seen).toEqual([next[0]?.slice('SHA256:'.length)])
  await node.stop()
  const env = { TRIBUTARY_DATA: join(folder, 'data') }
  const audit = await tributary(['audit', 'export'], { cwd: folder, env })
  for (const line of [`host key made`, `host key retired`, `realms set`]) expect(audit.stdout).toContain(line)
  await start()
}, 300_000)

test('bulk takes the word status, as it is the status that it shows', async () => {
  expect(await done('bulk', 'status')).toContain('Deliveries in work')
  const other = await run(['bulk', 'state'])
  expect(other.code).toBe(2)
  expect(other.stderr).toContain("There is no 'bulk state'.")
}, 180_000)
