import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { compareDefinitions } from '../exchange/compare.ts'
import type { Definition, Field, RecordType } from '../exchange/definition.ts'
import { problemLine } from '../exchange/problem.ts'
import { exchangeFileSchema, ruleSetSchema, typeFileSchema } from '../publish/language-schema.ts'
import { recordSchema } from '../publish/record-schema.ts'
import { exchangeReference } from '../publish/reference.ts'
import { starterFiles } from '../publish/starter.ts'
import { branch, leaf } from './command.ts'
import { CommandError } from './exits.ts'
import { printable, type Screen } from './output.ts'

/** The engine is loaded when a command runs, not for its help. */
const source = () => import('./exchange-source.ts')

async function load(nameOrFolder: string): Promise<Definition> {
  return (await source()).loadNamedExchange(nameOrFolder)
}

export function exchangeCommand(): Command {
  return branch(
    'exchange',
    'An exchange is one agreed kind of traffic, stated by the files of its definition.',
    checkCommand(),
    showCommand(),
    listCommand(),
    newCommand(),
    compareCommand(),
    schemaCommand(),
    templateCommand(),
  )
}

function checkCommand(): Command {
  return leaf<{ readonly exchange: string }>(
    'check <exchange>',
    'Checks a definition as a whole and tells every problem with file, line and what to do. Ends with 1 when there ' +
      'is any.',
    [
      ['tributary exchange check ./exchanges/ours', 'A definition in a folder'],
      ['tributary exchange check ripa --json', 'For programs'],
    ],
    async ({ given, out }) => {
      const { definition, problems } = await (await source()).checkNamedExchange(given.exchange)
      if (definition === null) {
        out.result({ exchange: given.exchange, valid: false, problems }, (screen) => {
          for (const problem of problems) screen.line(printable(problemLine(problem)))
          const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`
          screen.line(`\n${screen.bad('✗')} ${count}.`)
        })
        return 'findings'
      }
      const { exchange, hash, types, lists } = definition
      const rules = types.reduce((sum, type) => sum + type.rules.length, 0)
      const fields = types.reduce((sum, type) => sum + allFields(type.fields).length, 0)
      const counts = { types: types.length, fields, rules, lists: Object.keys(lists).length }
      out.result({ exchange, valid: true, hash, problems, ...counts }, (screen) => {
        screen.line(
          `${screen.good('✓')} ${exchange}: ${fields} fields, ${rules} rules, ${counts.lists} code lists.`,
        )
      })
      return 'ok'
    },
  )
}

function showCommand(): Command {
  return leaf<{ readonly exchange: string; readonly markdown?: boolean }>(
    'show <exchange>',
    'Shows a definition as the node understands it: fields, rules, operations. --json writes all of it.',
    [
      ['tributary exchange show ripa', 'Fields and rules'],
      ['tributary exchange show ripa --json', 'The whole definition, every default filled in'],
      ['tributary exchange show ripa --markdown > ripa.md', 'A page for the people who send'],
    ],
    async ({ given, out }) => {
      const definition = await load(given.exchange)
      if (given.markdown === true) process.stdout.write(exchangeReference(definition))
      else out.result(definition, (screen) => showDefinition(screen, definition))
      return 'ok'
    },
    (command) => command.option('--markdown', 'a readable page of fields, codes, rules and columns'),
  )
}

function listCommand(): Command {
  return leaf<object>(
    'list',
    'Lists the exchanges on this machine: those of TRIBUTARY_EXCHANGES, or those that come with Tributary.',
    [['tributary exchange list', 'Names, titles, record types']],
    async ({ out }) => {
      const { exchangesFolder, holdsDefinition } = await source()
      const folder = exchangesFolder()
      const names = (await readdir(folder).catch(() => [])).sort()
      const definitions: Definition[] = []
      for (const name of names)
        if (await holdsDefinition(join(folder, name))) definitions.push(await load(join(folder, name)))
      const items = definitions.map(({ exchange, title, versions, types }) => ({
        exchange,
        title,
        versions: versions.map(({ name }) => name),
        types: types.map(({ name }) => name),
      }))
      out.result({ folder, items }, (screen) => {
        screen.table(
          [{ title: 'Exchange' }, { title: 'Title' }, { title: 'Versions' }, { title: 'Record types' }],
          items.map((item) => [item.exchange, item.title, item.versions.join(' '), item.types.join(' ')]),
        )
      })
      return 'ok'
    },
  )
}

function newCommand(): Command {
  return leaf<{ readonly name: string; readonly title?: string; readonly folder?: string }>(
    'new <name>',
    'Makes a small exchange that works at once, to start from: one record type with a nested list, a code list, a ' +
      'rule, and files to try it with.',
    [
      ['tributary exchange new visits', 'In ./visits'],
      ['tributary exchange new visits --title "Library visits" --folder exchanges/visits', 'Elsewhere'],
    ],
    async ({ given, out }) => {
      const { name, folder = name } = given
      if (!/^[a-z][a-z0-9-]{0,9}$/.test(name))
        throw new CommandError(
          'usage',
          `${name} cannot name an exchange.`,
          'Small letters, digits and -, 10 at most.',
        )
      const { holdsDefinition } = await source()
      if (await holdsDefinition(folder))
        throw new CommandError('refused', `${folder} holds an exchange already.`)
      const files = starterFiles(name, given.title ?? name)
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text, { flag: 'wx' })
      }
      out.result({ exchange: name, folder, files: Object.keys(files) }, (screen) => {
        for (const path of Object.keys(files)) screen.line(join(folder, path))
        screen.line(`\nTry it: tributary check ${join(folder, 'samples/visits.csv')} --exchange ${folder}`)
      })
      return 'ok'
    },
    (command) => command.option('--title <text>', 'its title').option('--folder <path>', 'where to make it'),
  )
}

interface TemplateGiven {
  readonly exchange: string
  readonly type?: string
  readonly format: string
  readonly output?: string
}

function templateCommand(): Command {
  return leaf<TemplateGiven>(
    'template <exchange>',
    'Makes a file to start from, in the layout that the exchange takes: every column, and one invented record. In ' +
      'XLSX a second sheet explains the columns.',
    [
      ['tributary exchange template ripa --format xlsx', 'Into ripa-stop.xlsx'],
      ['tributary exchange template ripa --format csv --output -', 'To standard output'],
    ],
    async ({ given, out }) => {
      const { format } = given
      if (format !== 'xlsx' && format !== 'csv' && format !== 'json' && format !== 'xml')
        throw new CommandError(
          'usage',
          `There are no templates in ${format}.`,
          'Choose xlsx, csv, json or xml.',
        )
      const definition = await load(given.exchange)
      const types = definition.types.filter(({ name }) => given.type === undefined || name === given.type)
      const [type, second] = types
      if (type === undefined)
        throw new CommandError('missing', `Exchange ${definition.exchange} has no record type ${given.type}.`)
      if (second !== undefined && format === 'csv')
        throw new CommandError(
          'usage',
          `A CSV file holds one record type; ${definition.exchange} has ${definition.types.length}.`,
          `Choose one with --type: ${definition.types.map(({ name }) => name).join(', ')}.`,
        )
      const { writeTemplate } = await import('../encode/template.ts')
      const bytes = await writeTemplate(definition, types, format)
      if (given.output === '-') {
        process.stdout.write(bytes)
        return 'ok'
      }
      const { memberStem } = await import('../exchange/record-types.ts')
      // A file of one of several types is told by its name.
      const own = definition.types.length > 1 ? memberStem(type) : `${definition.exchange}-${type.name}`
      const file = given.output ?? `${second === undefined ? own : definition.exchange}.${format}`
      await writeFile(file, bytes, { flag: 'wx' })
      const names = types.map(({ name }) => name).join(',')
      out.result({ exchange: definition.exchange, type: names, format, file }, (screen) => screen.line(file))
      return 'ok'
    },
    (command) =>
      command
        .option('--format <format>', 'xlsx, csv, json or xml', 'xlsx')
        .option('--type <name>', 'record type (default: all)')
        .option('-o, --output <file>', 'where to write it; - for standard output'),
  )
}

function compareCommand(): Command {
  return leaf<{ readonly before: string; readonly after: string }>(
    'compare <before> <after>',
    'Shows what differs between two definitions, by what it means to senders. Ends with 1 when anything does.',
    [['tributary exchange compare ./released/ripa ./exchanges/ripa', 'What the new definition changes']],
    async ({ given, out }) => {
      const before = await load(given.before)
      const after = await load(given.after)
      const differences = compareDefinitions(before, after)
      out.result({ before: before.hash, after: after.hash, differences }, (screen) => {
        if (differences.length === 0) screen.line('No differences.')
        else
          screen.table(
            [{ title: 'Where' }, { title: 'Change' }, { title: 'Before' }, { title: 'After' }],
            differences.map(({ place, change, before: old, after: now }) => [place, change, old, now]),
          )
      })
      return differences.length === 0 ? 'ok' : 'findings'
    },
  )
}

function schemaCommand(): Command {
  return leaf<{ readonly exchange?: string }>(
    'schema [exchange]',
    'Writes JSON Schemas: of the records of an exchange, by record type; without a name, of the definition language, ' +
      'for editors (`exchange` is for exchange.yaml, `type` for the files in types/, `rules` for rule sets).',
    [
      ['tributary exchange schema > language.json', 'So that an editor completes and checks definitions'],
      ['tributary exchange schema ripa', 'What a record looks like in native names'],
    ],
    async ({ given }) => {
      const schemas =
        given.exchange === undefined
          ? { exchange: exchangeFileSchema(), type: typeFileSchema(), rules: ruleSetSchema() }
          : recordSchemas(await load(given.exchange))
      process.stdout.write(`${JSON.stringify(schemas, null, 2)}\n`)
      return 'ok'
    },
  )
}

function recordSchemas(definition: Definition): Readonly<Record<string, unknown>> {
  return Object.fromEntries(definition.types.map((type) => [type.name, recordSchema(definition, type)]))
}

function showDefinition(screen: Screen, definition: Definition): void {
  screen.line(screen.bold(definition.title))
  if (definition.description !== '') screen.line(definition.description)
  screen.line()
  screen.pairs([
    ['Exchange', definition.exchange],
    ['Versions', definition.versions.map(versionText).join(', ')],
    ['Time zone', definition.zone],
    ['Books', definition.owner === 'partner' ? 'one for each partner' : 'one, of the centre'],
    ['Code lists', Object.keys(definition.lists).join(', ')],
    ['Hash', definition.hash],
  ])
  for (const type of definition.types) showType(screen, type)
}

function versionText({ name, from, until }: Definition['versions'][number]): string {
  const span = [from === null ? '' : `from ${from}`, until === null ? '' : `until ${until}`]
  const text = span.filter((part) => part !== '').join(' ')
  return text === '' ? name : `${name} (${text})`
}

function showType(screen: Screen, type: RecordType): void {
  screen.line(`\n${screen.bold(type.title)} (${type.name}), known by ${type.identity.key.join(', ')}`)
  screen.line(`Operations: ${Object.keys(type.lifecycle.operations).join(', ')}\n`)
  screen.table(
    [
      { title: 'No', align: 'right' },
      { title: 'Field' },
      { title: 'Type' },
      { title: 'Needed' },
      { title: 'Label' },
    ],
    allFields(type.fields).map(({ field, path }) => [
      field.no,
      path,
      `${field.document === null ? (field.list ?? field.type) : 'document'}${field.many ? '[]' : ''}`,
      field.required ? (field.when === null ? 'yes' : 'at times') : '',
      field.label,
    ]),
  )
  if (type.rules.length === 0) return
  screen.line()
  screen.table(
    [{ title: 'Rule' }, { title: 'Code' }, { title: 'Severity' }, { title: 'Title' }],
    type.rules.map(({ id, code, severity, title }) => [id, code, severity, title]),
  )
}

function allFields(fields: readonly Field[], before = ''): { field: Field; path: string }[] {
  return fields.flatMap((field) => [
    { field, path: `${before}${field.name}` },
    ...allFields(field.fields, `${before}${field.name}.`),
  ])
}
