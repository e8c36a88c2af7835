import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

/** A record that somebody has begun and not sent. */
export interface DraftHead {
  readonly draft: string
  readonly title: string
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  /** The stored record that it is to correct; null: a new one. */
  readonly recordId: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface DraftRow extends DraftHead {
  readonly body: Readonly<Record<string, unknown>>
}

/** What a person saves. */
export type DraftContent = Omit<DraftRow, 'draft' | 'createdAt' | 'updatedAt'>

const HEAD = sql`draft, title, exchange, realm, type, record_id as "recordId",
  ${isoTime('created_at')} as "createdAt", ${isoTime('updated_at')} as "updatedAt"`

/** Drafts of one account that were saved since a time (milliseconds), the latest first. */
export async function listDrafts(
  tx: Tx,
  query: {
    readonly account: string
    readonly since: number
    readonly limit: number
    readonly after: { readonly updatedAt: string; readonly draft: string } | null
  },
): Promise<DraftHead[]> {
  const { account, since, limit, after } = query
  return tx.rows<DraftHead>(sql`
    select ${HEAD} from draft
     where account = ${account}::uuid and updated_at > ${isoOf(since)}::timestamptz
       and (${after?.updatedAt ?? null}::timestamptz is null
            or (updated_at, draft) < (${after?.updatedAt ?? null}::timestamptz, ${after?.draft ?? null}::uuid))
     order by updated_at desc, draft desc limit ${limit}`)
}

export async function findDraft(
  tx: Tx,
  account: string,
  draft: string,
  since: number,
): Promise<DraftRow | null> {
  const [row] = await tx.rows<DraftRow>(sql`
    select ${HEAD}, body from draft
     where account = ${account}::uuid and draft = ${draft}::uuid and updated_at > ${isoOf(since)}::timestamptz`)
  return row ?? null
}

/** Saves a draft in the place of what it was before. */
export async function putDraft(
  tx: Tx,
  account: string,
  draft: string,
  { title, exchange, realm, type, recordId, body }: DraftContent,
  now: number,
): Promise<void> {
  const at = isoOf(now)
  await tx.rows(sql`
    insert into draft (account, draft, title, exchange, realm, type, record_id, body, created_at, updated_at)
    values (${account}::uuid, ${draft}::uuid, ${title}, ${exchange}, ${realm}, ${type}, ${recordId}::uuid,
            ${JSON.stringify(body)}::jsonb, ${at}::timestamptz, ${at}::timestamptz)
        on conflict (account, draft) do update
       set title = excluded.title, exchange = excluded.exchange, realm = excluded.realm, type = excluded.type,
           record_id = excluded.record_id, body = excluded.body, updated_at = excluded.updated_at`)
}

export async function dropDraft(tx: Tx, account: string, draft: string): Promise<void> {
  await tx.rows(sql`delete from draft where account = ${account}::uuid and draft = ${draft}::uuid`)
}

/** How many drafts an account has besides this one. */
export async function countOtherDrafts(tx: Tx, account: string, draft: string): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from draft where account = ${account}::uuid and draft <> ${draft}::uuid`)
  return row?.count ?? 0
}

/** Forgets, of everybody, those that were last saved before a time (milliseconds). */
export async function sweepDrafts(tx: Tx, before: number): Promise<void> {
  await tx.rows(sql`delete from draft where updated_at <= ${isoOf(before)}::timestamptz`)
}
