import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A key by which clients know the file server again. */
export interface HostKeyRow {
  /** `SHA256:…` */
  readonly fingerprint: string
  /** As SSH names it: `ssh-ed25519`. */
  readonly kind: string
  /** In OpenSSH's own format; null once it is retired. */
  readonly privateKey: string | null
  /** One line, as in a `known_hosts` file. */
  readonly publicKey: string
  /** ISO. */
  readonly createdAt: string
  readonly retiredAt: string | null
}

const TIME = sql`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/** All keys, of each kind the oldest first. */
export async function listHostKeys(tx: Tx): Promise<HostKeyRow[]> {
  return tx.rows<HostKeyRow>(sql`
    select fingerprint, kind, private_key as "privateKey", public_key as "publicKey",
           to_char(created_at at time zone 'UTC', ${TIME}) as "createdAt",
           to_char(retired_at at time zone 'UTC', ${TIME}) as "retiredAt"
      from host_key order by kind desc, created_at, fingerprint`)
}

/** Others who would make or retire keys wait for the end of this transaction. */
export async function lockHostKeys(tx: Tx): Promise<void> {
  await tx.rows(sql`lock table host_key in share row exclusive mode`)
}

export async function putHostKey(
  tx: Tx,
  row: Pick<HostKeyRow, 'fingerprint' | 'kind' | 'privateKey' | 'publicKey'>,
): Promise<void> {
  await tx.rows(sql`
    insert into host_key (fingerprint, kind, private_key, public_key, created_at)
    values (${row.fingerprint}, ${row.kind}, ${row.privateKey}, ${row.publicKey}, clock_timestamp())`)
}

/** Takes a key out of use; its private part is forgotten. */
export async function retireHostKey(tx: Tx, fingerprint: string): Promise<void> {
  await tx.rows(sql`
    update host_key set retired_at = clock_timestamp(), private_key = null where fingerprint = ${fingerprint}`)
}
