import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { makeSshKey } from '../../src/identity/make-ssh-key.ts'
import { readSshKey } from '../../src/identity/ssh-key.ts'
import type { Who } from '../../src/identity/who.ts'
import { dropAccountKey, listAccountKeys, putAccountKey } from '../../src/store/account-keys.ts'
import { findAccountByLogin } from '../../src/store/accounts.ts'
import { listTransfers, putTransfers, type Transfer, uploadersOf } from '../../src/store/transfers.ts'
import { testDatabases } from '../database.ts'

const run = promisify(execFile)
const address = '192.0.2.7'
const ADMIN: Who = {
  account: 'test',
  name: 'test',
  partner: 'centre',
  centre: true,
  kind: 'person',
  realms: ['live', 'test'],
  grants: [{ exchange: '*', grants: ['manage'] }],
}

describe.each(testDatabases())('on $name', ({ open }) => {
  let db: Database
  let identity: Identity
  let aheadMs = 0
  let serial = 0

  beforeAll(async () => {
    db = await open()
    identity = createIdentity({ db, now: () => Date.now() + aheadMs, config: { tokenMinutes: 15 } })
    await identity.registry.addPartner(ADMIN, { name: 'alder', title: 'Alder PD', profile: null })
  }, 60_000)
  afterAll(async () => {
    await identity.audit.close()
    await db.close()
  })

  /** An account of alder with its password. */
  async function newAccount(channels: string[], kind: 'person' | 'machine' = 'machine') {
    serial += 1
    const name = `files-${serial}`
    await identity.registry.addAccount(ADMIN, { name, partner: 'alder', kind, realms: ['live'] })
    await db.transact((tx) =>
      tx.rows(sql`update account set channels = ${channels}::text[] where login = ${name}`),
    )
    const { clientSecret } = await identity.registry.newSecret(ADMIN, name)
    const row = await db.transact((tx) => findAccountByLogin(tx, name))
    return { login: name, secret: clientSecret, address, account: row?.account ?? '' }
  }

  async function lastAudit() {
    const [line] = await db.transact((tx) =>
      tx.rows<{ action: string; target: string; status: number; partner: string | null }>(
        sql`select action, target, status, partner from audit_entry order by entry desc limit 1`,
      ),
    )
    return line
  }

  test('an account that has the channel signs in with its secret, and the audit tells', async () => {
    const { account, ...credentials } = await newAccount(['rest', 'sftp'])
    expect(await identity.sftp.byPassword(credentials)).toMatchObject({
      ok: true,
      who: { account, partner: 'alder', realms: ['live'] },
    })
    expect(await lastAudit()).toMatchObject({ action: 'signed in (sftp, password)', status: 200 })
    expect(await identity.sftp.account(account)).toMatchObject({ account })
  })

  test('an account without the channel is refused like one that does not exist, password right or not', async () => {
    const { account, ...credentials } = await newAccount(['rest'])
    expect(await identity.sftp.byPassword(credentials)).toMatchObject({ ok: false })
    expect(await lastAudit()).toMatchObject({
      action: 'sign-in refused (sftp)',
      status: 401,
      partner: 'alder',
    })
    expect(await identity.sftp.account(account)).toBe(null)
    expect(await identity.sftp.byPassword({ ...credentials, login: 'nobody' })).toEqual({
      ok: false,
      refusal: { partner: null, account: null, login: '(unknown)' },
    })
    expect(await lastAudit()).toMatchObject({ target: '(unknown)', partner: null })
    // It still signs in where it may.
    await identity.issueToken({ account: credentials.login, secret: credentials.secret, address })
  })

  test('guesses make the account rest, for its right password too, but not for its key', async () => {
    const { account, ...credentials } = await newAccount(['sftp'])
    const key = readSshKey(makeSshKey('ed25519').public)
    await db.transact((tx) => putAccountKey(tx, { ...key, account, title: 'laptop' }))
    for (let guess = 0; guess < 6; guess += 1)
      expect(await identity.sftp.byPassword({ ...credentials, secret: `guess ${guess}` })).toMatchObject({
        ok: false,
      })
    expect(await identity.sftp.byPassword(credentials)).toMatchObject({ ok: false })
    const offered = { login: credentials.login, fingerprint: key.fingerprint, address }
    expect(await identity.sftp.byKey(offered, true)).toMatchObject({ ok: true })
    aheadMs = 20 * 60_000
    expect(await identity.sftp.byPassword(credentials)).toMatchObject({ ok: true })
    aheadMs = 0
  })

  test('a password that is good for one use does not open the file server', async () => {
    const { account, ...credentials } = await newAccount(['sftp'], 'person')
    expect(account).not.toBe('')
    expect(await identity.sftp.byPassword(credentials)).toMatchObject({ ok: false })
    const newPassword = 'a long walk by the river'
    await identity.changePassword({
      account: credentials.login,
      secret: credentials.secret,
      address,
      newPassword,
    })
    expect(await identity.sftp.byPassword({ ...credentials, secret: newPassword })).toMatchObject({
      ok: true,
    })
  })

  test('a key signs in the account that has it, when it is proved, and nobody after it was removed', async () => {
    const mine = await newAccount(['sftp'])
    const other = await newAccount(['sftp'])
    const key = readSshKey(makeSshKey('ed25519').public)
    const put = (account: string) =>
      db.transact((tx) => putAccountKey(tx, { ...key, account, title: 'server' }))
    expect(await put(mine.account)).toBe(true)
    expect(await put(mine.account)).toBe(true)
    expect(await put(other.account)).toBe(false)
    expect(await db.transact((tx) => listAccountKeys(tx, mine.account))).toMatchObject([
      { fingerprint: key.fingerprint, publicKey: key.publicKey, title: 'server' },
    ])
    const offered = { login: mine.login, fingerprint: key.fingerprint, address }
    expect(await identity.sftp.keyKnown(offered)).toBe(true)
    expect(await identity.sftp.keyKnown({ ...offered, login: other.login })).toBe(false)
    expect(await identity.sftp.byKey({ ...offered, login: other.login }, true)).toMatchObject({ ok: false })
    expect(await identity.sftp.byKey(offered, false)).toMatchObject({ ok: false })
    expect(await identity.sftp.byKey(offered, true)).toMatchObject({ ok: true, who: { name: mine.login } })
    expect(await db.transact((tx) => dropAccountKey(tx, mine.account, key.fingerprint))).toBe(true)
    expect(await db.transact((tx) => dropAccountKey(tx, mine.account, key.fingerprint))).toBe(false)
    expect(await identity.sftp.keyKnown(offered)).toBe(false)
  })

  test('the host keys are made once and stay', async () => {
    const made = await identity.sftp.hostKeys()
    expect(made.map(({ kind }) => kind)).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256'])
    expect(await identity.sftp.hostKeys()).toEqual(made)
    for (const { fingerprint } of made) expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })

  test('the transfer log is read in order, by partner and time, and knows who brought a file', async () => {
    const line = (more: Partial<Transfer>): Transfer => ({
      at: '2024-05-01T10:00:00.000Z',
      partner: 'alder',
      account: 'a',
      login: 'files',
      address,
      action: 'upload',
      path: '/PROD/INPUT/x.part',
      bytes: 5_000_000_000,
      ms: 12,
      result: 'ok',
      ...more,
    })
    await db.transact((tx) =>
      putTransfers(tx, [
        line({}),
        line({ at: '2024-05-02T10:00:00.000Z', action: 'rename', path: '/PROD/INPUT/x.json', account: 'b' }),
        line({ at: '2024-05-03T10:00:00.000Z', action: 'login', path: '', partner: null, account: null }),
      ]),
    )
    const list = (more: object) =>
      db.transact((tx) => listTransfers(tx, { partner: 'alder', after: 0, limit: 10, ...more }))
    const all = await list({})
    expect(all.map(({ action }) => action)).toEqual(['upload', 'rename'])
    expect(all[0]).toMatchObject({ at: '2024-05-01T10:00:00.000Z', bytes: 5_000_000_000, ms: 12 })
    expect(await list({ partner: null })).toHaveLength(3)
    expect(await list({ after: all[0]?.transfer })).toHaveLength(1)
    expect(await list({ from: '2024-05-02T00:00:00Z', before: '2024-05-03T00:00:00Z' })).toHaveLength(1)
    const uploaders = await db.transact((tx) =>
      uploadersOf(tx, 'alder', ['PROD/INPUT/x.json', '/PROD/INPUT/x.part', 'PROD/INPUT/none']),
    )
    expect([...uploaders]).toEqual([
      ['PROD/INPUT/x.json', 'b'],
      ['/PROD/INPUT/x.part', 'a'],
    ])
  })
})

test('public keys are read as OpenSSH and PuTTY write them, with the fingerprint that ssh-keygen shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-keys-'))
  const file = join(folder, 'key')
  try {
    for (const kind of [['ed25519'], ['rsa', '-b', '2048'], ['ecdsa', '-b', '384']]) {
      await rm(file, { force: true })
      await run('ssh-keygen', ['-q', '-N', '', '-C', 'files at alder', '-f', file, '-t', ...kind])
      const text = await readFile(`${file}.pub`, 'utf8')
      const { stdout: shown } = await run('ssh-keygen', ['-l', '-f', `${file}.pub`])
      const { stdout: putty } = await run('ssh-keygen', ['-e', '-m', 'RFC4716', '-f', `${file}.pub`])
      const key = readSshKey(text)
      expect(shown).toContain(key.fingerprint)
      expect(key.comment).toBe('files at alder')
      expect(readSshKey(putty)).toMatchObject({ fingerprint: key.fingerprint, publicKey: key.publicKey })
    }
    const privateKey = await readFile(file, 'utf8')
    expect(() => readSshKey(privateKey)).toThrow('This is a private key')
    await rm(file)
    await run('ssh-keygen', ['-q', '-N', '', '-f', file, '-t', 'rsa', '-b', '1024'])
    const short = await readFile(`${file}.pub`, 'utf8')
    expect(() => readSshKey(short)).toThrow('at least 2048 bits')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('what is no public key is refused with a reason', () => {
  const { public: good } = makeSshKey('ed25519')
  for (const text of [
    '',
    'hello',
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    'ssh-dss AAAAB3NzaC1kc3M=',
    `${good}\n${good}`,
  ])
    expect(() => readSshKey(text), text).toThrow()
  expect(() => readSshKey(good.replace('ssh-ed25519 ', 'ssh-rsa '))).toThrow()
  expect(() => readSshKey('x'.repeat(20_000))).toThrow('too long')
})
