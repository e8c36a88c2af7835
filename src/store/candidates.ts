import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Problem } from '../exchange/problem.ts'
import { isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

/** An uploaded definition. Times are ISO texts in UTC. */
export interface Candidate {
  readonly id: number
  readonly exchange: string
  readonly fileName: string
  /** Of the definition that its files make; empty where they make none. */
  readonly hash: string
  readonly problems: readonly Problem[]
  readonly uploadedBy: string
  readonly uploadedAt: string
  readonly shadow: unknown
  readonly activateAt: string | null
  readonly activatedBy: string | null
  readonly reason: string | null
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

/** What a candidate that is in force says. */
export interface CandidateFiles {
  readonly id: number
  readonly exchange: string
  readonly files: Readonly<Record<string, string>>
}

const columns = sql`id, exchange, file_name as "fileName", hash, problems, uploaded_by as "uploadedBy",
  ${isoTime('uploaded_at')} as "uploadedAt", shadow,
  ${isoTime('activate_at')} as "activateAt",
  activated_by as "activatedBy", reason,
  ${isoTime('withdrawn_at')} as "withdrawnAt",
  withdrawn_by as "withdrawnBy", withdrawn_reason as "withdrawnReason"`

const shownMax = 100

/** The candidates of an exchange, newest first. */
export async function listCandidates(tx: Tx, exchange: string): Promise<Candidate[]> {
  return tx.rows<Candidate>(sql`
    select ${columns} from candidate where exchange = ${exchange} order by id desc limit ${shownMax}`)
}

export async function findCandidate(tx: Tx, exchange: string, id: number): Promise<Candidate | null> {
  const [row] = await tx.rows<Candidate>(sql`
    select ${columns} from candidate where exchange = ${exchange} and id = ${id}`)
  return row ?? null
}

export async function candidateFiles(tx: Tx, id: number): Promise<Readonly<Record<string, string>>> {
  const [row] = await tx.rows<Pick<CandidateFiles, 'files'>>(
    sql`select files from candidate where id = ${id}`,
  )
  return row?.files ?? {}
}

export async function putCandidate(
  tx: Tx,
  candidate: Pick<Candidate, 'exchange' | 'fileName' | 'hash' | 'problems' | 'uploadedBy' | 'uploadedAt'> & {
    readonly files: Readonly<Record<string, string>>
  },
): Promise<number> {
  const { exchange, fileName, files, hash, problems, uploadedBy, uploadedAt } = candidate
  const [row] = await tx.rows<{ id: number }>(sql`
    insert into candidate (exchange, file_name, files, hash, problems, uploaded_by, uploaded_at)
    values (${exchange}, ${fileName}, ${JSON.stringify(files)}::jsonb, ${hash}, ${JSON.stringify(problems)}::jsonb,
            ${uploadedBy}, ${uploadedAt}::timestamptz)
    returning id`)
  return row?.id ?? 0
}

export async function putShadow(tx: Tx, id: number, shadow: object): Promise<void> {
  await tx.rows(sql`update candidate set shadow = ${JSON.stringify(shadow)}::jsonb where id = ${id}`)
}

/** A process that ended took the runs in shadow that were under way with it. */
export async function endShadows(tx: Tx): Promise<void> {
  await tx.rows(sql`
    update candidate set shadow = shadow || '{"state": "broken-off"}' where shadow ->> 'state' = 'running'`)
}

/** The candidate is to be in force from then on. False when it was activated or withdrawn before. */
export async function activateCandidate(
  tx: Tx,
  id: number,
  activation: { readonly at: string; readonly by: string; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update candidate
       set activate_at = ${activation.at}::timestamptz, activated_by = ${activation.by}, reason = ${activation.reason}
     where id = ${id} and activate_at is null and withdrawn_at is null returning 1`)
  return rows.length === 1
}

/** As if it had not been activated: it could not be put in force. */
export async function deactivateCandidate(tx: Tx, id: number): Promise<void> {
  await tx.rows(
    sql`update candidate set activate_at = null, activated_by = null, reason = null where id = ${id}`,
  )
}

/** False when it was never activated, or withdrawn before. */
export async function withdrawCandidate(
  tx: Tx,
  id: number,
  withdrawal: { readonly at: string; readonly by: string; readonly reason: string },
): Promise<boolean> {
  const { at, by, reason } = withdrawal
  const rows = await tx.rows(sql`
    update candidate set withdrawn_at = ${at}::timestamptz, withdrawn_by = ${by}, withdrawn_reason = ${reason}
     where id = ${id} and activate_at is not null and withdrawn_at is null returning 1`)
  return rows.length === 1
}

/** Of each exchange the candidate that is in force now, where there is one. */
export async function candidatesInForce(tx: Tx): Promise<CandidateFiles[]> {
  return tx.rows<CandidateFiles>(sql`
    select distinct on (exchange) id, exchange, files from candidate
     where activate_at <= now() and withdrawn_at is null
     order by exchange, activate_at desc, id desc`)
}

/** Another text as soon as another candidate is in force. */
export async function candidatesMark(tx: Tx): Promise<string> {
  const rows = await tx.rows<{ id: number }>(sql`
    select distinct on (exchange) id from candidate
     where activate_at <= now() and withdrawn_at is null
     order by exchange, activate_at desc, id desc`)
  return rows.map(({ id }) => id).join(' ')
}

/** Documents that were received before and are dealt with, the newest first. */
export async function pastDocuments(
  tx: Tx,
  query: {
    readonly exchange: string
    readonly realm: Realm
    readonly last: number
    readonly from: string | null
    readonly until: string | null
  },
): Promise<{ readonly book: number; readonly tracking: string }[]> {
  return tx.rows(sql`
    select s.book, s.tracking from submission s join book b using (book)
     where b.exchange = ${query.exchange} and b.realm = ${query.realm} and s.state = 'completed'
       and not s.reconcile and not s.dry_run and not (s.file_name = '' and s.received = 1)
       and (${query.from}::timestamptz is null or s.received_at >= ${query.from}::timestamptz)
       and (${query.until}::timestamptz is null or s.received_at < ${query.until}::timestamptz)
     order by s.received_at desc, s.tracking desc limit ${query.last}`)
}
