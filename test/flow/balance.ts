import { expect } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { errorsOf } from '../../src/encode/errors.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { OUTCOMES } from '../../src/exchange/parcel.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import type { ReceiptClaims } from '../../src/feedback/receipt.ts'
import { sessionLogLines } from '../../src/feedback/session-log.ts'
import { appendLeaves, leafHash, rootOf } from '../../src/identity/merkle.ts'
import { documentLimits, readDocument } from '../../src/judge/read-document.ts'
import { bookOfTracking } from '../../src/store/books.ts'
import { type FindingRow, listFindings } from '../../src/store/findings.ts'
import type { StoredLine } from '../../src/store/log-lines.ts'
import type { Submission } from '../../src/store/model.ts'
import type { River } from './river.ts'

/**
 * What must hold of every closed submission: each received record has one outcome, and the counts, the
 * session log, the findings, the error file and the receipt all say the same.
 */
export async function expectBalance(
  river: River,
  definition: Definition,
  submission: Submission,
): Promise<void> {
  const { counts, tracking } = submission
  expect(OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)).toBe(counts.received)
  const texts = await logTexts(river, tracking)
  const lines = texts.map((text) => JSON.parse(text) as EffectLine)
  const received = lines.filter((line) => line.removed !== true && line.cascaded !== true)
  expect(received.map((line) => line.position)).toEqual(received.map((_, index) => index + 1))
  expect(received.length).toBe(counts.received)
  expect(lines.filter((line) => line.removed === true).length, 'removed').toBe(counts.removed)
  expect(lines.filter((line) => line.cascaded === true).length, 'cascaded').toBe(counts.cascaded)
  for (const outcome of OUTCOMES)
    expect(received.filter((line) => line.outcome === outcome).length, outcome).toBe(counts[outcome])

  const translated = received.filter((line) => (line.notes ?? []).length > 0)
  expect(translated.length, 'translated').toBe(counts.translated)

  const found = await allFindings(river.deps.db, submission)
  const told = received.flatMap((line) =>
    (line.findings ?? []).map((finding, number) => ({ ...finding, position: line.position, number })),
  )
  const stored = found.filter((finding) => finding.position > 0).map(({ key: _, ...finding }) => finding)
  expect(stored).toEqual(told)

  const wrong = received.filter((line) => errorsOf(line.findings ?? []).length > 0).length
  if (submission.format !== null && submission.format !== 'xls')
    expect(await errorFileRecords(river, definition, submission)).toBe(wrong)

  const receipt = JSON.parse(submission.receipt ?? '{}') as ReceiptClaims
  expect(receipt.counts).toEqual(counts)
  expect(receipt.log).toEqual({ lines: lines.length, root: rootOf(appendLeaves([], texts.map(leafHash))) })
}

/** A line of a record that was received, or of one that was deleted besides. */
type EffectLine = StoredLine & { readonly removed?: boolean; readonly cascaded?: boolean }

/** What must hold of a book: its own numbers agree with its rows, and no change number is missing or twice. */
export async function expectSoundBooks(db: Database): Promise<void> {
  const books = await db.transact((tx) =>
    tx.rows<{
      book: number
      change_no: number
      live_records: number
      live: number
      versions: number
      numbers: number
      highest: number
      gaps: number
    }>(sql`
      with version as (
        select book, record_id, version, change_no from record
        union all
        select book, record_id, version, change_no from history
      )
      select b.book, b.change_no, b.live_records,
             (select count(*)::int from record r where r.book = b.book) as live,
             count(v.*)::int as versions, count(distinct v.change_no)::int as numbers,
             coalesce(max(v.change_no), 0) as highest,
             (select count(*)::int from (select record_id, max(version) - count(*) as missing from version x
                                          where x.book = b.book group by record_id) g where missing <> 0) as gaps
        from book b left join version v using (book)
       group by b.book`),
  )
  for (const row of books) {
    expect(row.live_records, 'live records of the book').toBe(row.live)
    expect(row.versions, 'one version for each change').toBe(row.change_no)
    expect(row.numbers, 'change numbers').toBe(row.change_no)
    expect(row.highest, 'highest change number').toBe(row.change_no)
    expect(row.gaps, 'records with a version missing').toBe(0)
  }
}

/** The lines of a session log, exactly as they stand. */
export async function logTexts(river: River, tracking: string): Promise<string[]> {
  const { db, documents } = river.deps
  const texts: string[] = []
  const source = { db, documents, scope: 'node' } as const
  for await (const text of sessionLogLines(source, bookOfTracking(tracking) ?? 0, tracking)) texts.push(text)
  return texts
}

export async function allFindings(
  db: Database,
  { book, tracking }: Submission,
): Promise<(FindingRow & { number: number })[]> {
  const query = { book, tracking, code: null, after: { position: -1, number: 0 }, limit: 100_000 }
  return db.transact((tx) => listFindings(tx, query))
}

/** The error file's bytes. */
export async function errorBytes(
  river: River,
  definition: Definition,
  submission: Submission,
): Promise<{ fileName: string; bytes: Uint8Array }> {
  const { db, documents } = river.deps
  const { fileName, stream } = await errorFile({ db, documents }, submission, definition)
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece as Uint8Array)
  return { fileName, bytes: Buffer.concat(pieces) }
}

async function errorFileRecords(
  river: River,
  definition: Definition,
  submission: Submission,
): Promise<number> {
  const { fileName, bytes } = await errorBytes(river, definition, submission)
  let count = 0
  const read = { fileName, limits: documentLimits }
  try {
    for await (const { records } of readDocument(definition, { kind: 'bytes', bytes }, read))
      count += records.length
  } catch (error) {
    // An error file without records is a header alone, which some formats call empty.
    if ((error as { code?: string }).code !== 'FILE_EMPTY') throw error
  }
  return count
}
