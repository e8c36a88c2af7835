import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'

export type TransferAction = 'login' | 'upload' | 'download' | 'rename' | 'remove'

/** One line of the transfer log. */
export interface Transfer {
  /** ISO. */
  readonly at: string
  /** Null for a log-in under a name that no account has. */
  readonly partner: string | null
  /** Id of the account. */
  readonly account: string | null
  readonly login: string
  readonly address: string
  readonly action: TransferAction
  /** As the partner sees it, from `/`; of a renamed file the new one. '' for a log-in. */
  readonly path: string
  readonly bytes: number
  readonly ms: number
  /** `ok`, `incomplete` for an upload that broke off, or what went wrong. Of a rename: `ok, was <old path>`. */
  readonly result: string
}

export interface StoredTransfer extends Transfer {
  /** Grows with each line. */
  readonly transfer: number
}

export async function putTransfers(tx: Tx, rows: readonly Transfer[]): Promise<void> {
  await tx.rows(sql`
    insert into transfer (at, partner, account, login, address, action, path, bytes, ms, result)
    select at, partner, account, login, address, action, path, bytes, ms, result
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (
             at timestamptz, partner text, account text, login text, address text, action text, path text,
             bytes bigint, ms int, result text)`)
}

const COLUMNS: Sql = sql`transfer::float8 as transfer,
  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  partner, account, login, address, action, path, bytes::float8 as bytes, ms, result`

export interface TransferQuery {
  /** Null: everybody's. */
  readonly partner: string | null
  /** Only lines after this one; 0: from the first. */
  readonly after: number
  readonly limit: number
  /** ISO; from this moment on. */
  readonly from?: string
  /** ISO; before this moment. */
  readonly before?: string
}

/** Lines in the order they were written. */
export async function listTransfers(tx: Tx, query: TransferQuery): Promise<StoredTransfer[]> {
  const { partner, after, limit, from = null, before = null } = query
  return tx.rows<StoredTransfer>(sql`
    select ${COLUMNS} from transfer
     where transfer > ${after} and (${partner}::text is null or partner = ${partner}::text)
       and (${from}::timestamptz is null or at >= ${from}::timestamptz)
       and (${before}::timestamptz is null or at < ${before}::timestamptz)
     order by transfer limit ${limit}`)
}

/** Lines, the newest first; `until` is the last one of the page before. */
export async function latestTransfers(
  tx: Tx,
  query: Omit<TransferQuery, 'after'> & { readonly until: number | null },
): Promise<StoredTransfer[]> {
  const { partner, until, limit, from = null, before = null } = query
  return tx.rows<StoredTransfer>(sql`
    select ${COLUMNS} from transfer
     where (${until}::bigint is null or transfer < ${until}::bigint)
       and (${partner}::text is null or partner = ${partner}::text)
       and (${from}::timestamptz is null or at >= ${from}::timestamptz)
       and (${before}::timestamptz is null or at < ${before}::timestamptz)
     order by transfer desc limit ${limit}`)
}

/**
 * The accounts that last brought these files to where they lie, by upload or by rename; a path that nobody did
 * is missing.
 * @param paths from the top of the partner's tree, with or without the first `/`
 */
export async function uploadersOf(
  tx: Tx,
  partner: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.rows<{ path: string; account: string }>(sql`
    select distinct on (path) path, account from transfer
     where partner = ${partner} and action in ('upload', 'rename') and account is not null
       and path = any (${paths.map(fromTop)}::text[])
     order by path, transfer desc`)
  const found = new Map(rows.map(({ path, account }) => [path, account]))
  return new Map(
    paths.flatMap((path) => {
      const account = found.get(fromTop(path))
      return account === undefined ? [] : [[path, account] as const]
    }),
  )
}

function fromTop(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}
