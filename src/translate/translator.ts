import type { Definition, Operation, OperationField, RecordType } from '../exchange/definition.ts'
import type { DecodeCode, RawRecord } from '../exchange/parcel.ts'
import { shownValue } from '../exchange/shown-value.ts'
import { bindLayout } from './bind-layout.ts'
import { type BindRows, rowBinder } from './bind-rows.ts'
import { bindTree, type Names } from './bind-tree.ts'
import { Binding } from './binding.ts'
import { type Draft, DraftGroup } from './draft.ts'
import { compileFilters, type FindFilter } from './filters.ts'
import { compileLayouts, type FindLayout } from './layouts.ts'
import { type GroupPlan, planOf } from './plan.ts'
import { saidType } from './record-type.ts'

export interface TranslateContext {
  /** Name of the sender, for its crosswalks. */
  readonly partner: string
  /** ISO date in the exchange's zone. */
  readonly today: string
  /** `native`: a tree in canonical names, with `operation` and `record_id`; default `wire`. */
  readonly names?: Names
  /** What is asked of a record that does not say so itself (a call states it for its one record). */
  readonly operation?: Operation
  /** Record type of a call; default that of the record, or the only one of the exchange. */
  readonly type?: string
}

/**
 * Binds raw records to the fields of their type: names, transforms, crosswalks, operation, filters. Values keep
 * the form they were sent in; whether they are right is for `validate` to say.
 */
export interface Translator {
  /** Throws when the exchange has no such record type; never for what a record holds. */
  translate(raw: RawRecord, context: TranslateContext): Draft
}

interface TypeTranslator {
  readonly type: RecordType
  readonly plan: GroupPlan
  readonly rows: BindRows
  readonly binding: Binding
  readonly filter: FindFilter
  readonly layouts: FindLayout | null
  readonly operations: ReadonlyMap<string, Operation>
}

/** Compiles the translator of an exchange. Throws ExpressionError when a filter is wrong. */
export function compileTranslator(definition: Definition): Translator {
  const types = new Map(definition.types.map((type) => [type.name, typeTranslator(definition, type)]))
  const first = definition.types[0]?.name ?? ''
  return {
    translate(raw, context) {
      const name = context.type ?? raw.type ?? first
      const translator = types.get(name)
      if (translator === undefined) throw new Error(`there is no record type ${name}`)
      if (raw.type === null && context.type === undefined) return unknownType(raw, definition, translator)
      return translateRecord(raw, context, translator)
    },
  }
}

function typeTranslator(definition: Definition, type: RecordType): TypeTranslator {
  const plan = planOf(definition, type)
  return {
    type,
    plan,
    rows: rowBinder(definition, type, plan),
    binding: new Binding(type.unknownFields),
    filter: compileFilters(definition, type),
    layouts: compileLayouts(definition, type),
    operations: new Map(Object.entries(type.operation.values)),
  }
}

function translateRecord(raw: RawRecord, context: TranslateContext, translator: TypeTranslator): Draft {
  const { type, plan, rows, binding, layouts } = translator
  const { shape } = raw
  binding.begin(context.partner)
  const layout = context.names === 'native' || layouts === null ? null : layouts(shape)
  let record: DraftGroup
  if (layout !== null) record = bindLayout(layout, shape, context.today, translator)
  else if (shape.kind === 'tree') record = bindTree(shape.tree, plan, context.names ?? 'wire', binding)
  else if (shape.kind === 'rows') record = rows(shape.header, shape.rows, binding)
  else return broken(raw, shape.code, shape.reason, translator)
  if (plan.fills) binding.fill(record, plan)
  const operation = operationOf(binding, context, layout !== null, translator)
  const filter = translator.filter(record, context.today, shape)
  if (filter !== null) {
    binding.findings = []
    binding.add(filter.code, 'info', '', '', filter.message, undefined)
  }
  return {
    position: raw.position,
    line: raw.line,
    member: raw.member,
    type: type.name,
    operation,
    quotedId: binding.stableId,
    corrects: binding.corrects,
    record,
    findings: binding.findings,
    notes: binding.notes,
    filtered: filter !== null,
    broken: false,
    ...(layout === null ? {} : { places: layout.places }),
  }
}

/** What the record wants done. Where it does not say so in a way we know, a fatal finding says that. */
function operationOf(
  binding: Binding,
  context: TranslateContext,
  mapped: boolean,
  { type, operations }: TypeTranslator,
): Operation {
  const { operation: field } = type
  const sent = binding.operation
  const closes = field.close !== null && binding.close === field.close.value
  const native = mapped || context.names === 'native' ? nativeOperation(sent) : undefined
  const stated = sent === null ? (context.operation ?? field.fallback) : (native ?? operations.get(sent))
  const wire = field.path.at(-1) ?? field.column
  if (stated === undefined || stated === null) {
    binding.add(field.code, 'fatal', '', wire, operationMessage(field, sent), sent ?? undefined)
    return context.operation ?? field.fallback ?? 'create'
  }
  if (!closes || stated === 'close') return stated
  if (stated === 'replace' || stated === 'merge' || stated === 'upsert') return 'close'
  const flag = field.close?.path.at(-1) ?? ''
  const reason = `${flag} closes a stored record, so it cannot go with ${sent ?? stated}.`
  binding.add(field.code, 'fatal', '', wire, reason, sent ?? undefined)
  return stated
}

const nativeOperations = [
  'create',
  'replace',
  'merge',
  'upsert',
  'delete',
  'close',
  'rename',
  'transfer',
] as const satisfies readonly Operation[]

function nativeOperation(sent: string | null): Operation | undefined {
  return nativeOperations.find((operation) => operation === sent)
}

function operationMessage(field: OperationField, sent: string | null): string {
  if (field.message !== '') return field.message
  const known = Object.keys(field.values).join(', ')
  const name = field.path.at(-1) ?? field.column
  return sent === null
    ? `${name} is required (${known}).`
    : `'${shownValue(sent)}' is not a ${name} (${known}).`
}

/** A record of a type that nothing tells. It stands under the first type, with nothing in it. */
function unknownType(raw: RawRecord, definition: Definition, translator: TypeTranslator): Draft {
  if (raw.shape.kind === 'broken') return broken(raw, raw.shape.code, raw.shape.reason, translator)
  const { recordType } = definition.formats
  const said = saidType(raw, recordType)
  const known = definition.types.map(({ name }) => name).join(', ')
  const reason =
    said === ''
      ? `The record does not say of which type it is; name it in ${recordType} (${known}).`
      : `There is no record type '${shownValue(said)}' (${known}).`
  return broken(raw, 'RECORD_TYPE_UNKNOWN', reason, translator)
}

/** A record that could not be read: its place is known, and why, and nothing else. */
function broken(raw: RawRecord, code: DecodeCode, reason: string, { type, plan }: TypeTranslator): Draft {
  return {
    position: raw.position,
    line: raw.line,
    member: raw.member,
    type: type.name,
    operation: type.operation.fallback ?? 'create',
    quotedId: null,
    corrects: null,
    record: new DraftGroup(plan.fields.length),
    findings: [
      {
        code,
        severity: 'fatal',
        path: '',
        // What cannot be read at all is a whole file among others.
        field: code.startsWith('FILE_') ? 'file' : '',
        item: null,
        message: reason,
        value: null,
      },
    ],
    notes: [],
    filtered: false,
    broken: true,
  }
}
