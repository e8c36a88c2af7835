import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A public key that signs an account in to the file server. */
export interface AccountKeyRow {
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly account: string
  /** One line: kind and base64. */
  readonly publicKey: string
  readonly title: string
  /** ISO. */
  readonly addedAt: string
}

const COLUMNS = sql`fingerprint, account, public_key as "publicKey", title,
  to_char(added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "addedAt"`

/** False when the key is another account's: a key signs in one account. */
export async function putAccountKey(tx: Tx, row: Omit<AccountKeyRow, 'addedAt'>): Promise<boolean> {
  const [kept] = await tx.rows<{ account: string }>(sql`
    insert into account_key (fingerprint, account, public_key, title)
    values (${row.fingerprint}, ${row.account}::uuid, ${row.publicKey}, ${row.title})
        on conflict (fingerprint) do update
       set title = case when account_key.account = excluded.account then excluded.title else account_key.title end
    returning account`)
  return kept?.account === row.account
}

export async function listAccountKeys(tx: Tx, account: string): Promise<AccountKeyRow[]> {
  return tx.rows<AccountKeyRow>(sql`
    select ${COLUMNS} from account_key where account = ${account}::uuid order by added_at, fingerprint`)
}

/** False when the account has no such key. */
export async function dropAccountKey(tx: Tx, account: string, fingerprint: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from account_key where account = ${account}::uuid and fingerprint = ${fingerprint} returning 1`)
  return rows.length === 1
}

/** The key, when it signs in the account of this name; null for any other name. */
export async function findAccountKey(
  tx: Tx,
  login: string,
  fingerprint: string,
): Promise<AccountKeyRow | null> {
  const [row] = await tx.rows<AccountKeyRow>(sql`
    select ${COLUMNS} from account_key join account using (account)
     where fingerprint = ${fingerprint} and login = ${login.toLowerCase()}`)
  return row ?? null
}
