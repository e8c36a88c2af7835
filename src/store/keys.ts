import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

export type KeyPurpose = 'token' | 'paper'

/** A signing key: Ed25519, private part as PKCS#8 PEM, public part as JWK. */
export interface KeyRow {
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly privateKey: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  readonly retired: boolean
}

/** All keys, newest first; retired ones still verify what they signed. */
export async function listKeys(tx: Tx): Promise<KeyRow[]> {
  return tx.rows<KeyRow>(sql`
    select kid, purpose, private_key as "privateKey", public_jwk as "publicJwk", retired_at is not null as retired
      from signing_key order by created_at desc, kid`)
}

export async function putKey(tx: Tx, key: Omit<KeyRow, 'retired'>): Promise<void> {
  await tx.rows(sql`
    insert into signing_key (kid, purpose, private_key, public_jwk)
    values (${key.kid}, ${key.purpose}, ${key.privateKey}, ${JSON.stringify(key.publicJwk)}::jsonb)`)
}
