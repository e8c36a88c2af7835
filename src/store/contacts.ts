import { domainToASCII } from 'node:url'
import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Frequency } from './due-time.ts'

/** Somebody who is written to about a partner's deliveries. */
export interface Contact {
  readonly contact: number
  readonly partner: string
  /** `*` stands for every exchange. */
  readonly exchange: string
  readonly address: string
  readonly frequency: Frequency
  readonly language: string
  /** ISO, UTC. */
  readonly createdAt: string
  /** When the address was refused for good; nothing is sent to it until `clearBounce`. */
  readonly bouncedAt: string | null
  readonly bounceReason: string | null
}

const COLUMNS = sql`contact, partner, exchange, address, frequency, language,
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
  to_char(bounced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "bouncedAt",
  bounce_reason as "bounceReason"`

/**
 * An address as it is kept: its domain in small letters and ASCII. Null for what is not one plain address, such as
 * a list, a name with an address, or anything with a line end in it.
 */
export function mailAddress(text: string): string | null {
  const found = /^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([^\s@<>()[\],;:\\"]{1,253})$/.exec(text.trim())
  const [, local = '', domain = ''] = found ?? []
  const ascii = domainToASCII(domain)
  return found === null ||
    !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(ascii) ||
    local.length + ascii.length > 253
    ? null
    : `${local}@${ascii}`
}

/** The contacts of a partner, or of all. */
export async function listContacts(tx: Tx, partner: string | null): Promise<Contact[]> {
  return tx.rows<Contact>(sql`
    select ${COLUMNS} from contact where ${partner}::text is null or partner = ${partner}::text
     order by partner, exchange, address`)
}

export async function findContact(tx: Tx, contact: number): Promise<Contact | null> {
  const [row] = await tx.rows<Contact>(sql`select ${COLUMNS} from contact where contact = ${contact}::bigint`)
  return row ?? null
}

/**
 * Adds a contact, or changes how often one is told; what is already due to it stays due as it was.
 * @param row.address as `mailAddress` gave it
 */
export async function putContact(
  tx: Tx,
  row: {
    readonly partner: string
    readonly exchange: string
    readonly address: string
    readonly frequency: Frequency
  },
): Promise<Contact> {
  const [made] = await tx.rows<Contact>(sql`
    insert into contact (partner, exchange, address, frequency)
    values (${row.partner}, ${row.exchange}, ${row.address}, ${row.frequency})
        on conflict (partner, exchange, address) do update set frequency = excluded.frequency
    returning ${COLUMNS}`)
  if (made === undefined) throw new Error('the contact was not put')
  return made
}

/** Removes a contact with what is still to be sent to it. False when the partner has no such contact. */
export async function dropContact(tx: Tx, partner: string, contact: number): Promise<boolean> {
  const owned = sql`select contact from contact where contact = ${contact}::bigint and partner = ${partner}`
  await tx.rows(sql`delete from mail where contact in (${owned}) and state = 'queued'`)
  const rows = await tx.rows(
    sql`delete from contact where contact = ${contact}::bigint and partner = ${partner} returning 1`,
  )
  return rows.length === 1
}

/** Writes down that an address was refused for good, for every contact that has it. */
export async function markBounced(tx: Tx, address: string, reason: string, at: number): Promise<void> {
  await tx.rows(sql`
    update contact set bounced_at = ${new Date(at).toISOString()}::timestamptz, bounce_reason = ${reason}
     where address = ${address} and bounced_at is null`)
}

/**
 * The address works again, for every contact that has it: what waits is sent. The mail that was refused stays
 * refused until `retryMail`. False when there is no such contact.
 */
export async function clearBounce(tx: Tx, contact: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update contact set bounced_at = null, bounce_reason = null
     where address = (select address from contact where contact = ${contact}::bigint) returning 1`)
  return rows.length > 0
}
