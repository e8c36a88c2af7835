import { generateKey, type Key, readKeys, readPrivateKey } from 'openpgp'
import { Fault } from '../fault/fault.ts'

/** What is known of an OpenPGP key. */
export interface PgpKeyFacts {
  /** Upper-case hex. */
  readonly fingerprint: string
  readonly userId: string
  /** ISO; null for a key that does not expire. */
  readonly expiresAt: string | null
  /** ASCII armor, as it is kept. */
  readonly armored: string
}

/** A public key is a few kilobytes; one with a great many certifications can be exported without them. */
const armoredBytesMax = 256 * 1024

/**
 * Reads the public key that a partner signs with (and that files for it are encrypted for).
 * @param now milliseconds since 1970; the key must be in force then.
 * Throws fault BAD_REQUEST for what is no single public key, or one that is private, expired, revoked or weak.
 */
export async function readTheirKey(armored: string, now: number): Promise<PgpKeyFacts> {
  if (armored.length > armoredBytesMax)
    throw wrong('The key is too large; export it with gpg --armor --export-options export-minimal --export.')
  if (armored.includes('PRIVATE KEY BLOCK'))
    throw wrong('This is a private key: keep it to yourself and send the public one (gpg --armor --export).')
  const [key, ...more] = await keysIn(armored)
  if (key === undefined || more.length > 0 || armored.split('-----BEGIN PGP').length > 2)
    throw wrong('The file must hold one public key, as gpg --armor --export writes it.')
  if (key.isPrivate()) throw wrong('This is a private key; send the public one.')
  const date = new Date(now)
  if (await key.isRevoked(undefined, undefined, date)) throw wrong(`The key ${nameOf(key)} was revoked.`)
  const expires = await key.getExpirationTime()
  if (expires instanceof Date && expires <= date)
    throw wrong(`The key ${nameOf(key)} expired on ${expires.toISOString().slice(0, 10)}.`)
  try {
    await key.getSigningKey(undefined, new Date(now + clockAheadMs))
  } catch (error) {
    throw wrong(`The key ${nameOf(key)} cannot be used to sign: ${lastPart(error)}.`)
  }
  return factsOf(key, armored, expires)
}

/** How far the clock of a machine that makes keys or signatures may be ahead of ours. */
export const clockAheadMs = 10 * 60_000

/** Kinds of keys that we make; RSA is for partners whose software knows no curves. */
export type OurKeyKind = 'curve25519' | 'rsa3072'

/** A key that is a little older than now works with partners whose clocks are behind. */
const backdatedMs = 3_600_000

/** Makes a private key of ours; partners encrypt for its public part. It does not expire, it is retired. */
export async function newOurKey(userId: string, kind: OurKeyKind, now: number): Promise<PgpKeyFacts> {
  const strength =
    kind === 'rsa3072'
      ? ({ type: 'rsa', rsaBits: 3072 } as const)
      : ({ type: 'ecc', curve: 'curve25519Legacy' } as const)
  const { privateKey } = await generateKey({
    ...strength,
    userIDs: [{ name: userId }],
    date: new Date(now - backdatedMs),
    format: 'object',
  })
  return factsOf(privateKey, privateKey.armor(), null)
}

/** The public part of a private key of ours, armored. */
export async function publicPartOf(armoredPrivateKey: string): Promise<string> {
  return (await readPrivateKey({ armoredKey: armoredPrivateKey })).toPublic().armor()
}

async function keysIn(armored: string): Promise<Key[]> {
  try {
    return await readKeys({ armoredKeys: armored })
  } catch {
    throw wrong('This is no OpenPGP key; export it with gpg --armor --export.')
  }
}

async function factsOf(key: Key, armored: string, expires: unknown): Promise<PgpKeyFacts> {
  const user = await key.getPrimaryUser().catch(() => null)
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    userId: user?.user.userID?.userID ?? key.getUserIDs()[0] ?? '',
    expiresAt: expires instanceof Date ? expires.toISOString() : null,
    armored,
  }
}

/** The 16 digits by which gpg names a key. */
function nameOf(key: Key): string {
  return key.getKeyID().toHex().toUpperCase()
}

function lastPart(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^.*: /, '').replace(/\.$/, '')
}

function wrong(reason: string): Fault {
  return new Fault('BAD_REQUEST', { reason })
}
