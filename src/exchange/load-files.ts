import type { FileRules, NameRule, RecordType } from './definition.ts'
import { type Report, suggestion } from './problem.ts'
import type { Section } from './section.ts'

const ALL_FORMATS: NameRule['formats'] = ['csv', 'xlsx', 'xls', 'xml', 'json']

/** How files come in. Placeholders of name patterns must name scalar fields at the top level. */
export function buildFiles(head: Section, types: readonly RecordType[], report: Report): FileRules {
  const files = head.sectionOr('files', 'files')
  const calls = files.section('calls')
  const rules: FileRules = {
    root: files.has('root') ? files.text('root') : head.text('exchange'),
    realms: { live: files.text('live'), test: files.text('test') },
    input: files.texts('input') ?? ['INPUT'],
    output: files.text('output'),
    archive: files.text('archive'),
    names: files.sections('names').map((section) => buildName(section, types, report)),
    stableSeconds: files.number('stable_seconds'),
    gatherSeconds: files.number('gather_seconds'),
    incompleteMinutes: files.number('incomplete_minutes'),
    checksum: files.text('checksum') as FileRules['checksum'],
    archiveDays: files.number('archive_days'),
    calls: {
      applications: calls?.texts('applications') ?? [],
      gatherMinutes: calls?.number('gather_minutes') ?? 60,
    },
  }
  reportFolders(files, rules, report)
  return rules
}

function buildName(section: Section, types: readonly RecordType[], report: Report): NameRule {
  const pattern = section.text('pattern')
  const names = types.flatMap((type) =>
    type.fields.filter((field) => field.type !== 'group' && !field.many).map((field) => field.name),
  )
  const seen = new Set<string>()
  for (const [, name = ''] of pattern.matchAll(/\{(\w+)\}/g)) {
    if (name !== 'any' && name !== 'time' && !names.includes(name))
      report(
        section.place('pattern'),
        'UNKNOWN_NAME',
        `There is no single field '${name}' at the top level.`,
        suggestion(name, names),
      )
    if (name !== 'any' && seen.has(name))
      report(section.place('pattern'), 'DUPLICATE', `'{${name}}' stands there twice.`, 'Write {any} once.')
    seen.add(name)
  }
  return {
    pattern,
    formats: (section.texts('formats') as NameRule['formats'] | null) ?? ALL_FORMATS,
    records: section.text('records') as NameRule['records'],
  }
}

/** A file put in one folder must not be found in another: none may be, or lie in, a second one. */
function reportFolders(files: Section, rules: FileRules, report: Report): void {
  const inside = [...rules.input, rules.output, rules.archive]
  for (const [index, folder] of inside.entries())
    for (const other of inside.slice(index + 1))
      if (`${folder}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${folder}/`))
        report(
          files.at,
          'VALUE',
          `The folders '${folder}' and '${other}' of files lie in each other.`,
          'Give each its own folder.',
        )
  if (rules.realms.live === rules.realms.test)
    report(
      files.at,
      'VALUE',
      "The folders 'live' and 'test' of files are the same.",
      'Give each its own folder.',
    )
}
