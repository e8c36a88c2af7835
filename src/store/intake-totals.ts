import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { FILE_COLUMNS, type IntakeFile, type IntakeFileState } from './intake-files.ts'

/** What came of an intake so far: its files by state, and the records in those that were processed. */
export interface IntakeTotals {
  readonly files: number
  readonly bytes: number
  readonly byState: Readonly<Partial<Record<IntakeFileState, number>>>
  /** Records in files that were processed: received, accepted, and with errors (rejected ones included). */
  readonly total: number
  readonly success: number
  readonly errors: number
  /** Single-record calls collected. */
  readonly calls: number
}

const NOTHING: IntakeTotals = { files: 0, bytes: 0, byState: {}, total: 0, success: 0, errors: 0, calls: 0 }

/** Totals of some intakes; one without files or calls has zeros. */
export async function intakeTotals(
  tx: Tx,
  intakes: readonly string[],
): Promise<ReadonlyMap<string, IntakeTotals>> {
  interface Row extends Omit<IntakeTotals, 'byState' | 'calls'> {
    readonly intake: string
    readonly state: IntakeFileState
  }
  const rows = await tx.rows<Row>(sql`
    select intake, state, count(*)::int as files, sum(bytes)::float8 as bytes, sum(total)::float8 as total,
           sum(success)::float8 as success, sum(errors)::float8 as errors
      from intake_file where intake = any (${intakes}::text[]) group by intake, state`)
  const calls = await tx.rows<{ intake: string; calls: number }>(sql`
    select intake, count(*)::int as calls from intake_call where intake = any (${intakes}::text[]) group by intake`)
  const totals = new Map(intakes.map((intake) => [intake, NOTHING]))
  for (const { intake, state, ...row } of rows) {
    const before = totals.get(intake) ?? NOTHING
    totals.set(intake, {
      files: before.files + row.files,
      bytes: before.bytes + row.bytes,
      byState: { ...before.byState, [state]: row.files },
      total: before.total + row.total,
      success: before.success + row.success,
      errors: before.errors + row.errors,
      calls: 0,
    })
  }
  for (const { intake, calls: count } of calls)
    totals.set(intake, { ...(totals.get(intake) ?? NOTHING), calls: count })
  return totals
}

/** Some files of an intake, in order of name. */
export async function pageIntakeFiles(
  tx: Tx,
  query: {
    readonly intake: string
    readonly state: IntakeFileState | null
    /** The last one of the page before. */
    readonly after: { readonly name: string; readonly file: string } | null
    readonly limit: number
  },
): Promise<IntakeFile[]> {
  const { intake, state, after, limit } = query
  return tx.rows<IntakeFile>(sql`
    select ${FILE_COLUMNS} from intake_file f
     where f.intake = ${intake} and (${state}::text is null or f.state = ${state}::text)
       and (${after?.file ?? null}::text is null
            or (f.name collate "C", f.file) > (${after?.name ?? ''}::text collate "C", ${after?.file ?? ''}::text))
     order by f.name collate "C", f.file limit ${limit}`)
}
