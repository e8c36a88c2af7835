import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REST_DEFAULTS } from '../../src/channel/rest/config.ts'
import { createRestServer, type RestServer } from '../../src/channel/rest/server.ts'
import type { Database } from '../../src/db/database.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { hashPassword } from '../../src/identity/secret.ts'
import { findAccountByLogin, setSecret } from '../../src/store/accounts.ts'
import { testDatabases } from '../database.ts'
import { atProvider, cookieJar, type OidcServer, startOidcServer } from '../identity/oidc-server.ts'
import { testPorts } from './ports.ts'

const PASSWORD = 'Plain-Sedge-Harbour-4'
const minute = 60_000

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

describe.each(testDatabases())('single sign-on ($name)', ({ open }) => {
  let db: Database
  let identity: Identity
  let server: RestServer
  let oidc: OidcServer
  let url = ''
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const tokens = new Map<string, string>()

  beforeAll(async () => {
    db = await open()
    identity = createIdentity({ db, now, config: { tokenMinutes: 100_000 } })
    await identity.firstStart()
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const audit = async () => undefined
    server = await createRestServer({
      ports: testPorts(),
      identity: { ...identity, audit },
      log,
      config: REST_DEFAULTS,
      version: '0.0.0',
    })
    url = (await server.listen()).url
    oidc = await startOidcServer(['county', 'strong', 'alder-only'].map(callback))
    await password('administrator')
    await call('administrator', 'POST', '/v1/partners', { name: 'alder', title: 'Alder Police' })
    await call('administrator', 'POST', '/v1/partners', { name: 'birch', title: 'Birch Sheriff' })
    await person('chief', 'alder', ['administer'])
    await password('chief')
    await person('dana', 'alder', [])
    await person('eve', 'birch', [])
    for (const [sub, email] of [
      ['u-1', 'Dana@Alder.example'],
      ['u-2', 'eve@birch.example'],
      ['u-3', 'nobody@alder.example'],
    ] as const)
      oidc.people.set(sub, { email, email_verified: true })
  })

  afterAll(async () => {
    await server?.close()
    await oidc?.close()
    await identity?.audit.close()
    await db?.close()
  })

  const callback = (name: string) => `${url}/v1/session/providers/${name}/callback`

  async function person(name: string, partner: string, grants: readonly string[]) {
    await call('administrator', 'POST', '/v1/accounts', { name, partner, kind: 'person', realms: ['live'] })
    await call('administrator', 'PUT', `/v1/accounts/${name}/grants/*`, { grants })
  }

  /** Gives the account a password and keeps a token of it. */
  async function password(name: string) {
    const row = await db.transact((tx) => findAccountByLogin(tx, name))
    const hash = await hashPassword(PASSWORD)
    await db.transact((tx) =>
      setSecret(tx, row?.account ?? '', hash, false, new Date(now() - 5000).toISOString()),
    )
    tokens.set(name, (await identity.issueToken({ account: name, secret: PASSWORD, address: '' })).token)
  }

  async function call(as: string | null, method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${tokens.get(as)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  }

  const settings = (name: string, more: object = {}) => ({
    name,
    title: `The ${name} account`,
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    ...more,
  })

  const link = (account: string, provider: string, who: string, as = 'administrator') =>
    call(as, 'PUT', `/v1/accounts/${account}/identity-providers/${provider}`, { person: who })

  /** A way to the provider and back, up to the address that it sends the browser to. */
  async function way(name: string, sub: string | null, to = '/') {
    const browse = cookieJar()
    const start = await browse(`${url}/v1/session/providers/${name}/start?to=${encodeURIComponent(to)}`)
    const back = await atProvider(browse, start.headers.get('location') ?? '', sub)
    return { browse, start, back }
  }

  /** The whole way: where the browser ends, and whether somebody is signed in there. */
  async function signIn(name: string, sub: string | null, to = '/') {
    const { browse, back } = await way(name, sub, to)
    const answer = await browse(back)
    const me = await browse(`${url}/v1/me`)
    return { browse, to: answer.headers.get('location'), me: (await me.json()) as Record<string, unknown> }
  }

  /** What the audit log says of refused sign-ins. */
  async function refusals(): Promise<readonly string[]> {
    const rows = await db.transact((tx) =>
      tx.rows<{ text: string }>({
        text: `select action || ' ' || target as text from audit_entry where action like 'sign-in refused (provider%'`,
        values: [],
      }),
    )
    return rows.map(({ text }) => text)
  }

  test('the centre alone manages providers, and each is tried before it is kept', async () => {
    expect((await call('chief', 'POST', '/v1/identity-providers', settings('county'))).status).toBe(403)
    expect((await call('chief', 'GET', '/v1/identity-providers')).status).toBe(403)
    const add = (more: object) =>
      call('administrator', 'POST', '/v1/identity-providers', settings('county', more))
    for (const [issuer, words] of [
      ['http://login.example.org', 'https://'],
      ['https://someone:pass@login.example.org', 'https://'],
      [`${oidc.issuer}/elsewhere`, 'There is no provider'],
      [`http://localhost:${new URL(oidc.issuer).port}`, 'another issuer'],
      ['http://127.0.0.1:2', 'cannot be reached (ECONNREFUSED)'],
    ] as const) {
      const refused = await add({ issuer })
      expect([issuer, refused.status, refused.body.detail]).toEqual([
        issuer,
        400,
        expect.stringContaining(words),
      ])
    }
    expect((await add({ partner: 'nowhere' })).status).toBe(404)
    const added = await add({ issuer: `${oidc.issuer}/.well-known/openid-configuration` })
    expect(added.body).toMatchObject({
      name: 'county',
      issuer: oidc.issuer,
      hasSecret: true,
      scopes: ['openid', 'email'],
      claim: 'email',
      redirectUri: callback('county'),
    })
    expect((await add({})).status).toBe(409)
    await call(
      'administrator',
      'POST',
      '/v1/identity-providers',
      settings('strong', { provesSecondFactor: true }),
    )
    await call(
      'administrator',
      'POST',
      '/v1/identity-providers',
      settings('alder-only', { partner: 'alder' }),
    )
    const listed = await call('administrator', 'GET', '/v1/identity-providers')
    expect(JSON.stringify(listed.body)).not.toContain(oidc.clientSecret)
    const offered = await call(null, 'GET', '/v1/session/providers')
    expect(offered.body.items).toContainEqual({ name: 'county', title: 'The county account' })
    expect(Object.keys((offered.body.items as object[])[0] ?? {})).toEqual(['name', 'title'])
  })

  test('a secret goes to no other issuer or client', async () => {
    const change = (body: object) => call('administrator', 'PATCH', '/v1/identity-providers/county', body)
    expect((await change({ issuer: 'https://elsewhere.example' })).status).toBe(400)
    expect((await change({ clientId: 'another' })).status).toBe(400)
    expect((await change({ title: 'County' })).body).toMatchObject({ title: 'County', hasSecret: true })
  })

  test('an administrator says as whom an account signs in, within what they manage', async () => {
    expect((await link('dana', 'county', 'dana@alder.example', 'chief')).body.items).toContainEqual(
      expect.objectContaining({ provider: 'county', person: 'dana@alder.example', bound: false }),
    )
    expect((await link('eve', 'county', 'eve@birch.example', 'chief')).status).toBe(404)
    expect((await link('administrator', 'county', 'x@alder.example', 'chief')).status).toBe(404)
    expect((await link('eve', 'alder-only', 'eve@birch.example')).status).toBe(404)
    expect((await link('eve', 'county', 'DANA@alder.example')).status).toBe(409)
    expect((await call('chief', 'GET', '/v1/accounts/eve/identity-providers')).status).toBe(404)
  })

  test('the first sign-in binds who the provider says it is; then that alone counts', async () => {
    const first = await signIn('county', 'u-1', '/submissions?errors=true')
    expect(first.to).toBe('/submissions?errors=true')
    expect(first.me).toMatchObject({ name: 'dana', partner: 'alder' })
    // The mail may change: the person stays.
    oidc.people.set('u-1', { email: 'dana.new@alder.example', email_verified: true })
    expect((await signIn('county', 'u-1')).me).toMatchObject({ name: 'dana' })
    // Somebody else who gets the old mail is not that person.
    oidc.people.set('u-4', { email: 'dana@alder.example', email_verified: true })
    const other = await signIn('county', 'u-4')
    expect([other.to, other.me.status]).toEqual(['/?sign-in=unknown', 401])
    const links = await call('chief', 'GET', '/v1/accounts/dana/identity-providers')
    expect(links.body.items).toContainEqual(expect.objectContaining({ provider: 'county', bound: true }))
  })

  test('nobody is signed in whom the provider does not vouch for, or whom nobody knows', async () => {
    expect((await signIn('county', 'u-3', '/jobs')).to).toBe('/jobs?sign-in=unknown')
    await link('eve', 'county', 'eve@birch.example')
    oidc.people.set('u-2', { email: 'eve@birch.example', email_verified: false })
    expect((await signIn('county', 'u-2')).to).toBe('/?sign-in=unverified')
    oidc.people.set('u-2', { email: 'eve@birch.example' })
    expect((await signIn('county', 'u-2')).me).toMatchObject({ name: 'eve' })
    expect((await signIn('county', null, '/jobs')).to).toBe('/jobs?sign-in=cancelled')
    const told = await refusals()
    expect(told).toContain('sign-in refused (provider county: unknown) nobody@alder.example')
    expect(told).toContain('sign-in refused (provider county: unverified) eve@birch.example')
    expect(told).toContain('sign-in refused (provider county: access_denied) (unknown)')
  })

  test('only the browser that went comes back, once, in time, with what it was given', async () => {
    const late = '/?sign-in=late'
    const { browse, start, back } = await way('county', 'u-1')
    const cookie = start.headers.getSetCookie().join()
    expect(cookie).toContain('Path=/v1/session/providers/county/callback; HttpOnly; SameSite=Lax')
    const at = async (address: string, headers: Record<string, string> = {}) =>
      (await fetch(address, { redirect: 'manual', headers })).headers.get('location')
    const ticket = cookie.split(';')[0] ?? ''
    // Another browser, or another's cookie.
    expect(await at(back)).toBe(late)
    const strange = await way('county', 'u-2')
    const theirs = strange.start.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(await at(back, { cookie: theirs })).toBe(late)
    expect(await at(back.replace(/state=[^&]*/, 'state=made-up'), { cookie: ticket })).toBe(late)
    expect(await at(back.replace('/county/', '/strong/'), { cookie: ticket })).toBe(late)
    // An access token is no ticket, and a ticket no access token.
    expect(await at(back, { cookie: `tributary_provider=${tokens.get('administrator')}` })).toBe(late)
    const token = ticket.slice(ticket.indexOf('=') + 1)
    const asToken = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(asToken.status).toBe(401)
    expect(await at(back.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example'), { cookie: ticket })).toBe(
      '/?sign-in=wrong',
    )
    expect((await browse(back)).headers.get('location')).toBe('/')
    // The cookie is gone; brought back, the code was used.
    expect(await at(back, { cookie: ticket })).toBe(late)
    const slow = await way('county', 'u-1')
    aheadMs += 6 * minute
    expect((await slow.browse(slow.back)).headers.get('location')).toBe(late)
    aheadMs -= 6 * minute
  })

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example/'])(
    'nobody is sent to %s afterwards',
    async (to) => {
      expect((await signIn('county', 'u-1', to)).to).toBe('/')
    },
  )

  test('accounts that rest or wait for a password stay out, as do machines', async () => {
    await call('chief', 'POST', '/v1/accounts/dana/suspend')
    expect((await signIn('county', 'u-1', '/jobs')).to).toBe('/jobs?sign-in=rests')
    await call('chief', 'POST', '/v1/accounts/dana/resume')
    await call('chief', 'POST', '/v1/accounts/dana/secret')
    expect((await signIn('county', 'u-1')).to).toBe('/?sign-in=password')
    await password('dana')
    expect((await signIn('county', 'u-1')).me).toMatchObject({ name: 'dana' })
    const feed = { name: 'feed', partner: 'alder', kind: 'machine', realms: ['live'] }
    await call('administrator', 'POST', '/v1/accounts', feed)
    expect((await link('feed', 'county', 'feed@alder.example')).status).toBe(400)
  })

  test('a second factor is asked for here, unless the provider proves one itself', async () => {
    const { browse } = await signIn('county', 'u-1')
    const ours = { 'x-requested-with': 'tributary', origin: url, 'content-type': 'application/json' }
    const post = (path: string, body?: object) =>
      browse(url + path, {
        method: 'POST',
        headers: body === undefined ? { 'x-requested-with': 'tributary', origin: url } : ours,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const { secret } = (await (await post('/v1/me/second-factor')).json()) as { secret: string }
    const codeAt = (at: number) => new TOTP({ secret }).generate({ timestamp: at })
    expect((await post('/v1/me/second-factor/confirm', { code: codeAt(now()) })).status).toBe(200)
    const asked = await signIn('county', 'u-1', '/jobs')
    expect([asked.to, asked.me.status]).toEqual([
      '/jobs?sign-in=second-factor&methods=totp+recovery-code',
      401,
    ])
    const code = await asked.browse(`${url}/v1/session/second-factor`, {
      method: 'POST',
      headers: ours,
      body: JSON.stringify({ code: codeAt(now() + 30_000) }),
    })
    expect(await code.json()).toMatchObject({ name: 'dana' })
    await link('dana', 'strong', 'dana.new@alder.example')
    expect((await signIn('strong', 'u-1')).me).toMatchObject({ name: 'dana' })
  })

  test('a partner that requires a second factor gets one: by the provider, or set up first', async () => {
    await call('administrator', 'PATCH', '/v1/partners/birch', { secondFactor: true })
    await link('eve', 'strong', 'eve@birch.example')
    aheadMs += minute
    expect((await signIn('county', 'u-2')).me).toMatchObject({ name: 'eve', next: 'second-factor' })
    expect((await signIn('strong', 'u-2')).me).toMatchObject({ name: 'eve', next: null })
  })

  test('whoever is unlinked, or whose provider is gone or away, does not come in', async () => {
    const unlinked = await call('administrator', 'DELETE', '/v1/accounts/eve/identity-providers/county')
    expect(unlinked.status).toBe(200)
    expect((await signIn('county', 'u-2')).to).toBe('/?sign-in=unknown')
    expect((await call('administrator', 'DELETE', '/v1/identity-providers/strong')).status).toBe(204)
    expect((await call(null, 'GET', '/v1/session/providers/strong/start')).status).toBe(404)
    const { browse, back } = await way('county', 'u-1', '/jobs')
    await oidc.close()
    expect((await browse(back)).headers.get('location')).toBe('/jobs?sign-in=away')
    aheadMs += 11 * minute
    const start = await fetch(`${url}/v1/session/providers/county/start?to=/jobs`, { redirect: 'manual' })
    expect(start.headers.get('location')).toBe('/jobs?sign-in=away')
  })
})
