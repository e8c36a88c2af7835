import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Manifest } from '../node/backup-folder.ts'
import { type Call, leaf } from './command.ts'
import { CommandError } from './exits.ts'
import type { Output } from './output.ts'

export function backupCommand(): Command {
  return leaf<{ readonly folder: string; readonly files: boolean }>(
    'backup <folder>',
    "Writes everything the node keeps into a new folder: the database, the documents, and the partners' files. On " +
      'PostgreSQL the node may go on working; the embedded database must be stopped. A backup can be restored on ' +
      'either.',
    [
      ['tributary backup /backups/2026-03-01', 'Into a folder that does not exist yet'],
      [
        'tributary backup /backups/2026-03-01 --no-files',
        "Without the partners' folders: copy them otherwise",
      ],
    ],
    makeBackup,
    (command) => command.option('--no-files', "leave out the partners' folders (files in the data folder)"),
  )
}

export function restoreCommand(): Command {
  return leaf<{ readonly folder: string }>(
    'restore <folder>',
    'Puts a backup into an empty node, after checking that it is whole.',
    [['tributary restore /backups/2026-03-01', 'Into the database that DATABASE_URL names, or ./data']],
    putBack,
  )
}

async function makeBackup({
  given,
  out,
}: Call<{ readonly folder: string; readonly files: boolean }>): Promise<'ok'> {
  const { backup } = await import('../node/backup.ts')
  const { checkFolder } = await import('../node/data-folder.ts')
  const { openNodeDatabase } = await import('../node/node-database.ts')
  const { installationId } = await import('../store/installation.ts')
  const { config, documents, trees } = await here()
  const { db, close } = await openNodeDatabase(config)
  try {
    await checkFolder(config.dataFolder, await db.transact(installationId))
    const kept = { db, documents, trees: given.files ? trees : null }
    tell(out, 'Written', given.folder, await backup(kept, given.folder, noteTo(out)))
    return 'ok'
  } finally {
    await close()
  }
}

async function putBack({ given, out }: Call<{ readonly folder: string }>): Promise<'ok'> {
  const { restore } = await import('../node/restore.ts')
  const { readManifest } = await import('../node/backup-folder.ts')
  const { bindFolder, ownerOf } = await import('../node/data-folder.ts')
  const { embeddedFolder, hasEmbedded, openNewDatabase } = await import('../node/node-database.ts')
  const { installationId } = await import('../store/installation.ts')
  const { config, documents, trees } = await here()
  // Before anything is made: a folder that is mistyped leaves nothing behind.
  await readManifest(given.folder)
  if ((await ownerOf(config.dataFolder)) !== null)
    throw new CommandError(
      'refused',
      `${config.dataFolder} is the data folder of a node already.`,
      'Restore into an empty one: TRIBUTARY_DATA names it.',
    )
  const made = config.databaseUrl === null && !(await hasEmbedded(config))
  const { db, close } = await openNewDatabase(config)
  let whole = false
  try {
    const manifest = await restore({ db, documents, trees }, given.folder, noteTo(out))
    await bindFolder(config.dataFolder, await db.transact(installationId))
    whole = true
    tell(out, 'Restored', given.folder, manifest)
    return 'ok'
  } finally {
    await close()
    if (made && !whole) await rm(embeddedFolder(config), { recursive: true, force: true })
  }
}

/** What the settings name. */
async function here() {
  const { readConfig } = await import('../node/config.ts')
  const { treesFolder } = await import('../node/pick-up.ts')
  const { createDocumentFolder } = await import('../store/documents.ts')
  const config = readConfig(process.env)
  return {
    config,
    documents: createDocumentFolder(join(config.dataFolder, 'documents')),
    trees: treesFolder(config),
  }
}

function noteTo(out: Output): (what: string, count: number) => void {
  return (what, count) => out.note(`${what}: ${count}`)
}

function tell(out: Output, done: string, folder: string, manifest: Manifest): void {
  const { files, takenAt } = manifest
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const documents = manifest.documents.length
  out.result({ folder, rows, documents, files, takenAt }, (screen) => {
    const and = files === null ? '' : ` and ${files} files of partners`
    screen.line(`${done}: ${rows} rows, ${documents} documents${and}.`)
    if (files === null) screen.line("The partners' files (the folder files) are not part of it.")
  })
}
