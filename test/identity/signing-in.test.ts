import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RestIdentity } from '../../src/channel/rest/identity-port.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { may, type Who } from '../../src/identity/who.ts'
import { testDatabases } from '../database.ts'

const address = '192.0.2.7'
const refused = { code: 'NOT_SIGNED_IN' }
const ADMIN: Who = {
  account: 'test',
  name: 'test',
  partner: 'centre',
  centre: true,
  kind: 'person',
  realms: ['live', 'test'],
  grants: [{ exchange: '*', grants: ['manage'] }],
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

describe.each(testDatabases())('on $name', ({ open }) => {
  let db: Database
  let identity: Identity
  /** How far this node's clock is from the machine's. */
  let aheadMs = 0
  let first: Awaited<ReturnType<Identity['firstStart']>>
  let serial = 0
  const start = () => createIdentity({ db, now: () => Date.now() + aheadMs, config: { tokenMinutes: 15 } })

  beforeAll(async () => {
    db = await open()
    identity = start()
    first = await identity.firstStart()
    await identity.registry.addPartner(ADMIN, { name: 'alder', title: 'Alder PD', profile: null })
    await identity.registry.addPartner(ADMIN, { name: 'birch', title: 'Birch PD', profile: 'deployed' })
  }, 60_000)
  beforeEach(() => {
    aheadMs = 0
  })
  afterAll(async () => {
    await identity.audit.close()
    await db.close()
  })

  /** A machine of partner alder that may submit, with its secret. */
  async function machine(): Promise<{ name: string; secret: string }> {
    serial += 1
    const name = `feed-${serial}`
    await identity.registry.addAccount(ADMIN, { name, partner: 'alder', kind: 'machine', realms: ['live'] })
    await identity.registry.setGrants(ADMIN, name, 'ripa', ['submit'])
    return { name, secret: (await identity.registry.newSecret(ADMIN, name)).clientSecret }
  }

  async function tokenOf({ name, secret }: { name: string; secret: string }): Promise<string> {
    return (await identity.issueToken({ account: name, secret, address })).token
  }

  test('the REST channel is served by this identity as it is', () => {
    const { authenticateBearer, authenticateCertificate, issueToken, changePassword, publicKeys, registry } =
      identity
    const served: Pick<
      RestIdentity,
      | 'authenticateBearer'
      | 'authenticateCertificate'
      | 'issueToken'
      | 'changePassword'
      | 'publicKeys'
      | 'registry'
    > = { authenticateBearer, authenticateCertificate, issueToken, changePassword, publicKeys, registry }
    expect(Object.keys(served)).toHaveLength(6)
  })

  test('only the first start gives an administrator password, and it must be changed before anything else', async () => {
    expect(first?.password.length).toBeGreaterThanOrEqual(16)
    expect(await identity.firstStart()).toBeNull()
    expect(await start().firstStart()).toBeNull()
    const { account = '', password = '' } = first ?? {}
    const oneTime = { account, secret: password, address }
    const early = await identity.issueToken(oneTime)
    expect(early.mustChangePassword).toBe(true)
    await expect(identity.authenticateBearer(early.token)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    const newPassword = 'seven grey herons wade'
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'password1234', password])
      await expect(identity.changePassword({ ...oneTime, newPassword: weak })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    await identity.changePassword({ ...oneTime, newPassword })
    await expect(identity.issueToken(oneTime)).rejects.toMatchObject(refused)
    const { token } = await identity.issueToken({ account, secret: newPassword, address })
    const who = await identity.authenticateBearer(token)
    expect(who.centre).toBe(true)
    expect(may(who, 'manage', '*')).toBe(true)
  })

  test('no password or secret is stored as it is', async () => {
    const { secret } = await machine()
    const rows = await db.transact((tx) =>
      tx.rows<{ line: string }>(sql`select account::text as line from account`),
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { line } of rows) {
      expect(line).not.toContain(secret)
      expect(line).not.toContain(first?.password)
    }
  })

  test('a token says who the caller is and what they may do', async () => {
    const who = await identity.authenticateBearer(await tokenOf(await machine()))
    expect(who).toMatchObject({ partner: 'alder', centre: false, kind: 'machine', realms: ['live'] })
    expect(may(who, 'submit', 'ripa')).toBe(true)
    expect(may(who, 'delete', 'ripa')).toBe(false)
    expect(may(who, 'submit', 'other')).toBe(false)
  })

  test('a token is refused after its time, and not before, whatever a process has kept of it', async () => {
    const token = await tokenOf(await machine())
    await identity.authenticateBearer(token)
    aheadMs += 14 * 60_000
    await identity.authenticateBearer(token)
    aheadMs += 2 * 60_000
    await expect(identity.authenticateBearer(token)).rejects.toMatchObject(refused)
    await expect(start().authenticateBearer(token)).rejects.toMatchObject(refused)
  })

  test('a token is refused when a letter of it is altered, wherever it stands', async () => {
    const token = await tokenOf(await machine())
    for (const [index, at] of [0, 1, 2].map((which) => [which, 10] as const)) {
      const parts = token.split('.')
      const text = parts[index] ?? ''
      parts[index] = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      await expect(identity.authenticateBearer(parts.join('.'))).rejects.toMatchObject(refused)
    }
  })

  test('a token without a signature, with a secret for a public key, or for somewhere else is refused', async () => {
    const token = await tokenOf(await machine())
    const claims = claimsOf(token)
    const [head = ''] = token.split('.')
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }
    const { keys } = await identity.publicKeys()
    const published = String(keys.find((key) => key.kid === kid)?.x)
    const none = `${part({ alg: 'none', typ: 'at+jwt', kid })}.${part(claims)}.`
    const confused = `${part({ alg: 'HS256', typ: 'at+jwt', kid })}.${part(claims)}`
    const hmac = createHmac('sha256', Buffer.from(published, 'base64url'))
      .update(confused)
      .digest('base64url')
    const stranger = (await generateKeyPair('EdDSA')).privateKey
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .sign(stranger)
    const elsewhere = await identity.keys.sign('token', 'at+jwt', { ...claims, aud: 'another-service' })
    const other = await identity.keys.sign('token', 'at+jwt', { ...claims, iss: 'another-node' })
    const endless = await identity.keys.sign('token', 'at+jwt', { ...claims, exp: undefined })
    const paper = await identity.keys.sign('paper', 'receipt+jws', claims)
    const wrong = {
      none,
      confused: `${confused}.${hmac}`,
      forged,
      elsewhere,
      other,
      endless,
      paper,
      empty: '',
      dots: '..',
    }
    for (const [name, bad] of Object.entries(wrong))
      await expect(identity.authenticateBearer(bad), name).rejects.toMatchObject(refused)
    await identity.authenticateBearer(token)
  })

  test('a key for papers never signs a caller in, even with the type of a token', async () => {
    const claims = claimsOf(await tokenOf(await machine()))
    const token = await identity.keys.sign('paper', 'at+jwt', claims)
    await expect(identity.authenticateBearer(token)).rejects.toMatchObject(refused)
  })

  test('a hot token is checked without the database', async () => {
    const token = await tokenOf(await machine())
    let asked = 0
    const counting: Database = {
      ...db,
      transact: (body, scope) => {
        asked += 1
        return db.transact(body, scope)
      },
    }
    const served = createIdentity({ db: counting, now: () => Date.now(), config: { tokenMinutes: 15 } })
    await served.authenticateBearer(token)
    const before = asked
    for (let count = 0; count < 100; count += 1) await served.authenticateBearer(token)
    expect(asked).toBe(before)
    await served.audit.close()
  })

  test('after a new key tokens of both keys are good, also in a process that knew only the old one', async () => {
    const client = await machine()
    const before = await tokenOf(client)
    const neighbour = start()
    await neighbour.authenticateBearer(before)
    await identity.keys.rotate('token')
    const after = await tokenOf(client)
    aheadMs += 2000
    expect(after.split('.')[0]).not.toBe(before.split('.')[0])
    for (const process of [identity, neighbour]) {
      await process.authenticateBearer(before)
      await process.authenticateBearer(after)
    }
    await neighbour.audit.close()
  })

  test('a closed account and a changed secret end the tokens from before', async () => {
    const [closed, renewed] = [await machine(), await machine()]
    const tokens = [await tokenOf(closed), await tokenOf(renewed)]
    for (const token of tokens) await identity.authenticateBearer(token)
    await identity.registry.closeAccount(ADMIN, closed.name)
    aheadMs += 2000
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const { clientSecret } = await identity.registry.newSecret(ADMIN, renewed.name)
    aheadMs += 5000
    for (const token of tokens)
      await expect(identity.authenticateBearer(token)).rejects.toMatchObject(refused)
    await expect(
      identity.issueToken({ account: closed.name, secret: closed.secret, address }),
    ).rejects.toMatchObject(refused)
    await expect(
      identity.issueToken({ account: renewed.name, secret: renewed.secret, address }),
    ).rejects.toMatchObject(refused)
    await identity.issueToken({ account: renewed.name, secret: clientSecret, address })
  })

  /** Refusals of a wrong secret: their text, and the least work of one, which a busy machine does not make more. */
  async function refusals(name: string): Promise<{ message: string; work: number }> {
    let work = Number.POSITIVE_INFINITY
    let message = ''
    for (let count = 0; count < 4; count += 1) {
      const before = process.cpuUsage()
      const error: unknown = await identity
        .issueToken({ account: name, secret: 'not the secret', address })
        .catch((cause: unknown) => cause)
      const { user, system } = process.cpuUsage(before)
      work = Math.min(work, user + system)
      expect(error).toMatchObject(refused)
      message = (error as Error).message
    }
    return { message, work }
  }

  test('nobody, a person and a machine get the same answer to a wrong secret, at about the same cost', async () => {
    serial += 1
    const person = `person-${serial}`
    await identity.registry.addAccount(ADMIN, {
      name: person,
      partner: 'alder',
      kind: 'person',
      realms: ['live'],
    })
    await identity.registry.newSecret(ADMIN, person)
    const known = await refusals(person)
    for (const name of ['nobody-at-all', (await machine()).name]) {
      const other = await refusals(name)
      expect(other.message).toBe(known.message)
      // Without the decoy it would be a small fraction of the work.
      expect(other.work).toBeGreaterThan(known.work / 2)
    }
  })

  test('repeated failures lock the account for a growing while, even for the right secret', async () => {
    const { name, secret } = await machine()
    const attempt = (given: string) =>
      identity.issueToken({ account: name, secret: given, address }).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      )
    const codes: string[] = []
    for (let count = 0; count < 6; count += 1) codes.push(await attempt(`guess ${count}`))
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('NOT_SIGNED_IN'))
    expect(codes[5]).toBe('TOO_MANY')
    expect(await attempt(secret)).toBe('TOO_MANY')
    aheadMs += 20 * 60_000
    expect(await attempt(secret)).toBe('ok')
    aheadMs -= 20 * 60_000
    expect(await attempt('a guess after the success')).toBe('NOT_SIGNED_IN')
  })

  test('guesses made at the same time do not get around the lock', async () => {
    const { name, secret } = await machine()
    const guesses = Array.from({ length: 8 }, (_, index) => `guess ${index}`)
    const attempt = (given: string) =>
      identity.issueToken({ account: name, secret: given, address }).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      )
    await Promise.all(guesses.map(attempt))
    expect(await attempt(secret)).toBe('TOO_MANY')
  })

  test('a sign-in that succeeded is in the audit log with its account', async () => {
    const { name, secret } = await machine()
    const who = await identity.authenticateBearer(await tokenOf({ name, secret }))
    const rows = await db.transact((tx) =>
      tx.rows<{ account: string }>(
        sql`select account from audit_entry where action = 'signed in' and target = ${name}`,
      ),
    )
    expect(rows).toEqual([{ account: who.account }])
  })

  test('a new secret serves at once, also where the clock of the node is behind that of its database', async () => {
    aheadMs = -20_000
    await identity.authenticateBearer(await tokenOf(await machine()))
  })

  test('a refused sign-in is in the audit log, without what was typed as secret', async () => {
    const { name } = await machine()
    await expect(
      identity.issueToken({ account: name, secret: 'hunter2-typed', address }),
    ).rejects.toMatchObject(refused)
    const rows = await db.transact((tx) =>
      tx.rows<{ line: string; action: string }>(
        sql`select action, audit_entry::text as line from audit_entry where target = ${name}`,
      ),
    )
    expect(rows.map(({ action }) => action)).toContain('sign-in refused')
    expect(rows.some(({ line }) => line.includes('hunter2'))).toBe(false)
  })

  test('a client certificate signs in the one account it is bound to', async () => {
    const [one, two] = [await machine(), await machine()]
    const fingerprint = Array(32).fill('5F').join(':')
    expect(await identity.authenticateCertificate({ fingerprint })).toBeNull()
    await identity.registry.bindCertificate(ADMIN, one.name, fingerprint)
    expect((await identity.authenticateCertificate({ fingerprint }))?.name).toBe(one.name)
    await expect(identity.registry.bindCertificate(ADMIN, two.name, fingerprint)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await identity.registry.certificates(ADMIN, one.name)).toEqual(['5f'.repeat(32)])
    await expect(identity.registry.unbindCertificate(ADMIN, two.name, fingerprint)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await identity.registry.unbindCertificate(ADMIN, one.name, fingerprint)
    expect(await identity.authenticateCertificate({ fingerprint })).toBeNull()
    await identity.registry.bindCertificate(ADMIN, one.name, fingerprint)
    await identity.registry.closeAccount(ADMIN, one.name)
    expect(await identity.authenticateCertificate({ fingerprint })).toBeNull()
  })

  test('an external identifier belongs to one partner', async () => {
    await identity.registry.addIdentifier(ADMIN, 'alder', 'ori', 'CA0990100')
    await identity.registry.addIdentifier(ADMIN, 'alder', 'ori', 'CA0990100')
    await expect(identity.registry.addIdentifier(ADMIN, 'birch', 'ori', 'CA0990100')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await identity.partnerOf('ori', 'CA0990100')).toBe('alder')
    await identity.registry.removeIdentifier(ADMIN, 'birch', 'ori', 'CA0990100')
    expect(await identity.partnerOf('ori', 'CA0990100')).toBe('alder')
    await identity.registry.removeIdentifier(ADMIN, 'alder', 'ori', 'CA0990100')
    expect(await identity.partnerOf('ori', 'CA0990100')).toBeNull()
    expect(await identity.profileOf('birch')).toBe('deployed')
  })

  test('text that is no token at all is refused, never a failure of the node', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.base64String(), { maxLength: 5 }), fc.json(), async (parts, json) => {
        for (const token of [
          parts.join('.'),
          `${Buffer.from(json).toString('base64url')}.${parts.join('.')}`,
        ])
          await expect(identity.authenticateBearer(token)).rejects.toMatchObject(refused)
      }),
      { numRuns: 60 },
    )
  })

  test('the audit log says who changed what in the registry', async () => {
    const { name } = await machine()
    const lines = await db.transact((tx) =>
      tx.rows<{ line: string }>(
        sql`select account || ': ' || action || ' ' || target as line from audit_entry
             where target like ${`${name}%`} order by entry`,
      ),
    )
    expect(lines.map(({ line }) => line)).toEqual([
      `test: account added ${name} alder`,
      `test: grants set ${name} ripa submit`,
      `test: secret made ${name}`,
    ])
  })

  test('a change that is refused is neither made nor noted', async () => {
    const added = { name: 'cedar', title: 'Cedar PD', profile: null }
    await identity.registry.addPartner(ADMIN, added)
    await expect(identity.registry.addPartner(ADMIN, added)).rejects.toMatchObject({ code: 'CONFLICT' })
    const lines = await db.transact((tx) => tx.rows(sql`select 1 from audit_entry where target = 'cedar'`))
    expect(lines).toHaveLength(1)
  })

  test('grants that are not named again are taken away', async () => {
    const { name } = await machine()
    const { grants } = await identity.registry.setGrants(ADMIN, name, 'ripa', ['read'])
    expect(grants).toEqual([{ exchange: 'ripa', grants: ['read'] }])
    expect((await identity.registry.setGrants(ADMIN, name, 'ripa', [])).grants).toEqual([])
  })
})
