import type { Ports } from '../channel/rest/ports.ts'
import type { CodeTableVersion, CrosswalkView } from '../channel/rest/ports-codes.ts'
import type { Database } from '../db/database.ts'
import { editedCodes, writeCodeTable } from '../exchange/code-table.ts'
import { compareCodes, parseCodeFile } from '../exchange/codes.ts'
import type { CodeList, Definition, Field } from '../exchange/definition.ts'
import { findingCode, wireName } from '../exchange/finding-codes.ts'
import { crosswalksIn, withCrosswalk } from '../exchange/rule-text.ts'
import { Fault } from '../fault/fault.ts'
import { setsAt } from '../run/rules-in-effect.ts'
import { listCodeTables } from '../store/code-tables.ts'
import { standingRuleSets } from '../store/rule-sets.ts'
import { listUnmatchedValues } from '../store/unmatched-values.ts'
import type { LiveDefinitions } from './definitions.ts'

interface CodeTableDeps {
  readonly db: Database
  readonly definitions: LiveDefinitions
  readonly now: () => number
  readonly codes: Pick<Ports['codes'], 'import'>
  readonly rules: Pick<Ports['rules'], 'put'>
}

/** Values that did not match are told of so many days. */
const daysBack = 90
const dayMs = 86_400_000

/** Code lists and crosswalks as the centre keeps them. */
export function createCodeTablePorts(deps: CodeTableDeps): Ports['codeTables'] {
  const { db, definitions, now } = deps
  return {
    usedBy: (exchange) => usedBy(definitions.get(exchange)),
    csv(exchange, name) {
      const list = listOf(definitions, exchange, name)
      return writeCodeTable(list.values, list.columns)
    },
    async edit(who, exchange, name, { put, remove }) {
      const list = listOf(definitions, exchange, name)
      const { columns } = list
      if (columns?.from === null && put.some(({ from }) => from !== null))
        throw new Fault('BAD_REQUEST', { reason: `${name} has no column for the first day of a code.` })
      if (columns?.until === null && put.some(({ until }) => until !== null))
        throw new Fault('BAD_REQUEST', { reason: `${name} has no column for the last day of a code.` })
      const text = writeCodeTable(editedCodes(list.values, put, remove), columns)
      return deps.codes.import(who, exchange, name, text)
    },
    async versions(exchange, name) {
      const list = listOf(definitions, exchange, name)
      const tables = await db.transact((tx) => listCodeTables(tx, exchange, name))
      return historyOf(list, tables)
    },
    async unmatched(exchange, name, realm) {
      listOf(definitions, exchange, name)
      const checks = definitions
        .get(exchange)
        .types.flatMap(({ fields }) => fieldsBelow(fields))
        .filter(({ field }) => field.list === name)
        .map(({ field }) => ({ code: findingCode(field, 'code'), field: wireName(field) }))
      const unique = [...new Map(checks.map((one) => [`${one.code} ${one.field}`, one])).values()]
      const since = new Date(now() - daysBack * dayMs).toISOString()
      return db.transact((tx) => listUnmatchedValues(tx, { exchange, realm, since, checks: unique }))
    },
    crosswalks: (exchange) => crosswalks(deps, exchange),
    async putCrosswalk(who, exchange, crosswalk, { partner, map, effectiveAt, reason }) {
      const { crosswalks: known } = definitions.get(exchange)
      if (!Object.hasOwn(known, crosswalk))
        throw new Fault('NOT_FOUND', { what: `crosswalk ${crosswalk} in ${exchange}` })
      const at = effectiveAt === null ? now() : Date.parse(effectiveAt)
      const before = await contentAt(deps, exchange, partner, Number.isNaN(at) ? now() : at)
      const content = withCrosswalk(before, crosswalk, map)
      return deps.rules.put(who, exchange, { partner, effectiveAt, reason, content })
    },
  }
}

function usedBy({ types }: Definition): Readonly<Record<string, readonly string[]>> {
  const lists = new Map<string, string[]>()
  for (const type of types)
    for (const { field, path } of fieldsBelow(type.fields)) {
      if (field.list === null) continue
      const paths = lists.get(field.list) ?? []
      paths.push(`${type.name}.${path}`)
      lists.set(field.list, paths)
    }
  return Object.fromEntries(lists)
}

function fieldsBelow(
  fields: readonly Field[],
  above = '',
): { readonly field: Field; readonly path: string }[] {
  return fields.flatMap((field) => [
    { field, path: `${above}${field.name}` },
    ...fieldsBelow(field.fields, `${above}${field.name}.`),
  ])
}

function historyOf(
  list: CodeList,
  tables: Awaited<ReturnType<typeof listCodeTables>>,
): readonly CodeTableVersion[] {
  const { columns } = list
  const valuesOf = (content: string) =>
    columns === null ? [] : parseCodeFile(`${list.name}.csv`, content, columns).values
  const read = tables.map((table) => ({ ...table, codes: valuesOf(table.content) }))
  return read.map(({ version, importedBy, importedAt, codes }, index) => {
    const { added, removed, changed } = compareCodes(read[index + 1]?.codes ?? [], codes)
    return {
      version,
      importedBy,
      importedAt,
      values: codes.length,
      added: added.length,
      removed: removed.length,
      changed: changed.length,
    }
  })
}

async function contentAt(
  { db }: CodeTableDeps,
  exchange: string,
  partner: string,
  at: number,
): Promise<string> {
  const sets = await db.transact((tx) => standingRuleSets(tx))
  const timed = sets.map((set) => ({ ...set, from: Date.parse(set.effectiveAt) }))
  return setsAt(timed, exchange, partner, at).find((set) => set.partner === partner)?.content ?? ''
}

async function crosswalks(
  { db, definitions, now }: CodeTableDeps,
  exchange: string,
): Promise<readonly CrosswalkView[]> {
  const definition = definitions.get(exchange)
  const sets = (await db.transact((tx) => standingRuleSets(tx)))
    .filter((set) => set.exchange === exchange)
    .map((set) => ({ ...set, from: Date.parse(set.effectiveAt) }))
  const ruled = new Map(
    [...new Set(sets.map(({ partner }) => partner))].map((partner) => {
      const set = setsAt(sets, exchange, partner, now()).find((one) => one.partner === partner)
      return [partner, crosswalksIn(set?.content ?? '')] as const
    }),
  )
  return Object.values(definition.crosswalks).map(({ name, list, map }) => ({
    name,
    list,
    fields: definition.types.flatMap((type) =>
      fieldsBelow(type.fields)
        .filter(({ field }) => field.crosswalk === name)
        .map(({ path }) => `${type.name}.${path}`),
    ),
    partners: [...new Set([...Object.keys(map), ...ruled.keys()])].sort().map((partner) => ({
      partner,
      stated: map[partner] ?? {},
      ruled: ruled.get(partner)?.[name] ?? {},
    })),
  }))
}

function listOf(definitions: LiveDefinitions, exchange: string, name: string): CodeList {
  const { lists } = definitions.get(exchange)
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined
  if (list === undefined) throw new Fault('NOT_FOUND', { what: `code list ${name} in ${exchange}` })
  return list
}
