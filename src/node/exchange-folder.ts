import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CODE_FILE_CHARS_MAX } from '../exchange/codes.ts'
import type { CodeValue, Definition } from '../exchange/definition.ts'
import { type Loaded, loadDefinition } from '../exchange/load.ts'
import { problemLine } from '../exchange/problem.ts'
import { Fault } from '../fault/fault.ts'
import type { MailTemplates, ReadMailTemplates } from './mail-templates.ts'

/** Imported values of code lists, by list. */
export type ImportedCodes = ReadonlyMap<string, readonly CodeValue[]>

/**
 * The files of an exchange's folder that state its definition: `exchange.yaml`, `types/*.yaml`, `codes/*.csv`,
 * by path from the folder. Throws fault DEFINITION_WRONG where the folder or a file cannot be read.
 */
export async function readExchangeFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  return readParts(folder, [
    ['', /^exchange\.yaml$/],
    ['types', /\.ya?ml$/],
    ['codes', /\.csv$/],
  ])
}

async function readParts(
  folder: string,
  parts: readonly (readonly [folder: string, ending: RegExp])[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const info = await stat(folder).catch((error: unknown) => refuse(folder, error))
  if (!info.isDirectory()) throw wrong(`${folder} is not a folder.`)
  for (const [part, ending] of parts) {
    for (const name of await namesIn(join(folder, part))) {
      if (!ending.test(name)) continue
      const path = part === '' ? name : `${part}/${name}`
      files.set(path, await textOf(join(folder, path)))
    }
  }
  return files
}

/**
 * Loads an exchange's folder and tells every problem of it, its templates of mails included. Throws
 * DEFINITION_WRONG for unreadable files.
 */
export async function checkExchangeFolder(folder: string, imported?: ImportedCodes): Promise<Loaded> {
  return checkExchangeFiles(await readExchangeFolder(folder), await readMailFiles(folder), imported)
}

/** The same of files that are at hand, by path from the folder: those of the definition, and templates of mails. */
export async function checkExchangeFiles(
  files: ReadonlyMap<string, string>,
  mails: ReadonlyMap<string, string>,
  imported?: ImportedCodes,
): Promise<Loaded> {
  const loaded = loadDefinition(files, { sha256, ...(imported === undefined ? {} : { imported }) })
  const mail = await mailTemplatesOf(mails)
  return mail.problems.length === 0
    ? loaded
    : { definition: null, problems: [...loaded.problems, ...mail.problems] }
}

/** The templates of mails that an exchange's folder brings; those that do not work are left out. */
export async function loadMailTemplates(folder: string): Promise<MailTemplates> {
  return (await mailTemplatesOf(await readMailFiles(folder))).templates
}

function readMailFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  return readParts(folder, [['mail', /\.liquid$/]])
}

/** Templates of mails by their texts. The template language is loaded only where there is one. */
export async function mailTemplatesOf(files: ReadonlyMap<string, string>): Promise<ReadMailTemplates> {
  if (files.size === 0) return { templates: {}, problems: [] }
  return (await import('./mail-templates.ts')).readMailTemplates(files)
}

/** Loads an exchange's folder. Throws fault DEFINITION_WRONG that lists every problem. */
export async function loadExchange(folder: string, imported?: ImportedCodes): Promise<Definition> {
  return soundDefinition(await checkExchangeFolder(folder, imported), folder)
}

/** Throws fault DEFINITION_WRONG that lists every problem. */
export function soundDefinition({ definition, problems }: Loaded, folder: string): Definition {
  if (definition !== null) return definition
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  throw wrong(`The definition in ${folder} has ${count}:\n${problems.map(problemLine).join('\n')}`)
}

/** Lower-case hex SHA-256 of a text's UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted()
  } catch (error) {
    // An exchange without code files has no folder for them.
    if (codeOf(error) === 'ENOENT') return []
    return refuse(folder, error)
  }
}

async function textOf(path: string): Promise<string> {
  try {
    // Four bytes a character at most: what is larger need not be read to be refused.
    if ((await stat(path)).size > CODE_FILE_CHARS_MAX * 4) throw wrong(`The file ${path} is too large.`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    if (error instanceof TypeError) throw wrong(`The file ${path} is not UTF-8 text.`)
    return refuse(path, error)
  }
}

function refuse(path: string, error: unknown): never {
  if (error instanceof Fault) throw error
  const code = codeOf(error)
  const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
  throw wrong(`${path} ${reason}.`, error)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function wrong(reason: string, cause?: unknown): Fault<'DEFINITION_WRONG'> {
  return new Fault('DEFINITION_WRONG', { reason }, cause)
}
