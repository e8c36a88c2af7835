import { join } from 'node:path'
import type { Command } from 'commander'
import { type Call, leaf } from './command.ts'

interface Given {
  readonly folder: string
}

export function backupCommand(): Command {
  return leaf<Given>(
    'backup <folder>',
    'Writes everything the node keeps into a new folder. On PostgreSQL the node may go on working; the embedded ' +
      'database must be stopped. A backup can be restored on either.',
    [['tributary backup /backups/2026-03-01', 'Into a folder that does not exist yet']],
    (call) => work(call, 'backup', 'Written'),
  )
}

export function restoreCommand(): Command {
  return leaf<Given>(
    'restore <folder>',
    'Puts a backup into an empty node, after checking that it is whole.',
    [['tributary restore /backups/2026-03-01', 'Into the database that DATABASE_URL names, or ./data']],
    (call) => work(call, 'restore', 'Restored'),
  )
}

async function work({ given, out }: Call<Given>, act: 'backup' | 'restore', done: string): Promise<'ok'> {
  const acts = await import('../node/backup.ts')
  const { readConfig } = await import('../node/config.ts')
  const { openNodeDatabase } = await import('../node/start.ts')
  const { createDocumentFolder } = await import('../store/documents.ts')
  const config = readConfig(process.env)
  const { folder } = given
  const { db, close } = await openNodeDatabase(config)
  try {
    const documents = createDocumentFolder(join(config.dataFolder, 'documents'))
    const manifest = await acts[act](db, documents, folder, (table, rows) => out.note(`${table}: ${rows}`))
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    out.result({ folder, rows, documents: manifest.documents.length, takenAt: manifest.takenAt }, (screen) =>
      screen.line(`${done}: ${rows} rows and ${manifest.documents.length} documents.`),
    )
    return 'ok'
  } finally {
    await close()
  }
}
