import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from 'openpgp'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import { makeSshKey } from '../../src/identity/make-ssh-key.ts'
import { readSshKey } from '../../src/identity/ssh-key.ts'
import { markBounced } from '../../src/store/contacts.ts'
import { putMail, settleMail } from '../../src/store/mails.ts'
import { newPostgresUrl } from '../database.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Keys, policies, places, contacts and mails by the API of a real node. */

let folder = ''
let node: NodeProcess
let db: Database
let centre: Client
let alder: Client
let birch: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'))
  const url = await newPostgresUrl()
  node = await startTributary({
    TRIBUTARY_DATA: folder,
    DATABASE_URL: url,
    TRIBUTARY_SFTP_PORT: '0',
    TRIBUTARY_SFTP_HOST: '127.0.0.1',
  })
  db = openPostgres(url, 2)
  centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
  alder = await newAgency('alder')
  birch = await newAgency('birch')
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await db?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Secret {
  readonly clientId: string
  readonly clientSecret: string
}

/** An agency whose account may do everything with the exchange that a partner may be granted. */
async function newAgency(partner: string): Promise<Client> {
  await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
  const { clientId, clientSecret } = await newAccount(`${partner}-feed`, partner)
  await centre.json('PUT', `/v1/accounts/${partner}-feed/grants/*`, {
    body: { grants: ['submit', 'read', 'manage'] },
  })
  return signIn(node.url, clientId, clientSecret)
}

async function newAccount(name: string, partner: string): Promise<Secret> {
  await centre.json('POST', '/v1/accounts', { body: { name, partner, kind: 'machine' } })
  return centre.json<Secret>('POST', `/v1/accounts/${name}/secret`)
}

async function status(client: Client, method: string, path: string, body?: object): Promise<number> {
  return (await client.request(method, path, body === undefined ? {} : { body })).status
}

interface Items<T> {
  readonly items: readonly T[]
}

async function audited(action: string): Promise<{ account: string; target: string }[]> {
  return db.transact((tx) =>
    tx.rows(sql`select account, target from audit_entry where action = ${action} order by entry`),
  )
}

/** A public key whose fingerprint has a / in it, which must survive an address. */
function keyWithSlash(): string {
  for (;;) {
    const { public: line } = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'feed@alder' })
    if (readSshKey(line).fingerprint.includes('/')) return line
  }
}

/** Does the file server let this account in by this key? */
function letsIn(username: string, privateKey: string): Promise<boolean> {
  const client = new ssh2.Client()
  return new Promise<boolean>((resolve) => {
    client.on('ready', () => resolve(true)).on('error', () => resolve(false))
    client.connect({ host: '127.0.0.1', port: node.sftp?.port ?? 0, username, privateKey })
  }).finally(() => client.end())
}

async function pgpPublicKey(name: string): Promise<string> {
  const { publicKey } = await generateKey({ userIDs: [{ name }], curve: 'curve25519Legacy', type: 'ecc' })
  return publicKey
}

test('an account comes in by the channels it was given, and by no other', async () => {
  const { clientId, clientSecret } = await newAccount('alder-files', 'alder')
  const own = await signIn(node.url, clientId, clientSecret)
  expect(await status(own, 'GET', '/v1/mails')).toBe(200)
  const path = '/v1/accounts/alder-files/channels'
  expect(await status(own, 'PUT', path, { channels: ['rest', 'sftp'] })).toBe(403)
  expect(await status(centre, 'PUT', path, { channels: ['fax'] })).toBe(400)
  const both = await centre.json('PUT', path, { body: { channels: ['rest', 'sftp'] } })
  expect(both).toMatchObject({ name: 'alder-files', channels: ['rest', 'sftp'] })
  await centre.json('PUT', path, { body: { channels: ['sftp'] } })
  const { items } = await centre.json<Items<{ name: string; channels: string[] }>>(
    'GET',
    '/v1/accounts?partner=alder',
  )
  expect(items.map(({ name, channels }) => [name, channels])).toEqual([
    ['alder-feed', ['rest']],
    ['alder-files', ['sftp']],
  ])
  await expect(signIn(node.url, clientId, clientSecret)).rejects.toThrow('file server only')
  await expect.poll(() => status(own, 'GET', '/v1/mails'), { timeout: 10_000 }).toBe(401)
  const admin = await centre.json<Items<{ name: string }>>('GET', '/v1/accounts?partner=centre')
  const adminPath = `/v1/accounts/${admin.items[0]?.name}/channels`
  expect(await status(centre, 'PUT', adminPath, { channels: ['sftp'] })).toBe(409)
  expect((await audited('channels set')).map(({ target }) => target)).toEqual([
    'alder-files rest sftp',
    'alder-files sftp',
  ])
})

test('keys sign an account in to the file server until they are removed', async () => {
  const publicKey = keyWithSlash()
  const path = '/v1/accounts/alder-feed/ssh-keys'
  const added = await centre.json<{ fingerprint: string; title: string }>('POST', path, {
    body: { publicKey },
  })
  expect(added).toMatchObject({ fingerprint: readSshKey(publicKey).fingerprint, title: 'feed@alder' })
  const renamed = await centre.json('POST', path, { body: { publicKey, title: 'nightly feed' } })
  expect(renamed).toMatchObject({ title: 'nightly feed' })
  expect((await alder.json<Items<object>>('GET', path)).items).toEqual([renamed])
  expect(await status(birch, 'GET', path)).toBe(403)
  expect(await status(alder, 'POST', path, { publicKey })).toBe(403)
  expect(await status(centre, 'POST', '/v1/accounts/birch-feed/ssh-keys', { publicKey })).toBe(409)
  expect(await status(centre, 'POST', '/v1/accounts/nobody/ssh-keys', { publicKey })).toBe(404)
  const weak = ssh2.utils.generateKeyPairSync('rsa', { bits: 1024 }).public
  expect(await status(centre, 'POST', path, { publicKey: weak })).toBe(400)
  expect(await status(centre, 'POST', path, { publicKey: 'ssh-dss AAAA' })).toBe(400)
  const one = `${path}/${encodeURIComponent(added.fingerprint)}`
  expect(await status(alder, 'DELETE', one)).toBe(403)
  const elsewhere = `/v1/accounts/birch-feed/ssh-keys/${encodeURIComponent(added.fingerprint)}`
  expect(await status(centre, 'DELETE', elsewhere)).toBe(404)
  expect(await status(centre, 'DELETE', one)).toBe(204)
  expect(await status(centre, 'DELETE', one)).toBe(404)
  expect((await alder.json<Items<object>>('GET', path)).items).toEqual([])
  expect((await audited('ssh key removed')).map(({ target }) => target)).toEqual([
    `alder-feed ${added.fingerprint}`,
  ])
})

interface PgpKey {
  readonly fingerprint: string
  readonly partner: string | null
  readonly publicKey: string
  readonly retiredAt: string | null
}

test('the file server lets an account in by a key it was given, once it has the channel, until the key goes', async () => {
  await newAccount('alder-night', 'alder')
  const path = '/v1/accounts/alder-night'
  const pair = makeSshKey('ed25519')
  const { fingerprint } = await centre.json<{ fingerprint: string }>('POST', `${path}/ssh-keys`, {
    body: { publicKey: pair.public },
  })
  expect(await letsIn('alder-night', pair.private)).toBe(false)
  await centre.json('PUT', `${path}/channels`, { body: { channels: ['sftp'] } })
  expect(await letsIn('alder-night', pair.private)).toBe(true)
  expect(await letsIn('alder-feed', pair.private)).toBe(false)
  await centre.json('DELETE', `${path}/ssh-keys/${encodeURIComponent(fingerprint)}`)
  expect(await letsIn('alder-night', pair.private)).toBe(false)
})

test('a person of the file server only changes a one-time password, and signs in to the API no more', async () => {
  const body = { name: 'alder-clerk', partner: 'alder', kind: 'person' }
  await centre.json('POST', '/v1/accounts', { body })
  const { clientSecret: password } = await centre.json<Secret>('POST', '/v1/accounts/alder-clerk/secret')
  await centre.json('PUT', '/v1/accounts/alder-clerk/channels', { body: { channels: ['sftp'] } })
  const newPassword = 'another-Passphrase-of-theirs-8'
  const change = { account: 'alder-clerk', password, newPassword }
  expect(await status(centre, 'POST', '/v1/password', change)).toBe(204)
  await expect(signIn(node.url, 'alder-clerk', newPassword)).rejects.toThrow('file server only')
})

test('partners find the keys to encrypt for, their own and those for all, and never a private one', async () => {
  expect(await status(alder, 'POST', '/v1/pgp-keys', {})).toBe(403)
  expect(await status(centre, 'POST', '/v1/pgp-keys', { partner: 'nobody' })).toBe(404)
  const all = await centre.json<PgpKey>('POST', '/v1/pgp-keys', { body: {} })
  const theirs = await centre.json<PgpKey>('POST', '/v1/pgp-keys', { body: { partner: 'alder' } })
  expect(all).toMatchObject({ partner: null, purpose: 'ours' })
  const seen = async (client: Client, query = '') =>
    (await client.json<Items<PgpKey>>('GET', `/v1/pgp-keys${query}`)).items
  const names = (keys: readonly PgpKey[]) => keys.map(({ fingerprint }) => fingerprint).sort()
  expect(names(await seen(alder))).toEqual(names([all, theirs]))
  expect(names(await seen(birch))).toEqual([all.fingerprint])
  expect(names(await seen(centre))).toEqual(names([all, theirs]))
  for (const { publicKey } of await seen(centre)) {
    expect(publicKey).toContain('BEGIN PGP PUBLIC KEY BLOCK')
    expect(publicKey).not.toContain('PRIVATE')
  }
  const one = `/v1/pgp-keys/${theirs.fingerprint}`
  expect(await status(alder, 'DELETE', one)).toBe(403)
  expect(await status(centre, 'DELETE', one)).toBe(204)
  expect(await status(centre, 'DELETE', one)).toBe(404)
  expect(names(await seen(alder))).toEqual([all.fingerprint])
  expect(names(await seen(alder, '?retired=true'))).toEqual(names([all, theirs]))
})

test('keys that a partner signs with are taken, and retired by that partner alone', async () => {
  const publicKey = await pgpPublicKey('Alder feed')
  const path = '/v1/partners/alder/pgp-keys'
  const added = await centre.json<PgpKey>('POST', path, { body: { publicKey } })
  expect(added).toMatchObject({ partner: 'alder', purpose: 'theirs', userId: 'Alder feed' })
  expect((await alder.json<Items<PgpKey>>('GET', path)).items).toEqual([added])
  expect(await status(birch, 'GET', path)).toBe(404)
  expect(await status(alder, 'POST', path, { publicKey })).toBe(403)
  expect(await status(centre, 'POST', path, { publicKey: 'no key' })).toBe(400)
  expect(await status(centre, 'POST', '/v1/partners/birch/pgp-keys', { publicKey })).toBe(409)
  expect(await status(centre, 'GET', '/v1/partners/nobody/pgp-keys')).toBe(404)
  // Not a key of ours, nor one of the other partner's.
  expect(await status(centre, 'DELETE', `/v1/pgp-keys/${added.fingerprint}`)).toBe(404)
  expect(await status(centre, 'DELETE', `/v1/partners/birch/pgp-keys/${added.fingerprint}`)).toBe(404)
  expect(await status(centre, 'DELETE', `${path}/${added.fingerprint.toLowerCase()}`)).toBe(204)
  expect((await alder.json<Items<PgpKey>>('GET', path)).items).toEqual([])
  const kept = await alder.json<Items<PgpKey>>('GET', `${path}?retired=true`)
  expect(kept.items.map(({ fingerprint, retiredAt }) => [fingerprint, retiredAt !== null])).toEqual([
    [added.fingerprint, true],
  ])
  expect(await audited('pgp key retired')).toContainEqual(
    expect.objectContaining({ target: `alder theirs ${added.fingerprint}` }),
  )
})

test('how files must be protected is set for each partner and exchange', async () => {
  const path = '/v1/partners/alder/file-policies/ripa'
  expect(await alder.json('GET', path)).toEqual({
    partner: 'alder',
    exchange: 'ripa',
    mustEncrypt: false,
    mustSign: false,
  })
  const asked = { mustEncrypt: true, mustSign: true }
  expect(await status(alder, 'PUT', path, asked)).toBe(403)
  expect(await status(centre, 'PUT', path, { mustEncrypt: true })).toBe(400)
  expect(await centre.json('PUT', path, { body: asked })).toMatchObject(asked)
  expect(await alder.json('GET', path)).toMatchObject(asked)
  expect(await birch.json('GET', '/v1/partners/birch/file-policies/ripa')).toMatchObject({
    mustEncrypt: false,
  })
  expect(await status(birch, 'GET', path)).toBe(404)
  expect(await status(centre, 'GET', '/v1/partners/alder/file-policies/nothing')).toBe(404)
})

test('places are made, changed and removed by the centre, and never give a secret back', async () => {
  const settings = {
    kind: 's3',
    endpoint: 'https://files.example.org',
    bucket: 'alder-files',
    accessKeyId: 'AK1',
    secretAccessKey: 'very-secret-words',
  }
  const path = '/v1/places/alder-bucket'
  const body = { partner: 'alder', settings, active: false }
  expect(await status(alder, 'PUT', path, body)).toBe(403)
  const put = await centre.request('PUT', path, { body })
  expect(put.status).toBe(200)
  expect(await put.json()).toMatchObject({ place: 'alder-bucket', partner: 'alder', active: false })
  const { secretAccessKey: _, ...shown } = settings
  const again = await centre.json('PUT', path, { body: { partner: 'alder', settings: shown } })
  expect(again).toMatchObject({ settings: shown, active: false })
  const listed = await (await centre.request('GET', '/v1/places')).text()
  expect(listed).toContain('alder-bucket')
  expect(listed).not.toContain('very-secret-words')
  expect(await status(alder, 'GET', '/v1/places')).toBe(403)
  expect((await centre.json<Items<object>>('GET', '/v1/places?partner=birch')).items).toEqual([])
  // The secret does not follow to a server of somebody's choice.
  const moved = { ...shown, endpoint: 'https://elsewhere.example.org' }
  expect(await status(centre, 'PUT', path, { partner: 'alder', settings: moved })).toBe(400)
  expect(await status(centre, 'PUT', path, { partner: 'birch', settings })).toBe(409)
  expect(await status(centre, 'PUT', '/v1/places/other', { partner: 'birch', settings })).toBe(409)
  const relative = { partner: 'alder', settings: { kind: 'folder', path: 'files' } }
  expect(await status(centre, 'PUT', '/v1/places/other', relative)).toBe(400)
  expect(await status(centre, 'DELETE', path)).toBe(204)
  expect(await status(centre, 'DELETE', path)).toBe(404)
  const changes = [...(await audited('place set')), ...(await audited('place removed'))]
  expect(changes.map(({ target }) => target)).toEqual([
    'alder-bucket alder s3 out of use',
    'alder-bucket alder s3 out of use',
    'alder-bucket',
  ])
})

interface Contact {
  readonly contact: number
  readonly address: string
  readonly frequency: string
  readonly bouncedAt: string | null
}

test('contacts are seen by their partner, changed by the centre, and work again after a refusal', async () => {
  const path = '/v1/partners/alder/contacts'
  const body = { exchange: 'ripa', address: 'records@Alder.example', frequency: 'daily' }
  expect(await status(alder, 'POST', path, body)).toBe(403)
  const made = await centre.json<Contact>('POST', path, { body })
  expect(made).toMatchObject({ address: 'records@alder.example', frequency: 'daily' })
  const changed = await centre.json<Contact>('POST', path, { body: { ...body, frequency: 'weekly' } })
  expect(changed).toMatchObject({ contact: made.contact, frequency: 'weekly' })
  expect((await alder.json<Items<Contact>>('GET', path)).items).toEqual([changed])
  expect(await status(birch, 'GET', path)).toBe(404)
  expect(await status(centre, 'GET', '/v1/partners/nobody/contacts')).toBe(404)
  expect(await status(centre, 'POST', path, { ...body, address: 'a@b.example, c@d.example' })).toBe(400)
  expect(await status(centre, 'POST', path, { ...body, exchange: 'nothing' })).toBe(404)
  expect(await status(centre, 'POST', path, { ...body, frequency: 'yearly' })).toBe(400)

  await db.transact((tx) => markBounced(tx, made.address, '550 no such mailbox', Date.now()))
  const [bounced] = (await alder.json<Items<Contact>>('GET', path)).items
  expect(bounced).toMatchObject({ bounceReason: '550 no such mailbox' })
  const clear = (partner: string) => `/v1/partners/${partner}/contacts/${made.contact}/clear-bounce`
  expect(await status(alder, 'POST', clear('alder'))).toBe(403)
  expect(await status(centre, 'POST', clear('birch'))).toBe(404)
  expect(await centre.json('POST', clear('alder'))).toMatchObject({ bouncedAt: null, bounceReason: null })
  expect((await alder.json<Items<Contact>>('GET', path)).items).toEqual([changed])

  expect(await status(centre, 'DELETE', `/v1/partners/birch/contacts/${made.contact}`)).toBe(404)
  expect(await status(centre, 'DELETE', `${path}/${made.contact}`)).toBe(204)
  expect((await alder.json<Items<Contact>>('GET', path)).items).toEqual([])
  expect((await audited('contact removed')).map(({ target }) => target)).toEqual([`${made.contact} alder`])
})

interface Mail {
  readonly mail: string
  readonly partner: string
  readonly state: string
}

interface Mails extends Items<Mail> {
  readonly next: string | null
}

/** A mail about deliveries of a partner, as the node makes them. */
async function putOneMail(partner: string, mail: string): Promise<number> {
  const { contact } = await centre.json<Contact>('POST', `/v1/partners/${partner}/contacts`, {
    body: { address: `mail@${partner}.example` },
  })
  const words = { subject: 'Deliveries', text: 'a text for one reader', html: '<p>a text</p>' }
  const recipient = `mail@${partner}.example`
  const row = { mail, contact, partner, exchange: 'ripa', recipient, at: Date.now(), ...words }
  await db.transact((tx) => putMail(tx, row))
  return contact
}

test('mails are listed to their partner page by page, and tried again by the centre', async () => {
  const contact = await putOneMail('alder', '20250101000000-1')
  await putOneMail('alder', '20250101000000-2')
  await putOneMail('birch', '20250101000000-3')
  await db.transact(async (tx) => {
    await tx.rows(sql`update mail set claim = 7 where mail = '20250101000000-1'`)
    const refused = { state: 'bounced', error: '550 no such mailbox' } as const
    await settleMail(tx, { mail: '20250101000000-1', claim: 7 }, refused, Date.now())
  })
  const first = await alder.json<Mails>('GET', '/v1/mails?limit=1')
  expect(first.items.map(({ mail }) => mail)).toEqual(['20250101000000-2'])
  const second = await alder.json<Mails>('GET', `/v1/mails?limit=1&after=${first.next}`)
  expect(second.items).toMatchObject([{ mail: '20250101000000-1', state: 'bounced' }])
  expect(second.next).toBeNull()
  expect((await centre.json<Mails>('GET', '/v1/mails')).items).toHaveLength(3)
  expect((await centre.json<Mails>('GET', '/v1/mails?partner=birch')).items).toHaveLength(1)
  expect((await centre.json<Mails>('GET', '/v1/mails?state=bounced')).items).toHaveLength(1)
  expect(await status(alder, 'GET', '/v1/mails?partner=birch')).toBe(404)
  expect(await status(alder, 'GET', '/v1/mails?after=nonsense')).toBe(400)

  const one = '/v1/mails/20250101000000-1'
  expect(await (await alder.request('GET', one)).text()).not.toContain('one reader')
  expect(await status(birch, 'GET', one)).toBe(404)
  expect(await status(alder, 'POST', `${one}/retry`)).toBe(403)
  expect(await centre.json('POST', `${one}/retry`)).toMatchObject({ state: 'queued', attempts: 0 })
  expect(await status(centre, 'POST', '/v1/mails/none/retry')).toBe(404)
  await db.transact((tx) => tx.rows(sql`update mail set state = 'sent' where mail = '20250101000000-1'`))
  expect(await status(centre, 'POST', `${one}/retry`)).toBe(409)
  await db.transact((tx) => tx.rows(sql`update mail set state = 'given-up' where mail = '20250101000000-2'`))
  await centre.request('DELETE', `/v1/partners/alder/contacts/${contact}`)
  expect(await status(centre, 'POST', '/v1/mails/20250101000000-2/retry')).toBe(409)
})

test('the API describes all of this', async () => {
  const { paths } = await centre.json<{ paths: Record<string, object> }>('GET', '/openapi.json')
  const expected = {
    '/v1/accounts/{name}/channels': ['put'],
    '/v1/accounts/{name}/ssh-keys': ['get', 'post'],
    '/v1/accounts/{name}/ssh-keys/{fingerprint}': ['delete'],
    '/v1/pgp-keys': ['get', 'post'],
    '/v1/partners/{partner}/pgp-keys': ['get', 'post'],
    '/v1/partners/{partner}/file-policies/{exchange}': ['get', 'put'],
    '/v1/places': ['get'],
    '/v1/places/{place}': ['delete', 'put'],
    '/v1/partners/{partner}/contacts/{contact}/clear-bounce': ['post'],
    '/v1/mails/{mail}/retry': ['post'],
  }
  for (const [path, methods] of Object.entries(expected))
    expect(
      Object.keys(paths[path] ?? {})
        .filter((method) => method !== 'head')
        .sort(),
      path,
    ).toEqual(methods)
})
