import { checkExpressions } from './check-expressions.ts'
import { checkReferences, checkWithin } from './check-references.ts'
import { checkType, findingCodesOf } from './check-type.ts'
import { buildBatch, checkTypesTogether } from './check-types.ts'
import type { CodeValue, Definition } from './definition.ts'
import type { Vocabulary } from './load-field.ts'
import { buildFiles } from './load-files.ts'
import { buildFormats, buildProfiles, buildTraffic, buildVersions, zoneOf } from './load-head.ts'
import { checkRowLayouts } from './load-layouts.ts'
import { buildCrosswalks, buildLists } from './load-lists.ts'
import { buildDealings } from './load-messages.ts'
import { buildType, type TypeSource } from './load-type.ts'
import { type Problem, Problems, type Report, suggestion } from './problem.ts'
import { readSection } from './read-section.ts'
import type { Section } from './section.ts'
import { parseYaml } from './yaml-tree.ts'

export interface LoadOptions {
  /** Lower-case hex SHA-256 of the UTF-8 of a text; Node and browsers each have their own. */
  readonly sha256: (text: string) => string
  /** Imported values by list name; without them the samples in the folder count. */
  readonly imported?: ReadonlyMap<string, readonly CodeValue[]>
}

export interface Loaded {
  /** Null where there is any problem. */
  readonly definition: Definition | null
  /** By file and line. */
  readonly problems: readonly Problem[]
}

/**
 * Loads the definition of an exchange from the texts of its files: `exchange.yaml`, `types/*.yaml` and the CSV
 * files in `codes/`, by path from the folder. It is checked as a whole, and every problem is told at once.
 * Never throws for what the files hold.
 */
export function loadDefinition(files: ReadonlyMap<string, string>, options: LoadOptions): Loaded {
  const problems = new Problems()
  const { report } = problems
  const head = readFile('exchange.yaml', 'exchange', files, report)
  const definition = head === null ? null : build(head, files, options, report)
  const found = problems.sorted()
  return { definition: found.length > 0 ? null : definition, problems: found }
}

function readFile(
  file: string,
  section: 'exchange' | 'type',
  files: ReadonlyMap<string, string>,
  report: Report,
): Section | null {
  const text = files.get(file)
  if (text === undefined) {
    const fix = 'Every exchange has a folder with this file in it.'
    report({ file, line: 1, column: 1 }, 'FILE_MISSING', `There is no file ${file}.`, fix)
    return null
  }
  const tree = parseYaml(file, text, report)
  return tree === null ? null : readSection(tree, section, report)
}

function build(
  head: Section,
  files: ReadonlyMap<string, string>,
  options: LoadOptions,
  report: Report,
): Definition {
  const versions = buildVersions(head, report)
  const lists = buildLists(head, { files, imported: options.imported ?? new Map(), report })
  const crosswalks = buildCrosswalks(head, lists, report)
  const words = { versions: versions.map(({ name }) => name), lists, crosswalks, report }
  const sources = readTypes(head, files, words)
  reportUnused(head, files, report)
  const types = sources.map(({ type }) => type)
  const definition = {
    exchange: head.text('exchange'),
    title: head.text('title'),
    description: head.text('description').trim(),
    zone: zoneOf(head, report),
    owner: head.text('owner') as Definition['owner'],
    versions,
    types,
    lists,
    crosswalks,
    formats: buildFormats(head, types, report),
    ...buildTraffic(head),
    ...buildDealings(head, types, report),
    batch: buildBatch(head, types, report),
    profiles: buildProfiles(head, types, findingCodesOf(types), report),
    files: buildFiles(head, types, report),
    hash: '',
  }
  checkTypesTogether(sources, definition, report)
  checkWithin(sources, head, report)
  for (const source of sources) {
    checkType(source, definition, report)
    checkReferences(source, definition, report)
    checkExpressions(source, definition, report)
    checkRowLayouts(source.section, definition.formats.csv.rowPer, report)
  }
  const { hash: _, ...content } = definition
  return { ...definition, hash: options.sha256(canonicalText(content)) }
}

function readTypes(
  head: Section,
  files: ReadonlyMap<string, string>,
  words: Vocabulary,
): readonly TypeSource[] {
  const { report } = words
  const sources: TypeSource[] = []
  const seen = new Set<string>()
  for (const { value, at } of head.items('types')) {
    if (typeof value !== 'string') continue
    const file = `types/${value}.yaml`
    if (seen.has(value)) {
      report(at, 'DUPLICATE', `The type '${value}' is named twice.`, 'Remove one.')
      continue
    }
    seen.add(value)
    if (!files.has(file)) {
      const known = [...files.keys()].flatMap((path) => /^types\/(.+)\.yaml$/.exec(path)?.[1] ?? [])
      report(at, 'FILE_MISSING', `There is no file ${file}.`, suggestion(value, known))
      continue
    }
    const section = readFile(file, 'type', files, report)
    if (section === null) continue
    if (section.has('type') && section.text('type') !== value)
      report(
        section.place('type'),
        'VALUE',
        `The file ${file} states the type '${section.text('type')}'.`,
        `Write type: ${value}, or rename the file.`,
      )
    sources.push(buildType(section, words))
  }
  return sources
}

/** Files that are there for nothing: most often the name in `exchange.yaml` was forgotten. */
function reportUnused(head: Section, files: ReadonlyMap<string, string>, report: Report): void {
  const used = new Set((head.texts('types') ?? []).map((type) => `types/${type}.yaml`))
  for (const { value } of head.entries('lists').values())
    if (typeof value === 'object' && value !== null && 'textOrNull' in value) used.add(value.text('file'))
  for (const file of files.keys())
    if (/^types\/.*\.ya?ml$|^codes\//.test(file) && !used.has(file))
      report(
        { file, line: 1, column: 1 },
        'FILE_UNUSED',
        'Nothing in exchange.yaml names this file.',
        file.startsWith('types/')
          ? 'Add its type to types, or remove it.'
          : 'Name it in a list, or remove it.',
      )
}

/** A value as JSON with the members of objects in the order of their names. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonicalText(one)}`).join(',')}}`
}
