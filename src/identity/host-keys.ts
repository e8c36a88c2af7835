import type { Database } from '../db/database.ts'
import { type HostKeyRow, listHostKeys, putHostKey } from '../store/host-keys.ts'
import { makeSshKey } from './make-ssh-key.ts'
import { readSshKey } from './ssh-key.ts'

/** A key of the file server, with the fingerprint that a client shows at its first visit. */
export interface HostKey extends HostKeyRow {
  readonly fingerprint: string
}

const ED25519 = 'ssh-ed25519'
const ECDSA = 'ecdsa-sha2-nistp256'

/**
 * The file server's keys, made at the first call and kept in the database, so that a client that has seen the
 * server once knows it for good.
 */
export async function hostKeys(db: Database): Promise<readonly HostKey[]> {
  const known = await db.transact(listHostKeys)
  const missing = [ED25519, ECDSA].filter((kind) => !known.some((row) => row.kind === kind))
  const made = missing.map(newHostKey)
  const rows =
    made.length === 0
      ? known
      : await db.transact(async (tx) => {
          for (const row of made) await putHostKey(tx, row)
          return listHostKeys(tx)
        })
  return rows.map((row) => ({ ...row, fingerprint: readSshKey(row.publicKey).fingerprint }))
}

function newHostKey(kind: string): HostKeyRow {
  const pair = makeSshKey(kind === ED25519 ? 'ed25519' : 'ecdsa')
  return { kind, privateKey: pair.private, publicKey: pair.public }
}
