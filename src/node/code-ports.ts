import { hash } from 'node:crypto'
import type { Ports } from '../channel/rest/ports.ts'
import type { Database } from '../db/database.ts'
import { compareCodes } from '../exchange/codes.ts'
import type { CodeList } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { currentCodeTables, putCodeTable } from '../store/code-tables.ts'
import type { LiveDefinitions } from './definitions.ts'
import { readCodeTable } from './definitions.ts'
import { placeAfter, readPlace } from './paging.ts'

/** Code lists: what is in force, and importing those that others publish. */
export function createCodePorts(deps: { db: Database; definitions: LiveDefinitions }): Ports['codes'] {
  const { db, definitions } = deps
  return {
    async lists(exchange) {
      const tables = await db.transact((tx) => currentCodeTables(tx, exchange))
      return Object.values(definitions.get(exchange).lists).map((list) => ({
        list: list.name,
        title: list.title,
        values: list.values.length,
        imported: list.imported,
        importedAt: tables.find((table) => table.list === list.name)?.importedAt ?? null,
      }))
    },
    async values(exchange, name, query) {
      const start = readPlace(query.after, { index: 'number' })?.index ?? 0
      const wanted = query.search?.toLowerCase() ?? ''
      const all = listOf(definitions, exchange, name).values.filter(
        ({ code, label }) => code.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted),
      )
      const end = start + query.limit
      return { items: all.slice(start, end), next: end < all.length ? placeAfter({ index: end }) : null }
    },
    async import(who, exchange, name, content) {
      const list = listOf(definitions, exchange, name)
      if (!list.imported)
        throw new Fault('BAD_REQUEST', {
          reason: `${name} is stated by the definition itself and cannot be imported.`,
        })
      const values = readCodeTable(content, list)
      if (values.length === 0) throw new Fault('BAD_REQUEST', { reason: 'The file holds no codes.' })
      const { added, removed, changed } = compareCodes(list.values, values)
      const table = {
        exchange,
        list: name,
        sha256: hash('sha256', content, 'hex'),
        content,
        importedBy: who.name,
      }
      await db.transact((tx) => putCodeTable(tx, table))
      await definitions.reload()
      return { values: values.length, added: added.length, removed: removed.length, changed: changed.length }
    },
  }
}

function listOf(definitions: LiveDefinitions, exchange: string, name: string): CodeList {
  const { lists } = definitions.get(exchange)
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined
  if (list === undefined) throw new Fault('NOT_FOUND', { what: `code list ${name} in ${exchange}` })
  return list
}
