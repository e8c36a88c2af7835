import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf } from './iso-time.ts'

/** Where a browser session was opened. */
export interface SessionPlace {
  readonly address: string
  /** What the browser says it is. */
  readonly browser: string
}

/** A person who signed in with a browser. Times in milliseconds since 1970. */
export interface BrowserSession {
  /** SHA-256 of the secret in the cookie. */
  readonly secretHash: string
  readonly account: string
  readonly createdAt: number
  readonly seenAt: number
  readonly endsAt: number
  /** A provider of single sign-on proved a second factor. */
  readonly factorProven: boolean
}

export async function putBrowserSession(
  tx: Tx,
  { secretHash, account, createdAt, seenAt, endsAt, factorProven }: BrowserSession,
  { address, browser }: SessionPlace,
): Promise<void> {
  await tx.rows(sql`
    insert into browser_session (secret_hash, account, created_at, seen_at, ends_at, address, browser, factor_proven)
    values (${secretHash}, ${account}::uuid, ${isoOf(createdAt)}::timestamptz, ${isoOf(seenAt)}::timestamptz,
            ${isoOf(endsAt)}::timestamptz, ${address}, ${browser}, ${factorProven})`)
}

export async function findBrowserSession(tx: Tx, secretHash: string): Promise<BrowserSession | null> {
  const [row] = await tx.rows<BrowserSession>(sql`
    select secret_hash as "secretHash", account, factor_proven as "factorProven",
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

/** A browser session as its own person sees it. Times are ISO. */
export interface OwnSession extends SessionPlace {
  /** The first part of the hash of its secret. */
  readonly session: string
  readonly createdAt: string
  readonly seenAt: string
}

const NAME = sql`substr(secret_hash, 8, 16)`

/** An account's sessions that have not ended, the one used last first. */
export async function listBrowserSessions(
  tx: Tx,
  account: string,
  { now, idleSince, createdSince }: { now: number; idleSince: number; createdSince: number },
): Promise<OwnSession[]> {
  return tx.rows<OwnSession>(sql`
    select ${NAME} as session, address, browser,
           to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
           to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "seenAt"
      from browser_session
     where account = ${account}::uuid and ends_at > ${isoOf(now)}::timestamptz
       and seen_at > ${isoOf(idleSince)}::timestamptz and created_at >= ${isoOf(createdSince)}::timestamptz
     order by browser_session.seen_at desc, secret_hash`)
}

/** Ends one of an account's sessions, by the name under which it is listed; false when there is none. */
export async function dropSessionByName(tx: Tx, account: string, session: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from browser_session where account = ${account}::uuid and ${NAME} = ${session} returning 1`)
  return rows.length > 0
}

/** The name under which the session of a secret with this hash is listed. */
export function sessionName(secretHash: string): string {
  return secretHash.slice(7, 23)
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
