import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A version of an imported code table; the newest of a list is in force. */
export interface CodeTable {
  readonly exchange: string
  readonly list: string
  readonly version: number
  readonly sha256: string
  /** The CSV file as it was imported. */
  readonly content: string
  readonly importedBy: string
  readonly importedAt: string
}

/** The tables in force, of every exchange or of one. */
export async function currentCodeTables(tx: Tx, exchange: string | null): Promise<CodeTable[]> {
  return tx.rows<CodeTable>(sql`
    select distinct on (exchange, list) exchange, list, version, sha256, content, imported_by as "importedBy",
           to_char(imported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "importedAt"
      from code_table where ${exchange}::text is null or exchange = ${exchange}::text
     order by exchange, list, version desc`)
}

/** Puts a new version in force; the same content again changes nothing. Returns the version in force. */
export async function putCodeTable(
  tx: Tx,
  table: Pick<CodeTable, 'exchange' | 'list' | 'sha256' | 'content' | 'importedBy'>,
): Promise<number> {
  const [current] = await tx.rows<{ version: number; sha256: string }>(sql`
    select version, sha256 from code_table where exchange = ${table.exchange} and list = ${table.list}
     order by version desc limit 1`)
  if (current?.sha256 === table.sha256) return current.version
  const version = (current?.version ?? 0) + 1
  await tx.rows(sql`
    insert into code_table (exchange, list, version, sha256, content, imported_by)
    values (${table.exchange}, ${table.list}, ${version}, ${table.sha256}, ${table.content}, ${table.importedBy})`)
  return version
}

const versionsMax = 50

/** The versions of a list, newest first. */
export async function listCodeTables(tx: Tx, exchange: string, list: string): Promise<CodeTable[]> {
  return tx.rows<CodeTable>(sql`
    select exchange, list, version, sha256, content, imported_by as "importedBy",
           to_char(imported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "importedAt"
      from code_table where exchange = ${exchange} and list = ${list}
     order by version desc limit ${versionsMax}`)
}
