import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { branch } from './command.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

interface ListSummary {
  readonly list: string
  readonly title: string
  readonly values: number
  readonly imported: boolean
  readonly importedAt: string | null
}

interface CodeItem {
  readonly code: string
  readonly label: string
  readonly from: string | null
  readonly until: string | null
}

interface Import {
  readonly values: number
  readonly added: number
  readonly changed: number
  readonly removed: number
}

export function codesCommand(): Command {
  return branch(
    'codes',
    'Code lists say which codes a field takes. Long ones that others publish are imported as data.',
    importCommand(),
    listCommand(),
    showCommand(),
  )
}

function pathOf(...parts: readonly string[]): string {
  return `/v1/codes/${parts.map(encodeURIComponent).join('/')}`
}

function importCommand(): Command {
  return serverLeaf<{ readonly exchange: string; readonly list: string; readonly file: string }>(
    'import <exchange> <list> <file>',
    'Replaces the values of a code list by those of a CSV file; the definition names its columns. Records judged ' +
      'from then on are held against the new values.',
    [['tributary codes import ripa offence offences-2026.csv', 'The offence codes of this year']],
    async ({ given, out, client }) => {
      await stat(given.file)
      const bytes = createReadStream(given.file) as AsyncIterable<Uint8Array>
      const done = await client.upload<Import>(
        pathOf(given.exchange, given.list),
        {},
        bytes,
        { 'content-type': 'text/csv' },
        'PUT',
      )
      out.result(done, (screen) =>
        screen.pairs([
          ['Values', done.values],
          ['Added', done.added],
          ['Changed', done.changed],
          ['Removed', done.removed],
        ]),
      )
      return 'ok'
    },
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly exchange: string }>(
    'list <exchange>',
    'Lists the code lists of an exchange.',
    [['tributary codes list ripa', 'All lists of one exchange']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly ListSummary[] }>(pathOf(given.exchange))
      out.result({ items }, (screen) =>
        screen.table(
          [{ title: 'List' }, { title: 'Title' }, { title: 'Values', align: 'right' }, { title: 'Imported' }],
          items.map(({ list, title, values, imported, importedAt }) => [
            list,
            title,
            values,
            imported ? (importedAt ?? 'not yet: the sample is in use') : '',
          ]),
        ),
      )
      return 'ok'
    },
  )
}

function showCommand(): Command {
  return serverLeaf<{
    readonly exchange: string
    readonly list: string
    readonly search?: string
    readonly limit: number
  }>(
    'show <exchange> <list>',
    'Shows the codes of a list.',
    [['tributary codes show ripa offence --search theft', 'Look a code up']],
    async ({ given, out, client }) => {
      const items: CodeItem[] = []
      const path = pathOf(given.exchange, given.list)
      for await (const item of client.list<CodeItem>(path, { search: given.search }, given.limit))
        items.push(item)
      out.result({ items }, (screen) =>
        screen.table(
          [{ title: 'Code' }, { title: 'Label' }, { title: 'From' }, { title: 'Until' }],
          items.map(({ code, label, from, until }) => [code, label, from, until]),
        ),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('--search <text>', 'only codes whose code or label holds this text')
        .option('--limit <number>', 'how many at most', atLeastOne, 100),
  )
}
