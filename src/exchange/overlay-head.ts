import type { Crosswalk, Definition, Formats, RecordType } from './definition.ts'
import { canonicalText } from './load.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'

/** The crosswalks with the codes of a partner, or of all (`*`), before those that it has already. */
export function overlayCrosswalks(
  { crosswalks, lists }: Definition,
  partner: string,
  section: Section,
  report: Report,
): Definition['crosswalks'] {
  const changed: Record<string, Crosswalk> = {}
  for (const [name, { value, keyAt }] of section.entries('crosswalks')) {
    if (!(value instanceof Section)) continue
    const known = Object.hasOwn(crosswalks, name) ? crosswalks[name] : undefined
    const said = value.textOrNull('list')
    const listName = known?.list ?? said
    if (listName === null) {
      const fix = `Add list, or name one of the definition: ${Object.keys(crosswalks).join(', ') || 'it has none'}.`
      report(keyAt, 'KEY_MISSING', `The crosswalk '${name}' is new and leads to no list.`, fix)
      continue
    }
    if (known !== undefined && said !== null && said !== known.list)
      report(
        value.place('list'),
        'VALUE',
        `The crosswalk '${name}' leads to '${known.list}', not to '${said}'.`,
        'Remove list, or choose another name.',
      )
    const list = Object.hasOwn(lists, listName) ? lists[listName] : undefined
    if (list === undefined)
      report(
        value.place('list'),
        'UNKNOWN_NAME',
        `There is no code list '${listName}'.`,
        suggestion(listName, Object.keys(lists)),
      )
    const ours = list === undefined || list.imported ? null : list.values.map(({ code }) => code)
    const pairs = [...value.entries('map')].flatMap(([theirs, { value: code, at }]) => {
      if (typeof code !== 'string') return []
      if (ours !== null && !ours.includes(code))
        report(at, 'UNKNOWN_NAME', `'${code}' is no code of '${listName}'.`, suggestion(code, ours))
      return [[theirs, code] as const]
    })
    const before = known?.map[partner] ?? {}
    changed[name] = {
      name,
      list: listName,
      map: { ...known?.map, [partner]: { ...before, ...Object.fromEntries(pairs) } },
    }
  }
  return Object.keys(changed).length === 0 ? crosswalks : { ...crosswalks, ...changed }
}

/** The keys of `formats` that a rule set names, over those of the definition. */
export function overlayFormats(
  formats: Formats,
  section: Section,
  types: readonly RecordType[],
  report: Report,
): Formats {
  const own = section.section('formats')
  if (own === null) return formats
  const json = own.section('json')
  const xml = own.section('xml')
  const csv = own.section('csv')
  const sheet = own.section('sheet')
  const text = (of: Section | null, key: string, before: string) =>
    of?.has(key) === true ? of.text(key) : before
  const orNull = (of: Section | null, key: string, before: string | null) =>
    of?.has(key) === true ? of.textOrNull(key) : before
  const result: Formats = {
    ...formats,
    json: {
      wrapper: orNull(json, 'wrapper', formats.json.wrapper),
      allText: json?.has('all_text') === true ? json.flag('all_text') : formats.json.allText,
    },
    xml: {
      root: text(xml, 'root', formats.xml.root),
      record: text(xml, 'record', formats.xml.record),
      namespace: orNull(xml, 'namespace', formats.xml.namespace),
    },
    csv: {
      delimiter: text(csv, 'delimiter', formats.csv.delimiter) as Formats['csv']['delimiter'],
      items: text(csv, 'items', formats.csv.items),
      parts: text(csv, 'parts', formats.csv.parts),
      rowPer: orNull(csv, 'row_per', formats.csv.rowPer),
    },
    sheet: { name: text(sheet, 'name', formats.sheet.name) },
    ...(own.has('dates') ? { dates: own.text('dates') as 'iso' | 'us' } : {}),
  }
  checkFormats(result, csv ?? own, types, report)
  return canonicalText(result) === canonicalText(formats) ? formats : result
}

function checkFormats(
  { csv }: Formats,
  section: Section,
  types: readonly RecordType[],
  report: Report,
): void {
  if (csv.items === csv.parts)
    report(section.at, 'VALUE', "'items' and 'parts' are the same mark.", 'Choose another for one of them.')
  if (csv.rowPer === null) return
  const lists = types.flatMap(({ fields }) => fields.filter(({ type, many }) => type === 'group' && many))
  const names = lists.map(({ name }) => name)
  if (!names.includes(csv.rowPer)) {
    const message = `'${csv.rowPer}' is no list of groups at the top level.`
    report(section.at, 'UNKNOWN_NAME', message, suggestion(csv.rowPer, names))
  }
  if (types.some(({ layouts = [] }) => layouts.some(({ of }) => of === 'rows')))
    report(section.at, 'VALUE', 'The definition has layouts in which a record is one row.', 'Remove row_per.')
}
