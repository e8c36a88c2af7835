import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** One line of the audit log. */
export interface AuditLine {
  readonly at: string
  readonly account: string | null
  readonly partner: string | null
  readonly action: string
  readonly target: string
  readonly status: number
  readonly request: string
  readonly address: string
}

export interface StoredAuditLine extends AuditLine {
  readonly entry: number
}

export interface Seal {
  readonly seal: number
  readonly at: string
  readonly entries: number
  /** Numbers of its entries in order, as ranges: `3-17,19`. */
  readonly numbers: string
  /** Leaves of its tree in that order, 32 bytes each, base64. */
  readonly leaves: string
  readonly root: string
  /** Hash of the seal before, '' for the first. */
  readonly previous: string
  readonly kid: string
  readonly signature: string
}

const LINE = sql`entry, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, account, partner,
  action, target, status, request, address`

export async function putAuditLines(tx: Tx, lines: readonly AuditLine[]): Promise<void> {
  await tx.rows(sql`
    insert into audit_entry (at, account, partner, action, target, status, request, address)
    select at, account, partner, action, target, status, request, address
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l (
             at timestamptz, account text, partner text, action text, target text, status int, request text,
             address text)`)
}

/** Takes the sealer's lock; number of the last seal. */
export async function lockSeals(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ seal: number }>(sql`select seal from audit_head for update`)
  return row?.seal ?? 0
}

export async function unsealedLines(tx: Tx, limit: number): Promise<StoredAuditLine[]> {
  return tx.rows(sql`select ${LINE} from audit_entry where seal is null order by entry limit ${limit}`)
}

export async function putSeal(tx: Tx, seal: Seal, entries: readonly number[]): Promise<void> {
  await tx.rows(sql`update audit_entry set seal = ${seal.seal} where entry = any (${entries}::bigint[])`)
  await tx.rows(sql`
    insert into audit_seal (seal, at, entries, numbers, leaves, root, previous, kid, signature)
    values (${seal.seal}, ${seal.at}, ${seal.entries}, ${seal.numbers}, ${seal.leaves}, ${seal.root},
            ${seal.previous}, ${seal.kid}, ${seal.signature})`)
  await tx.rows(sql`update audit_head set seal = ${seal.seal}`)
}

export async function findSeal(tx: Tx, seal: number): Promise<Seal | null> {
  const [row] = await tx.rows<Seal>(sql`${SEALS} where seal = ${seal}`)
  return row ?? null
}

const SEALS = sql`select seal, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, entries, numbers,
  leaves, root, previous, kid, signature from audit_seal`

/** Seals after one, in order. */
export async function sealsAfter(tx: Tx, seal: number, limit: number): Promise<Seal[]> {
  return tx.rows(sql`${SEALS} where seal > ${seal} order by seal limit ${limit}`)
}

export async function linesOfSeal(tx: Tx, seal: number): Promise<StoredAuditLine[]> {
  return tx.rows(sql`select ${LINE} from audit_entry where seal = ${seal} order by entry`)
}

/** Lines that no seal covers yet, the first line whose seal does not exist, and how many seals were made. */
export async function looseLines(
  tx: Tx,
): Promise<{ unsealed: number; orphaned: number | null; sealed: number }> {
  const [row] = await tx.rows<{ unsealed: number; orphaned: number | null; sealed: number }>(sql`
    select (select seal from audit_head) as sealed, count(*) filter (where seal is null)::int as unsealed,
           min(entry) filter (where seal is not null
                              and not exists (select 1 from audit_seal s where s.seal = e.seal)) as orphaned
      from audit_entry e`)
  return row ?? { unsealed: 0, orphaned: null, sealed: 0 }
}
