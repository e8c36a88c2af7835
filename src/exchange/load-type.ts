import type {
  Filter,
  Identity,
  Lifecycle,
  Operation,
  OperationField,
  OperationRule,
  RecordType,
  Rule,
  Severity,
  StatusName,
  TypeForms,
} from './definition.ts'
import { buildField, type FieldSource, inWords, onlyOf, type Vocabulary } from './load-field.ts'
import { buildLayouts } from './load-layouts.ts'
import { buildStatusFields } from './load-messages.ts'
import { buildTies } from './load-references.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'

/** A record type and the part of the files that states it. */
export interface TypeSource {
  readonly type: RecordType
  readonly section: Section
  readonly fields: readonly FieldSource[]
}

/** Builds a record type with every default filled in; what it names is checked afterwards, as a whole. */
export function buildType(section: Section, words: Vocabulary): TypeSource {
  const { report } = words
  const fields = section.sections('fields').map((one) => buildField(one, words))
  const name = section.text('type')
  const lifecycle = buildLifecycle(section)
  const type: RecordType = {
    name,
    title: section.textOrNull('title') ?? inWords(name),
    fields: fields.map((one) => one.field),
    identity: buildIdentity(section.sectionOr('identity', 'identity')),
    operation: buildOperation(section, lifecycle, report),
    lifecycle,
    effective: section.textOrNull('effective'),
    rules: section.sections('rules').map((rule) => buildRule(rule, words)),
    filters: section.sections('filters').map(buildFilter),
    unknownFields: section.text('unknown_fields') as RecordType['unknownFields'],
    forms: buildForms(section, name),
    ...buildTies(section, fields),
    ...buildStatusFields(
      section,
      fields.map((one) => one.field),
      report,
    ),
  }
  const layouts = buildLayouts(section, { type, lists: Object.keys(words.lists), report })
  return { type: layouts.length === 0 ? type : { ...type, layouts }, section, fields }
}

function buildForms(section: Section, name: string): TypeForms {
  const formats = section.sectionOr('formats', 'type_formats')
  const words = name.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return {
    element: formats.textOrNull('element') ?? words.join(''),
    property: formats.textOrNull('property') ?? name,
    sheet: formats.textOrNull('sheet') ?? name.slice(0, 31),
    member: section.textOrNull('member') ?? `${name}*`,
  }
}

function buildIdentity(section: Section): Identity {
  const refusal = (key: string, code: string, message: string) => {
    const own = section.section(key)
    return own === null ? { code, message } : { code: own.text('code'), message: own.text('message') }
  }
  const owner = section.section('owner')
  const stable = section.section('stable_id')
  return {
    key: section.texts('key') ?? [],
    exists: refusal('exists', 'EXISTS', 'A record with this key is stored already.'),
    missing: refusal('missing', 'MISSING', 'There is no record with this key.'),
    closed: refusal('closed', 'CLOSED', 'The status of the stored record does not allow this.'),
    wrongId: refusal('wrong_id', 'WRONG_ID', 'The id is not that of the record with this key.'),
    ...formerOf(section),
    duplicates: section.sections('duplicates').map((one) => ({
      fields: one.texts('fields') ?? [],
      code: one.text('code'),
      message: one.text('message'),
    })),
    owner:
      owner === null
        ? null
        : {
            field: owner.text('field'),
            scheme: owner.text('scheme'),
            code: owner.text('code'),
            message: owner.text('message'),
          },
    stableId: stable === null ? null : { ...placeOf(stable), label: labelOf(stable) },
  }
}

function formerOf(section: Section): Pick<Identity, 'former'> {
  const former = section.texts('former')
  return former === null ? {} : { former }
}

function labelOf(section: Section): string {
  return section.textOrNull('label') ?? placeOf(section).column
}

/** Where something stands in trees and rows. */
function placeOf(section: Section): { readonly path: readonly string[]; readonly column: string } {
  const path = section.text('path').split('.')
  return { path, column: section.textOrNull('column') ?? path.at(-1) ?? '' }
}

const LABELS: Readonly<Record<StatusName, string>> = {
  submitted: 'Submitted',
  'submitted-with-errors': 'Submitted with errors',
  closed: 'Closed',
  deleted: 'Deleted',
}

const LIVE: readonly StatusName[] = ['submitted', 'submitted-with-errors']

function buildLifecycle(type: Section): Lifecycle {
  const section = type.section('lifecycle')
  if (section === null) {
    const rule = (from: readonly StatusName[]): OperationRule => ({ from, grant: 'owner' })
    return {
      labels: LABELS,
      operations: { create: rule([]), replace: rule(LIVE), upsert: rule(LIVE), delete: rule(LIVE) },
    }
  }
  const labels = [...section.entries('labels')].map(([status, { value }]) => [status, String(value)] as const)
  const operations = [...section.entries('operations')].flatMap(([operation, { value }]) => {
    if (!(value instanceof Section)) return []
    const from = value.texts('from') ?? (operation === 'create' ? [] : LIVE)
    const rule: OperationRule = {
      from: from as readonly StatusName[],
      grant: value.text('grant') as OperationRule['grant'],
    }
    return [[operation, rule] as const]
  })
  return {
    labels: { ...LABELS, ...Object.fromEntries(labels) },
    operations: Object.fromEntries(operations),
  }
}

function buildOperation(type: Section, lifecycle: Lifecycle, report: Report): OperationField {
  const section = type.sectionOr('operation', 'operation')
  const offered = Object.keys(lifecycle.operations) as Operation[]
  const values = section.has('values')
    ? [...section.entries('values')].map(([word, { value }]) => [word, value as Operation] as const)
    : offered.map((operation) => [operation, operation] as const)
  const fallback = section.textOrNull('fallback') as Operation | null
  const close = section.section('close')
  const use = (operation: Operation, at: Section['at']) => {
    if (!isOffered(operation, offered))
      report(at, 'OPERATION', `The lifecycle does not offer '${operation}'.`, suggestion(operation, offered))
  }
  for (const { value, at } of section.entries('values').values()) use(value as Operation, at)
  if (fallback !== null) use(fallback, section.place('fallback'))
  if (close !== null) use('close', close.at)
  return {
    ...placeOf(section),
    values: Object.fromEntries(values),
    fallback: type.has('operation') || !isOffered('upsert', offered) ? fallback : 'upsert',
    code: section.text('code'),
    message: section.text('message'),
    close: close === null ? null : { ...placeOf(close), value: close.text('value') },
  }
}

/** An upsert creates or replaces, so it is offered where both are. */
function isOffered(operation: Operation, offered: readonly Operation[]): boolean {
  if (offered.includes(operation)) return true
  return operation === 'upsert' && offered.includes('create') && offered.includes('replace')
}

function buildRule(section: Section, words: Vocabulary): Rule {
  const id = section.text('id')
  return {
    code: section.textOrNull('code') ?? id,
    id,
    title: section.textOrNull('title') ?? id,
    severity: section.text('severity') as Severity,
    each: section.textOrNull('each'),
    check: section.text('check').trim(),
    when: section.textOrNull('when')?.trim() ?? null,
    blames: section.texts('blames') ?? [],
    message: section.text('message'),
    needs: section.text('needs') as Rule['needs'],
    only: onlyOf(section, words),
    source: section.text('source'),
  }
}

function buildFilter(section: Section): Filter {
  return { code: section.text('code'), drop: section.text('drop').trim(), message: section.text('message') }
}
