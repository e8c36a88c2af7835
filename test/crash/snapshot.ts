import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { sessionLogLines } from '../../src/feedback/session-log.ts'
import type { DocumentFolder } from '../../src/store/documents.ts'

/**
 * Everything a node has stored, without what differs from run to run: ids, times, salts, and the change order
 * between records. A submission is named by its idempotency key, so every one must have been sent with one.
 */
export async function snapshotOf(db: Database, documents: DocumentFolder): Promise<Snapshot> {
  const named = sql`left join delivery d on d.tracking = x.submission`
  const read = <R>(statement: ReturnType<typeof sql>) => db.transact((tx) => tx.rows<R>(statement))
  const records = await read(sql`
    select b.exchange, b.owner, x.type, x.key, x.duplicate_key, x.status, x.version, x.operation,
           x.definition_version, encode(x.content_hash, 'hex') as content, encode(x.raw_hash, 'hex') as raw, x.body,
           d.delivery_key as delivery, x.position
      from record x join book b using (book) ${named} order by 1, 2, 3, 4`)
  const history = await read(sql`
    select b.exchange, b.owner, x.type, x.key, x.version, x.status, x.operation, x.definition_version,
           encode(x.content_hash, 'hex') as content, x.body, d.delivery_key as delivery, x.position,
           x.until_at is null as ended
      from history x join book b using (book) ${named} order by 1, 2, 3, 4, 5, 11, 12`)
  const findings = await read(sql`
    select d.delivery_key as delivery, x.position, x.number, x.key, x.code, x.severity, x.path, x.field, x.item,
           x.message, x.value
      from finding x left join delivery d using (tracking) order by 1, 2, 3`)
  const submissions = await read<{ book: number; tracking: string; delivery: string | null }>(sql`
    select d.delivery_key as delivery, x.book, x.tracking, x.partner, x.state, x.phase, x.reason, x.scope, x.format,
           x.document, x.checkpoint, x.received, x.created, x.updated, x.unchanged, x.deleted, x.rejected,
           x.filtered, x.removed, x.cascaded, x.with_errors, x.unreadable_keys, x.preview, x.receipt is not null as signed
      from submission x left join delivery d using (tracking) order by 1, x.document`)
  const books = await read(
    sql`select exchange, realm, owner, change_no, live_records, aliases from book order by 1, 2, 3`,
  )
  const links = await read(sql`
    select x.type, x.key, l.reference, l.item, t.exchange, l.target_type, l.target_key, l.waiting
      from link l left join record x using (book, record_id) join book t on t.book = l.target_book
     order by 1, 2, 3, 4`)
  const aliases = await read(sql`
    select x.type, x.key, a.key as former from alias a left join record x using (book, record_id) order by 1, 2, 3`)
  const left = await read(sql`
    select subject from task union all select tracking from survey union all select tracking from survey_link
     union all select tracking from survey_set`)
  const logs: Record<string, unknown[]> = {}
  for (const { book, tracking, delivery } of submissions) {
    const lines: unknown[] = []
    for await (const line of sessionLogLines({ db, documents, scope: 'node' }, book, tracking)) {
      const { salt: _salt, recordId, settled, ...said } = JSON.parse(line) as Record<string, unknown>
      const others = (settled as { type: string; key: string }[] | undefined)?.map(({ type, key }) => ({
        type,
        key,
      }))
      lines.push({ ...said, others, named: recordId !== null })
    }
    logs[delivery ?? ''] = lines
  }
  const bare = submissions.map(({ book: _book, tracking: _tracking, ...said }) => said)
  const messages = await read(sql`
    select partner, realm, number, exchange, type, record_type, key, title, body - 'submission' as body
      from message order by 1, 2, 3`)
  const differences = await read(sql`
    select type, key, kind, rank, position, fields from difference order by 1, 2`)
  return {
    records,
    history,
    findings,
    submissions: bare,
    books,
    links,
    aliases,
    messages,
    differences,
    logs,
    left,
  }
}

export interface Snapshot {
  readonly records: readonly unknown[]
  readonly history: readonly unknown[]
  readonly findings: readonly unknown[]
  readonly submissions: readonly unknown[]
  readonly books: readonly unknown[]
  readonly links: readonly unknown[]
  readonly aliases: readonly unknown[]
  readonly messages: readonly unknown[]
  readonly differences: readonly unknown[]
  readonly logs: Readonly<Record<string, readonly unknown[]>>
  /** Tasks and surveys still there: none when all is done. */
  readonly left: readonly unknown[]
}
