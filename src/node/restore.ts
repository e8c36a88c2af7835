import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Tx } from '../db/database.ts'
import { migrate, migrationNames } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import { type CopiedFile, copyFile } from '../store/tree-copy.ts'
import {
  emptyTable,
  endLeases,
  putForeignKeys,
  putRows,
  setSequences,
  takeForeignKeys,
  type WholeTable,
  wholeTables,
} from '../store/whole-tables.ts'
import type { Kept } from './backup.ts'
import {
  type BackupProgress,
  documentIn,
  listFile,
  type Manifest,
  readLines,
  readManifest,
  rowsFile,
  treesIn,
} from './backup-folder.ts'

const rowsAtOnce = 500
const charsAtOnce = 8 * 2 ** 20

/**
 * Puts a backup into an empty node: documents and files, each checked against its hash, then all tables in one
 * transaction. The tables are made as they were when the backup was taken, and brought up to this version afterwards.
 * Throws fault CONFLICT when the node holds anything, CONFIG_WRONG when the backup is not whole or is of a newer
 * version.
 * @param kept an empty database, with or without tables, and where documents and files go
 */
export async function restore(
  { db, documents, trees }: Kept,
  folder: string,
  progress: BackupProgress = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder)
  await checkVersion(manifest)
  await checkEmpty(db, trees)
  for (const sha256 of manifest.documents) await copyDocument(documents.pathOf(sha256), folder, sha256)
  progress('documents', manifest.documents.length)
  await migrate(db, manifest.migrations)
  const restoring = trees === null ? null : `${trees}.restoring`
  try {
    if (restoring !== null) await copyTrees(manifest, folder, restoring, progress)
    await db.transact(async (tx) => {
      await putTables(tx, manifest, folder, progress)
      // The last step, so that nothing is left in the folder when a table is not whole.
      if (restoring !== null && trees !== null && (manifest.files ?? 0) > 0) await moveInto(restoring, trees)
    })
  } finally {
    if (restoring !== null) await rm(restoring, { recursive: true, force: true })
  }
  await migrate(db)
  return manifest
}

async function checkVersion({ migrations, tributary }: Manifest): Promise<void> {
  const known = await migrationNames()
  const missing = migrations.find((name) => !known.includes(name))
  if (missing !== undefined)
    throw new Fault('CONFIG_WRONG', {
      reason: `The backup is of a newer version of Tributary, ${tributary} (it has ${missing}).`,
    })
}

async function checkEmpty(db: Database, trees: string | null): Promise<void> {
  const used = await db.transact(async (tx) => {
    const [made] = await tx.rows<{ there: boolean }>(
      sql`select to_regclass('public.partner') is not null as there`,
    )
    return made?.there === true && (await tx.rows(sql`select 1 from partner limit 1`)).length > 0
  })
  if (used)
    throw new Fault('CONFLICT', { reason: 'This node holds data already; restore into an empty one.' })
  if (trees !== null && (await readdir(trees).catch((): string[] => [])).length > 0)
    throw new Fault('CONFLICT', {
      reason: `${trees} holds files of partners already; restore into an empty data folder.`,
    })
}

async function copyDocument(path: string, folder: string, sha256: string): Promise<void> {
  const copy = `${path}.restoring`
  const copied = await copyFile(documentIn(folder, sha256), copy)
  if (copied?.sha256 === sha256) return rename(copy, path)
  await rm(copy, { force: true })
  throw notWhole(`document ${sha256} is missing or was changed`)
}

async function copyTrees(
  manifest: Manifest,
  folder: string,
  to: string,
  progress: BackupProgress,
): Promise<void> {
  await rm(to, { recursive: true, force: true })
  if (manifest.files === null) return
  let count = 0
  for await (const line of readLines(listFile(folder))) {
    const { path, sha256 } = JSON.parse(line) as CopiedFile
    if (path.split('/').includes('..')) throw notWhole(`${path} is no path of a file`)
    if ((await copyFile(join(treesIn(folder), path), join(to, path)))?.sha256 !== sha256)
      throw notWhole(`file ${path} is missing or was changed`)
    count += 1
  }
  if (count !== manifest.files) throw notWhole(`it lists ${count} of ${manifest.files} files`)
  progress('files', count)
}

async function moveInto(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await rename(from, to)
}

async function putTables(
  tx: Tx,
  manifest: Manifest,
  folder: string,
  progress: BackupProgress,
): Promise<void> {
  const tables = await wholeTables(tx)
  checkTables(manifest, tables)
  const keys = await takeForeignKeys(tx)
  for (const table of tables) await emptyTable(tx, table)
  for (const { table, rows } of manifest.tables) {
    const known = tables.find((one) => one.table === table)
    const restored = known === undefined ? 0 : await putTable(tx, known, rowsFile(folder, table))
    if (restored !== rows) throw notWhole(`${table} has ${restored} of ${rows} rows`)
    progress(table, rows)
  }
  await putForeignKeys(tx, keys)
  await setSequences(tx, manifest.sequences)
  await endLeases(tx)
}

/** Both have the tables that the same migrations make. */
function checkTables(manifest: Manifest, tables: readonly WholeTable[]): void {
  const names = manifest.tables.map(({ table }) => table)
  const strange = names.find((name) => !tables.some(({ table }) => table === name))
  if (strange !== undefined)
    throw new Fault('CONFIG_WRONG', {
      reason: `The backup names a table that this version does not know: ${strange}.`,
    })
  const lacking = tables.find(({ table }) => !names.includes(table))
  if (lacking !== undefined)
    throw new Fault('CONFIG_WRONG', {
      reason: `This database has tables of a newer version (${lacking.table}); restore into a new one.`,
    })
}

async function putTable(tx: Tx, table: WholeTable, path: string): Promise<number> {
  let count = 0
  let chars = 0
  let batch: string[] = []
  for await (const line of readLines(path)) {
    batch.push(line)
    count += 1
    chars += line.length
    if (batch.length < rowsAtOnce && chars < charsAtOnce) continue
    await putRows(tx, table, batch)
    batch = []
    chars = 0
  }
  if (batch.length > 0) await putRows(tx, table, batch)
  return count
}

function notWhole(what: string): Fault {
  return new Fault('CONFIG_WRONG', { reason: `The backup is not whole: ${what}.` })
}
