import { type CodeLookup, compileLookup } from '../exchange/code-lookup.ts'
import { compileWriter, type WriteValues, type Written } from '../exchange/content-hash.ts'
import { dayNumber } from '../exchange/dates.ts'
import type { Definition, RecordType, Version } from '../exchange/definition.ts'
import { createFrame, type Frame } from '../exchange/expression/compile.ts'
import { wireName } from '../exchange/finding-codes.ts'
import type { Body, Finding, Parcel, RawScalar } from '../exchange/parcel.ts'
import { scalarReader } from '../exchange/scalar.ts'
import type { Values } from '../exchange/values.ts'
import type { Draft, DraftGroup } from '../translate/draft.ts'
import { KEY_SEPARATOR, replaceUnstorable } from './characters.ts'
import type { Attached } from './documents.ts'
import { type CheckGroup, compileFieldChecks } from './field-checks.ts'
import { Judgement } from './judgement.ts'
import { compileLinks, type ReadLinks } from './links.ts'
import { type CheckPresence, compilePresence } from './presence.ts'
import { type CheckRules, compileRules } from './rules.ts'

export interface ValidateContext {
  /** ISO date in the exchange's zone. */
  readonly today: string
  /** Hex SHA-256 of a text in UTF-8. */
  readonly sha256: (text: string) => string
  /** Hex SHA-256 of bytes; needed where a type has documents. */
  readonly sha256Bytes?: (bytes: Uint8Array) => string
  /** Files that came with the record, by the names that it gives them; default none. */
  readonly attached?: ReadonlyMap<string, Attached>
  /** The body of the stored record that is changed, where it is known: its documents may be quoted. */
  readonly stored?: Body | null
  /** `fields`: each by itself; `relations`: conditions and rules between fields; default both. */
  readonly checks?: 'fields' | 'relations' | 'both'
  /** Hash of the record's own text; default ''. */
  readonly rawHash?: string
}

/**
 * Types and judges drafts. Never throws for what a record holds: everything wrong is a finding, and all
 * findings of a record are given at once. Rules that need the stored record are in `against.ts`.
 */
export interface Validator {
  validate(draft: Draft, context: ValidateContext): Parcel
}

/** Compiles the validator of an exchange. Throws ExpressionError when an expression or pattern is wrong. */
export function compileValidator(definition: Definition): Validator {
  const lists = lookupsOf(definition)
  const types = new Map(
    definition.types.map((type) => [type.name, typeValidator(definition, type, lists)] as const),
  )
  return {
    validate(draft, context) {
      const validator = types.get(draft.type)
      if (validator === undefined) throw new Error(`there is no record type ${draft.type}`)
      return validateDraft(draft, context, validator)
    },
  }
}

/** The code lists of an exchange as questions. */
export function lookupsOf(definition: Definition): ReadonlyMap<string, CodeLookup> {
  return new Map(Object.entries(definition.lists).map(([name, list]) => [name, compileLookup(list)]))
}

interface TypeValidator {
  readonly type: RecordType
  readonly versions: readonly Version[]
  readonly checks: ReadonlyMap<string, VersionChecks>
  readonly effective: EffectiveDate
  readonly write: WriteValues
  readonly written: Written
  /** Places of what a record is known by. */
  readonly key: readonly number[]
  readonly duplicates: readonly (readonly number[])[]
  readonly owner: readonly number[] | null
  readonly links: ReadLinks | null
  /** Places of what tells sets of a refresh apart, and of the former key. */
  readonly within: readonly number[] | null
  readonly former: readonly number[] | null
  readonly judgement: Judgement
  readonly frame: Frame
}

interface VersionChecks {
  readonly fields: CheckGroup
  readonly presence: CheckPresence | null
  readonly rules: CheckRules
}

function typeValidator(
  definition: Definition,
  type: RecordType,
  lists: ReadonlyMap<string, CodeLookup>,
): TypeValidator {
  const checks = new Map<string, VersionChecks>()
  for (const { name } of definition.versions)
    checks.set(name, {
      fields: compileFieldChecks(definition, type.fields, name, type.unknownFields),
      presence: compilePresence(type.fields, type.fields, [], name, lists),
      rules: compileRules(type, name, 'record', lists),
    })
  return {
    type,
    versions: definition.versions,
    checks,
    effective: effectiveDate(type),
    write: compileWriter(type.fields),
    written: { json: '', content: '', odd: false },
    key: places(type, type.identity.key),
    duplicates: type.identity.duplicates.map((rule) => places(type, rule.fields)),
    owner: type.identity.owner === null ? null : places(type, [type.identity.owner.field]),
    links: compileLinks(type),
    within: withinOf(definition, type),
    former: type.identity.former === undefined ? null : places(type, type.identity.former),
    judgement: new Judgement(),
    frame: createFrame(),
  }
}

/** Null where no refresh is kept within sets of this type's records. */
function withinOf({ refresh }: Definition, type: RecordType): readonly number[] | null {
  if (refresh.within === undefined || type.sync?.missing === 'keep') return null
  return places(type, refresh.within)
}

function places(type: RecordType, names: readonly string[]): readonly number[] {
  return names.map((name) => type.fields.findIndex((field) => field.name === name))
}

/** A record's effective date: ISO; '' where it has none that can be read. */
type EffectiveDate = (record: DraftGroup, today: string) => string

function effectiveDate(type: RecordType): EffectiveDate {
  const index = type.fields.findIndex((field) => field.name === type.effective)
  const field = type.fields[index]
  if (field === undefined) return (_, today) => today
  const read = scalarReader(field)
  return (record) => {
    const raw = record.values[index]
    const value = raw === undefined || typeof raw === 'object' ? undefined : read(raw as RawScalar)
    return typeof value === 'string' ? value.slice(0, 10) : ''
  }
}

function validateDraft(draft: Draft, context: ValidateContext, validator: TypeValidator): Parcel {
  const { type, judgement, frame, written } = validator
  const day = validator.effective(draft.record, context.today)
  judgement.begin(draft.findings.slice())
  judgement.attached = context.attached ?? null
  judgement.stored = context.stored ?? null
  judgement.hashBytes = context.sha256Bytes ?? null
  if (context.today !== judgement.today) {
    judgement.today = context.today
    judgement.todayNumber = dayNumber(context.today) ?? 0
  }
  judgement.day = day
  const version = chooseVersion(validator, draft, day, context.today)
  const values = draft.broken ? [] : runChecks(draft, version, context, validator)
  written.odd = false
  validator.write(values, written)
  if (written.odd && replaceUnstorable(values, type.fields, judgement)) validator.write(values, written)
  frame.record = undefined
  frame.it = undefined
  return {
    position: draft.position,
    line: draft.line,
    member: draft.member,
    type: type.name,
    operation: draft.operation,
    key: joined(validator.key, values, validator),
    duplicateKeys: validator.duplicates.map((rule) => joined(rule, values, validator)),
    ownerValue: validator.owner === null ? null : joined(validator.owner, values, validator),
    quotedId: draft.quotedId,
    corrects: draft.corrects,
    version,
    body: written.json,
    rawHash: context.rawHash ?? '',
    contentHash: context.sha256(written.content),
    findings: kept(draft, judgement.findings),
    notes: draft.notes,
    documents: judgement.documents,
    filtered: draft.filtered,
    ...tiesOf(validator, values),
  }
}

/** What ties a record to others; nothing, for the types that have no such words. */
function tiesOf(validator: TypeValidator, values: Values): Pick<Parcel, 'links' | 'setKey' | 'formerKey'> {
  const { links, within, former, judgement } = validator
  if (links === null && within === null && former === null) return NO_TIES
  return {
    ...(links === null ? {} : { links: links(values, judgement) }),
    ...(within === null ? {} : { setKey: joined(within, values, validator) }),
    ...(former === null ? {} : { formerKey: joined(former, values, validator) }),
  }
}

const NO_TIES = {}

function runChecks(
  draft: Draft,
  version: string,
  context: ValidateContext,
  validator: TypeValidator,
): Values {
  const { judgement, frame } = validator
  const checks = validator.checks.get(version)
  const wanted = context.checks ?? 'both'
  if (checks === undefined) return []
  const before = judgement.findings.length
  const values = checks.fields(draft.record, judgement)
  if (wanted === 'relations') judgement.findings.splice(before)
  frame.record = values
  frame.it = values
  frame.parent = undefined
  frame.today = context.today
  frame.effective = judgement.day
  checks.presence?.(frame, judgement, { always: wanted !== 'relations', conditional: wanted !== 'fields' })
  if (wanted !== 'fields') checks.rules(frame, judgement)
  return values
}

/** The version that the effective date is in; without a readable date the one of today, or else the newest. */
function chooseVersion(
  { type, versions, judgement }: TypeValidator,
  draft: Draft,
  day: string,
  today: string,
): string {
  const found = versionOn(versions, day)
  if (found !== undefined) return found
  if (day !== '' && !draft.broken) {
    const field = type.fields.find((one) => one.name === type.effective)
    const name = field === undefined ? '' : wireName(field)
    const message = `No version of the exchange is in force on ${day}.`
    judgement.add('VERSION_NONE', 'fatal', field?.name ?? '', name, message, day)
  }
  return versionOn(versions, today) ?? versions.at(-1)?.name ?? ''
}

export function versionOn(versions: readonly Version[], day: string): string | undefined {
  if (day === '') return undefined
  for (const { name, from, until } of versions)
    if ((from === null || day >= from) && (until === null || day <= until)) return name
  return undefined
}

/** Values of top-level fields as one text, or null where one is absent or could not be read. */
function joined(
  indexes: readonly number[],
  values: Values,
  { type, judgement }: TypeValidator,
): string | null {
  let text = ''
  for (let at = 0; at < indexes.length; at += 1) {
    const index = indexes[at] as number
    const value = values[index]
    if (value === undefined || typeof value === 'object') return null
    if (
      judgement.untyped.length > 0 &&
      judgement.untyped.some((one) => one.pattern === type.fields[index]?.name)
    )
      return null
    text = at === 0 ? String(value) : text + KEY_SEPARATOR + String(value)
  }
  return text
}

/** A dropped record has only its filter's finding; one to be deleted need hold no more than its key. */
function kept(draft: Draft, findings: readonly Finding[]): readonly Finding[] {
  if (draft.filtered) return draft.findings
  return draft.operation === 'delete' ? findings.filter((finding) => finding.severity === 'fatal') : findings
}
