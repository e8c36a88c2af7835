import { dayNumber, TODAY_BOUND } from './dates.ts'
import type { CheckKind, CodeList, Crosswalk, DocumentType, Field, Severity } from './definition.ts'
import { documentParts } from './document-parts.ts'
import { buildTransforms, checkCrosswalkName, checkTransforms } from './load-transforms.ts'
import { type Report, suggestion } from './problem.ts'
import type { Item, Section } from './section.ts'
import { CHECKS, ITEMS_MAX } from './words.ts'

/** A field and the part of the file that states it. */
export interface FieldSource {
  readonly field: Field
  readonly section: Section
  readonly below: readonly FieldSource[]
}

/** What the fields of a record type may name. */
export interface Vocabulary {
  readonly versions: readonly string[]
  readonly lists: Readonly<Record<string, CodeList>>
  readonly crosswalks: Readonly<Record<string, Crosswalk>>
  readonly report: Report
}

/** Groups inside groups. */
const nestingMax = 5

/** A type as it is stated; a document is then a group. */
type StatedType = Field['type'] | 'document'

/** Keys that mean something only for fields of these types. */
const KEYS_OF_TYPES: Readonly<Record<string, readonly StatedType[]>> = {
  list: ['code'],
  crosswalk: ['code'],
  length: ['text'],
  pattern: ['text'],
  range: ['integer', 'decimal', 'date', 'datetime'],
  scale: ['decimal'],
  booleans: ['boolean'],
  item_key: ['group'],
  fields: ['group'],
  transforms: ['text', 'integer', 'decimal', 'date', 'time', 'datetime', 'boolean', 'code'],
  search: ['text', 'integer', 'decimal', 'date', 'time', 'datetime', 'boolean', 'code'],
  reference: ['text', 'integer', 'decimal', 'date', 'time', 'datetime', 'boolean', 'code'],
  alone: ['text', 'integer', 'code'],
  types: ['document'],
  bytes_max: ['document'],
}

/** Builds a field with every default filled in; what is wrong with it by itself is reported. */
export function buildField(section: Section, words: Vocabulary, depth = 0): FieldSource {
  const { report } = words
  const name = section.text('name')
  const stated = (section.textOrNull('type') ?? 'text') as StatedType
  const type = stated === 'document' ? 'group' : stated
  const below =
    depth < nestingMax ? section.sections('fields').map((one) => buildField(one, words, depth + 1)) : []
  if (depth >= nestingMax && section.has('fields'))
    report(section.place('fields'), 'VALUE', `Groups nest more than ${nestingMax} deep.`, 'Nest less.')
  reportMisplaced(section, stated, depth, report)
  const path = (section.textOrNull('path') ?? name).split('.')
  const [lengthMin, lengthMax] = ends(section, 'length', lengthOf, report)
  const [min, max] = ends(section, 'range', (item) => boundOf(item, type, report), report)
  const field: Field = {
    no: section.number('no'),
    name,
    label: section.textOrNull('label') ?? inWords(name),
    description: section.text('description').trim(),
    example: section.text('example'),
    type,
    document:
      stated === 'document'
        ? {
            types: (section.texts('types') ?? []) as readonly DocumentType[],
            bytesMax: section.number('bytes_max'),
          }
        : null,
    ...countOf(section, report),
    itemKey: section.textOrNull('item_key'),
    distinct: section.flag('distinct'),
    alone: section.texts('alone') ?? [],
    required: section.flag('required'),
    when: section.textOrNull('when'),
    otherwise: section.text('otherwise') as Field['otherwise'],
    severity: section.text('severity') as Severity,
    codes: codesOf(section),
    messages: messagesOf(section),
    lengthMin,
    lengthMax,
    pattern: section.textOrNull('pattern'),
    min,
    max,
    scale: section.numberOrNull('scale'),
    list: section.textOrNull('list'),
    booleanWords: booleanWords(section, report),
    transforms: buildTransforms(section, report),
    crosswalk: section.textOrNull('crosswalk'),
    privacy: section.text('privacy') as Field['privacy'],
    locked: section.flag('locked'),
    search: section.flag('search'),
    only: onlyOf(section, words),
    path,
    column: section.textOrNull('column') ?? path.at(-1) ?? name,
    fields: stated === 'document' ? documentParts() : below.map((one) => one.field),
  }
  checkNames(field, section, below, words)
  return { field, section, below }
}

/** `lea_record_id` to `Lea record id`. */
export function inWords(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('_', ' ')
}

/** The versions that `only` names; reports those that do not exist. */
export function onlyOf(section: Section, { versions, report }: Vocabulary): readonly string[] | null {
  for (const { value, at } of section.items('only'))
    if (typeof value === 'string' && !versions.includes(value))
      report(at, 'UNKNOWN_NAME', `There is no version '${value}'.`, suggestion(value, versions))
  return section.texts('only')
}

function reportMisplaced(section: Section, type: StatedType, depth: number, report: Report): void {
  const refuse = (key: string, message: string, fix: string) =>
    report(section.item(key)?.keyAt ?? section.at, 'NOT_FOR_TYPE', message, fix)
  for (const [key, types] of Object.entries(KEYS_OF_TYPES))
    if (section.has(key) && !types.includes(type))
      refuse(key, `'${key}' means nothing for a field of type ${type}.`, 'Remove it, or change the type.')
  const many = section.has('many') && section.text('many') !== 'false'
  for (const key of ['distinct', 'alone', 'item_key'])
    if (section.has(key) && !many) refuse(key, `'${key}' is for lists.`, 'Add many, or remove it.')
  if (section.flag('search') && (depth > 0 || many))
    refuse('search', 'Only single values at the top level can be searched.', 'Remove it.')
  if (type === 'document' && (depth > 0 || many))
    refuse('type', 'A document is a single value at the top level.', 'Give each document its own field.')
  if (section.has('otherwise') && !section.has('when'))
    refuse('otherwise', "'otherwise' says nothing without 'when'.", 'Add when, or remove it.')
  for (const key of type === 'code' ? ['list'] : type === 'group' ? ['fields'] : [])
    if (!section.has(key))
      report(section.at, 'KEY_MISSING', `A field of type ${type} needs '${key}'.`, `Add ${key}.`)
}

function countOf(
  section: Section,
  report: Report,
): { readonly many: boolean; readonly itemsMin: number; readonly itemsMax: number } {
  const many = section.item('many')
  if (many === null || many.value === 'false') return { many: false, itemsMin: 0, itemsMax: 1 }
  if (many.value === 'true') return { many: true, itemsMin: 0, itemsMax: ITEMS_MAX }
  const [first, second] = section.items('many').map(({ value }) => value)
  const itemsMin = typeof first === 'number' ? first : 0
  const itemsMax = typeof second === 'number' ? second : ITEMS_MAX
  if (itemsMin > itemsMax || itemsMax < 1)
    report(many.at, 'VALUE', `A list of ${itemsMin} to ${itemsMax} items cannot be.`, 'Write [fewest, most].')
  return { many: true, itemsMin, itemsMax }
}

/** The two ends of a span such as `[1, 30]`; null where an end is open. */
function ends(
  section: Section,
  key: string,
  read: (item: Item) => number | null,
  report: Report,
): readonly [number | null, number | null] {
  const [first, second] = section.items(key)
  const low = first === undefined ? null : read(first)
  const high = second === undefined ? null : read(second)
  if (low !== null && high !== null && low > high)
    report(section.place(key), 'VALUE', `The '${key}' ends before it begins.`, 'Exchange the two.')
  return [low, high]
}

function lengthOf({ value }: Item): number | null {
  return typeof value === 'number' ? value : null
}

function boundOf({ value, at }: Item, type: Field['type'], report: Report): number | null {
  if (value === null) return null
  const dated = type === 'date' || type === 'datetime'
  if (typeof value === 'number' && !dated) return value
  const bound =
    !dated || typeof value !== 'string' ? null : value === 'today' ? TODAY_BOUND : dayNumber(value)
  if (bound === null) {
    const fix = dated ? 'Write a date of the calendar (YYYY-MM-DD), today or ~.' : 'Write a number or ~.'
    report(at, 'VALUE', `'${String(value)}' is no bound for a field of type ${type}.`, fix)
  }
  return bound
}

function codesOf(section: Section): Field['codes'] {
  const one = section.item('codes')?.value
  if (typeof one === 'string') return Object.fromEntries(CHECKS.map((kind) => [kind, one]))
  return textsByCheck(section, 'codes')
}

function messagesOf(section: Section): Field['messages'] {
  return textsByCheck(section, 'messages')
}

function textsByCheck(section: Section, key: string): Readonly<Partial<Record<CheckKind, string>>> {
  const texts = [...section.entries(key)].flatMap(([kind, { value }]) =>
    typeof value === 'string' ? [[kind, value] as const] : [],
  )
  return Object.fromEntries(texts)
}

function booleanWords(section: Section, report: Report): Field['booleanWords'] {
  const words = section.sectionOr('booleans', 'booleans')
  const yes = words.texts('true') ?? []
  const no = words.texts('false') ?? []
  const both = yes.find((word) => no.includes(word))
  if (both !== undefined)
    report(words.at, 'DUPLICATE', `'${both}' means both yes and no.`, 'Take it out of one of the lists.')
  return { true: yes, false: no }
}

/** Reports names inside the field that do not exist, or do not fit it. */
function checkNames(field: Field, section: Section, below: readonly FieldSource[], words: Vocabulary): void {
  const { lists, crosswalks, report } = words
  const unknown = (key: string, what: string, name: string, known: readonly string[]) =>
    report(section.place(key), 'UNKNOWN_NAME', `There is no ${what} '${name}'.`, suggestion(name, known))
  const list = field.list === null ? undefined : lists[field.list]
  if (field.list !== null && list === undefined) unknown('list', 'code list', field.list, Object.keys(lists))
  if (field.crosswalk !== null)
    checkCrosswalkName(field.crosswalk, field, crosswalks, section.place('crosswalk'), report)
  checkTransforms(field.transforms, field, section, report)
  if (list !== undefined && !list.imported) {
    const codes = list.values.map(({ code }) => code)
    for (const { value, at } of section.items('alone'))
      if (typeof value === 'string' && !codes.includes(value))
        report(at, 'UNKNOWN_NAME', `'${value}' is no code of '${list.name}'.`, suggestion(value, codes))
  }
  if (field.itemKey !== null) {
    const key = below.find((one) => one.field.name === field.itemKey)?.field
    const single = below.filter((one) => one.field.type !== 'group' && !one.field.many)
    if (key === undefined || key.type === 'group' || key.many)
      unknown(
        'item_key',
        'single value',
        field.itemKey,
        single.map((one) => one.field.name),
      )
  }
}
