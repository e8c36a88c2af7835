import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { wrongAcross } from '../exchange/check-references.ts'
import { parseCodeFile } from '../exchange/codes.ts'
import type { CodeList, CodeValue, Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { ownFile } from '../installed/own-file.ts'
import { searchIndexStatements, viewName, viewStatements } from '../publish/sql-views.ts'
import type { Definitions } from '../run/deps.ts'
import { createRulesInEffect } from '../run/rules-in-effect.ts'
import { type CandidateFiles, candidatesInForce } from '../store/candidates.ts'
import { type CodeTable, currentCodeTables } from '../store/code-tables.ts'
import { findDefinition } from '../store/definitions.ts'
import {
  checkExchangeFiles,
  type ImportedCodes,
  loadExchange,
  loadMailTemplates,
  mailTemplatesOf,
  sha256,
  soundDefinition,
} from './exchange-folder.ts'
import type { MailTemplates } from './mail-templates.ts'

/** The exchanges that come with Tributary. */
export const ownExchanges = fileURLToPath(ownFile('exchanges/'))

export interface LiveDefinitions extends Definitions {
  /** Reads folders, activated candidates and imported code tables again, and puts what they say in force. */
  reload(): Promise<void>
  /** Looks at once what rule sets were put or withdrawn. */
  lookForRules(): Promise<void>
  /** Templates of mails that an exchange brings in place of Tributary's. */
  mailTemplates(exchange: string): MailTemplates
}

/**
 * The exchanges of a folder with the code tables imported into the database. Views and search indexes are
 * made for each version that comes into force. Throws fault DEFINITION_WRONG naming every problem.
 */
export async function openDefinitions(
  db: Database,
  folder: string,
  log?: Pick<Logger, 'error'>,
): Promise<LiveDefinitions> {
  let current = new Map<string, Definition>()
  let templates = new Map<string, MailTemplates>()
  const pinned = new Map<string, Definition>()
  const rules = createRulesInEffect(db, sha256, (definition) => pinned.set(definition.hash, definition))
  await reload()

  const get = (exchange: string): Definition => {
    const definition = current.get(exchange)
    if (definition === undefined) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
    return definition
  }
  return {
    list: () => [...current.values()],
    get,
    inEffect: async (exchange, partner, at) => rules.of(get(exchange), partner, at),
    lookForRules: () => rules.look(),
    async pinned(tx, hash) {
      const found = pinned.get(hash) ?? (await findDefinition(tx, hash))
      if (found === null) throw new Fault('NOT_FOUND', { what: `definition ${hash}` })
      pinned.set(hash, found)
      return found
    },
    reload,
    mailTemplates: (exchange) => templates.get(exchange) ?? {},
  }

  async function reload(): Promise<void> {
    const { tables, candidates } = await db.transact(async (tx) => ({
      tables: await currentCodeTables(tx, null),
      candidates: await candidatesInForce(tx),
    }))
    const loaded = new Map<string, Definition>()
    const mails = new Map<string, MailTemplates>()
    for (const path of await exchangeFolders(folder)) {
      const stated = await loadExchange(path)
      const candidate = candidates.find(({ exchange }) => exchange === stated.exchange)
      const source = await sourceOf(folderSource(path, stated), candidate)
      const imported = importedCodes(source.definition, tables)
      const definition = imported.size === 0 ? source.definition : await source.load(imported)
      loaded.set(definition.exchange, definition)
      mails.set(definition.exchange, await source.mails())
      pinned.set(definition.hash, definition)
    }
    const wrong = wrongAcross([...loaded.values()])
    if (wrong.length > 0) throw new Fault('DEFINITION_WRONG', { reason: wrong.join(' ') })
    for (const definition of loaded.values())
      if (current.get(definition.exchange)?.hash !== definition.hash) await activate(db, definition)
    current = loaded
    templates = mails
  }

  /** A version that no longer loads (this software may be newer than it) must not keep the node from starting. */
  async function sourceOf(stated: Source, candidate: CandidateFiles | undefined): Promise<Source> {
    if (candidate === undefined) return stated
    try {
      return await candidateSource(candidate)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const { exchange, id } = candidate
      log?.error({ err: error, exchange, candidate: id }, 'definition.candidate-broken: the folder counts')
      return stated
    }
  }
}

/** Where the definition of an exchange comes from. */
interface Source {
  /** With the samples of imported lists. */
  readonly definition: Definition
  readonly load: (imported: ImportedCodes) => Promise<Definition>
  readonly mails: () => Promise<MailTemplates>
}

function folderSource(path: string, definition: Definition): Source {
  return {
    definition,
    load: (imported) => loadExchange(path, imported),
    mails: () => loadMailTemplates(path),
  }
}

/** A candidate that was activated takes the folder's place. Throws DEFINITION_WRONG when it no longer loads. */
async function candidateSource({ id, files }: CandidateFiles): Promise<Source> {
  const { definition: texts, mails } = partsOf(files)
  const load = async (imported?: ImportedCodes) =>
    soundDefinition(await checkExchangeFiles(texts, mails, imported), `version ${id}`)
  return {
    definition: await load(),
    load,
    mails: async () => (await mailTemplatesOf(mails)).templates,
  }
}

/** The files of a candidate: those of the definition, and templates of mails. */
export function partsOf(files: Readonly<Record<string, string>>) {
  const all = Object.entries(files)
  const isMail = ([path]: readonly [string, string]) => path.startsWith('mail/')
  return { definition: new Map(all.filter((one) => !isMail(one))), mails: new Map(all.filter(isMail)) }
}

/** The imported tables that a definition has lists for. Throws BAD_REQUEST for one that its columns do not fit. */
export function importedCodes(definition: Definition, tables: readonly CodeTable[]): ImportedCodes {
  const imported = new Map<string, readonly CodeValue[]>()
  for (const table of tables.filter((one) => one.exchange === definition.exchange)) {
    const list = definition.lists[table.list]
    if (list !== undefined) imported.set(table.list, readCodeTable(table.content, list))
  }
  return imported
}

/** The codes of an imported file. Throws fault BAD_REQUEST naming the first things that are wrong with it. */
export function readCodeTable(content: string, list: CodeList): readonly CodeValue[] {
  if (list.columns === null)
    throw new Fault('BAD_REQUEST', { reason: `${list.name} names no columns, so it cannot be imported.` })
  const { values, problems } = parseCodeFile(`${list.name}.csv`, content, list.columns)
  if (problems.length > 0) {
    const told = problems.slice(0, 3).map(({ line, message, fix }) => `line ${line}: ${message} ${fix}`)
    throw new Fault('BAD_REQUEST', { reason: `The file does not fit. ${told.join(' ')}` })
  }
  return values
}

async function exchangeFolders(folder: string): Promise<string[]> {
  const paths: string[] = []
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name)
    const isExchange = await stat(join(path, 'exchange.yaml')).then(
      () => true,
      () => false,
    )
    if (isExchange) paths.push(path)
  }
  return paths
}

/**
 * Makes an exchange's views and search indexes, unless these very ones are there: making a view anew drops
 * what people have built on it.
 */
async function activate(db: Database, definition: Definition): Promise<void> {
  const statements = [...viewStatements(definition), ...searchIndexStatements(definition)]
  const mark = `Made by Tributary: ${sha256(statements.join(';'))}`
  const view = `live.${viewName(definition.exchange, definition.types[0]?.name ?? '')}`
  await db.transact(async (tx) => {
    // Two nodes that start together take turns.
    await tx.rows({ text: 'select seal from audit_head for update', values: [] })
    const [made] = await tx.rows<{ mark: string | null }>(
      sql`select obj_description(to_regclass(${view}), 'pg_class') as mark`,
    )
    if (made?.mark === mark) return
    for (const text of statements) await tx.rows({ text, values: [] })
    await tx.rows({ text: `comment on view ${view} is '${mark}'`, values: [] })
  })
}
