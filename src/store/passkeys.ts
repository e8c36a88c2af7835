import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'

/** A passkey as its person sees it. Times are ISO. */
export interface PasskeyRow {
  readonly passkey: string
  readonly title: string
  readonly createdAt: string
  readonly usedAt: string | null
}

/** What a signature is held against. */
export interface PasskeyProof {
  readonly account: string
  readonly passkey: string
  readonly credential: string
  readonly publicKey: string
  readonly transports: readonly string[]
}

/** An account's passkeys, the oldest first. */
export async function listPasskeys(tx: Tx, account: string): Promise<PasskeyRow[]> {
  return tx.rows<PasskeyRow>(sql`
    select passkey, title, ${isoTime('created_at')} as "createdAt", ${isoTime('used_at')} as "usedAt"
      from passkey where account = ${account}::uuid order by passkey.created_at, passkey`)
}

/** The credentials that an account has, so that none is made twice. */
export async function credentialsOf(
  tx: Tx,
  account: string,
): Promise<Pick<PasskeyProof, 'credential' | 'transports'>[]> {
  return tx.rows(sql`select credential, transports from passkey where account = ${account}::uuid`)
}

export async function findPasskey(tx: Tx, credential: string): Promise<PasskeyProof | null> {
  const [row] = await tx.rows<PasskeyProof>(sql`
    select account, passkey, credential, public_key as "publicKey", transports
      from passkey where credential = ${credential}`)
  return row ?? null
}

/** False when the credential is known already. */
export async function putPasskey(
  tx: Tx,
  row: PasskeyProof & { readonly title: string; readonly counter: number; readonly at: number },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into passkey (passkey, account, credential, public_key, counter, transports, title, created_at)
    values (${row.passkey}::uuid, ${row.account}::uuid, ${row.credential}, ${row.publicKey}, ${row.counter}::bigint,
            ${row.transports}::text[], ${row.title}, ${isoOf(row.at)}::timestamptz)
        on conflict (credential) do nothing returning 1`)
  return rows.length === 1
}

/** Notes a use; false when the authenticator's count did not go up: then there may be two of it. */
export async function takePasskeyCount(
  tx: Tx,
  passkey: string,
  counter: number,
  at: number,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update passkey set counter = ${counter}::bigint, used_at = ${isoOf(at)}::timestamptz
     where passkey = ${passkey}::uuid
       and (counter < ${counter}::bigint or (counter = 0 and ${counter}::bigint = 0)) returning 1`)
  return rows.length === 1
}

/** False when the account has none of this name. */
export async function dropPasskey(tx: Tx, account: string, passkey: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from passkey where account = ${account}::uuid and passkey = ${passkey}::uuid returning 1`)
  return rows.length === 1
}

/** How many there were. */
export async function dropPasskeys(tx: Tx, account: string): Promise<number> {
  return (await tx.rows(sql`delete from passkey where account = ${account}::uuid returning 1`)).length
}

/** Notes that this challenge has opened something; false when it did before. Those that are too old are forgotten. */
export async function spendChallenge(
  tx: Tx,
  challenge: string,
  endsAt: number,
  now: number,
): Promise<boolean> {
  await tx.rows(sql`delete from spent_challenge where ends_at <= ${isoOf(now)}::timestamptz`)
  const rows = await tx.rows(sql`
    insert into spent_challenge (challenge, ends_at) values (${challenge}, ${isoOf(endsAt)}::timestamptz)
        on conflict do nothing returning 1`)
  return rows.length === 1
}
