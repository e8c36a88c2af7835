import { randomBytes } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** `given-up`: no server took it for five days; `bounced`: the address or the mail was refused for good. */
export type MailState = 'queued' | 'sent' | 'bounced' | 'given-up'

/** A mail as it is listed. Times are ISO, UTC. */
export interface Mail {
  readonly mail: string
  /** Null when the contact was removed since. */
  readonly contact: number | null
  readonly partner: string
  readonly exchange: string
  readonly recipient: string
  readonly subject: string
  readonly state: MailState
  readonly attempts: number
  readonly createdAt: string
  /** When it is tried next; null unless it is queued. */
  readonly nextAt: string | null
  readonly sentAt: string | null
  readonly lastError: string | null
}

/** A mail leased for sending. */
export interface ClaimedMail {
  readonly mail: string
  readonly partner: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** This attempt counted. */
  readonly attempts: number
  /** Number of the lease; what is written under it carries it. */
  readonly claim: number
  readonly createdAt: string
}

const COLUMNS = sql`mail, contact, partner, exchange, recipient, subject, state, attempts,
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
  case when state = 'queued' then to_char(next_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as "nextAt",
  to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "sentAt", last_error as "lastError"`

/** A mail to an address that was refused waits until an operator says that it works. */
const NOT_PAUSED = sql`not exists (select 1 from contact c where c.contact = mail.contact and c.bounced_at is not null)`

/** Identity of a mail, sortable by time; its Message-ID is made of it. */
export function newMailId(at: number): string {
  return `${iso(at).replaceAll(/[-:T]|\..*/g, '')}-${randomBytes(9).toString('hex')}`
}

/** Queues a mail, in the transaction that took its notices. */
export async function putMail(
  tx: Tx,
  row: {
    readonly mail: string
    /** Null: to somebody who is no contact, about no exchange (an invitation). */
    readonly contact: number | null
    readonly partner: string
    readonly exchange: string
    readonly recipient: string
    readonly subject: string
    readonly text: string
    readonly html: string
    readonly at: number
  },
): Promise<void> {
  await tx.rows(sql`
    insert into mail (mail, contact, partner, exchange, recipient, subject, text_body, html_body, state, next_at, created_at)
    values (${row.mail}, ${row.contact}::bigint, ${row.partner}, ${row.exchange}, ${row.recipient}, ${row.subject},
            ${row.text}, ${row.html}, 'queued', ${iso(row.at)}::timestamptz, ${iso(row.at)}::timestamptz)`)
}

/** Leases the mail whose turn it is, or null. */
export async function claimMail(tx: Tx, at: number, leaseSeconds: number): Promise<ClaimedMail | null> {
  const [row] = await tx.rows<ClaimedMail>(sql`
    update mail set claim = nextval('claim_token'), leased_until = now() + make_interval(secs => ${leaseSeconds}),
                    attempts = attempts + 1
     where mail = (
       select mail from mail
        where state = 'queued' and next_at <= ${iso(at)}::timestamptz
          and (leased_until is null or leased_until < now()) and ${NOT_PAUSED}
        order by next_at, mail limit 1 for update skip locked)
    returning mail, partner, recipient, subject, text_body as text, html_body as html, attempts, claim,
              to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt"`)
  return row ?? null
}

/** Keeps the lease while a mail is being sent; false when it was lost. */
export async function renewMail(
  tx: Tx,
  { mail, claim }: Pick<ClaimedMail, 'mail' | 'claim'>,
  leaseSeconds: number,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update mail set leased_until = now() + make_interval(secs => ${leaseSeconds})
     where mail = ${mail} and claim = ${claim}::bigint returning 1`)
  return rows.length === 1
}

/** What became of an attempt. `queued` is tried again at `nextAt` (milliseconds since 1970). */
export type Settled =
  | { readonly state: 'sent' }
  | { readonly state: 'bounced' | 'given-up'; readonly error: string }
  | { readonly state: 'queued'; readonly error: string; readonly nextAt: number }

/**
 * Writes down what became of an attempt; false, and nothing is written, when the lease was lost. The text of a mail
 * about no exchange is forgotten once it is sent: it is an invitation, and its link a secret.
 */
export async function settleMail(
  tx: Tx,
  claimed: Pick<ClaimedMail, 'mail' | 'claim'>,
  settled: Settled,
  at: number,
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update mail set state = ${settled.state}, claim = null, leased_until = null,
           text_body = case when ${settled.state === 'sent'}::boolean and exchange = '' then '' else text_body end,
           html_body = case when ${settled.state === 'sent'}::boolean and exchange = '' then '' else html_body end,
           last_error = ${settled.state === 'sent' ? null : settled.error},
           sent_at = ${settled.state === 'sent' ? iso(at) : null}::timestamptz,
           next_at = ${iso(settled.state === 'queued' ? settled.nextAt : at)}::timestamptz
     where mail = ${claimed.mail} and claim = ${claimed.claim}::bigint returning 1`)
  return rows.length === 1
}

/** Gives a mail back whose sending was broken off by our own end, as if it had not been tried. */
export async function returnMail(tx: Tx, { mail, claim }: ClaimedMail): Promise<void> {
  await tx.rows(sql`
    update mail set claim = null, leased_until = null, attempts = attempts - 1
     where mail = ${mail} and claim = ${claim}::bigint`)
}

/** Mails, the newest first; `before` is the last one of the page before. */
export async function listMails(
  tx: Tx,
  wanted: {
    readonly partner: string | null
    readonly state: MailState | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<Mail[]> {
  const { partner, state, before, limit } = wanted
  return tx.rows<Mail>(sql`
    select ${COLUMNS} from mail
     where (${partner}::text is null or partner = ${partner}::text)
       and (${state}::text is null or state = ${state}::text)
       and (${before}::text is null or mail < ${before}::text)
     order by mail desc limit ${limit}`)
}

export async function findMail(tx: Tx, mail: string): Promise<Mail | null> {
  const [row] = await tx.rows<Mail>(sql`select ${COLUMNS} from mail where mail = ${mail}`)
  return row ?? null
}

/**
 * Sends a mail again that was refused or given up, or one that waits for its next attempt, now. It is the same
 * message, with the same Message-ID. False when there is no such mail, it was sent, or its contact was removed.
 */
export async function retryMail(tx: Tx, mail: string, at: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update mail set state = 'queued', attempts = 0, next_at = ${iso(at)}::timestamptz
     where mail = ${mail} and state <> 'sent' and contact is not null returning 1`)
  return rows.length === 1
}

/** How the queue stands. */
export interface MailQueue {
  readonly queued: number
  /** Part of `queued`: those to addresses that were refused. */
  readonly paused: number
  readonly bounced: number
  readonly givenUp: number
  /** When the longest waiting one was made, ISO; null when none waits. */
  readonly oldest: string | null
}

export async function mailQueue(tx: Tx): Promise<MailQueue> {
  const [row] = await tx.rows<MailQueue>(sql`
    select count(*) filter (where state = 'queued')::int as queued,
           count(*) filter (where state = 'queued' and not ${NOT_PAUSED})::int as paused,
           count(*) filter (where state = 'bounced')::int as bounced,
           count(*) filter (where state = 'given-up')::int as "givenUp",
           to_char(min(created_at) filter (where state = 'queued') at time zone 'UTC',
                   'YYYY-MM-DD"T"HH24:MI:SS"Z"') as oldest
      from mail where state <> 'sent'`)
  return row ?? { queued: 0, paused: 0, bounced: 0, givenUp: 0, oldest: null }
}

/** Removes mails that were made before a time and are done with. */
export async function dropOldMails(tx: Tx, before: number): Promise<void> {
  await tx.rows(sql`delete from mail where created_at < ${iso(before)}::timestamptz and state <> 'queued'`)
}

/** Forgets a mail that is not to be sent any more, with what it says. */
export async function dropMail(tx: Tx, mail: string): Promise<void> {
  await tx.rows(sql`delete from mail where mail = ${mail} and state <> 'sent'`)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
