import { copyLine, type Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Finding } from '../exchange/parcel.ts'

export interface FindingRow extends Finding {
  readonly position: number
  readonly key: string | null
}

/** Findings of one record of one submission. */
export interface FoundIn {
  readonly tracking: string
  readonly position: number
  readonly key: string | null
  readonly findings: readonly Finding[]
}

export async function putFindings(tx: Tx, book: number, found: readonly FoundIn[]): Promise<void> {
  if (!found.some((record) => record.findings.length > 0)) return
  await tx.copyIn(
    'finding',
    [
      'book',
      'tracking',
      'position',
      'number',
      'key',
      'code',
      'severity',
      'path',
      'field',
      'item',
      'message',
      'value',
    ],
    lines(),
  )

  function* lines(): Generator<string> {
    for (const { tracking, position, key, findings } of found)
      for (const [number, f] of findings.entries())
        yield copyLine([
          book,
          tracking,
          position,
          number,
          key,
          f.code,
          f.severity,
          f.path,
          f.field,
          f.item,
          f.message,
          f.value,
        ])
  }
}

/** Findings about a file as a whole that are kept at most. */
const fileFindingsMax = 1000

/** Adds findings about the file as a whole, each with the key of the record it is about. */
export async function addFileFindings(
  tx: Tx,
  book: number,
  tracking: string,
  found: readonly { readonly key: string; readonly finding: Finding }[],
): Promise<void> {
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from finding
     where book = ${book} and tracking = ${tracking} and position = 0`)
  const before = row?.count ?? 0
  const kept = found.slice(0, Math.max(0, fileFindingsMax - before))
  const each = <T>(pick: (one: Finding) => T) => kept.map(({ finding }) => pick(finding))
  await tx.rows(sql`
    insert into finding (book, tracking, position, number, key, code, severity, path, field, item, message, value)
    select ${book}, ${tracking}, 0, ${before}::int + n - 1, key, code, severity, path, field, null, message, value
      from unnest(${kept.map(({ key }) => key)}::text[], ${each((f) => f.code)}::text[],
                  ${each((f) => f.severity)}::text[], ${each((f) => f.path)}::text[],
                  ${each((f) => f.field)}::text[], ${each((f) => f.message)}::text[],
                  ${each((f) => f.value)}::text[])
           with ordinality as f (key, code, severity, path, field, message, value, n)`)
}

/** Findings of a submission from a place on, in file order. */
export async function listFindings(
  tx: Tx,
  query: {
    book: number
    tracking: string
    code: string | null
    after: { position: number; number: number } | null
    limit: number
  },
): Promise<(FindingRow & { number: number })[]> {
  return tx.rows(sql`
    select position, number, key, code, severity, path, field, item, message, value from finding
     where book = ${query.book} and tracking = ${query.tracking}
       and (${query.code}::text is null or code = ${query.code}::text)
       and (position, number) > (${query.after?.position ?? 0}::bigint, ${query.after?.number ?? -1}::int)
     order by position, number limit ${query.limit}`)
}

/** Findings of one record of a submission. */
export async function findingsOf(
  tx: Tx,
  book: number,
  tracking: string,
  position: number,
): Promise<Finding[]> {
  return tx.rows(sql`
    select code, severity, path, field, item, message, value from finding
     where book = ${book} and tracking = ${tracking} and position = ${position} order by number`)
}

export interface FindingSummary {
  readonly code: string
  readonly severity: string
  readonly field: string
  readonly count: number
  readonly message: string
}

/** Findings grouped by code and field, most frequent first, each with an example. */
export async function summariseFindings(tx: Tx, book: number, tracking: string): Promise<FindingSummary[]> {
  return tx.rows(sql`
    select code, severity, field, count(*)::int as count, (array_agg(message order by position, number))[1] as message
      from finding where book = ${book} and tracking = ${tracking} and position >= 0
     group by code, severity, field order by count(*) desc, code, field limit 500`)
}

/** The codes that came most often in these submissions. */
export async function countCodes(
  tx: Tx,
  submissions: readonly { readonly book: number; readonly tracking: string }[],
  limit: number,
): Promise<{ readonly code: string; readonly count: number }[]> {
  return tx.rows(sql`
    select f.code, count(*)::int as count
      from unnest(${submissions.map(({ book }) => book)}::int[], ${submissions.map(({ tracking }) => tracking)}::text[])
           as s (book, tracking) join finding f using (book, tracking)
     where f.position >= 0
     group by f.code order by count(*) desc, f.code limit ${limit}`)
}

/** A survey's findings give way to those of the pass that applies. */
export async function dropFindings(tx: Tx, book: number, tracking: string): Promise<void> {
  await tx.rows(sql`delete from finding where book = ${book} and tracking = ${tracking}`)
}
