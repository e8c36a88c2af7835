import { randomBytes } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Realm } from './model.ts'

export interface BookRow {
  readonly book: number
  readonly exchange: string
  readonly realm: Realm
  readonly owner: string
}

/** The book of an owner in an exchange, opened at its first use. */
export async function openBook(tx: Tx, exchange: string, realm: Realm, owner: string): Promise<BookRow> {
  const found = await findBook(tx, exchange, realm, owner)
  if (found !== null) return found
  await tx.rows(sql`
    insert into book (exchange, realm, owner) values (${exchange}, ${realm}, ${owner}) on conflict do nothing`)
  const made = await findBook(tx, exchange, realm, owner)
  if (made === null) throw new Error('a book that was just opened is not there')
  return made
}

async function findBook(tx: Tx, exchange: string, realm: Realm, owner: string): Promise<BookRow | null> {
  const [row] = await tx.rows<BookRow>(sql`
    select book, exchange, realm, owner from book
     where exchange = ${exchange} and realm = ${realm} and owner = ${owner}`)
  return row ?? null
}

/** Books of these owners (null: of all), optionally of one exchange and realm. */
export async function findBooks(
  tx: Tx,
  filter: { owners: readonly string[] | null; exchange: string | null; realm: Realm | null },
): Promise<BookRow[]> {
  return tx.rows<BookRow>(sql`
    select book, exchange, realm, owner from book
     where (${filter.owners}::text[] is null or owner = any (${filter.owners}::text[]))
       and (${filter.exchange}::text is null or exchange = ${filter.exchange}::text)
       and (${filter.realm}::text is null or realm = ${filter.realm}::text)
     order by book`)
}

/** Books by their numbers. */
export async function booksByNumber(tx: Tx, books: readonly number[]): Promise<BookRow[]> {
  return tx.rows<BookRow>(sql`
    select book, exchange, realm, owner from book where book = any (${books}::int[]) order by book`)
}

/** The state of a book whose lock is held. */
export interface LockedBook {
  readonly changeNo: number
  readonly liveRecords: number
  /** ISO time of the book's latest change, or '' before the first. */
  readonly changedAt: string
  /** Former keys of its records. */
  readonly aliases: number
  /** External identifiers of the partner asked about, by scheme. */
  readonly identifiers: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Takes the book's lock until the transaction ends. Everything that writes a book does this first, and
 * decides only after it.
 */
export async function lockBook(tx: Tx, book: number, partner: string): Promise<LockedBook> {
  const [row] = await tx.rows<{
    change_no: number
    live_records: number
    aliases: number
    changed_at: string | null
    identifiers: { scheme: string; value: string }[]
  }>(sql`
    select change_no, live_records, aliases,
           case when isfinite(changed_at)
                then to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as changed_at,
           (select coalesce(jsonb_agg(jsonb_build_object('scheme', scheme, 'value', value)), '[]')
              from partner_identifier where partner = ${partner}) as identifiers
      from book where book = ${book} for update`)
  if (row === undefined) throw new Error(`there is no book ${book}`)
  const identifiers = new Map<string, Set<string>>()
  for (const { scheme, value } of row.identifiers) {
    const values = identifiers.get(scheme) ?? new Set()
    identifiers.set(scheme, values.add(value))
  }
  return {
    changeNo: row.change_no,
    liveRecords: row.live_records,
    changedAt: row.changed_at ?? '',
    aliases: row.aliases,
    identifiers,
  }
}

/** Moves the book's change order, its count of live records and its time on. */
export async function advanceBook(
  tx: Tx,
  book: number,
  changes: number,
  live: number,
  at: string,
): Promise<void> {
  await tx.rows(sql`
    update book set change_no = change_no + ${changes}, live_records = live_records + ${live}, changed_at = ${at}
     where book = ${book}`)
}

/** A new tracking number: exchange, book, time and 60 random bits. The book inside saves a look-up table. */
export function newTracking(exchange: string, book: number, now: number): string {
  const time = now.toString(36).padStart(9, '0')
  const random = BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .padStart(13, '0')
    .slice(-12)
  return `${exchange}-${book.toString(36)}-${time}${random}`
}

/** The book a tracking number belongs to, or null when it is none of ours. */
export function bookOfTracking(tracking: string): number | null {
  const match = /^[a-z][a-z0-9-]{0,9}-([0-9a-z]{1,7})-[0-9a-z]{21}$/.exec(tracking)
  const book = Number.parseInt(match?.[1] ?? '', 36)
  return Number.isSafeInteger(book) && book < 2 ** 31 ? book : null
}
