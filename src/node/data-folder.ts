import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault/fault.ts'
import { codeOf } from '../store/disk.ts'

const markName = 'node.id'

/** Number of the database whose documents and files lie in a data folder; null when none has used it. */
export async function ownerOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, markName), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  })
  return text.trim() || null
}

/**
 * Binds a data folder to a database, or finds that it is. Of two databases that ask at once one has it. Throws fault
 * CONFIG_WRONG when it is another's: that node's files must not be taken.
 */
export async function bindFolder(folder: string, id: string): Promise<void> {
  const before = await ownerOf(folder)
  const owner = before ?? (await mark(folder, id))
  if (owner !== id)
    throw new Fault('CONFIG_WRONG', {
      reason:
        `${folder} belongs to another node, whose database is not this one. Name this node's folder with ` +
        'TRIBUTARY_DATA, or its database with DATABASE_URL.',
    })
}

/** Throws fault CONFIG_WRONG when the folder is not bound to this database. */
export async function checkFolder(folder: string, id: string): Promise<void> {
  if ((await ownerOf(folder)) === null)
    throw new Fault('CONFIG_WRONG', {
      reason: `${folder} is not the data folder of this node. Name it with TRIBUTARY_DATA.`,
    })
  await bindFolder(folder, id)
}

async function mark(folder: string, id: string): Promise<string | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, markName)
  const written = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(written, `${id}\n`, { mode: 0o600, flush: true })
  try {
    // A link fails where the name is in use, so that one of two wins.
    await link(written, path).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') await rename(written, path)
    })
  } finally {
    await rm(written, { force: true })
  }
  return ownerOf(folder)
}
