import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A key by which clients know the file server again. */
export interface HostKeyRow {
  /** As SSH names it: `ssh-ed25519`. */
  readonly kind: string
  /** In OpenSSH's own format. */
  readonly privateKey: string
  /** One line, as in a `known_hosts` file. */
  readonly publicKey: string
}

export async function listHostKeys(tx: Tx): Promise<HostKeyRow[]> {
  return tx.rows<HostKeyRow>(sql`
    select kind, private_key as "privateKey", public_key as "publicKey" from host_key order by kind desc`)
}

/** Keeps a new key; of two nodes that start together, the first one's stays. */
export async function putHostKey(tx: Tx, row: HostKeyRow): Promise<void> {
  await tx.rows(sql`
    insert into host_key (kind, private_key, public_key) values (${row.kind}, ${row.privateKey}, ${row.publicKey})
        on conflict do nothing`)
}
