import { columnsOf } from './columns.ts'
import type { Definition, Field, RecordType } from './definition.ts'
import { ERROR_COLUMNS, ERRORS_MEMBER } from './error-names.ts'
import { findingCode } from './finding-codes.ts'
import type { FieldSource } from './load-field.ts'
import type { TypeSource } from './load-type.ts'
import type { DecodeCode } from './parcel.ts'
import { type Place, type Report, suggestion } from './problem.ts'
import type { Section } from './section.ts'
import { CHECKS } from './words.ts'

/** Words that CEL keeps for itself; no expression could read a field of such a name. */
const CEL_WORDS = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
)

/** Reports what does not fit together in a record type: names, numbers, places, identity, versions. */
export function checkType(source: TypeSource, definition: Definition, report: Report): void {
  const { type, section, fields } = source
  checkNumbers(fields, report)
  checkPlaces(fields, controlPlaces(source), report)
  checkColumns(source, definition, report)
  checkIdentity(source, definition, report)
  if (type.effective !== null) {
    const dates = type.fields.filter((field) => field.type === 'date' && !field.many)
    if (!dates.some((field) => field.name === type.effective))
      report(
        section.place('effective'),
        'UNKNOWN_NAME',
        `'${type.effective}' is no single date field at the top level.`,
        suggestion(
          type.effective,
          dates.map((field) => field.name),
        ),
      )
  } else if (definition.versions.length > 1)
    report(
      section.at,
      'VERSIONS',
      'There is more than one version, but no field whose date chooses.',
      'Name a date field under effective.',
    )
  const ids = new Set<string>()
  for (const [index, rule] of type.rules.entries()) {
    if (ids.has(rule.id)) {
      const at = section.sections('rules')[index]?.place('id') ?? section.at
      report(
        at,
        'DUPLICATE',
        `There are two rules '${rule.id}'.`,
        'Give each its own id; the code may be shared.',
      )
    }
    ids.add(rule.id)
  }
}

function checkNumbers(fields: readonly FieldSource[], report: Report): void {
  const numbers = new Map<number, string>()
  const visit = (siblings: readonly FieldSource[]) => {
    const names = new Set<string>()
    for (const { field, section, below } of siblings) {
      const other = numbers.get(field.no)
      if (other !== undefined && section.has('no'))
        report(
          section.place('no'),
          'DUPLICATE',
          `Number ${field.no} is that of '${other}' already.`,
          'Give the new field a number that was never used.',
        )
      else numbers.set(field.no, field.name)
      if (names.has(field.name) && section.has('name'))
        report(
          section.place('name'),
          'DUPLICATE',
          `There are two fields '${field.name}' here.`,
          'Rename one.',
        )
      names.add(field.name)
      if (CEL_WORDS.has(field.name))
        report(section.place('name'), 'NAME', `'${field.name}' is a word of CEL.`, 'Choose another name.')
      visit(below)
    }
  }
  visit(fields)
}

interface Taken {
  readonly what: string
  readonly path: readonly string[]
  readonly column: string
  readonly at: Place
}

/** What stands beside the fields of a record and is not one of them. */
function controlPlaces({ type, section }: TypeSource): readonly Taken[] {
  const { operation, identity } = type
  const places: Taken[] = [{ what: 'the operation', ...operation, at: section.place('operation') }]
  if (operation.close !== null)
    places.push({ what: 'the close flag', ...operation.close, at: section.place('operation') })
  if (identity.stableId !== null)
    places.push({ what: 'the stable id', ...identity.stableId, at: section.place('identity') })
  return places
}

/** No two things may be read from one place, nor one from inside another. */
function checkPlaces(fields: readonly FieldSource[], controls: readonly Taken[], report: Report): void {
  const taken: Taken[] = []
  const add = (one: Taken) => {
    const other = taken.find(({ path }) => isWithin(path, one.path) || isWithin(one.path, path))
    if (other !== undefined)
      report(
        one.at,
        'PATH',
        `${one.path.join('.')} is where ${other.what} stands already.`,
        'Give it another path.',
      )
    if (one.path[0] === ERRORS_MEMBER)
      report(one.at, 'PATH', `'${ERRORS_MEMBER}' is where error files hold errors.`, 'Choose another name.')
    taken.push(one)
  }
  for (const control of controls) add(control)
  for (const { field, section, below } of fields) {
    const at = section.has('path') ? section.place('path') : section.place('name')
    add({ what: `'${field.name}'`, path: field.path, column: field.column, at })
    checkPlaces(below, [], report)
  }
}

function isWithin(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.every((name, index) => inner[index] === name)
}

function checkColumns({ type, section, fields }: TypeSource, definition: Definition, report: Report): void {
  const columns = new Set<string>(ERROR_COLUMNS)
  const sections = new Map<Field, Section>()
  const visit = (siblings: readonly FieldSource[]) => {
    for (const { field, section: own, below } of siblings) {
      sections.set(field, own)
      visit(below)
    }
  }
  visit(fields)
  for (const { column, field } of columnsOf(definition, type)) {
    if (columns.has(column)) {
      const own = field === null ? undefined : sections.get(field)
      const at = own === undefined ? section.at : own.place(own.has('column') ? 'column' : 'name')
      report(at, 'PATH', `There is a column '${column}' already.`, 'Give one of the two its own column.')
    }
    columns.add(column)
  }
}

function checkIdentity({ type, section }: TypeSource, definition: Definition, report: Report): void {
  const identity = section.section('identity')
  if (identity === null) return
  const named = (name: string, at: Place): Field | undefined => {
    const field = type.fields.find((one) => one.name === name)
    const known = type.fields.filter((one) => one.type !== 'group' && !one.many)
    if (field === undefined || field.type === 'group' || field.many) {
      const names = known.map((one) => one.name)
      report(at, 'UNKNOWN_NAME', `'${name}' is no single value at the top level.`, suggestion(name, names))
      return undefined
    }
    return field
  }
  const seen = new Set<string>()
  for (const { value, at } of identity.items('key')) {
    if (typeof value !== 'string') continue
    if (seen.has(value)) report(at, 'DUPLICATE', `'${value}' is part of the key twice.`, 'Remove one.')
    seen.add(value)
    const field = named(value, at)
    if (field !== undefined) checkKeyField(field, definition, at, report)
  }
  for (const duplicate of identity.sections('duplicates'))
    for (const { value, at } of duplicate.items('fields')) if (typeof value === 'string') named(value, at)
  const owner = identity.section('owner')
  if (owner?.has('field') === true) named(owner.text('field'), owner.place('field'))
}

/** A record whose key cannot be read has no identity: it can be neither stored nor answered. */
function checkKeyField(field: Field, { versions }: Definition, at: Place, report: Report): void {
  const refuse = (what: string, fix: string) =>
    report(at, 'IDENTITY', `The key field '${field.name}' ${what}.`, fix)
  if (!field.required) refuse('is not required', 'Add required: true to the field.')
  if (field.severity !== 'fatal') refuse('is not fatal', 'Add severity: fatal to the field.')
  if (field.when !== null)
    refuse('applies only at times', 'Remove when from the field, or choose another key.')
  if (field.only !== null && versions.some(({ name }) => field.only?.includes(name) === false))
    refuse('is not in every version', 'Remove only from the field, or choose another key.')
}

/** Every finding code that records of these types can get from the definition and from the engine. */
export function findingCodesOf(types: readonly RecordType[]): readonly string[] {
  const codes = new Set<string>(ENGINE_CODES)
  const visit = (fields: readonly Field[]) => {
    for (const field of fields) {
      for (const kind of CHECKS) codes.add(findingCode(field, kind))
      visit(field.fields)
    }
  }
  for (const { fields, rules, filters, identity, operation, references = [], sync } of types) {
    const { exists, missing, closed, wrongId, duplicates, owner } = identity
    for (const one of [exists, missing, closed, wrongId, operation, ...duplicates, ...rules, ...filters])
      codes.add(one.code)
    if (owner !== null) codes.add(owner.code)
    for (const { code, inUse } of references) codes.add(code).add(inUse.code)
    if (sync !== undefined) codes.add(sync.newRefused.code).add(sync.changedRefused.code)
    visit(fields)
  }
  return [...codes]
}

/** Findings that every exchange has. */
const ENGINE_CODES = [
  'UNKNOWN_FIELD',
  'OPERATION_UNKNOWN',
  'OPERATION_NOT_OFFERED',
  'OPERATION_NOT_GRANTED',
  'VERSION_NONE',
  'VERSION_CHANGED',
  'CHARACTER',
  ...([
    'RECORD_MALFORMED',
    'RECORD_TOO_LARGE',
    'RECORD_RAGGED',
    'RECORD_REPEATED_NAME',
    'RECORD_FORMULA',
    'RECORD_CHARACTER',
    'RECORD_TYPE_UNKNOWN',
  ] as const satisfies readonly DecodeCode[]),
]
