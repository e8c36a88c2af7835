import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { putContact } from '../../src/store/contacts.ts'
import type { Frequency } from '../../src/store/due-time.ts'
import { type NoticeContent, putNotice } from '../../src/store/notices.ts'

/** 12:30 in Los Angeles, a Monday. */
export const MONDAY = Date.parse('2026-03-02T20:30:00Z')
export const ZONE = 'America/Los_Angeles'

/** What an intake came to, with what a test changes of it. */
export function contentOf(intake: string, change: Partial<NoticeContent> = {}): NoticeContent {
  return {
    realm: 'live',
    intake,
    outputFolder: 'PROD/OUTPUT',
    files: { total: 3, refused: [], refusedMore: 0 },
    records: { received: 120, accepted: 100, acceptedWithErrors: 15, rejected: 5 },
    reports: [`${intake}_log.txt`],
    topCodes: [{ code: 'DV039', count: 12 }],
    ...change,
  }
}

export async function addPartner(db: Database, partner: string, name = partner): Promise<void> {
  await db.transact((tx) =>
    tx.rows(sql`insert into partner (partner, name) values (${partner}, ${name}) on conflict do nothing`),
  )
}

/** Adds a contact of a partner; gives its number. */
export async function addContact(
  db: Database,
  partner: string,
  address: string,
  frequency: Frequency = 'at-once',
  exchange = 'ripa',
): Promise<number> {
  return (await db.transact((tx) => putContact(tx, { partner, exchange, address, frequency }))).contact
}

/** Notes an intake of the exchange `ripa`. */
export async function note(
  db: Database,
  partner: string,
  intake: string,
  change: Partial<NoticeContent> = {},
  at = MONDAY,
): Promise<boolean> {
  const content = contentOf(intake, change)
  return db.transact((tx) =>
    putNotice(tx, { partner, exchange: 'ripa', realm: content.realm, intake, content, at, zone: ZONE }),
  )
}
