import { dateOfDay, dayNumber } from './dates.ts'
import type { Definition, Formats, Profile, RecordType, Version } from './definition.ts'
import { dayOf } from './load-lists.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'

/** The versions in order, checked to follow each other day by day. */
export function buildVersions(head: Section, report: Report): readonly Version[] {
  const sections = head.sections('versions')
  if (sections.length === 0) return [{ name: '1', from: null, until: null }]
  const versions = sections.map((section) => ({
    name: section.text('name'),
    from: dayOf(section, 'from', report),
    until: dayOf(section, 'until', report),
  }))
  for (const [index, { name, from, until }] of versions.entries()) {
    const at = sections[index]?.at ?? head.at
    const before = versions[index - 1]
    if (versions.findIndex((version) => version.name === name) !== index)
      report(at, 'DUPLICATE', `There are two versions '${name}'.`, 'Give each its own name.')
    if (from !== null && until !== null && from > until)
      report(at, 'VERSIONS', `Version '${name}' ends before it begins.`, 'Exchange from and until.')
    if (before !== undefined) reportStep(before, { name, from, until }, at, report)
  }
  return versions
}

function reportStep(before: Version, after: Version, at: Section['at'], report: Report): void {
  const { until } = before
  const next = until === null ? null : dateOfDay((dayNumber(until) ?? 0) + 1)
  if (next !== null && next === after.from) return
  if (until === null) {
    const fix = `Give '${before.name}' an until, the day before '${after.name}' begins.`
    report(at, 'VERSIONS', `Version '${before.name}' has no end, so '${after.name}' overlaps it.`, fix)
    return
  }
  const overlaps = after.from === null || after.from <= until
  const message = overlaps
    ? `Version '${after.name}' overlaps '${before.name}', which ends on ${until}.`
    : `There is a gap between '${before.name}' and '${after.name}'.`
  report(at, 'VERSIONS', message, `Let '${after.name}' begin on ${next}.`)
}

/** The time zone, checked to be one that the calendar of this machine knows. */
export function zoneOf(head: Section, report: Report): string {
  const zone = head.text('zone')
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    report(
      head.place('zone'),
      'VALUE',
      `'${zone}' is no time zone.`,
      'Write one such as America/Los_Angeles.',
    )
  }
  return zone
}

/** The formats; that `row_per` names a list is checked with the record types. */
export function buildFormats(head: Section, types: readonly RecordType[], report: Report): Formats {
  const formats = head.sectionOr('formats', 'formats')
  const json = formats.sectionOr('json', 'json')
  const xml = formats.sectionOr('xml', 'xml')
  const csv = formats.sectionOr('csv', 'csv')
  const rowPer = csv.textOrNull('row_per')
  const items = csv.text('items')
  const parts = csv.text('parts')
  if (items === parts)
    report(
      csv.place('parts'),
      'VALUE',
      "'items' and 'parts' are the same mark.",
      'Choose another for one of them.',
    )
  if (rowPer !== null) {
    const lists = types.flatMap((type) => type.fields.filter((field) => field.type === 'group' && field.many))
    if (!lists.some((field) => field.name === rowPer))
      report(
        csv.place('row_per'),
        'UNKNOWN_NAME',
        `'${rowPer}' is no list of groups at the top level.`,
        suggestion(
          rowPer,
          lists.map((field) => field.name),
        ),
      )
  }
  return {
    json: { wrapper: json.textOrNull('wrapper'), allText: json.flag('all_text') },
    xml: { root: xml.text('root'), record: xml.text('record'), namespace: xml.textOrNull('namespace') },
    csv: { delimiter: csv.text('delimiter') as ',' | '|' | '\t', items, parts, rowPer },
    recordType: formats.text('record_type'),
    sheet: { name: formats.sectionOr('sheet', 'sheet').text('name') },
    dates: formats.text('dates') as 'iso' | 'us',
  }
}

/** Refresh limits and how calls with one record wait. */
export function buildTraffic(head: Section): Pick<Definition, 'refresh' | 'realtime'> {
  const refresh = head.sectionOr('refresh', 'refresh')
  const realtime = head.sectionOr('realtime', 'realtime')
  return {
    refresh: {
      allowed: refresh.flag('allowed'),
      deleteShareMax: refresh.number('delete_share_max'),
      deleteCountMax: refresh.number('delete_count_max'),
      changeShareMax: refresh.number('change_share_max'),
      ...withinOf(refresh),
    },
    realtime: { interleave: realtime.flag('interleave'), waitMs: realtime.number('wait_ms') },
  }
}

function withinOf(refresh: Section): Pick<Definition['refresh'], 'within'> {
  const within = refresh.texts('within')
  return within === null ? {} : { within }
}

/** The profiles; headers name fields at the top level, statuses name codes that some finding has. */
export function buildProfiles(
  head: Section,
  types: readonly RecordType[],
  findingCodes: readonly string[],
  report: Report,
): Readonly<Record<string, Profile>> {
  const fields = types.flatMap((type) => type.fields.map((field) => field.name))
  const profiles: [string, Profile][] = []
  for (const [name, { value }] of head.entries('profiles')) {
    if (!(value instanceof Section)) continue
    const headers = [...value.entries('headers')].flatMap(([header, entry]) => {
      if (!(entry.value instanceof Section)) return []
      const field = entry.value.textOrNull('field')
      if (field !== null && !fields.includes(field)) {
        const message = `There is no field '${field}' at the top level.`
        report(entry.value.place('field'), 'UNKNOWN_NAME', message, suggestion(field, fields))
      }
      return [[header, { field, required: entry.value.flag('required') }] as const]
    })
    const statuses = [...value.entries('statuses')].flatMap(([code, entry]) => {
      if (!findingCodes.includes(code))
        report(
          entry.keyAt,
          'UNKNOWN_NAME',
          `No finding has the code '${code}'.`,
          suggestion(code, findingCodes),
        )
      return typeof entry.value === 'number' ? [[code, entry.value] as const] : []
    })
    profiles.push([name, { headers: Object.fromEntries(headers), statuses: Object.fromEntries(statuses) }])
  }
  return Object.fromEntries(profiles)
}
