import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { putPartner } from '../../src/store/partners.ts'
import {
  filePolicyOf,
  listPgpKeys,
  makeOurKey,
  putTheirKey,
  retirePgpKey,
  sealKeysFor,
  setFilePolicy,
} from '../../src/store/pgp-keys.ts'
import { openSealed } from '../../src/unpack/pgp.ts'
import { testDatabases } from '../database.ts'
import { createGpg, type Gpg } from '../unpack/gpg.ts'

const now = Date.now()
let gpg: Gpg
let signer: string

beforeAll(() => {
  gpg = createGpg()
  signer = gpg.makeKey('Agency <agency@example.org>', 'ed25519', 'cv25519')
})
afterAll(() => gpg.close())

describe.each(testDatabases())('OpenPGP keys on the $name', ({ open }) => {
  let db: Database
  beforeAll(async () => {
    db = await open()
    await db.transact(async (tx) => {
      for (const partner of ['north', 'south'])
        await putPartner(tx, { partner, name: partner, centre: false, profile: null })
    })
  })
  afterAll(() => db.close())

  test.each(['curve25519', 'rsa3072'] as const)(
    'a file that gpg encrypts for our %s key and signs with the known key is opened',
    async (kind) => {
      const { ours, keys } = await db.transact(async (tx) => {
        const made = await makeOurKey(tx, 'north', now, kind)
        await putTheirKey(tx, 'north', gpg.publicKey(signer), now)
        await setFilePolicy(tx, { partner: 'north', exchange: 'ripa', mustEncrypt: true, mustSign: true })
        return { ours: made, keys: await sealKeysFor(tx, 'north', 'ripa') }
      })
      expect(ours.publicKey).toContain('BEGIN PGP PUBLIC KEY BLOCK')
      gpg.take(ours.publicKey)
      const bytes = gpg.run(['-u', signer, '-r', ours.fingerprint, '--sign', '--encrypt'], 'id|name\n')
      const folder = mkdtempSync(join(tmpdir(), 'keys-'))
      try {
        const opened = await openSealed({ bytes }, keys, join(folder, 'out'))
        expect(opened).toMatchObject({ encrypted: true, signedBy: signer })
        expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('id|name\n')
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )

  test('no listing shows a private key', async () => {
    const keys = await db.transact(async (tx) => {
      await makeOurKey(tx, null, now)
      return listPgpKeys(tx, null)
    })
    expect(keys.length).toBeGreaterThan(1)
    expect(JSON.stringify(keys)).not.toContain('PRIVATE')
  })

  test('a partner is opened for by its own keys and those for all, and a retired key opens nothing', async () => {
    const own = await db.transact((tx) => makeOurKey(tx, 'south', now))
    const before = await db.transact((tx) => sealKeysFor(tx, 'south', 'ripa'))
    expect([before.ours.length, before.theirs.length, before.mustSign]).toEqual([2, 0, false])
    const listed = await db.transact((tx) => listPgpKeys(tx, 'south'))
    expect(listed.map((key) => key.partner).sort()).toEqual([null, 'south'].sort())
    const spaced = own.fingerprint.toLowerCase().replace(/(.{4})/g, '$1 ')
    expect(await db.transact((tx) => retirePgpKey(tx, spaced, now))).toBe(true)
    expect(await db.transact((tx) => retirePgpKey(tx, spaced, now))).toBe(false)
    expect((await db.transact((tx) => sealKeysFor(tx, 'south', 'ripa'))).ours.length).toBe(1)
  })

  test('a key that is private, weak, expired, revoked, unable to sign or no key at all is refused', async () => {
    const put = (armored: string, at = now) => db.transact((tx) => putTheirKey(tx, 'south', armored, at))
    const brief = gpg.makeKey(`Brief ${Math.random()} <b@example.org>`, 'ed25519', null, '2d')
    const small = gpg.makeKey(`Small ${Math.random()} <s@example.org>`, 'rsa1024', null)
    const refusals: [string, string, number?][] = [
      [gpg.privateKey(signer), 'private key'],
      [gpg.publicKey(brief), 'expired on', now + 3 * 86_400_000],
      [gpg.publicKey(small), 'cannot be used to sign'],
      ['nothing', 'no OpenPGP key'],
      [gpg.publicKey(brief) + gpg.publicKey(small), 'one public key'],
      [gpg.run(['--armor', '--export', brief, signer]).toString(), 'one public key'],
      ['x'.repeat(300_000), 'too large'],
    ]
    for (const [armored, words, at] of refusals) await expect(put(armored, at), words).rejects.toThrow(words)
    expect((await put(gpg.publicKey(brief))).expiresAt).toMatch(/^\d{4}-\d\d-\d\dT/)
    const revocation = readFileSync(join(gpg.home, 'openpgp-revocs.d', `${brief}.rev`), 'utf8')
    gpg.take(revocation.replace(':-----BEGIN', '-----BEGIN'))
    await expect(put(gpg.publicKey(brief))).rejects.toThrow('was revoked')
  })

  test("another partner's key is not taken, and an unknown partner has none", async () => {
    const put = (partner: string) => db.transact((tx) => putTheirKey(tx, partner, gpg.publicKey(signer), now))
    await expect(put('south')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(put('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await put('north')).partner).toBe('north')
    await expect(db.transact((tx) => makeOurKey(tx, 'nobody', now))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('a policy is for one exchange and can be changed', async () => {
    const policy = { partner: 'south', exchange: 'ripa', mustEncrypt: false, mustSign: true }
    await db.transact((tx) => setFilePolicy(tx, { ...policy, mustEncrypt: true }))
    await db.transact((tx) => setFilePolicy(tx, policy))
    expect(await db.transact((tx) => filePolicyOf(tx, 'south', 'ripa'))).toEqual(policy)
    expect(await db.transact((tx) => filePolicyOf(tx, 'south', 'other'))).toMatchObject({
      mustEncrypt: false,
      mustSign: false,
    })
  })
})
