import { randomUUID } from 'node:crypto'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { REST_DEFAULTS } from '../../src/channel/rest/config.ts'
import { createRestServer, type RestServer } from '../../src/channel/rest/server.ts'
import type { Database } from '../../src/db/database.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { hashPassword } from '../../src/identity/secret.ts'
import { createPeoplePorts } from '../../src/node/people-ports.ts'
import { findAccountByLogin, setSecret } from '../../src/store/accounts.ts'
import { listMails } from '../../src/store/mails.ts'
import { putPasskey } from '../../src/store/passkeys.ts'
import { testDatabases } from '../database.ts'
import { testPorts } from './ports.ts'

const PASSWORD = 'Plain-Sedge-Harbour-4'
const minute = 60_000
const hour = 60 * minute

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly cookie: string
}

describe.each(testDatabases())('people ($name)', ({ open }) => {
  let db: Database
  let identity: Identity
  const servers: RestServer[] = []
  let url = ''
  let mailing = ''
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  /** Tokens by name of account. */
  const tokens = new Map<string, string>()

  beforeAll(async () => {
    db = await open()
    identity = createIdentity({ db, now, config: { tokenMinutes: 100_000 } })
    await identity.firstStart()
    url = await serve(false)
    mailing = await serve(true)
    await signedIn('administrator')
    await call('administrator', 'POST', '/v1/partners', { name: 'alder', title: 'Alder Police' })
    await call('administrator', 'POST', '/v1/partners', { name: 'birch', title: 'Birch Sheriff' })
    await person('chief@alder', 'alder', { '*': ['administer'], ripa: ['submit', 'read'] })
    await person('clerk@alder', 'alder', { ripa: ['submit', 'read'] })
    await person('boss@alder', 'alder', { '*': ['administer'], ripa: ['submit', 'read', 'delete'] })
    await person('clerk@birch', 'birch', { ripa: ['submit'] })
  })

  afterAll(async () => {
    for (const server of servers) await server.close()
    await identity?.audit.close()
    await db?.close()
  })

  beforeEach(() => {
    aheadMs += 10 * minute
  })

  async function serve(mails: boolean): Promise<string> {
    const config = { publicUrl: null, mailUrl: mails ? 'smtp://127.0.0.1' : null }
    const people = createPeoplePorts({ db, now, config, mailReady: () => undefined })
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const ports = { ...testPorts(), people }
    const audit = async () => undefined
    const rest = { ports, identity: { ...identity, audit }, log, config: REST_DEFAULTS, version: '0.0.0' }
    const server = await createRestServer(rest)
    servers.push(server)
    return (await server.listen()).url
  }

  async function person(name: string, partner: string, grants: Record<string, string[]>) {
    await call('administrator', 'POST', '/v1/accounts', { name, partner, kind: 'person', realms: ['live'] })
    for (const [exchange, given] of Object.entries(grants))
      await call('administrator', 'PUT', `/v1/accounts/${name}/grants/${exchange}`, { grants: given })
    await signedIn(name)
  }

  /** Gives the account a password and keeps a token of it. */
  async function signedIn(name: string) {
    const row = await db.transact((tx) => findAccountByLogin(tx, name))
    const hash = await hashPassword(PASSWORD)
    await db.transact((tx) =>
      setSecret(tx, row?.account ?? '', hash, false, new Date(now() - 5000).toISOString()),
    )
    const issued = await identity.issueToken({ account: name, secret: PASSWORD, address: '' })
    tokens.set(name, issued.token)
  }

  async function send(to: string, method: string, headers: Record<string, string>, body?: object) {
    const answer = await fetch(to, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0] ?? '')
      .filter((one) => !one.endsWith('='))
      .join('; ')
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text), cookie } as Answer
  }

  /** A call by an account's token; at the node without a mail server unless told. */
  const call = (as: string | null, method: string, path: string, body?: object, at = url) =>
    send(at + path, method, as === null ? {} : { authorization: `Bearer ${tokens.get(as)}` }, body)

  /** A call as the console makes it. */
  const browse = (cookie: string, method: string, path: string, body?: object) =>
    send(
      url + path,
      method,
      { cookie, 'x-requested-with': 'tributary', origin: url, 'user-agent': 'Test/1' },
      body,
    )

  const signIn = (login: string, password = PASSWORD) =>
    browse('', 'POST', '/v1/session', { login, password })

  const codeOf = (secret: unknown, aside = 0) =>
    TOTP.generate({ secret: secretOf(String(secret)), timestamp: now() + aside * 30_000 })

  const names = ({ body }: Answer) => (body.items as { name: string }[]).map(({ name }) => name)

  describe("a partner's administrator", () => {
    test('sees and manages the accounts of its own partner alone', async () => {
      expect(names(await call('chief@alder', 'GET', '/v1/accounts'))).toEqual([
        'boss@alder',
        'chief@alder',
        'clerk@alder',
      ])
      expect((await call('chief@alder', 'GET', '/v1/accounts?partner=birch')).status).toBe(404)
      expect((await call('chief@alder', 'GET', '/v1/accounts/clerk@birch')).status).toBe(404)
      expect((await call('chief@alder', 'POST', '/v1/accounts/clerk@birch/secret')).status).toBe(404)
      expect((await call('chief@alder', 'GET', '/v1/partners')).status).toBe(403)
      const feed = { name: 'alder-feed', kind: 'machine', realms: ['live'] }
      expect((await call('chief@alder', 'POST', '/v1/accounts', { ...feed, partner: 'birch' })).status).toBe(
        404,
      )
      expect((await call('chief@alder', 'POST', '/v1/accounts', { ...feed, partner: 'alder' })).status).toBe(
        201,
      )
      expect((await call('chief@alder', 'POST', '/v1/accounts/alder-feed/secret')).status).toBe(200)
    })

    test('gives no more than it has, in grants, realms and titles', async () => {
      const give = (exchange: string, grants: string[]) =>
        call('chief@alder', 'PUT', `/v1/accounts/alder-feed/grants/${exchange}`, { grants })
      expect((await give('ripa', ['submit'])).status).toBe(200)
      expect((await give('ripa', ['submit', 'delete'])).status).toBe(403)
      expect((await give('*', ['submit'])).status).toBe(403)
      expect((await give('*', ['manage'])).status).toBe(403)
      expect((await give('ripa', ['administer'])).status).toBe(400)
      const realms = { realms: ['live', 'test'] }
      expect((await call('chief@alder', 'PUT', '/v1/accounts/alder-feed/realms', realms)).status).toBe(403)
      expect((await call('chief@alder', 'PATCH', '/v1/partners/alder', { title: 'X' })).status).toBe(403)
      expect((await call('chief@alder', 'PATCH', '/v1/partners/alder', { secondFactor: false })).status).toBe(
        403,
      )
      const zone = { timeZone: 'America/Los_Angeles' }
      expect((await call('chief@alder', 'PATCH', '/v1/partners/alder', zone)).body).toMatchObject(zone)
      expect((await call('chief@alder', 'PATCH', '/v1/partners/alder', { timeZone: 'Here' })).status).toBe(
        400,
      )
      expect((await call('chief@alder', 'PATCH', '/v1/partners/birch', zone)).status).toBe(404)
    })

    test.each([
      ['POST', '/v1/accounts/boss@alder/secret', undefined],
      ['PUT', '/v1/accounts/boss@alder/grants/ripa', { grants: [] }],
      ['PUT', '/v1/accounts/boss@alder/channels', { channels: ['rest'] }],
      ['PUT', `/v1/accounts/boss@alder/certificates/${'ab'.repeat(32)}`, undefined],
      ['DELETE', `/v1/accounts/boss@alder/certificates/${'ab'.repeat(32)}`, undefined],
      ['GET', '/v1/accounts/administrator/certificates', undefined],
      ['POST', '/v1/accounts/boss@alder/suspend', undefined],
      ['DELETE', '/v1/accounts/boss@alder/second-factor', undefined],
      ['DELETE', '/v1/accounts/boss@alder', undefined],
      ['POST', '/v1/accounts/administrator/secret', undefined],
    ])('does nothing with an account that may more: %s %s', async (method, path, body) => {
      expect([403, 404]).toContain((await call('chief@alder', method, path, body)).status)
    })

    test('does not lock itself out', async () => {
      const alone = (method: string, path: string, body?: object) =>
        call('chief@alder', method, `/v1/accounts/chief@alder${path}`, body)
      expect((await alone('POST', '/suspend')).status).toBe(409)
      expect((await alone('DELETE', '')).status).toBe(409)
      expect((await alone('PUT', '/grants/*', { grants: [] })).status).toBe(409)
    })

    test.each([
      ['GET', '/v1/accounts'],
      ['GET', '/v1/accounts/clerk@alder'],
      ['GET', '/v1/invitations'],
      ['POST', '/v1/accounts/clerk@alder/suspend'],
      ['POST', '/v1/accounts/clerk@alder/unlock'],
    ])('is who one must be: %s %s is refused to a clerk', async (method, path) => {
      expect((await call('clerk@alder', method, path)).status).toBe(403)
    })
  })

  test('a suspended account is out at once, and comes back with what it had', async () => {
    const { cookie } = await signIn('clerk@alder')
    const suspended = await call('chief@alder', 'POST', '/v1/accounts/clerk@alder/suspend')
    expect(suspended.body).toMatchObject({ suspended: true })
    aheadMs += minute
    expect((await browse(cookie, 'GET', '/v1/me')).status).toBe(401)
    expect((await call('clerk@alder', 'GET', '/v1/me')).status).toBe(401)
    expect((await signIn('clerk@alder')).status).toBe(401)
    await call('chief@alder', 'POST', '/v1/accounts/clerk@alder/resume')
    aheadMs += minute
    const back = await signIn('clerk@alder')
    expect(back.body).toMatchObject({ grants: [{ exchange: 'ripa', grants: ['submit', 'read'] }] })
  })

  test('an account locked by wrong passwords is unlocked', async () => {
    for (let wrong = 0; wrong < 8; wrong += 1) await signIn('clerk@birch', 'not the password')
    // How long it rests is told by the database's clock.
    const ahead = aheadMs
    aheadMs = 0
    expect((await signIn('clerk@birch')).status).toBe(429)
    const seen = await call('administrator', 'GET', '/v1/accounts/clerk@birch')
    expect(Date.parse(String(seen.body.lockedUntil))).toBeGreaterThan(now())
    await call('administrator', 'POST', '/v1/accounts/clerk@birch/unlock')
    expect((await signIn('clerk@birch')).status).toBe(200)
    aheadMs = ahead
  })

  describe('inviting', () => {
    const wanted = (name: string, more: object = {}) => ({
      name,
      partner: 'alder',
      address: 'new@alder.example',
      realms: ['live'],
      grants: [{ exchange: 'ripa', grants: ['submit'] }],
      ...more,
    })
    const secretIn = (link: unknown) => String(link).split('#')[1] ?? ''
    const accept = (secret: string, password = PASSWORD) =>
      call(null, 'POST', '/v1/invitations/accept', { secret, password })

    test('without a mail server the link is shown once, sets a password once, and signs in', async () => {
      const made = await call('chief@alder', 'POST', '/v1/invitations', wanted('new@alder'))
      expect(made.status).toBe(201)
      expect(made.body.link).toMatch(new RegExp(`^${url}/invitation#[A-Za-z0-9_-]{43}$`))
      const secret = secretIn(made.body.link)
      const listed = await call('chief@alder', 'GET', '/v1/invitations')
      expect(JSON.stringify(listed.body)).not.toContain(secret)
      expect(listed.body).toMatchObject({
        items: [{ name: 'new@alder', state: 'open', invitedBy: 'chief@alder' }],
      })
      expect((await call(null, 'POST', '/v1/invitations/look', { secret })).body).toMatchObject({
        name: 'new@alder',
        partnerTitle: 'Alder Police',
      })
      expect((await accept(secret, 'short')).status).toBe(400)
      expect((await accept(secret)).body).toEqual({ name: 'new@alder' })
      expect((await accept(secret)).status).toBe(404)
      expect((await signIn('new@alder')).body).toMatchObject({
        grants: [{ exchange: 'ripa', grants: ['submit'] }],
      })
      const again = await call('chief@alder', 'POST', '/v1/invitations', wanted('new@alder'))
      expect(again.status).toBe(409)
    })

    test('nobody invites to more than they have, or to another partner', async () => {
      const more = (change: object) =>
        call('chief@alder', 'POST', '/v1/invitations', wanted('more@alder', change))
      expect((await more({ grants: [{ exchange: 'ripa', grants: ['delete'] }] })).status).toBe(403)
      expect((await more({ grants: [{ exchange: '*', grants: ['manage'] }] })).status).toBe(403)
      expect((await more({ realms: ['test'] })).status).toBe(403)
      expect((await more({ partner: 'birch' })).status).toBe(404)
      expect((await more({ address: 'no address' })).status).toBe(400)
      expect((await call('clerk@alder', 'POST', '/v1/invitations', wanted('more@alder'))).status).toBe(403)
    })

    test('the link ends after 72 hours, when another is sent, and when it is withdrawn', async () => {
      const made = await call('chief@alder', 'POST', '/v1/invitations', wanted('late@alder'))
      const first = secretIn(made.body.link)
      aheadMs += 72 * hour
      expect((await accept(first)).status).toBe(404)
      const path = `/v1/invitations/${made.body.invitation}`
      const again = await call('chief@alder', 'POST', `${path}/resend`)
      const second = secretIn(again.body.link)
      expect(second).not.toBe(first)
      expect((await accept(first)).status).toBe(404)
      expect((await call(null, 'POST', '/v1/invitations/look', { secret: second })).status).toBe(200)
      expect((await call('chief@alder', 'DELETE', path)).status).toBe(204)
      expect((await accept(second)).status).toBe(404)
      expect((await call('chief@alder', 'DELETE', path)).status).toBe(409)
      expect((await call('administrator', 'GET', '/v1/invitations?limit=1')).body).toMatchObject({
        items: [{ name: 'late@alder', state: 'withdrawn' }],
        next: expect.any(String),
      })
    })

    test('with a mail server the link is in the mail and nowhere else', async () => {
      const made = await call(
        'administrator',
        'POST',
        '/v1/invitations',
        wanted('mailed@birch', { partner: 'birch' }),
        mailing,
      )
      expect(made.body.link).toBeNull()
      const [mail] = await db.transact((tx) =>
        listMails(tx, { partner: 'birch', state: null, before: null, limit: 1 }),
      )
      expect(mail).toMatchObject({
        recipient: 'new@alder.example',
        subject: 'Your account for Birch Sheriff at Tributary',
      })
      const [text] = await db.transact((tx) =>
        tx.rows<{ text: string }>({
          text: 'select text_body as text from mail where mail = $1',
          values: [mail?.mail ?? ''],
        }),
      )
      const link = /http\S+#(\S+)/.exec(text?.text ?? '')
      expect((await accept(link?.[1] ?? '')).body).toEqual({ name: 'mailed@birch' })
    })
  })

  describe('the second factor', () => {
    let secret: unknown
    let codes: string[] = []

    test('is set up by a first code, and asked for from then on', async () => {
      const { cookie } = await signIn('clerk@alder')
      const begun = await browse(cookie, 'POST', '/v1/me/second-factor')
      secret = begun.body.secret
      expect(begun.body.uri).toContain('otpauth://totp/Tributary:clerk')
      // It counts only when the app has shown that it has the secret.
      expect((await signIn('clerk@alder')).status).toBe(200)
      const wrong = await browse(cookie, 'POST', '/v1/me/second-factor/confirm', { code: '000000' })
      expect(wrong.status).toBe(400)
      const code = codeOf(secret)
      const done = await browse(cookie, 'POST', '/v1/me/second-factor/confirm', { code })
      codes = done.body.recoveryCodes as string[]
      expect(codes).toHaveLength(10)
      expect((await browse(cookie, 'POST', '/v1/me/second-factor')).status).toBe(409)
      const asked = await signIn('clerk@alder')
      expect(asked.status).toBe(403)
      expect(asked.body).toMatchObject({ code: 'SECOND_FACTOR', next: 'second-factor' })
      expect(asked.cookie).toMatch(/^tributary_pending=/)
      // The code that confirmed is used up.
      expect((await second(asked.cookie, code)).status).toBe(401)
      expect((await browse(asked.cookie, 'GET', '/v1/me')).status).toBe(401)
    })

    const second = (cookie: string, code: string) =>
      browse(cookie, 'POST', '/v1/session/second-factor', { code })

    test('each code opens one session, in its time, and recovery codes once', async () => {
      const asked = await signIn('clerk@alder')
      expect((await second(asked.cookie, codeOf(secret, 4))).status).toBe(401)
      const code = codeOf(secret, -1)
      const opened = await second(asked.cookie, code)
      expect(opened.status).toBe(200)
      expect((await browse(opened.cookie, 'GET', '/v1/me')).status).toBe(200)
      expect((await second(asked.cookie, codeOf(secret))).status).toBe(401)
      const again = await signIn('clerk@alder')
      expect((await second(again.cookie, code)).status).toBe(401)
      expect((await second(again.cookie, codes[0]?.toUpperCase() ?? '')).status).toBe(200)
      const third = await signIn('clerk@alder')
      expect((await second(third.cookie, codes[0] ?? '')).status).toBe(401)
      aheadMs += 11 * minute
      expect((await second(third.cookie, codeOf(secret))).status).toBe(401)
    })

    test('a password alone gets no token either', async () => {
      const body = { account: 'clerk@alder', password: PASSWORD }
      expect((await call(null, 'POST', '/v1/authenticate', body)).status).toBe(403)
      const wrong = await call(null, 'POST', '/v1/authenticate', { ...body, code: '000000' })
      expect(wrong.status).toBe(401)
      const code = codeOf(secret)
      expect((await call(null, 'POST', '/v1/authenticate', { ...body, code })).status).toBe(200)
    })

    test('guesses are slowed down, and the right password does not forgive them', async () => {
      let last = 0
      for (let guess = 0; guess < 8; guess += 1) {
        const asked = await signIn('clerk@alder')
        last = (await second(asked.cookie, '000000')).status
      }
      expect(last).toBe(429)
      const { cookie } = await signIn('clerk@alder')
      expect((await second(cookie, codeOf(secret))).status).toBe(429)
      await call('chief@alder', 'POST', '/v1/accounts/clerk@alder/unlock')
      expect((await second(cookie, codeOf(secret))).status).toBe(200)
    })

    test('a partner may ask for it: nothing else is possible before it is set up', async () => {
      await call('administrator', 'PATCH', '/v1/partners/birch', { secondFactor: true })
      aheadMs += minute
      const { status, body, cookie } = await signIn('clerk@birch')
      expect(status).toBe(200)
      expect(body).toMatchObject({ next: 'second-factor' })
      const refused = await browse(cookie, 'GET', '/v1/exchanges')
      expect(refused.status).toBe(403)
      expect(refused.body).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' })
      const token = { account: 'clerk@birch', password: PASSWORD }
      expect((await call(null, 'POST', '/v1/authenticate', token)).status).toBe(403)
      const begun = await browse(cookie, 'POST', '/v1/me/second-factor')
      const code = codeOf(begun.body.secret)
      expect((await browse(cookie, 'POST', '/v1/me/second-factor/confirm', { code })).status).toBe(200)
      expect((await browse(cookie, 'GET', '/v1/exchanges')).status).toBe(200)
      aheadMs += minute
      const next = codeOf(begun.body.secret)
      const removed = await browse(cookie, 'POST', '/v1/me/second-factor/remove', { code: next })
      expect(removed.status).toBe(409)
    })

    test('its own person removes it with a code; an administrator takes it from whoever lost the telephone', async () => {
      const asked = await signIn('clerk@alder')
      const { cookie } = await second(asked.cookie, codeOf(secret))
      expect((await browse(cookie, 'GET', '/v1/me/second-factor')).body).toMatchObject({
        enrolled: true,
        recoveryCodesLeft: 9,
      })
      aheadMs += minute
      const renew = { code: codeOf(secret) }
      const renewed = await browse(cookie, 'POST', '/v1/me/second-factor/recovery-codes', renew)
      expect(renewed.body.recoveryCodes).toHaveLength(10)
      expect((await browse(cookie, 'POST', '/v1/me/second-factor/remove', renew)).status).toBe(400)
      aheadMs += minute
      const code = codeOf(secret)
      expect((await browse(cookie, 'POST', '/v1/me/second-factor/remove', { code })).status).toBe(204)
      expect((await signIn('clerk@alder')).status).toBe(200)
      const reset = await call('administrator', 'DELETE', '/v1/accounts/clerk@birch/second-factor')
      expect(reset.body).toMatchObject({ secondFactor: false })
    })
  })

  test('a passkey is asked for after the password, and no app that was never confirmed will do', async () => {
    const { cookie } = await signIn('clerk@alder')
    const { body } = await browse(cookie, 'POST', '/v1/me/second-factor')
    const row = await db.transact((tx) => findAccountByLogin(tx, 'clerk@alder'))
    const passkey = { passkey: randomUUID(), account: row?.account ?? '', title: 'Made up', counter: 0 }
    const proof = { credential: 'AAAA', publicKey: 'AAAA', transports: ['internal'], at: now() }
    await db.transact((tx) => putPasskey(tx, { ...passkey, ...proof }))
    aheadMs += minute
    const asked = await signIn('clerk@alder')
    expect(asked.body).toMatchObject({ code: 'SECOND_FACTOR', methods: ['passkey'] })
    const code = { code: codeOf(body.secret) }
    expect((await browse(asked.cookie, 'POST', '/v1/session/second-factor', code)).status).toBe(401)
    const token = { account: 'clerk@alder', password: PASSWORD, ...code }
    expect((await call(null, 'POST', '/v1/authenticate', token)).status).toBe(403)
    // Both kinds, and either may go while the other stays.
    const done = await browse(cookie, 'POST', '/v1/me/second-factor/confirm', code)
    expect(done.status).toBe(200)
    expect((await signIn('clerk@alder')).body).toMatchObject({
      methods: ['totp', 'recovery-code', 'passkey'],
    })
    expect((await browse(cookie, 'DELETE', `/v1/me/passkeys/${randomUUID()}`)).status).toBe(404)
    const other = await signIn('chief@alder')
    const theirs = await browse(other.cookie, 'DELETE', `/v1/me/passkeys/${passkey.passkey}`)
    expect(theirs.status).toBe(404)
    const reset = await call('administrator', 'DELETE', '/v1/accounts/clerk@alder/second-factor')
    expect(reset.body).toMatchObject({ secondFactor: false })
    expect((await browse(cookie, 'GET', '/v1/me/passkeys')).body).toEqual({ items: [] })
  })

  test('a person sees the browsers in which they are signed in, and ends one', async () => {
    const first = await signIn('boss@alder')
    const other = await signIn('boss@alder')
    const { body } = await browse(other.cookie, 'GET', '/v1/me/sessions')
    const items = body.items as { session: string; current: boolean; browser: string }[]
    expect(items.map(({ current }) => current).sort()).toEqual([false, true])
    expect(items[0]?.browser).toBe('Test/1')
    const strange = items.find(({ current }) => !current)?.session ?? ''
    expect((await call('chief@alder', 'DELETE', `/v1/me/sessions/${strange}`)).status).toBe(404)
    expect((await browse(other.cookie, 'DELETE', `/v1/me/sessions/${strange}`)).status).toBe(204)
    expect((await browse(first.cookie, 'GET', '/v1/me')).status).toBe(401)
    expect((await browse(other.cookie, 'GET', '/v1/me')).status).toBe(200)
  })
})

/** A TOTP's secret as the library reads it. */
function secretOf(base32: string) {
  return new TOTP({ secret: base32 }).secret
}
