import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import { version } from '../installed/version.ts'
import type { DocumentFolder } from '../store/documents.ts'
import { copyFile, createTreeCopy, type TreeCopy } from '../store/tree-copy.ts'
import { holdIntakes, rowsOf, sequenceValues, wholeTables } from '../store/whole-tables.ts'
import {
  type BackupProgress,
  documentIn,
  listFile,
  type Manifest,
  manifestFile,
  rowsFile,
  treesIn,
  writeLines,
} from './backup-folder.ts'

/** What a node keeps, and where. */
export interface Kept {
  readonly db: Database
  readonly documents: DocumentFolder
  /** Folder of the partners' own trees; null: they are left out. */
  readonly trees: string | null
}

/**
 * Writes everything the node keeps into a new folder: one snapshot of all tables, the documents, and the partners'
 * trees as they were at that moment. It can be restored on either kind of database. Throws when the folder exists,
 * and fault CONFIG_WRONG when a document is missing.
 */
export async function backup(
  { db, documents, trees }: Kept,
  folder: string,
  progress: BackupProgress = () => {},
): Promise<Manifest> {
  await mkdir(folder, { mode: 0o700 })
  await mkdir(join(folder, 'tables'))
  const copy = trees === null ? null : createTreeCopy(trees, treesIn(folder))
  // Most is copied while the node goes on, so that it has to stand still for the rest only.
  for (let rounds = 0; copy !== null && rounds < 2; rounds += 1) await copy.round()
  const content = await db.transact(async (tx) => {
    await beginSnapshot(tx, copy)
    return writeTables(tx, folder, progress)
  })
  const files = copy?.files() ?? null
  if (files !== null) await writeLines(listFile(folder), [files.map((file) => JSON.stringify(file))])
  // Documents never change, so copying them after the snapshot copies what the snapshot names.
  for (const sha256 of content.documents)
    if ((await copyFile(documents.pathOf(sha256), documentIn(folder, sha256))) === null)
      throw new Fault('CONFIG_WRONG', {
        reason: `The data folder has no document ${sha256}. Is it the one of this database?`,
      })
  const manifest = {
    tributary: version,
    takenAt: new Date().toISOString(),
    ...content,
    files: files?.length ?? null,
  }
  await writeFile(manifestFile(folder), JSON.stringify(manifest, null, 2))
  return manifest
}

/**
 * From here on the transaction sees the database as it is now. The trees are brought to the same moment: until they
 * are, nobody can note what becomes of files, so that they stand still; afterwards the node goes on.
 */
async function beginSnapshot(tx: Tx, copy: TreeCopy | null): Promise<void> {
  await tx.rows(sql`set transaction isolation level repeatable read`)
  await tx.rows(sql`set local idle_in_transaction_session_timeout = 0`)
  await tx.rows(sql`savepoint still`)
  // The lock comes before the snapshot, which the first statement that reads takes.
  if (copy !== null) await holdIntakes(tx)
  await tx.rows(sql`select 1 from migration`)
  await copy?.settle()
  await tx.rows(sql`rollback to savepoint still`)
}

async function writeTables(
  tx: Tx,
  folder: string,
  progress: BackupProgress,
): Promise<Pick<Manifest, 'tables' | 'sequences' | 'documents' | 'migrations'>> {
  const tables = []
  for (const table of await wholeTables(tx)) {
    const rows = await writeLines(rowsFile(folder, table.table), rowsOf(tx, table))
    tables.push({ table: table.table, rows })
    progress(table.table, rows)
  }
  const kept = await tx.rows<{ sha256: string }>(
    sql`select sha256 from document where bytes is null order by 1`,
  )
  const applied = await tx.rows<{ name: string }>(sql`select name from migration order by name`)
  return {
    tables,
    sequences: await sequenceValues(tx),
    documents: kept.map((row) => row.sha256),
    migrations: applied.map((row) => row.name),
  }
}
