import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import type { Realm } from './model.ts'

export type IntakeFileState = 'taken' | 'refused' | 'held' | 'submitted' | 'done' | 'discarded'

/** A file that was picked up. Times are ISO texts in UTC. */
export interface IntakeFile {
  readonly intake: string
  /** Identity of the upload. */
  readonly file: string
  readonly name: string
  /** Where it lay, from the top of its tree. */
  readonly folder: string
  readonly bytes: number
  /** Size of what is in it, where it came under OpenPGP; otherwise null. */
  readonly contentBytes: number | null
  readonly sha256: string | null
  readonly modifiedAt: string
  readonly takenAt: string
  readonly account: string
  readonly state: IntakeFileState
  /** Why it was refused or is held. */
  readonly code: string | null
  readonly reason: string | null
  /** The submission that its records are in, and its name there when it is one of many. */
  readonly tracking: string | null
  readonly member: string
  /** How often it was in a submission of many that broke before it was read. */
  readonly splits: number
  /** A document format, or `sha256` and `md5` for the checksum of another file; null when unknown. */
  readonly format: string | null
  readonly total: number
  readonly success: number
  readonly errors: number
  readonly processedAt: string | null
  /** Its name in the archive folder while it is there. */
  readonly archived: string | null
}

/** Of the table under the name f, as `IntakeFile` has them. */
export const FILE_COLUMNS: Sql = sql`f.intake, f.file, f.name, f.folder, f.bytes,
  f.content_bytes as "contentBytes", f.sha256,
  to_char(f.modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "modifiedAt",
  to_char(f.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
  f.account, f.state, f.code, f.reason, f.tracking, f.member, f.splits, f.format, f.total, f.success, f.errors,
  to_char(f.processed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "processedAt", f.archived`

export type NewIntakeFile = Pick<
  IntakeFile,
  | 'intake'
  | 'file'
  | 'name'
  | 'folder'
  | 'bytes'
  | 'modifiedAt'
  | 'takenAt'
  | 'account'
  | 'state'
  | 'code'
  | 'reason'
  | 'format'
>

/** Notes files as taken; one that is known already stays as it is. */
export async function putIntakeFiles(tx: Tx, files: readonly NewIntakeFile[]): Promise<void> {
  await tx.rows(sql`
    insert into intake_file (intake, file, name, folder, bytes, modified_at, taken_at, account, state, code, reason,
                             format)
    select j.intake, j.file, j.name, j.folder, j.bytes, j."modifiedAt", j."takenAt", j.account, j.state, j.code,
           j.reason, j.format
      from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as j (
             intake text, file text, name text, folder text, bytes bigint, "modifiedAt" timestamptz,
             "takenAt" timestamptz, account text, state text, code text, reason text, format text)
        on conflict (file) do nothing`)
}

/** Which of these files are known. */
export async function knownFiles(tx: Tx, files: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ file: string }>(sql`
    select file from intake_file where file = any (${files}::text[])`)
  return new Set(rows.map(({ file }) => file))
}

/** What an intake has gathered: files that are not held, and when the latest of them came (milliseconds). */
export interface Gathered {
  readonly files: number
  readonly bytes: number
  readonly lastTakenAt: number | null
}

export async function gatheredBy(tx: Tx, intake: string): Promise<Gathered> {
  const [row] = await tx.rows<Gathered>(sql`
    select count(*)::int as files, coalesce(sum(bytes), 0)::float8 as bytes,
           (extract(epoch from max(taken_at)) * 1000)::float8 as "lastTakenAt"
      from intake_file where intake = ${intake} and state <> 'held'`)
  return row ?? { files: 0, bytes: 0, lastTakenAt: null }
}

/** Paths (`folder/name`) of an intake's files, in small letters. */
export async function pathsInIntake(tx: Tx, intake: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ path: string }>(sql`
    select lower(folder || '/' || name) as path from intake_file where intake = ${intake}`)
  return new Set(rows.map(({ path }) => path))
}

/** All files of an intake, in order of name. */
export async function listIntakeFiles(tx: Tx, intake: string): Promise<IntakeFile[]> {
  return tx.rows<IntakeFile>(sql`
    select ${FILE_COLUMNS} from intake_file f where f.intake = ${intake} order by f.name collate "C", f.file`)
}

/** Numbers of the submissions that an intake's files are in. */
export async function trackingsOf(tx: Tx, intake: string): Promise<string[]> {
  const rows = await tx.rows<{ tracking: string }>(sql`
    select distinct tracking from intake_file where intake = ${intake} and tracking is not null`)
  return rows.map(({ tracking }) => tracking)
}

export async function findIntakeFile(tx: Tx, file: string): Promise<IntakeFile | null> {
  const [row] = await tx.rows<IntakeFile>(
    sql`select ${FILE_COLUMNS} from intake_file f where f.file = ${file}`,
  )
  return row ?? null
}

/**
 * Where checksums are required: holds the files of a gathering intake whose checksum has not come, and lets go
 * those whose has. What a person held or released (a reason says so) stays.
 */
export async function holdUnchecked(tx: Tx, intake: string): Promise<void> {
  await tx.rows(sql`
    with checksum as (
      select distinct folder, regexp_replace(lower(name), '\\.(sha256|md5)$', '') as name
        from intake_file where intake = ${intake} and format in ('sha256', 'md5')
    ), settled as (
      select f.file, case when c.name is null then 'held' else 'taken' end as state
        from intake_file f left join checksum c on c.folder = f.folder and c.name = lower(f.name)
       where f.intake = ${intake} and f.state in ('taken', 'held') and f.reason is null
         and coalesce(f.format, '') not in ('sha256', 'md5')
    )
    update intake_file f
       set state = s.state, code = case when s.state = 'held' then 'FILE_CHECKSUM_MISSING' end
      from settled s where s.file = f.file and s.state <> f.state`)
}

/** Refuses files whose checksum has not come by now. */
export async function refuseUnchecked(
  tx: Tx,
  intake: string,
  takenBefore: number,
  reason: string,
): Promise<void> {
  await tx.rows(sql`
    update intake_file set state = 'refused', reason = ${reason}
     where intake = ${intake} and state = 'held' and code = 'FILE_CHECKSUM_MISSING'
       and taken_at <= ${new Date(takenBefore).toISOString()}::timestamptz`)
}

/** Held files do not keep the others waiting: they and their checksums go to the intake that gathers next. */
export async function moveHeld(tx: Tx, from: string, to: string): Promise<void> {
  await tx.rows(sql`
    with held as (
      select file, folder, lower(name) as name from intake_file where intake = ${from} and state = 'held'
    )
    update intake_file f set intake = ${to}
     where f.intake = ${from}
       and (f.state = 'held' or (f.format in ('sha256', 'md5') and exists (
              select 1 from held h
               where h.folder = f.folder and h.name = regexp_replace(lower(f.name), '\\.(sha256|md5)$', ''))))`)
}

/** Has an intake files that are held? */
export async function hasHeld(tx: Tx, intake: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    select 1 from intake_file where intake = ${intake} and state = 'held' limit 1`)
  return rows.length > 0
}

/** What checking found of files. */
export type CheckedFile = Pick<
  IntakeFile,
  'file' | 'contentBytes' | 'sha256' | 'format' | 'state' | 'code' | 'reason'
>

export async function noteChecked(tx: Tx, files: readonly CheckedFile[]): Promise<void> {
  await tx.rows(sql`
    update intake_file f
       set content_bytes = j."contentBytes", sha256 = j.sha256, format = j.format, state = j.state, code = j.code,
           reason = j.reason
      from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as j (
             file text, "contentBytes" bigint, sha256 text, format text, state text, code text, reason text)
     where f.file = j.file and f.state in ('taken', 'refused')`)
}

/** These files are in a submission now; `members` are their names in it, '' for one that is it. */
export async function noteSubmitted(
  tx: Tx,
  tracking: string,
  files: readonly string[],
  members: readonly string[],
): Promise<void> {
  await tx.rows(sql`
    update intake_file f set state = 'submitted', tracking = ${tracking}, member = j.member
      from unnest(${files}::text[], ${members}::text[]) as j (file, member)
     where f.file = j.file and f.state = 'taken'`)
}

/** Their submission broke before they were read: they wait for another one. */
export async function splitOff(tx: Tx, files: readonly string[]): Promise<void> {
  await tx.rows(sql`
    update intake_file set state = 'taken', tracking = null, member = '', splits = splits + 1
     where file = any (${files}::text[]) and state = 'submitted'`)
}

/** What became of files. */
export type ProcessedFile = Pick<
  IntakeFile,
  'file' | 'state' | 'total' | 'success' | 'errors' | 'processedAt' | 'code' | 'reason' | 'format'
>

export async function noteProcessed(tx: Tx, files: readonly ProcessedFile[]): Promise<void> {
  await tx.rows(sql`
    update intake_file f
       set state = j.state, total = j.total, success = j.success, errors = j.errors,
           processed_at = j."processedAt", code = j.code, reason = j.reason, format = coalesce(j.format, f.format)
      from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as j (
             file text, state text, total bigint, success bigint, errors bigint, "processedAt" timestamptz,
             code text, reason text, format text)
     where f.file = j.file and f.state = 'submitted'`)
}

/** Checksums have served when the files that they are of were processed or refused. */
export async function endChecksums(tx: Tx, intake: string, at: number): Promise<void> {
  await tx.rows(sql`
    update intake_file set state = 'done', processed_at = ${new Date(at).toISOString()}::timestamptz
     where intake = ${intake} and state = 'taken' and format in ('sha256', 'md5')`)
}

export async function noteArchived(
  tx: Tx,
  files: readonly string[],
  names: readonly (string | null)[],
): Promise<void> {
  await tx.rows(sql`
    update intake_file f set archived = j.name
      from unnest(${files}::text[], ${names}::text[]) as j (file, name) where f.file = j.file`)
}

/** A person's word on one file; false when it is not in the state it is moved from. */
export async function decideFile(
  tx: Tx,
  file: string,
  from: IntakeFileState,
  to: { readonly state: IntakeFileState; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update intake_file f
       set state = ${to.state}, code = ${to.state === 'discarded' ? 'FILE_DISCARDED' : null}, reason = ${to.reason}
      from intake i
     where f.file = ${file} and f.state = ${from} and i.intake = f.intake and i.state = 'gathering' returning 1`)
  return rows.length === 1
}

/** Files in the archive of a mailbox whose intake was done before a time. */
export async function archivedBefore(
  tx: Tx,
  mailbox: {
    readonly partner: string
    readonly place: string
    readonly exchange: string
    readonly realm: Realm
  },
  before: number,
  limit: number,
): Promise<{ readonly file: string; readonly archived: string }[]> {
  return tx.rows(sql`
    select f.file, f.archived from intake_file f join intake i using (intake)
     where i.partner = ${mailbox.partner} and i.place = ${mailbox.place} and i.exchange = ${mailbox.exchange}
       and i.realm = ${mailbox.realm} and i.kind = 'files' and i.state = 'done' and f.archived is not null
       and i.closed_at < ${new Date(before).toISOString()}::timestamptz
     order by f.intake limit ${limit}`)
}
