import type { Tx } from '../db/database.ts'
import { nothing, type Sql, sql } from '../db/sql.ts'
import { insertDocuments, type Kept } from './documents.ts'
import { type Counts, NO_COUNTS, type Submission, type SubmissionState } from './model.ts'
import { insertSegments, type Segment } from './segments.ts'

interface SubmissionRow extends Omit<Submission, 'counts'> {
  received: number
  created: number
  updated: number
  unchanged: number
  deleted: number
  rejected: number
  filtered: number
  removed: number
  cascaded: number
  withErrors: number
  translated: number
}

const COLUMNS: Sql = sql`s.book, s.tracking, b.exchange, b.realm, b.owner, s.partner, s.account, s.channel,
  s.by_centre as "byCentre", s.state, s.phase, s.reason, s.scope, s.dry_run as "dryRun",
  s.reconcile, s.file_name as "fileName",
  s.content_type as "contentType", s.format, s.document, s.document_bytes as "documentBytes", s.repeats,
  to_char(s.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt",
  s.received_date as "receivedDate",
  to_char(s.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt",
  to_char(s.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "closedAt",
  s.definition_hash as "definitionHash",
  coalesce((select d.rules from definition d where d.hash = s.definition_hash), '[]') as rules, s.checkpoint, s.share, s.received, s.created, s.updated, s.unchanged,
  s.deleted, s.rejected, s.filtered, s.removed, s.cascaded, s.with_errors as "withErrors",
  s.translated, s.unreadable_keys as "unreadableKeys", s.survey_change_no as "surveyChangeNo", s.preview, s.confirmed, s.merkle,
  s.segments, s.receipt`

function submissionFrom(row: SubmissionRow): Submission {
  const {
    received,
    created,
    updated,
    unchanged,
    deleted,
    rejected,
    filtered,
    removed,
    cascaded,
    withErrors,
    translated,
  } = row
  const counts: Counts = {
    received,
    created,
    updated,
    unchanged,
    deleted,
    rejected,
    filtered,
    removed,
    cascaded,
    withErrors,
    translated,
  }
  return { ...row, counts }
}

export type NewSubmission = Pick<
  Submission,
  | 'book'
  | 'tracking'
  | 'partner'
  | 'account'
  | 'channel'
  | 'byCentre'
  | 'state'
  | 'phase'
  | 'scope'
  | 'dryRun'
  | 'reconcile'
  | 'fileName'
  | 'contentType'
  | 'format'
  | 'document'
  | 'documentBytes'
  | 'receivedAt'
  | 'receivedDate'
  | 'definitionHash'
>

/** Registers deliveries; `repeats` names the latest earlier submission of the book with the same bytes. */
export async function putSubmissions(tx: Tx, rows: readonly NewSubmission[]): Promise<void> {
  await tx.rows(sql`
    insert into submission (book, tracking, partner, account, channel, by_centre, state, phase, scope, dry_run,
                            file_name, content_type, format, document, document_bytes, received_at, received_date,
                            definition_hash, reconcile, repeats)
    select j.book, j.tracking, j.partner, j.account, j.channel, j."byCentre", j.state, j.phase, j.scope, j."dryRun",
           j."fileName", j."contentType", j.format, j.document, j."documentBytes", j."receivedAt",
           j."receivedDate", j."definitionHash", j.reconcile,
           (select s.tracking from submission s where s.book = j.book and s.document = j.document
             order by s.received_at desc limit 1)
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as j (
             book int, tracking text, partner text, account text, channel text, "byCentre" boolean, state text,
             phase text, scope text, "dryRun" boolean, "fileName" text, "contentType" text, format text,
             document text, "documentBytes" bigint, "receivedAt" timestamptz, "receivedDate" text,
             "definitionHash" text, reconcile boolean)`)
}

/** A single-record submission: received, applied and closed in one transaction. */
export type ClosedSubmission = Pick<
  Submission,
  | 'book'
  | 'tracking'
  | 'partner'
  | 'account'
  | 'channel'
  | 'byCentre'
  | 'reason'
  | 'contentType'
  | 'format'
  | 'document'
  | 'documentBytes'
  | 'receivedAt'
  | 'receivedDate'
  | 'definitionHash'
  | 'merkle'
> &
  Counts

/** With their documents and logs, all by one statement: a call waits for every round trip. */
export async function putClosedSubmissions(
  tx: Tx,
  rows: readonly ClosedSubmission[],
  documents: readonly Kept[],
  segments: readonly Segment[],
): Promise<void> {
  await tx.rows(sql`
    with documents as (${insertDocuments(documents)}), logs as (${insertSegments(segments)})
    insert into submission (book, tracking, partner, account, channel, by_centre, state, reason, scope, dry_run,
                            file_name, content_type, format, document, document_bytes, received_at, received_date, started_at,
                            closed_at, definition_hash, checkpoint, share, received, created, updated, unchanged,
                            deleted, rejected, filtered, cascaded, with_errors, translated, merkle, segments)
    select j.book, j.tracking, j.partner, j.account, j.channel, j."byCentre", 'completed', j.reason, 'incremental', false,
           '', j."contentType", j.format, j.document, j."documentBytes", j."receivedAt", j."receivedDate",
           j."receivedAt", j."receivedAt", j."definitionHash", 1, 1, j.received, j.created, j.updated, j.unchanged,
           j.deleted, j.rejected, j.filtered, j.cascaded, j."withErrors", j.translated, j.merkle, 1
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as j (
             book int, tracking text, partner text, account text, channel text, "byCentre" boolean, reason text,
             "contentType" text, format text, document text, "documentBytes" bigint, "receivedAt" timestamptz,
             "receivedDate" text, "definitionHash" text, received bigint, created bigint, updated bigint,
             unchanged bigint, deleted bigint, rejected bigint, filtered bigint, cascaded bigint, "withErrors" bigint,
             translated bigint, merkle jsonb)`)
}

/** One submission, or null. Under a reader's scope, only of the books given. */
export async function findSubmission(tx: Tx, book: number, tracking: string): Promise<Submission | null> {
  const [row] = await tx.rows<SubmissionRow>(sql`
    select ${COLUMNS} from submission s join book b using (book)
     where s.book = ${book} and s.tracking = ${tracking}`)
  return row === undefined ? null : submissionFrom(row)
}

/** Submissions by their numbers, in order of those; what is not there is left out. */
export async function findSubmissions(
  tx: Tx,
  keys: readonly { readonly book: number; readonly tracking: string }[],
): Promise<Submission[]> {
  const rows = await tx.rows<SubmissionRow>(sql`
    select ${COLUMNS} from submission s join book b using (book)
      join unnest(${keys.map(({ book }) => book)}::int[], ${keys.map(({ tracking }) => tracking)}::text[])
           as k (book, tracking) on k.book = s.book and k.tracking = s.tracking
     order by s.tracking collate "C"`)
  return rows.map(submissionFrom)
}

export interface SubmissionQuery {
  readonly books: readonly number[]
  readonly partners: readonly string[] | null
  readonly state: SubmissionState | null
  readonly kind: 'documents' | 'records' | null
  readonly withErrors: boolean
  readonly from: string | null
  readonly until: string | null
  readonly text: string | null
  /** Only reconciliations; otherwise all. */
  readonly reconcile?: boolean
  readonly limit: number
  /** Show those received before this one: its time and tracking number. */
  readonly before: { readonly receivedAt: string; readonly tracking: string } | null
}

/** Submissions of these books, newest first. */
export async function listSubmissions(tx: Tx, query: SubmissionQuery): Promise<Submission[]> {
  const rows = await tx.rows<SubmissionRow>(sql`
    select ${COLUMNS} from submission s join book b using (book)
     where s.book = any (${query.books}::int[])
       and (${query.partners}::text[] is null or s.partner = any (${query.partners}::text[]))
       and (${query.state}::text is null or s.state = ${query.state}::text)
       and (${query.kind}::text is null or (s.file_name = '' and s.received = 1) = (${query.kind}::text = 'records'))
       and (not ${query.withErrors}::boolean or s.rejected > 0 or s.with_errors > 0)
       and (${query.from}::timestamptz is null or s.received_at >= ${query.from}::timestamptz)
       and (${query.until}::timestamptz is null or s.received_at < ${query.until}::timestamptz)
       and (${query.text}::text is null or strpos(lower(s.tracking), lower(${query.text}::text)) > 0
            or strpos(lower(s.file_name), lower(${query.text}::text)) > 0)
       ${query.reconcile === true ? sql`and s.reconcile` : nothing}
       and (${query.before?.receivedAt ?? null}::timestamptz is null
            or (s.received_at, s.tracking) < (${query.before?.receivedAt ?? null}::timestamptz,
                                              ${query.before?.tracking ?? null}::text))
     order by s.received_at desc, s.tracking desc
     limit ${query.limit}`)
  return rows.map(submissionFrom)
}

/**
 * A worker takes a submission over: from now on only writes that carry this claim succeed.
 * @returns false when it is closed or held
 */
export async function claimSubmission(
  tx: Tx,
  book: number,
  tracking: string,
  claim: number,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update submission
       set claim = ${claim}, started_at = coalesce(started_at, now()),
           state = case when phase = 'survey' then 'surveying' else 'processing' end
     where book = ${book} and tracking = ${tracking} and state in ('queued', 'surveying', 'processing')
     returning 1`)
  return rows.length === 1
}

/**
 * Is this claim still the one that may write? Asked first in a transaction: until its end nobody can take the
 * submission over, and what a worker that lost it would write is not even tried.
 */
export async function holdClaim(tx: Tx, book: number, tracking: string, claim: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    select 1 from submission
     where book = ${book} and tracking = ${tracking} and claim = ${claim} and closed_at is null for update`)
  return rows.length === 1
}

/** What one chunk adds to its submission. */
export interface Step {
  readonly book: number
  readonly tracking: string
  readonly claim: number
  readonly from: number
  readonly to: number
  readonly counts: Counts
  readonly unreadableKeys: number
  readonly merkle: readonly (string | null)[]
  readonly segments: number
  readonly share: number | null
  readonly format: string | null
}

/**
 * Moves the checkpoint on, in the chunk's transaction. False when another worker holds the submission or
 * the place is not where this one left it: the chunk must be rolled back.
 */
export async function advanceSubmission(tx: Tx, step: Step): Promise<boolean> {
  const { counts } = step
  const rows = await tx.rows(sql`
    update submission set
      checkpoint = ${step.to}, received = received + ${counts.received}, created = created + ${counts.created},
      updated = updated + ${counts.updated}, unchanged = unchanged + ${counts.unchanged},
      deleted = deleted + ${counts.deleted}, rejected = rejected + ${counts.rejected},
      filtered = filtered + ${counts.filtered}, removed = removed + ${counts.removed},
      cascaded = cascaded + ${counts.cascaded}, with_errors = with_errors + ${counts.withErrors},
      translated = translated + ${counts.translated},
      unreadable_keys = unreadable_keys + ${step.unreadableKeys},
      merkle = ${JSON.stringify(step.merkle)}::jsonb, segments = segments + ${step.segments},
      share = ${step.share}, format = coalesce(format, ${step.format}::text)
    where book = ${step.book} and tracking = ${step.tracking} and claim = ${step.claim} and checkpoint = ${step.from}
      and closed_at is null
    returning 1`)
  return rows.length === 1
}

/** A change of state by the worker that holds the claim. False when it no longer does. */
export async function moveSubmission(
  tx: Tx,
  move: {
    book: number
    tracking: string
    claim: number
    state: SubmissionState
    phase?: Submission['phase']
    reason?: string | null
    preview?: Readonly<Record<string, unknown>> | null
    surveyChangeNo?: number
    restart?: boolean
    receipt?: string
  },
): Promise<boolean> {
  const closed = ['completed', 'incomplete', 'refused', 'cancelled'].includes(move.state)
  const rows = await tx.rows(sql`
    update submission set
      state = ${move.state}, phase = coalesce(${move.phase ?? null}::text, phase),
      reason = coalesce(${move.reason ?? null}::text, reason),
      preview = coalesce(${move.preview === undefined || move.preview === null ? null : JSON.stringify(move.preview)}::jsonb, preview),
      survey_change_no = coalesce(${move.surveyChangeNo ?? null}::bigint, survey_change_no),
      checkpoint = case when ${move.restart === true} then 0 else checkpoint end,
      closed_at = case when ${closed} then now() end,
      share = case when ${closed} then 1 else share end,
      receipt = coalesce(${move.receipt ?? null}::text, receipt)
    where book = ${move.book} and tracking = ${move.tracking} and claim = ${move.claim} and closed_at is null
    returning 1`)
  return rows.length === 1
}

/** Forgets what a survey counted, so that the pass that applies starts from nothing. */
export async function clearCounts(tx: Tx, book: number, tracking: string): Promise<void> {
  await tx.rows(sql`
    update submission set received = 0, created = 0, updated = 0, unchanged = 0, deleted = 0, rejected = 0,
           filtered = 0, removed = 0, cascaded = 0, with_errors = 0, translated = 0, unreadable_keys = 0, merkle = '[]', segments = 0
     where book = ${book} and tracking = ${tracking}`)
}

/** A person's answer to a held submission: run it again from its survey, or end it. */
export async function answerHeld(
  tx: Tx,
  book: number,
  tracking: string,
  answer:
    | { state: 'queued'; confirmed: Readonly<Record<string, unknown>> }
    | { state: 'cancelled'; reason: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update submission set state = ${answer.state},
      confirmed = ${answer.state === 'queued' ? JSON.stringify(answer.confirmed) : null}::jsonb,
      reason = ${answer.state === 'cancelled' ? answer.reason : null},
      phase = 'survey', checkpoint = 0,
      closed_at = case when ${answer.state === 'cancelled'} then now() end
    where book = ${book} and tracking = ${tracking} and state = 'held' returning 1`)
  return rows.length === 1
}

/** Keeps a receipt that was signed when it was first asked for; the first one stays. */
export async function keepReceipt(tx: Tx, book: number, tracking: string, receipt: string): Promise<string> {
  const [row] = await tx.rows<{ receipt: string }>(sql`
    update submission set receipt = coalesce(receipt, ${receipt})
     where book = ${book} and tracking = ${tracking} returning receipt`)
  return row?.receipt ?? receipt
}

/** Sum of two counts, number by number. */
export function addCounts(left: Counts, right: Partial<Counts>): Counts {
  const sum: Record<string, number> = {}
  for (const name of Object.keys(NO_COUNTS) as (keyof Counts)[]) sum[name] = left[name] + (right[name] ?? 0)
  return sum as unknown as Counts
}
