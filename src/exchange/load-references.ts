import type { FatalText, RecordType, Reference, Sync } from './definition.ts'
import type { FieldSource } from './load-field.ts'
import type { Section } from './section.ts'

/** The references of a type, those of its fields first; what they name is checked with the whole definition. */
export function buildReferences(type: Section, fields: readonly FieldSource[]): readonly Reference[] {
  const ofFields = referenceSections(fields).map(({ section, path }) => buildReference(section, path))
  const ofType = type.sections('references').map((section) => buildReference(section, null))
  return [...ofFields, ...ofType]
}

/** Each field's reference with its section and the field's path from the record. */
export function referenceSections(
  fields: readonly FieldSource[],
  above = '',
): readonly { readonly section: Section; readonly path: string }[] {
  return fields.flatMap(({ field, section, below }) => {
    const path = `${above}${field.name}`
    const own = section.section('reference')
    return [...(own === null ? [] : [{ section: own, path }]), ...referenceSections(below, `${path}.`)]
  })
}

function buildReference(section: Section, path: string | null): Reference {
  const type = section.text('type')
  const key = section.texts('key') ?? (path === null ? [] : [path])
  return {
    name: section.textOrNull('name') ?? path?.split('.').at(-1) ?? type,
    exchange: section.textOrNull('exchange'),
    type,
    key: key.map((one) => one.split('.')),
    onMissing: section.text('on_missing') as Reference['onMissing'],
    onDelete: section.text('on_delete') as Reference['onDelete'],
    code: section.text('code'),
    message: section.textOrNull('message') ?? `There is no ${inWords(type)} with this key.`,
    inUse: refusalOf(section, 'in_use', 'IN_USE', 'Other records refer to this one, so it stays.'),
  }
}

/** How a type is kept in step. */
export function buildSync(type: Section): Sync {
  const section = type.sectionOr('sync', 'sync')
  return {
    new: section.text('new') as Sync['new'],
    changed: section.text('changed') as Sync['changed'],
    missing: section.text('missing') as Sync['missing'],
    newRefused: refusalOf(section, 'new_refused', 'NEW_REFUSED', 'New records are not taken.'),
    changedRefused: refusalOf(
      section,
      'changed_refused',
      'CHANGED_REFUSED',
      'The record is stored already, and may not be changed.',
    ),
  }
}

/** References and synchronisation of a type; what was not said is left out. */
export function buildTies(
  type: Section,
  fields: readonly FieldSource[],
): Pick<RecordType, 'references' | 'sync'> {
  const references = buildReferences(type, fields)
  return {
    ...(references.length === 0 ? {} : { references }),
    ...(type.has('sync') ? { sync: buildSync(type) } : {}),
  }
}

function refusalOf(section: Section, key: string, code: string, message: string): FatalText {
  const own = section.section(key)
  return own === null ? { code, message } : { code: own.text('code'), message: own.text('message') }
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ')
}
