import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import { newOurKey, type OurKeyKind, publicPartOf, readTheirKey } from '../unpack/pgp-key.ts'
import type { SealKeys } from '../unpack/seal-refusal.ts'
import { findPartner } from './partners.ts'

/** An OpenPGP key as it is shown: private keys of ours by their public part only. Times are ISO texts. */
export interface PgpKey {
  /** Upper-case hex. */
  readonly fingerprint: string
  /** Null: a key of ours for all partners. */
  readonly partner: string | null
  readonly purpose: 'theirs' | 'ours'
  readonly userId: string
  readonly addedAt: string
  readonly expiresAt: string | null
  readonly retiredAt: string | null
  readonly publicKey: string
}

/** How a partner's files of an exchange must be protected. */
export interface FilePolicy {
  readonly partner: string
  readonly exchange: string
  readonly mustEncrypt: boolean
  readonly mustSign: boolean
}

interface KeyRow extends Omit<PgpKey, 'publicKey'> {
  readonly armored: string
}

const COLUMNS = sql`fingerprint, partner, purpose, user_id as "userId", armored,
  to_char(added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "addedAt",
  to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "expiresAt",
  to_char(retired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "retiredAt"`

/**
 * Takes the public key that a partner signs with; one that is known is brought up to date (a later expiry, say).
 * @param now milliseconds since 1970.
 * Throws faults BAD_REQUEST (no public key, expired, revoked, weak), NOT_FOUND (partner), CONFLICT (somebody else's).
 */
export async function putTheirKey(tx: Tx, partner: string, armored: string, now: number): Promise<PgpKey> {
  const key = await readTheirKey(armored, now)
  await checkPartner(tx, partner)
  const rows = await tx.rows<KeyRow>(sql`
    insert into pgp_key (fingerprint, partner, purpose, user_id, armored, added_at, expires_at)
    values (${key.fingerprint}, ${partner}, 'theirs', ${key.userId}, ${key.armored},
            ${new Date(now).toISOString()}::timestamptz, ${key.expiresAt}::timestamptz)
        on conflict (fingerprint) do update set user_id = excluded.user_id, armored = excluded.armored,
           expires_at = excluded.expires_at, retired_at = null
     where pgp_key.partner = excluded.partner and pgp_key.purpose = 'theirs'
    returning ${COLUMNS}`)
  const [row] = rows
  if (row === undefined)
    throw new Fault('CONFLICT', { reason: `The key ${key.fingerprint} is in use by somebody else.` })
  return shown(row)
}

/**
 * Makes a key that partners encrypt for: one partner, or all (null). Older ones go on opening files until retired.
 * Throws fault NOT_FOUND (partner).
 */
export async function makeOurKey(
  tx: Tx,
  partner: string | null,
  now: number,
  kind: OurKeyKind = 'curve25519',
): Promise<PgpKey> {
  if (partner !== null) await checkPartner(tx, partner)
  const key = await newOurKey(partner === null ? 'Tributary' : `Tributary for ${partner}`, kind, now)
  const [row] = await tx.rows<KeyRow>(sql`
    insert into pgp_key (fingerprint, partner, purpose, user_id, armored, added_at)
    values (${key.fingerprint}, ${partner}, 'ours', ${key.userId}, ${key.armored},
            ${new Date(now).toISOString()}::timestamptz)
    returning ${COLUMNS}`)
  if (row === undefined) throw new Error('the key was not stored')
  return shown(row)
}

/** Keys that concern a partner (its own, and ours for it or for all), or every key (null); newest first. */
export async function listPgpKeys(tx: Tx, partner: string | null): Promise<PgpKey[]> {
  const rows = await tx.rows<KeyRow>(sql`
    select ${COLUMNS} from pgp_key
     where ${partner}::text is null or partner = ${partner}::text or (purpose = 'ours' and partner is null)
     order by purpose, added_at desc, fingerprint`)
  return Promise.all(rows.map(shown))
}

/** Takes a key out of use; false when there is none of this fingerprint in use. Spaces and case do not matter. */
export async function retirePgpKey(tx: Tx, fingerprint: string, now: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update pgp_key set retired_at = ${new Date(now).toISOString()}::timestamptz
     where fingerprint = ${fingerprint.replaceAll(/\s/g, '').toUpperCase()} and retired_at is null returning 1`)
  return rows.length === 1
}

/** What a partner's files of an exchange are opened with, and what is asked of them. */
export async function sealKeysFor(tx: Tx, partner: string, exchange: string): Promise<SealKeys> {
  const rows = await tx.rows<{ purpose: PgpKey['purpose']; armored: string }>(sql`
    select purpose, armored from pgp_key
     where retired_at is null and (partner = ${partner} or (purpose = 'ours' and partner is null))
     order by added_at desc, fingerprint`)
  const armoredOf = (purpose: PgpKey['purpose']) =>
    rows.filter((row) => row.purpose === purpose).map((row) => row.armored)
  const { mustEncrypt, mustSign } = await filePolicyOf(tx, partner, exchange)
  return { ours: armoredOf('ours'), theirs: armoredOf('theirs'), mustEncrypt, mustSign }
}

/** The policy of one exchange; nothing is asked where none was set. */
export async function filePolicyOf(tx: Tx, partner: string, exchange: string): Promise<FilePolicy> {
  const found = (await listFilePolicies(tx, partner)).find((policy) => policy.exchange === exchange)
  return found ?? { partner, exchange, mustEncrypt: false, mustSign: false }
}

export async function listFilePolicies(tx: Tx, partner: string): Promise<FilePolicy[]> {
  return tx.rows<FilePolicy>(sql`
    select partner, exchange, must_encrypt as "mustEncrypt", must_sign as "mustSign" from file_policy
     where partner = ${partner} order by exchange`)
}

/** Throws fault NOT_FOUND (partner). */
export async function setFilePolicy(tx: Tx, policy: FilePolicy): Promise<void> {
  await checkPartner(tx, policy.partner)
  await tx.rows(sql`
    insert into file_policy (partner, exchange, must_encrypt, must_sign)
    values (${policy.partner}, ${policy.exchange}, ${policy.mustEncrypt}, ${policy.mustSign})
        on conflict (partner, exchange)
        do update set must_encrypt = excluded.must_encrypt, must_sign = excluded.must_sign`)
}

async function checkPartner(tx: Tx, partner: string): Promise<void> {
  if ((await findPartner(tx, partner)) === null)
    throw new Fault('NOT_FOUND', { what: `partner '${partner}'` })
}

async function shown({ armored, ...row }: KeyRow): Promise<PgpKey> {
  return { ...row, publicKey: row.purpose === 'ours' ? await publicPartOf(armored) : armored }
}
