import { columnsOf } from '../exchange/columns.ts'
import { dateOfDay } from '../exchange/dates.ts'
import type { CodeList, Definition, Field, RecordType, Version } from '../exchange/definition.ts'
import { findingCode } from '../exchange/finding-codes.ts'
import { CHECKS } from '../exchange/words.ts'
import { code, plain, table } from './markdown.ts'

/** Longer code lists are named with their first values. */
const codesShownMax = 60

/**
 * An exchange as a page for those who send: its fields with their places, operations, rules with their codes,
 * columns and code lists. Markdown with one title.
 */
export function exchangeReference(definition: Definition): string {
  const { title, description, types, lists, versions, zone, owner } = definition
  return [
    `# ${plain(title)}\n`,
    ...(description === '' ? [] : [`${plain(description)}\n`]),
    table(
      ['', ''],
      [
        ['Exchange', code(definition.exchange)],
        ['Versions', versions.map(versionText).join(', ')],
        ['Time zone', zone],
        ['Records belong to', owner === 'partner' ? 'each partner its own' : 'the centre'],
        ['Definition', code(definition.hash.slice(0, 16))],
      ],
    ),
    '',
    ...types.map((type) => typeText(definition, type)),
    ...Object.values(lists).map(listText),
  ].join('\n')
}

function versionText({ name, from, until }: Version): string {
  const span = [from === null ? '' : `from ${from}`, until === null ? '' : `until ${until}`].join(' ').trim()
  return span === '' ? name : `${name} (${span})`
}

function typeText(definition: Definition, type: RecordType): string {
  const { identity, operation, lifecycle, rules, filters } = type
  const words = Object.entries(operation.values).map(([word, means]) => `${code(word)} ${means}`)
  const operations = Object.entries(lifecycle.operations).map(([name, rule]) => [
    name,
    rule.from.map((status) => lifecycle.labels[status]).join(', '),
    rule.grant === 'centre' ? 'people of the centre' : 'whoever may write the records',
  ])
  const columns = columnsOf(definition, type).map(({ column, path, kind }) => [
    code(column),
    path.join('.') || kind,
  ])
  return [
    `## ${plain(type.title)}\n`,
    `A record is known by ${identity.key.map(code).join(' and ')}. What it wants done stands in ` +
      `${code(operation.path.join('.'))}: ${words.join(', ')}.\n`,
    ...(definition.types.length === 1 ? [] : [toldText(definition, type)]),
    table(['Operation', 'Allowed when the stored record is', 'By'], operations),
    '\n### Fields\n',
    table(
      ['No', 'Field', 'Type', 'Needed', 'In JSON and XML', 'Meaning', 'Finding codes'],
      fieldRows(type.fields),
    ),
    ...(rules.length === 0
      ? []
      : [
          '\n### Rules\n',
          table(
            ['Code', 'Severity', 'Rule', 'Versions', 'Source'],
            rules.map((rule) => [
              code(rule.code),
              rule.severity,
              plain(rule.title),
              rule.only?.join(', ') ?? '',
              plain(rule.source),
            ]),
          ),
        ]),
    ...(filters.length === 0
      ? []
      : [
          '\n### Left out\n',
          table(
            ['Code', 'Meaning'],
            filters.map((one) => [code(one.code), plain(one.message)]),
          ),
        ]),
    '\n### Columns\n',
    table(['Column', 'Field'], columns),
    '',
  ].join('\n')
}

/** How records of one of several types are told from the others. */
function toldText({ formats }: Definition, { name, forms }: RecordType): string {
  return (
    `Its records stand in files named ${code(forms.member)}, in elements ${code(forms.element)} (XML), in the list ` +
    `${code(forms.property)} (JSON), in the sheet ${code(forms.sheet)}, or say ${code(name)} in ` +
    `${code(formats.recordType)}.\n`
  )
}

function fieldRows(fields: readonly Field[], inName = '', inPath = ''): readonly (readonly string[])[] {
  return fields.flatMap((field) => {
    const name = `${inName}${field.name}`
    const path = `${inPath}${field.path.join('.')}`
    const row = [
      String(field.no),
      code(name),
      typeWords(field),
      neededWords(field),
      code(path),
      plain([field.label, field.description].filter((text) => text !== '').join('. ')),
      codesText(field),
    ]
    return field.document === null ? [row, ...fieldRows(field.fields, `${name}.`, `${path}.`)] : [row]
  })
}

function typeWords(field: Field): string {
  const { type, document, list, lengthMin, lengthMax, min, max, itemsMin, itemsMax } = field
  if (document !== null) return `document (${document.types.join(', ')}), up to ${document.bytesMax} bytes`
  const dated = type === 'date' || type === 'datetime'
  const bound = (value: number | null) =>
    value === null ? '' : dated ? (dateOfDay(value) ?? 'today') : String(value)
  const what = type === 'code' ? `code of ${code(list ?? '')}` : type
  const span =
    lengthMin !== null || lengthMax !== null
      ? `, ${lengthMin ?? 0} to ${lengthMax ?? 'any number of'} characters`
      : min !== null || max !== null
        ? `, ${bound(min)} to ${bound(max)}`.replace(/ to $/, ' or more')
        : ''
  return `${field.many ? `${itemsMin} to ${itemsMax} of ` : ''}${what}${span}`
}

function neededWords({ required, when, otherwise, only }: Field): string {
  const need = required ? 'yes' : ''
  const condition = when === null ? '' : `${required ? ' where' : 'only where'} ${code(when)}`
  const rest = when !== null && required && otherwise === 'allow' ? ', otherwise at will' : ''
  return `${need}${condition}${rest}${only === null ? '' : ` (${only.join(', ')})`}`.trim()
}

/** The codes of the checks that can find something in the field, each once. */
function codesText(field: Field): string {
  const can: Readonly<Record<(typeof CHECKS)[number], boolean>> = {
    required: field.required,
    type: !['text', 'code'].includes(field.type),
    length: field.lengthMin !== null || field.lengthMax !== null || field.document !== null,
    pattern: field.pattern !== null,
    range: field.min !== null || field.max !== null || field.scale !== null,
    code: field.list !== null,
    count: field.many,
    repeated: field.distinct,
    alone: field.alone.length > 0,
    not_applicable: field.when !== null && field.otherwise === 'reject',
    locked: field.locked,
    file: field.document !== null,
  }
  const codes = CHECKS.filter((check) => can[check]).map((check) => findingCode(field, check))
  return [...new Set(codes)].map(code).join(' ')
}

function listText({ name, title, values, imported }: CodeList): string {
  const shown = values.slice(0, codesShownMax)
  const rows = shown.map(({ code: value, label, from, until }) => [
    code(value),
    plain(label),
    from ?? '',
    until ?? '',
  ])
  const rest = values.length - shown.length
  return [
    `## ${plain(title)} (${code(name)})\n`,
    ...(imported ? ['Imported from a published table.\n'] : []),
    table(['Code', 'Meaning', 'From', 'Until'], rows),
    ...(rest > 0 ? [`\nAnd ${rest} more: \`tributary codes show\` finds them.`] : []),
    '',
  ].join('\n')
}
