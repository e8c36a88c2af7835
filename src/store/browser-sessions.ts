import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf } from './iso-time.ts'

/** A person who signed in with a browser. Times in milliseconds since 1970. */
export interface BrowserSession {
  /** SHA-256 of the secret in the cookie. */
  readonly secretHash: string
  readonly account: string
  readonly createdAt: number
  readonly seenAt: number
  readonly endsAt: number
}

export async function putBrowserSession(
  tx: Tx,
  { secretHash, account, createdAt, seenAt, endsAt }: BrowserSession,
  address: string,
): Promise<void> {
  await tx.rows(sql`
    insert into browser_session (secret_hash, account, created_at, seen_at, ends_at, address)
    values (${secretHash}, ${account}::uuid, ${isoOf(createdAt)}::timestamptz, ${isoOf(seenAt)}::timestamptz,
            ${isoOf(endsAt)}::timestamptz, ${address})`)
}

export async function findBrowserSession(tx: Tx, secretHash: string): Promise<BrowserSession | null> {
  const [row] = await tx.rows<BrowserSession>(sql`
    select secret_hash as "secretHash", account,
           (extract(epoch from created_at) * 1000)::float8 as "createdAt",
           (extract(epoch from seen_at) * 1000)::float8 as "seenAt",
           (extract(epoch from ends_at) * 1000)::float8 as "endsAt"
      from browser_session where secret_hash = ${secretHash}`)
  return row ?? null
}

/** A person has just used it. */
export async function renewBrowserSession(tx: Tx, secretHash: string, seenAt: number): Promise<void> {
  await tx.rows(sql`
    update browser_session set seen_at = ${isoOf(seenAt)}::timestamptz where secret_hash = ${secretHash}`)
}

export async function dropBrowserSession(tx: Tx, secretHash: string): Promise<void> {
  await tx.rows(sql`delete from browser_session where secret_hash = ${secretHash}`)
}

/** Forgets those that have ended, and of one account all but its latest. */
export async function sweepBrowserSessions(
  tx: Tx,
  { now, idleSince, account, keep }: { now: number; idleSince: number; account: string; keep: number },
): Promise<void> {
  await tx.rows(sql`
    delete from browser_session
     where ends_at <= ${isoOf(now)}::timestamptz or seen_at <= ${isoOf(idleSince)}::timestamptz
        or secret_hash in (select secret_hash from browser_session where account = ${account}::uuid
                            order by created_at desc, secret_hash offset ${keep})`)
}
