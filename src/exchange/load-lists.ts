import { CODE_FILE_CHARS_MAX, type CodeColumns, parseCodeFile } from './codes.ts'
import { parseDate } from './dates.ts'
import type { CodeList, CodeValue, Crosswalk } from './definition.ts'
import { inWords } from './load-field.ts'
import { PROBLEMS_MAX, type Report, suggestion } from './problem.ts'
import { type Entry, Section } from './section.ts'

export interface ListSources {
  /** Files of the exchange by relative path. */
  readonly files: ReadonlyMap<string, string>
  /** Values that an office imported, by list; they stand in for the sample in the folder. */
  readonly imported: ReadonlyMap<string, readonly CodeValue[]>
  readonly report: Report
}

/** Builds the code lists of `exchange.yaml`, reading the files they name. */
export function buildLists(head: Section, sources: ListSources): Readonly<Record<string, CodeList>> {
  return Object.fromEntries(
    [...head.entries('lists')].flatMap(([name, { value }]) =>
      value instanceof Section ? [[name, buildList(name, value, sources)] as const] : [],
    ),
  )
}

function buildList(name: string, section: Section, sources: ListSources): CodeList {
  const { report } = sources
  const file = section.textOrNull('file')
  const imported = section.flag('imported')
  if (section.has('file') === section.has('values'))
    report(
      section.at,
      section.has('file') ? 'VALUE' : 'KEY_MISSING',
      `The list '${name}' ${section.has('file') ? 'has both values and a file' : 'has neither values nor a file'}.`,
      'Write the codes under values, or name a CSV file under file.',
    )
  for (const key of ['imported', 'columns'])
    if (section.has(key) && !section.has('file'))
      report(
        section.place(key),
        'VALUE',
        `'${key}' says nothing without a file.`,
        'Remove it, or name a file.',
      )
  const columns = file === null ? null : columnsOfFile(section)
  const sample =
    file === null || columns === null
      ? [...section.entries('values')].flatMap(([code, entry]) => codeOf(code, entry, report))
      : fileValues(file, columns, section, sources)
  return {
    name,
    title: section.textOrNull('title') ?? inWords(name),
    imported,
    columns,
    values: (imported ? sources.imported.get(name) : undefined) ?? sample,
  }
}

function columnsOfFile(section: Section): CodeColumns {
  const columns = section.section('columns')
  if (columns === null) return { code: 'code', label: 'label', from: null, until: null }
  const code = columns.text('code')
  return {
    code,
    label: columns.textOrNull('label') ?? code,
    from: columns.textOrNull('from'),
    until: columns.textOrNull('until'),
  }
}

function fileValues(
  file: string,
  columns: CodeColumns,
  section: Section,
  { files, report }: ListSources,
): readonly CodeValue[] {
  const text = files.get(file)
  if (text === undefined) {
    const known = [...files.keys()].filter((path) => path.startsWith('codes/'))
    report(section.place('file'), 'FILE_MISSING', `There is no file '${file}'.`, suggestion(file, known))
    return []
  }
  if (text.length > CODE_FILE_CHARS_MAX) {
    report(section.place('file'), 'FILE_TOO_LARGE', `The file '${file}' is too large.`, 'Make it smaller.')
    return []
  }
  // Without `columns`, dates are read from columns of these names where the file has them.
  const header = section.has('columns') ? [] : (text.split(/\r?\n/, 1)[0] ?? '').split(',')
  const dated = (name: 'from' | 'until') => columns[name] ?? (header.includes(name) ? name : null)
  const { values, problems } = parseCodeFile(file, text, {
    ...columns,
    from: dated('from'),
    until: dated('until'),
  })
  for (const problem of problems.slice(0, PROBLEMS_MAX))
    report(problem, problem.code, problem.message, problem.fix)
  return values
}

function codeOf(code: string, { value, at }: Entry, report: Report): CodeValue[] {
  if (typeof value === 'string') return [{ code, label: value, from: null, until: null }]
  if (!(value instanceof Section)) return []
  const from = dayOf(value, 'from', report)
  const until = dayOf(value, 'until', report)
  if (from !== null && until !== null && from > until)
    report(at, 'VALUE', `The code '${code}' ends before it begins.`, 'Exchange from and until.')
  return [{ code, label: value.text('label'), from, until }]
}

/** A day of the calendar, or null where there is none or it is wrong (and reported). */
export function dayOf(section: Section, key: string, report: Report): string | null {
  const text = section.textOrNull(key)
  if (text === null || parseDate(text) !== null) return text
  report(section.place(key), 'VALUE', `'${text}' is no day of the calendar.`, 'Write YYYY-MM-DD.')
  return null
}

/** Builds the crosswalks; each leads to codes that its list has. */
export function buildCrosswalks(
  head: Section,
  lists: Readonly<Record<string, CodeList>>,
  report: Report,
): Readonly<Record<string, Crosswalk>> {
  const crosswalks: [string, Crosswalk][] = []
  for (const [name, { value }] of head.entries('crosswalks')) {
    if (!(value instanceof Section)) continue
    const listName = value.text('list')
    const list = lists[listName]
    if (list === undefined && value.has('list')) {
      const fix = suggestion(listName, Object.keys(lists))
      report(value.place('list'), 'UNKNOWN_NAME', `There is no code list '${listName}'.`, fix)
    }
    const codes = list === undefined || list.imported ? null : list.values.map(({ code }) => code)
    const map = [...value.entries('map')].map(
      ([partner, entry]) => [partner, codeMap(entry, codes, listName, report)] as const,
    )
    crosswalks.push([name, { name, list: listName, map: Object.fromEntries(map) }])
  }
  return Object.fromEntries(crosswalks)
}

function codeMap(
  { value }: Entry,
  codes: readonly string[] | null,
  list: string,
  report: Report,
): Readonly<Record<string, string>> {
  if (!(value instanceof Map)) return {}
  const pairs = [...value].flatMap(([theirs, ours]: [string, Entry]) => {
    if (typeof ours.value !== 'string') return []
    if (codes !== null && !codes.includes(ours.value)) {
      const message = `'${ours.value}' is no code of '${list}'.`
      report(ours.at, 'UNKNOWN_NAME', message, suggestion(ours.value, codes))
    }
    return [[theirs, ours.value] as const]
  })
  return Object.fromEntries(pairs)
}
