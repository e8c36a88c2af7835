import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { dueTime, FREQUENCIES, type Frequency } from './due-time.ts'
import type { Realm } from './model.ts'

/**
 * What a mail tells of one intake: counts, codes and names of files. It never holds any record's content: no keys,
 * no values, no messages made from them.
 */
export interface NoticeContent {
  readonly realm: Realm
  readonly intake: string
  /** Path from the top of the partner's tree. */
  readonly outputFolder: string
  readonly files: {
    readonly total: number
    /** The first of those that were refused as a whole, 20 at most. */
    readonly refused: readonly { readonly name: string; readonly code: string; readonly reason: string }[]
    /** How many more were refused than `refused` names. */
    readonly refusedMore: number
  }
  /** `accepted` is without errors; received = accepted + acceptedWithErrors + rejected. */
  readonly records: {
    readonly received: number
    readonly accepted: number
    readonly acceptedWithErrors: number
    readonly rejected: number
  }
  /** Names of the files in the output folder. */
  readonly reports: readonly string[]
  /** The findings that came most often. */
  readonly topCodes: readonly { readonly code: string; readonly count: number }[]
}

export interface Notice {
  readonly notice: number
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
  readonly intake: string
  readonly content: NoticeContent
  /** ISO, UTC. */
  readonly at: string
}

/**
 * Notes that an intake was done, for each contact of the partner that wants to know of this exchange and whose
 * address works; an address that is a contact both of the exchange and of `*` is told once. The same intake again
 * changes nothing.
 * @param row.at milliseconds since 1970
 * @param row.zone the exchange's zone, by whose clock digests are made
 * @returns false when the intake was noted before
 */
export async function putNotice(
  tx: Tx,
  row: {
    readonly partner: string
    readonly exchange: string
    readonly realm: Realm
    readonly intake: string
    readonly content: NoticeContent
    readonly at: number
    readonly zone: string
  },
): Promise<boolean> {
  const [made] = await tx.rows<{ notice: number }>(sql`
    insert into notice (partner, exchange, realm, intake, content, at)
    values (${row.partner}, ${row.exchange}, ${row.realm}, ${row.intake}, ${contentText(row.content)}::jsonb,
            ${iso(row.at)}::timestamptz)
        on conflict (intake) do nothing returning notice`)
  if (made === undefined) return false
  const due = FREQUENCIES.map((frequency) => iso(dueTime(frequency, row.at, row.zone)))
  await tx.rows(sql`
    insert into notice_due (notice, contact, due_at)
    select ${made.notice}::bigint, c.contact, d.due_at
      from contact c
      join unnest(${[...FREQUENCIES]}::text[], ${due}::timestamptz[]) as d (frequency, due_at) using (frequency)
     where c.partner = ${row.partner} and c.bounced_at is null
       and (c.exchange = ${row.exchange}
            or c.exchange = '*' and not exists (select 1 from contact o
                 where o.partner = c.partner and o.address = c.address and o.exchange = ${row.exchange}))`)
  return true
}

/** As JSON that a database takes: names of files may hold what its texts cannot (NUL, half a character). */
function contentText(content: NoticeContent): string {
  return JSON.stringify(content, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(/\0|\p{Cs}/gu, '�') : value,
  )
}

/** A digest that is to be made: whose, and about which exchange. */
export interface DueDigest {
  readonly contact: number
  readonly exchange: string
}

/** Digests whose time has come, the longest waiting first. Contacts whose address was refused wait. */
export async function dueDigests(tx: Tx, at: number, limit: number): Promise<DueDigest[]> {
  return tx.rows<DueDigest>(sql`
    select d.contact, n.exchange
      from notice_due d join notice n using (notice) join contact c using (contact)
     where d.due_at <= ${iso(at)}::timestamptz and c.bounced_at is null
     group by d.contact, n.exchange order by min(d.due_at), d.contact limit ${limit}`)
}

/** What one mail is made of. */
export interface Digest {
  readonly contact: number
  readonly partner: string
  readonly partnerName: string
  readonly exchange: string
  readonly address: string
  readonly frequency: Frequency
  readonly language: string
  /** By time. */
  readonly notices: readonly Notice[]
}

/**
 * Takes the notices of a due digest, so that nobody else takes them: the mail must be put in the same transaction.
 * Null when another process was faster, or the contact is gone or its address was refused meanwhile.
 */
export async function takeDigest(tx: Tx, due: DueDigest, at: number): Promise<Digest | null> {
  const [contact] = await tx.rows<Omit<Digest, 'notices' | 'exchange'>>(sql`
    select c.contact, c.partner, p.name as "partnerName", c.address, c.frequency, c.language
      from contact c join partner p using (partner)
     where c.contact = ${due.contact}::bigint and c.bounced_at is null for share of c`)
  if (contact === undefined) return null
  const notices = await tx.rows<Notice>(sql`
    with taken as (
      delete from notice_due d using notice n
       where d.contact = ${due.contact}::bigint and d.due_at <= ${iso(at)}::timestamptz
         and n.notice = d.notice and n.exchange = ${due.exchange}
      returning d.notice)
    select n.notice, n.partner, n.exchange, n.realm, n.intake, n.content,
           to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
      from taken join notice n using (notice) order by n.at, n.notice`)
  return notices.length === 0 ? null : { ...contact, exchange: due.exchange, notices }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
