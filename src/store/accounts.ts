import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A means by which a second factor is shown; a recovery code stands in for the app's. */
export type Factor = 'totp' | 'recovery-code' | 'passkey'

/** An account with what it may do. Times are ISO texts. */
export interface AccountRow {
  readonly account: string
  readonly login: string
  readonly partner: string
  readonly centre: boolean
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
  /** By which it may come in. */
  readonly channels: readonly ('rest' | 'sftp' | 'agent')[]
  readonly secretHash: string | null
  readonly mustChange: boolean
  readonly failures: number
  readonly lockedUntil: string | null
  /** Seconds since 1970. */
  readonly validFrom: number
  readonly closed: boolean
  /** Signs in no more until somebody lets it again. */
  readonly suspended: boolean
  /** A person with a second factor, which is asked for at each sign-in. */
  readonly secondFactor: boolean
  /** By what it can be shown. */
  readonly factors: readonly Factor[]
  /** The partner asks its people for a second factor. */
  readonly secondFactorRequired: boolean
  readonly policies: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
}

const COLUMNS = sql`a.account, a.login, a.partner, p.centre, a.kind, a.realms, a.channels,
  a.secret_hash as "secretHash", a.must_change as "mustChange", a.failures, a.locked_until::text as "lockedUntil",
  floor(extract(epoch from a.valid_from))::float8 as "validFrom", a.closed_at is not null as closed, a.suspended_at is not null as suspended,
  (exists (select 1 from second_factor f where f.account = a.account and f.confirmed_at is not null)
    or exists (select 1 from passkey k where k.account = a.account)) as "secondFactor",
  array_remove(array[
    case when exists (select 1 from second_factor f where f.account = a.account and f.confirmed_at is not null)
      then 'totp' end,
    case when exists (select 1 from recovery_code r where r.account = a.account) then 'recovery-code' end,
    case when exists (select 1 from passkey k where k.account = a.account) then 'passkey' end], null) as factors,
  p.second_factor and a.kind = 'person' as "secondFactorRequired",
  (select coalesce(jsonb_agg(jsonb_build_object('exchange', exchange, 'grants', grants) order by exchange), '[]')
     from policy where policy.account = a.account) as policies`

export async function findAccountByLogin(tx: Tx, login: string): Promise<AccountRow | null> {
  const [row] = await tx.rows<AccountRow>(sql`
    select ${COLUMNS} from account a join partner p using (partner) where a.login = ${login.toLowerCase()}`)
  return row ?? null
}

export async function findAccount(tx: Tx, account: string): Promise<AccountRow | null> {
  const [row] = await tx.rows<AccountRow>(sql`
    select ${COLUMNS} from account a join partner p using (partner) where a.account = ${account}::uuid`)
  return row ?? null
}

export async function findAccountByCertificate(tx: Tx, fingerprint: string): Promise<AccountRow | null> {
  const [row] = await tx.rows<AccountRow>(sql`
    select ${COLUMNS} from account a join partner p using (partner) join account_certificate c using (account)
     where c.fingerprint = ${fingerprint}`)
  return row ?? null
}

export async function listAccounts(tx: Tx, partner: string | null): Promise<AccountRow[]> {
  return tx.rows<AccountRow>(sql`
    select ${COLUMNS} from account a join partner p using (partner)
     where a.closed_at is null and (${partner}::text is null or a.partner = ${partner}::text) order by a.login`)
}

/** False when the login is in use. */
export async function putAccount(
  tx: Tx,
  row: {
    account: string
    login: string
    partner: string
    kind: 'person' | 'machine'
    realms: readonly string[]
    secretHash: string | null
    mustChange: boolean
  },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into account (account, login, partner, kind, realms, secret_hash, must_change)
    values (${row.account}::uuid, ${row.login.toLowerCase()}, ${row.partner}, ${row.kind}, ${row.realms}::text[],
            ${row.secretHash}, ${row.mustChange})
        on conflict (login) do nothing returning 1`)
  return rows.length === 1
}

/**
 * A new secret; tokens issued before stop working.
 * @param at now by the clock that tokens are issued by, ISO; the database's may differ. Null: the database's.
 */
export async function setSecret(
  tx: Tx,
  account: string,
  secretHash: string,
  mustChange: boolean,
  at: string | null = null,
): Promise<void> {
  await tx.rows(sql`
    update account set secret_hash = ${secretHash}, must_change = ${mustChange}, failures = 0, locked_until = null,
           valid_from = date_trunc('second', coalesce(${at}::timestamptz, now())) where account = ${account}::uuid`)
  await tx.rows(sql`delete from pending_sign_in where account = ${account}::uuid`)
}

/** Counts a failed sign-in; from the fifth on the account rests, longer each time, up to 15 minutes. */
export async function countFailure(tx: Tx, account: string): Promise<void> {
  await tx.rows(sql`
    update account set failures = failures + 1,
      locked_until = case when failures >= 4
        then now() + make_interval(secs => least(900, power(2, least(failures - 3, 10)))) end
     where account = ${account}::uuid`)
}

/**
 * Forgets failed sign-ins after one that succeeded. False when others failed meanwhile and locked the account:
 * guesses made at the same time count as if they came one after another.
 */
export async function clearFailures(tx: Tx, account: string, at: string): Promise<boolean> {
  const [row] = await tx.rows<{ failures: number; locked: boolean }>(sql`
    select failures, coalesce(locked_until > ${at}::timestamptz, false) as locked from account
     where account = ${account}::uuid for update`)
  if (row === undefined || row.locked) return false
  if (row.failures > 0)
    await tx.rows(sql`update account set failures = 0, locked_until = null where account = ${account}::uuid`)
  return true
}

export async function setPolicy(
  tx: Tx,
  account: string,
  exchange: string,
  grants: readonly string[],
): Promise<void> {
  await tx.rows(sql`delete from policy where account = ${account}::uuid and exchange = ${exchange}`)
  if (grants.length > 0)
    await tx.rows(sql`
      insert into policy (account, exchange, grants) values (${account}::uuid, ${exchange}, ${grants}::text[])`)
}

/** Lets the account rest, or lets it in again. */
export async function setSuspended(tx: Tx, account: string, suspended: boolean): Promise<void> {
  await tx.rows(sql`
    update account set suspended_at = case when ${suspended}::boolean then coalesce(suspended_at, now()) end
     where account = ${account}::uuid`)
}

/** Forgets failed sign-ins, so that the account need not wait. */
export async function unlockAccount(tx: Tx, account: string): Promise<void> {
  await tx.rows(sql`update account set failures = 0, locked_until = null where account = ${account}::uuid`)
  await tx.rows(
    sql`update second_factor set failures = 0, locked_until = null where account = ${account}::uuid`,
  )
}

export async function setChannels(tx: Tx, account: string, channels: readonly string[]): Promise<void> {
  await tx.rows(sql`update account set channels = ${channels}::text[] where account = ${account}::uuid`)
}

export async function setRealms(tx: Tx, account: string, realms: readonly string[]): Promise<void> {
  await tx.rows(sql`update account set realms = ${realms}::text[] where account = ${account}::uuid`)
}

/** False when the certificate is bound to another account. */
export async function putCertificate(tx: Tx, account: string, fingerprint: string): Promise<boolean> {
  await tx.rows(sql`
    insert into account_certificate (fingerprint, account) values (${fingerprint}, ${account}::uuid)
        on conflict do nothing`)
  const [row] = await tx.rows<{ account: string }>(sql`
    select account from account_certificate where fingerprint = ${fingerprint}`)
  return row?.account === account
}

/** Fingerprints of the certificates that sign an account in. */
export async function listCertificates(tx: Tx, account: string): Promise<string[]> {
  const rows = await tx.rows<{ fingerprint: string }>(sql`
    select fingerprint from account_certificate where account = ${account}::uuid order by fingerprint`)
  return rows.map(({ fingerprint }) => fingerprint)
}

/** False when the account has no such certificate. */
export async function dropCertificate(tx: Tx, account: string, fingerprint: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from account_certificate where account = ${account}::uuid and fingerprint = ${fingerprint} returning 1`)
  return rows.length === 1
}

export async function closeAccount(tx: Tx, account: string): Promise<void> {
  await tx.rows(
    sql`update account set closed_at = now(), secret_hash = null where account = ${account}::uuid`,
  )
}
