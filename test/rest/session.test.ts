import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { REST_DEFAULTS } from '../../src/channel/rest/config.ts'
import type { AuditEntry } from '../../src/channel/rest/identity-port.ts'
import { createRestServer, type RestServer } from '../../src/channel/rest/server.ts'
import type { Database } from '../../src/db/database.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { hashPassword, hashSecret } from '../../src/identity/secret.ts'
import type { Who } from '../../src/identity/who.ts'
import { findAccountByLogin, setSecret } from '../../src/store/accounts.ts'
import { testDatabases } from '../database.ts'
import { testPorts } from './ports.ts'

const password = 'Plain-Sedge-Harbour-4'
const minute = 60_000

describe.each(testDatabases())('signing in with a browser ($name)', ({ open }) => {
  let db: Database
  let identity: Identity
  let server: RestServer
  let url = ''
  let aheadMs = 0
  let audited: AuditEntry[] = []

  beforeAll(async () => {
    db = await open()
    identity = createIdentity({ db, now: () => Date.now() + aheadMs, config: { tokenMinutes: 15 } })
    await identity.firstStart()
    const admin = await db.transact((tx) => findAccountByLogin(tx, 'administrator'))
    const by = { account: admin?.account ?? '', partner: 'centre', centre: true } as Who
    await identity.registry.addPartner(by, { name: 'alder', title: 'Alder Police', profile: null })
    await person(by, 'clerk@alder', 'person')
    await person(by, 'alder-feed', 'machine')
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const audit = async (entry: AuditEntry) => {
      audited.push(entry)
    }
    server = await createRestServer({
      ports: testPorts(),
      identity: { ...identity, audit },
      log,
      config: REST_DEFAULTS,
      version: '0.0.0',
    })
    url = (await server.listen()).url
  })

  afterAll(async () => {
    await server?.close()
    await identity?.audit.close()
    await db?.close()
  })

  beforeEach(() => {
    aheadMs = 0
    audited = []
  })

  async function person(by: Who, name: string, kind: 'person' | 'machine') {
    await identity.registry.addAccount(by, { name, partner: 'alder', kind, realms: ['live'] })
    await identity.registry.setGrants(by, name, 'ripa', ['submit', 'read'])
    await newPassword(name, kind === 'machine' ? hashSecret(password) : await hashPassword(password))
  }

  async function newPassword(name: string, hash: string, mustChange = false) {
    const row = await db.transact((tx) => findAccountByLogin(tx, name))
    const at = new Date(Date.now() + aheadMs).toISOString()
    await db.transact((tx) => setSecret(tx, row?.account ?? '', hash, mustChange, at))
  }

  const ourPage = () => ({ 'x-requested-with': 'tributary', origin: url })
  const ours = () => ({ ...ourPage(), 'content-type': 'application/json' })

  function signIn(login: string, word = password, headers: Record<string, string> = ours()) {
    return fetch(`${url}/v1/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ login, password: word }),
    })
  }

  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const get = (path: string, cookie: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers: { cookie, ...headers } })

  test('name and password open a session that the cookie carries', async () => {
    const answer = await signIn('clerk@alder')
    expect(answer.status).toBe(200)
    const me = (await answer.json()) as { session: { idleSeconds: number } }
    expect(me).toMatchObject({ name: 'clerk@alder', partner: 'alder', partnerTitle: 'Alder Police' })
    expect(me.session.idleSeconds).toBe(1800)
    const set = answer.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^tributary_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const again = await get('/v1/me', cookieOf(answer))
    expect(await again.json()).toEqual(me)
  })

  test('the secret of a session is nowhere in the database', async () => {
    const secret = cookieOf(await signIn('clerk@alder')).split('=')[1] ?? ''
    const rows = await db.transact((tx) =>
      tx.rows<{ text: string }>({ text: 'select s::text as text from browser_session s', values: [] }),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ text }) => text.includes(secret))).toEqual([])
  })

  test('a wrong password, a machine and a one-time password open none', async () => {
    expect((await signIn('clerk@alder', 'not the password')).status).toBe(401)
    const machine = await signIn('alder-feed')
    expect(machine.status).toBe(403)
    expect(machine.headers.get('set-cookie')).toBeNull()
    await newPassword('clerk@alder', await hashPassword('Once-Only-Meadow-9'), true)
    const once = await signIn('clerk@alder', 'Once-Only-Meadow-9')
    expect(once.status).toBe(403)
    expect(await once.json()).toMatchObject({ code: 'PASSWORD_ONE_TIME', next: 'password' })
    expect(once.headers.get('set-cookie')).toBeNull()
    await newPassword('clerk@alder', await hashPassword(password))
  })

  test.each([
    ['without our header', { origin: 'URL' }],
    ['from another site', { 'x-requested-with': 'tributary', origin: 'https://elsewhere.example' }],
    ['from a sandboxed page', { 'x-requested-with': 'tributary', origin: 'null' }],
    [
      'from a site beside ours',
      { 'x-requested-with': 'tributary', 'sec-fetch-site': 'same-site', origin: 'URL' },
    ],
    ['from nowhere that a browser names', { 'x-requested-with': 'tributary' }],
  ])('a write with the cookie is refused %s', async (_, given) => {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(given)) headers[name] = value === 'URL' ? url : value
    const json = { ...headers, 'content-type': 'application/json' }
    expect((await signIn('clerk@alder', password, json)).status).toBe(403)
    const cookie = cookieOf(await signIn('clerk@alder'))
    const write = await fetch(`${url}/v1/exchanges/ripa/submissions`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: '{}',
    })
    expect(write.status).toBe(403)
    const out = await fetch(`${url}/v1/session`, { method: 'DELETE', headers: { ...headers, cookie } })
    expect(out.status).toBe(403)
    expect((await get('/v1/me', cookie)).status).toBe(200)
  })

  test('a write with the cookie passes from our own page', async () => {
    const cookie = cookieOf(await signIn('clerk@alder'))
    const write = await fetch(`${url}/v1/exchanges/ripa/submissions`, {
      method: 'POST',
      headers: { cookie, ...ours(), 'sec-fetch-site': 'same-origin', 'x-file-name': 'a.json' },
      body: '{}',
    })
    expect(write.status).toBe(202)
  })

  test('a token that is no longer good is not made up for by a cookie', async () => {
    const cookie = cookieOf(await signIn('clerk@alder'))
    expect((await get('/v1/me', cookie, { authorization: 'Bearer no-longer-good' })).status).toBe(401)
  })

  test('signing out ends the session at once', async () => {
    const cookie = cookieOf(await signIn('clerk@alder'))
    const out = await fetch(`${url}/v1/session`, { method: 'DELETE', headers: { cookie, ...ourPage() } })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await get('/v1/me', cookie)).status).toBe(401)
  })

  test('a new sign-in takes the place of the old session of the same browser', async () => {
    const first = cookieOf(await signIn('clerk@alder'))
    const second = cookieOf(await signIn('clerk@alder', password, { ...ours(), cookie: first }))
    expect((await get('/v1/me', first)).status).toBe(401)
    expect((await get('/v1/me', second)).status).toBe(200)
  })

  test('half an hour without use ends it; use keeps it until its last hour', async () => {
    const idle = cookieOf(await signIn('clerk@alder'))
    const busy = cookieOf(await signIn('clerk@alder'))
    for (const minutes of [20, 40, 60]) {
      aheadMs = minutes * minute
      expect((await get('/v1/me', busy)).status).toBe(200)
    }
    const gone = await get('/v1/me', idle)
    expect(gone.status).toBe(401)
    expect(await gone.json()).toMatchObject({ detail: 'Your session has ended. Sign in again.' })
    for (let minutes = 80; minutes < 720; minutes += 20) {
      aheadMs = minutes * minute
      expect((await get('/v1/me', busy)).status).toBe(200)
    }
    aheadMs = 12 * 60 * minute
    expect((await get('/v1/me', busy)).status).toBe(401)
  })

  test('a page that refreshes itself keeps no session alive', async () => {
    const cookie = cookieOf(await signIn('clerk@alder'))
    for (const minutes of [10, 20, 29]) {
      aheadMs = minutes * minute
      expect((await get('/v1/me', cookie, { 'x-background': '1' })).status).toBe(200)
    }
    aheadMs = 31 * minute
    expect((await get('/v1/me', cookie)).status).toBe(401)
  })

  test('a new password ends the sessions of the old one, and a closed account all', async () => {
    const cookie = cookieOf(await signIn('clerk@alder'))
    aheadMs = 2000
    await identity.changePassword({
      account: 'clerk@alder',
      secret: password,
      newPassword: 'Other-Sedge-Pond-5',
      address: '',
    })
    expect((await get('/v1/me', cookie)).status).toBe(401)
    const next = cookieOf(await signIn('clerk@alder', 'Other-Sedge-Pond-5'))
    expect((await get('/v1/me', next)).status).toBe(200)
    await identity.registry.closeAccount(
      { account: '', partner: 'centre', centre: true } as Who,
      'clerk@alder',
    )
    aheadMs = 10_000
    expect((await get('/v1/me', next)).status).toBe(401)
  })

  test('who signed in and out is audited, without any secret', async () => {
    await signIn('alder-feed')
    expect(audited.map(({ method, route, status }) => `${method} ${route} ${status}`)).toContain(
      'POST /v1/session 403',
    )
    expect(JSON.stringify(audited)).not.toContain(password)
  })
})
