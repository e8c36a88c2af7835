import { randomBytes } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import type { Realm } from './model.ts'

export type IntakeState = 'gathering' | 'checking' | 'processing' | 'reporting' | 'done'

/** Files of one mailbox picked up together, or bulk calls collected together. Times are ISO texts in UTC. */
export interface Intake {
  readonly intake: string
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
  /** '' is the partner's own tree. */
  readonly place: string
  readonly kind: 'files' | 'calls'
  readonly state: IntakeState
  readonly openedAt: string
  readonly gatheredAt: string | null
  readonly closedAt: string | null
  readonly lastError: string | null
}

/** Where files of one kind come from. */
export type Mailbox = Pick<Intake, 'partner' | 'exchange' | 'realm' | 'place' | 'kind'>

const COLUMNS: Sql = sql`i.intake, i.partner, i.exchange, i.realm, i.place, i.kind, i.state,
  to_char(i.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "openedAt",
  to_char(i.gathered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "gatheredAt",
  to_char(i.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "closedAt",
  i.last_error as "lastError"`

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * A new intake id: time in UTC, exchange, 40 random bits; sorts by time and can stand in a file's name.
 * @param now milliseconds since 1970
 */
export function newIntakeId(exchange: string, now: number): string {
  const time = new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)
  const random = [...randomBytes(8)].map((byte) => letters[byte % 32]).join('')
  return `${time}-${exchange.toUpperCase()}-${random}`
}

/**
 * The intake that gathers for a mailbox, opened when there is none. Until the transaction ends it goes on
 * gathering: what is added in it will be part of what is reported.
 */
export async function openIntake(tx: Tx, mailbox: Mailbox, now: number): Promise<Intake> {
  const { partner, exchange, realm, place, kind } = mailbox
  for (let attempt = 0; attempt < 5; attempt += 1) {
    // Shared, so that calls of one partner do not wait for each other; ending the gathering waits for all.
    const [found] = await tx.rows<Intake>(sql`
      select ${COLUMNS} from intake i
       where i.partner = ${partner} and i.exchange = ${exchange} and i.realm = ${realm} and i.place = ${place}
         and i.kind = ${kind} and i.state = 'gathering' for share`)
    if (found !== undefined) return found
    await tx.rows(sql`
      insert into intake (intake, partner, exchange, realm, place, kind, state, opened_at)
      values (${newIntakeId(exchange, now)}, ${partner}, ${exchange}, ${realm}, ${place}, ${kind}, 'gathering',
              ${new Date(now).toISOString()}::timestamptz)
          on conflict do nothing`)
  }
  throw new Error(`the intake of ${partner}, ${exchange} could not be opened`)
}

/** The intake that gathers for a mailbox now, or null. */
export async function findGathering(tx: Tx, mailbox: Mailbox): Promise<Intake | null> {
  const { partner, exchange, realm, place, kind } = mailbox
  const [row] = await tx.rows<Intake>(sql`
    select ${COLUMNS} from intake i
     where i.partner = ${partner} and i.exchange = ${exchange} and i.realm = ${realm} and i.place = ${place}
       and i.kind = ${kind} and i.state = 'gathering'`)
  return row ?? null
}

export async function findIntake(tx: Tx, intake: string): Promise<Intake | null> {
  const [row] = await tx.rows<Intake>(sql`select ${COLUMNS} from intake i where i.intake = ${intake}`)
  return row ?? null
}

/** Intakes that are not done, oldest first; of one partner's place, or of all (null). */
export async function openIntakes(
  tx: Tx,
  of: { readonly partner: string; readonly place: string } | null,
): Promise<Intake[]> {
  return tx.rows<Intake>(sql`
    select ${COLUMNS} from intake i
     where i.state <> 'done'
       and (${of?.partner ?? null}::text is null
            or (i.partner = ${of?.partner ?? null}::text and i.place = ${of?.place ?? null}::text))
     order by i.intake`)
}

export interface IntakeQuery {
  readonly partners: readonly string[] | null
  readonly exchange: string | null
  readonly realm: Realm | null
  readonly state: IntakeState | null
  /** Show those before this one. */
  readonly before: string | null
  readonly limit: number
}

/** Intakes, newest first. */
export async function listIntakes(tx: Tx, query: IntakeQuery): Promise<Intake[]> {
  return tx.rows<Intake>(sql`
    select ${COLUMNS} from intake i
     where (${query.partners}::text[] is null or i.partner = any (${query.partners}::text[]))
       and (${query.exchange}::text is null or i.exchange = ${query.exchange}::text)
       and (${query.realm}::text is null or i.realm = ${query.realm}::text)
       and (${query.state}::text is null or i.state = ${query.state}::text)
       and (${query.before}::text is null or i.intake < ${query.before}::text)
     order by i.intake desc limit ${query.limit}`)
}

/** Moves an intake on; false when it is not in the state it is moved from. */
export async function moveIntake(
  tx: Tx,
  intake: string,
  from: IntakeState,
  to: IntakeState,
  now: number,
): Promise<boolean> {
  const at = new Date(now).toISOString()
  const rows = await tx.rows(sql`
    update intake set state = ${to}, last_error = null,
      gathered_at = case when ${from} = 'gathering' then ${at}::timestamptz else gathered_at end,
      closed_at = case when ${to} = 'done' then ${at}::timestamptz else closed_at end
     where intake = ${intake} and state = ${from} returning 1`)
  return rows.length === 1
}

/** Notes why an intake does not get on, for the operator. */
export async function noteIntakeError(tx: Tx, intake: string, reason: string): Promise<void> {
  await tx.rows(sql`update intake set last_error = ${reason} where intake = ${intake} and state <> 'done'`)
}

/** Single-record calls are reported with this intake. */
export async function putIntakeCalls(
  tx: Tx,
  intake: string,
  calls: readonly { readonly tracking: string; readonly fileName: string }[],
): Promise<void> {
  const trackings = calls.map(({ tracking }) => tracking)
  const names = calls.map(({ fileName }) => fileName)
  await tx.rows(sql`
    insert into intake_call (intake, tracking, file_name)
    select ${intake}, j.tracking, j.name from unnest(${trackings}::text[], ${names}::text[]) as j (tracking, name)
        on conflict do nothing`)
}

/** Intake that collects a partner's bulk calls; for the transaction in which a call is stored. */
export async function openCallIntake(
  tx: Tx,
  call: { readonly partner: string; readonly exchange: string; readonly realm: Realm; readonly now: number },
): Promise<string> {
  const { partner, exchange, realm, now } = call
  const { intake } = await openIntake(tx, { partner, exchange, realm, place: '', kind: 'calls' }, now)
  return intake
}

/** The calls of an intake, in the order of their tracking numbers. */
export async function listIntakeCalls(
  tx: Tx,
  intake: string,
): Promise<{ readonly tracking: string; readonly fileName: string }[]> {
  return tx.rows(sql`
    select tracking, file_name as "fileName" from intake_call where intake = ${intake} order by tracking`)
}

/** What an intake sends back. */
export interface IntakeReport {
  readonly intake: string
  readonly name: string
  readonly kind: 'errors' | 'log' | 'log-csv' | 'summary-csv' | 'summary-xml' | 'receipt'
  readonly contentType: string
  readonly sha256: string
  readonly size: number
  /** When it was put into OUTPUT, or null. */
  readonly writtenAt: string | null
}

/** Names a report; the first of a name stays. */
export async function putIntakeReport(tx: Tx, report: Omit<IntakeReport, 'writtenAt'>): Promise<void> {
  await tx.rows(sql`
    insert into intake_report (intake, name, kind, content_type, sha256, size)
    values (${report.intake}, ${report.name}, ${report.kind}, ${report.contentType}, ${report.sha256}, ${report.size})
        on conflict do nothing`)
}

export async function listIntakeReports(tx: Tx, intake: string): Promise<IntakeReport[]> {
  return tx.rows<IntakeReport>(sql`
    select intake, name, kind, content_type as "contentType", sha256, size,
           to_char(written_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "writtenAt"
      from intake_report where intake = ${intake} order by name`)
}

export async function noteReportWritten(tx: Tx, intake: string, name: string, now: number): Promise<void> {
  await tx.rows(sql`
    update intake_report set written_at = ${new Date(now).toISOString()}::timestamptz
     where intake = ${intake} and name = ${name}`)
}

/** How many intakes stand in each state, and how many files; for the operator's gauges. */
export async function countIntakes(
  tx: Tx,
): Promise<{ readonly what: 'intake' | 'file'; readonly state: string; readonly count: number }[]> {
  return tx.rows(sql`
    select 'intake' as what, state, count(*)::int as count from intake where state <> 'done' group by state
     union all
    select 'file', f.state, count(*)::int from intake_file f join intake i using (intake)
     where i.state <> 'done' group by f.state`)
}
