import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Database, Tx } from '../db/database.ts'
import { identifier, sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import type { DocumentFolder } from '../store/documents.ts'
import { version } from './version.ts'

/** What a backup holds; written last, so a folder without it is not a backup. */
interface Manifest {
  readonly tributary: string
  readonly takenAt: string
  readonly migrations: readonly string[]
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly documents: readonly string[]
}

/** In an order in which rows may refer to rows before them. */
const TABLES = [
  'partner',
  'partner_identifier',
  'account',
  'account_certificate',
  'policy',
  'signing_key',
  'audit_seal',
  'audit_entry',
  'definition',
  'code_table',
  'rule_set',
  'book',
  'document',
  'submission',
  'segment',
  'delivery',
  'record',
  'history',
  'finding',
  'alias',
  'link',
  'survey',
  'survey_link',
  'survey_set',
  'task',
] as const

const rowsMax = 1000

export type BackupProgress = (table: string, rows: number) => void

/**
 * Writes everything the node keeps into a new folder: one snapshot of all tables, and the documents. It can be
 * restored on either kind of database. Throws when the folder exists.
 */
export async function backup(
  db: Database,
  documents: DocumentFolder,
  folder: string,
  progress: BackupProgress = () => {},
): Promise<Manifest> {
  await mkdir(folder)
  await mkdir(join(folder, 'tables'))
  const content = await db.transact(async (tx) => {
    await tx.rows(sql`set transaction isolation level repeatable read`)
    const tables = []
    for (const table of TABLES) {
      const rows = await writeTable(tx, table, join(folder, 'tables', `${table}.ndjson.gz`))
      tables.push({ table, rows })
      progress(table, rows)
    }
    const kept = await tx.rows<{ sha256: string }>(
      sql`select sha256 from document where bytes is null order by 1`,
    )
    const applied = await tx.rows<{ name: string }>(sql`select name from migration order by name`)
    return { tables, documents: kept.map((row) => row.sha256), migrations: applied.map((row) => row.name) }
  })
  // Documents never change, so copying them after the snapshot copies what the snapshot names.
  for (const sha256 of content.documents) await copyDocument(documents.pathOf(sha256), pathIn(folder, sha256))
  const manifest: Manifest = { tributary: version, takenAt: new Date().toISOString(), ...content }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2))
  return manifest
}

async function writeTable(tx: Tx, table: string, path: string): Promise<number> {
  const cursor = identifier(`backup_${table}`)
  await tx.rows(
    sql`declare ${cursor} no scroll cursor for select to_jsonb(t)::text as row from ${identifier(table)} t`,
  )
  let count = 0
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const rows = await tx.rows<{ row: string }>({
        text: `fetch ${rowsMax} from ${cursor.text}`,
        values: [],
      })
      if (rows.length === 0) return
      count += rows.length
      yield `${rows.map((row) => row.row).join('\n')}\n`
    }
  }
  await pipeline(
    Readable.from(lines()),
    createGzip({ level: 4 }),
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  )
  await tx.rows({ text: `close ${cursor.text}`, values: [] })
  return count
}

async function copyDocument(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}

function pathIn(folder: string, sha256: string): string {
  return join(folder, 'documents', sha256.slice(0, 2), sha256)
}

/**
 * Puts a backup into an empty node: all tables in one transaction, then the documents, each checked against
 * its hash. Throws fault CONFLICT when the node holds anything, CONFIG_WRONG when the backup is not whole or
 * is of a newer version.
 */
export async function restore(
  db: Database,
  documents: DocumentFolder,
  folder: string,
  progress: BackupProgress = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder)
  for (const sha256 of manifest.documents) {
    await checkDocument(pathIn(folder, sha256), sha256)
    await copyDocument(pathIn(folder, sha256), documents.pathOf(sha256))
  }
  await db.transact(async (tx) => {
    const [used] = await tx.rows(sql`select 1 from partner limit 1`)
    if (used !== undefined)
      throw new Fault('CONFLICT', { reason: 'This node holds data already; restore into an empty one.' })
    const known = await tx.rows<{ name: string }>(sql`select name from migration`)
    const missing = manifest.migrations.find((name) => !known.some((row) => row.name === name))
    if (missing !== undefined)
      throw new Fault('CONFIG_WRONG', {
        reason: `The backup is of a newer version of Tributary (it has ${missing}).`,
      })
    for (const { table, rows } of manifest.tables) {
      const restored = await readTable(tx, table, join(folder, 'tables', `${table}.ndjson.gz`))
      if (restored !== rows)
        throw new Fault('CONFIG_WRONG', {
          reason: `The backup is not whole: ${table} has ${restored} of ${rows} rows.`,
        })
      progress(table, rows)
    }
    await resetCounters(tx)
  })
  return manifest
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(async () => {
    const found = await readdir(folder).catch(() => null)
    const reason =
      found === null
        ? `There is no folder ${folder}.`
        : `${folder} is not a whole backup: it has no manifest.json.`
    throw new Fault('CONFIG_WRONG', { reason })
  })
  const manifest = JSON.parse(text) as Manifest
  const strange = manifest.tables.find(({ table }) => !(TABLES as readonly string[]).includes(table))
  if (strange !== undefined)
    throw new Fault('CONFIG_WRONG', {
      reason: `The backup names a table that this version does not know: ${strange.table}.`,
    })
  return manifest
}

async function readTable(tx: Tx, table: string, path: string): Promise<number> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()) })
  let count = 0
  let batch: string[] = []
  for await (const line of lines) {
    batch.push(line)
    count += 1
    if (batch.length === rowsMax) await put()
  }
  await put()
  return count

  async function put(): Promise<void> {
    if (batch.length === 0) return
    const rows = `[${batch.join(',')}]`
    batch = []
    // With its schema: `record` alone is PostgreSQL's own type of that name.
    const name = { text: `public.${identifier(table).text}`, values: [] }
    await tx.rows(sql`
      insert into ${name} overriding system value
      select * from jsonb_populate_recordset(null::${name}, ${rows}::jsonb)`)
  }
}

/** Identity columns and sequences go on after what was restored. */
async function resetCounters(tx: Tx): Promise<void> {
  for (const [table, column] of [
    ['book', 'book'],
    ['task', 'task'],
    ['audit_entry', 'entry'],
  ] as const)
    await tx.rows({
      text: `select setval(pg_get_serial_sequence('${table}', '${column}'), (select coalesce(max(${column}), 0) + 1 from ${table}), false)`,
      values: [],
    })
  await tx.rows(
    sql`select setval('claim_token', (select coalesce(max(claim), 0) + 1 from submission), false)`,
  )
  await tx.rows(sql`update task set claim = null, leased_until = null`)
  await tx.rows(sql`update audit_head set seal = (select coalesce(max(seal), 0) from audit_seal)`)
}

async function checkDocument(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  if (hash.digest('hex') !== sha256)
    throw new Fault('CONFIG_WRONG', { reason: `A document of the backup was changed: ${sha256}.` })
}
