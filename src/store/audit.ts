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

/** Which lines of the log are looked for. Texts are parts of what is said, in any case of letters; null: any. */
export interface AuditFilter {
  /** Part of a login, or the id of an account. */
  readonly who: string | null
  readonly partner: string | null
  readonly action: string | null
  readonly target: string | null
  /** ISO; `from` is included. */
  readonly from: string | null
  readonly until: string | null
  /** `changes`: not what only read; `refused`: what was not let through or did not work. */
  readonly kind: 'all' | 'changes' | 'refused'
}

/** A line with the login of its account, as far as that is known. */
export interface NamedAuditLine extends StoredAuditLine {
  readonly login: string | null
  readonly sealed: boolean
}

const CHANGES = sql`action not like 'GET %' and action not like 'HEAD %'`

/** Lines that fit, the newest first. */
export async function searchAudit(
  tx: Tx,
  filter: AuditFilter,
  { limit, before }: { readonly limit: number; readonly before: number | null },
): Promise<NamedAuditLine[]> {
  const { who, partner, action, target, from, until, kind } = filter
  return tx.rows<NamedAuditLine>(sql`
    select l.*, a.login
      from (select ${LINE}, seal is not null as sealed from audit_entry
             where (${before}::bigint is null or entry < ${before}::bigint)
               and (${who}::text is null or account = ${who}::text or account in (
                    select account::text from account where strpos(login, lower(${who}::text)) > 0))
               and (${partner}::text is null or partner = ${partner}::text)
               and (${action}::text is null or strpos(lower(action), lower(${action}::text)) > 0)
               and (${target}::text is null or strpos(lower(target), lower(${target}::text)) > 0)
               and (${from}::timestamptz is null or at >= ${from}::timestamptz)
               and (${until}::timestamptz is null or at < ${until}::timestamptz)
               and (${kind}::text <> 'changes' or ${CHANGES})
               and (${kind}::text <> 'refused' or status >= 400)
             order by entry desc limit ${limit}) l
      left join account a on a.account::text = l.account
     order by l.entry desc`)
}
