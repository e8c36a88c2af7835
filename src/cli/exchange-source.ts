import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Definition } from '../exchange/definition.ts'
import type { Loaded } from '../exchange/load.ts'
import { ownFile } from '../installed/own-file.ts'
import { checkExchangeFolder, loadExchange } from '../node/exchange-folder.ts'
import { CommandError } from './exits.ts'

/** Folder of the exchanges that come with Tributary. */
const ownExchanges = fileURLToPath(ownFile('exchanges'))

/** The folder that holds all exchanges: the one set for this machine, or Tributary's own. */
export function exchangesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TRIBUTARY_EXCHANGES || ownExchanges
}

/**
 * The folder of a definition, by its path or by the name of an exchange.
 * Throws CommandError when there is neither.
 */
async function folderOf(nameOrFolder: string): Promise<string> {
  for (const folder of [nameOrFolder, join(exchangesFolder(), nameOrFolder)])
    if (await holdsDefinition(folder)) return folder
  throw new CommandError(
    'missing',
    `There is no exchange ${nameOrFolder}.`,
    'Give the folder that holds its exchange.yaml, or a name that tributary exchange list shows.',
  )
}

export function holdsDefinition(folder: string): Promise<boolean> {
  return access(join(folder, 'exchange.yaml')).then(
    () => true,
    () => false,
  )
}

/** Loads an exchange by name or folder. Throws fault DEFINITION_WRONG. */
export async function loadNamedExchange(nameOrFolder: string): Promise<Definition> {
  return loadExchange(await folderOf(nameOrFolder))
}

/** Loads an exchange by name or folder and tells every problem of it. */
export async function checkNamedExchange(nameOrFolder: string): Promise<Loaded> {
  return checkExchangeFolder(await folderOf(nameOrFolder))
}
