import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'

/** What an account's second factor is made of. Times are ISO. */
export interface SecondFactorRow {
  /** Base32, as apps take it. */
  readonly secret: string
  /** Null until a first code has proved that the app has the secret. */
  readonly confirmedAt: string | null
  readonly lockedUntil: string | null
  readonly recoveryCodes: number
}

export async function findSecondFactor(tx: Tx, account: string): Promise<SecondFactorRow | null> {
  const [row] = await tx.rows<SecondFactorRow>(sql`
    select secret, ${isoTime('confirmed_at')} as "confirmedAt", ${isoTime('locked_until')} as "lockedUntil",
           (select count(*)::int from recovery_code r where r.account = f.account) as "recoveryCodes"
      from second_factor f where account = ${account}::uuid`)
  return row ?? null
}

/** A new secret, which counts once it is confirmed. False when a confirmed one stands. */
export async function putSecondFactor(tx: Tx, account: string, secret: string, at: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into second_factor (account, secret, created_at)
    values (${account}::uuid, ${secret}, ${isoOf(at)}::timestamptz)
        on conflict (account) do update set secret = excluded.secret, created_at = excluded.created_at
           where second_factor.confirmed_at is null
    returning 1`)
  return rows.length === 1
}

/**
 * Takes a right code by its step of the clock; false when it or a later one was taken before. The first one confirms.
 */
export async function takeStep(tx: Tx, account: string, step: number, at: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update second_factor set last_step = ${step}::bigint, failures = 0, locked_until = null,
           confirmed_at = coalesce(confirmed_at, ${isoOf(at)}::timestamptz)
     where account = ${account}::uuid and last_step < ${step}::bigint returning 1`)
  return rows.length === 1
}

/** Takes a recovery code; false when there is none like it. */
export async function takeRecoveryCode(tx: Tx, account: string, codeHash: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from recovery_code where account = ${account}::uuid and code_hash = ${codeHash} returning 1`)
  if (rows.length === 0) return false
  await tx.rows(
    sql`update second_factor set failures = 0, locked_until = null where account = ${account}::uuid`,
  )
  return true
}

/** Counts a wrong code; from the fifth on codes rest, longer each time, up to 15 minutes, as passwords do. */
export async function countWrongCode(tx: Tx, account: string, at: number): Promise<void> {
  await tx.rows(sql`
    update second_factor set failures = failures + 1,
      locked_until = case when failures >= 4
        then ${isoOf(at)}::timestamptz + make_interval(secs => least(900, power(2, least(failures - 3, 10)))) end
     where account = ${account}::uuid`)
}

/** New recovery codes in place of the old ones. */
export async function putRecoveryCodes(tx: Tx, account: string, hashes: readonly string[]): Promise<void> {
  await tx.rows(sql`delete from recovery_code where account = ${account}::uuid`)
  await tx.rows(sql`
    insert into recovery_code (account, code_hash) select ${account}::uuid, unnest(${hashes}::text[])`)
}

/** The account has no second factor any more; false when it had none. */
export async function dropSecondFactor(tx: Tx, account: string): Promise<boolean> {
  await tx.rows(sql`delete from recovery_code where account = ${account}::uuid`)
  const rows = await tx.rows(sql`delete from second_factor where account = ${account}::uuid returning 1`)
  return rows.length === 1
}

/** Notes that a password was right; those that nobody followed up are forgotten. */
export async function putPendingSignIn(
  tx: Tx,
  { secretHash, account, endsAt, now }: { secretHash: string; account: string; endsAt: number; now: number },
): Promise<void> {
  await tx.rows(sql`delete from pending_sign_in where ends_at <= ${isoOf(now)}::timestamptz`)
  await tx.rows(sql`
    insert into pending_sign_in (secret_hash, account, ends_at)
    values (${secretHash}, ${account}::uuid, ${isoOf(endsAt)}::timestamptz)`)
}

/** Whose sign-in waits for a second factor under this secret, or null. */
export async function findPendingSignIn(tx: Tx, secretHash: string, now: number): Promise<string | null> {
  const [row] = await tx.rows<{ account: string }>(sql`
    select account from pending_sign_in
     where secret_hash = ${secretHash} and ends_at > ${isoOf(now)}::timestamptz`)
  return row?.account ?? null
}

export async function dropPendingSignIn(tx: Tx, secretHash: string): Promise<void> {
  await tx.rows(sql`delete from pending_sign_in where secret_hash = ${secretHash}`)
}
