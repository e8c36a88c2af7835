import { join } from 'node:path'
import type { Command } from 'commander'
import { backup, restore } from '../node/backup.ts'
import { readConfig } from '../node/config.ts'
import { openNodeDatabase } from '../node/start.ts'
import { createDocumentFolder } from '../store/documents.ts'
import { leaf } from './command.ts'

interface Given {
  readonly folder: string
}

export function backupCommand(): Command {
  return leaf<Given>(
    'backup <folder>',
    'Writes everything the node keeps into a new folder. On PostgreSQL the node may go on working; the embedded ' +
      'database must be stopped. A backup can be restored on either.',
    [['tributary backup /backups/2026-03-01', 'Into a folder that does not exist yet']],
    (call) => work(call.given.folder, backup, 'Written', call.out),
  )
}

export function restoreCommand(): Command {
  return leaf<Given>(
    'restore <folder>',
    'Puts a backup into an empty node, after checking that it is whole.',
    [['tributary restore /backups/2026-03-01', 'Into the database that DATABASE_URL names, or ./data']],
    (call) => work(call.given.folder, restore, 'Restored', call.out),
  )
}

async function work(
  folder: string,
  act: typeof backup,
  done: string,
  out: Parameters<Parameters<typeof leaf>[3]>[0]['out'],
): Promise<'ok'> {
  const config = readConfig(process.env)
  const { db, close } = await openNodeDatabase(config)
  try {
    const documents = createDocumentFolder(join(config.dataFolder, 'documents'))
    const manifest = await act(db, documents, folder, (table, rows) => out.note(`${table}: ${rows}`))
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    out.result({ folder, rows, documents: manifest.documents.length, takenAt: manifest.takenAt }, (screen) =>
      screen.line(`${done}: ${rows} rows and ${manifest.documents.length} documents.`),
    )
    return 'ok'
  } finally {
    await close()
  }
}
