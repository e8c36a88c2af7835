import type { Definition, Field, RecordType, Reference } from './definition.ts'
import { referenceSections } from './load-references.ts'
import type { TypeSource } from './load-type.ts'
import { type Place, type Report, suggestion } from './problem.ts'
import { fieldsAlong } from './references.ts'
import type { Section } from './section.ts'

/** Reports references of a type that do not fit: names, numbers and kinds of key fields. */
export function checkReferences(source: TypeSource, definition: Definition, report: Report): void {
  const { type, section, fields } = source
  const sections = [...referenceSections(fields).map((one) => one.section), ...section.sections('references')]
  const names = new Set<string>()
  for (const [index, reference] of (type.references ?? []).entries()) {
    const own = sections[index] ?? section
    if (names.has(reference.name))
      report(
        own.has('name') ? own.place('name') : own.at,
        'DUPLICATE',
        `There are two references '${reference.name}'.`,
        'Give each its own name.',
      )
    names.add(reference.name)
    checkReference(type, reference, own, definition, report)
  }
  checkFormer(source, report)
}

function checkReference(
  type: RecordType,
  reference: Reference,
  section: Section,
  definition: Definition,
  report: Report,
): void {
  const keys = keyFields(type, reference, section, report)
  if (reference.exchange !== null) {
    if (reference.exchange === definition.exchange)
      report(
        section.place('exchange'),
        'VALUE',
        `'${reference.exchange}' is this exchange.`,
        'Leave exchange out.',
      )
    return
  }
  const target = definition.types.find((one) => one.name === reference.type)
  if (target === undefined) {
    const known = definition.types.map((one) => one.name)
    const message = `There is no type '${reference.type}'.`
    report(section.place('type'), 'UNKNOWN_NAME', message, suggestion(reference.type, known))
    return
  }
  const wrong = keys === null ? null : wrongKey(type, reference, target)
  if (wrong !== null)
    report(section.has('key') ? section.place('key') : section.at, 'REFERENCE', wrong, 'Name its key fields.')
}

/** The fields of a reference's key; null where something is wrong with one of them. */
function keyFields(
  type: RecordType,
  { key }: Reference,
  section: Section,
  report: Report,
): readonly Field[] | null {
  const at = (index: number): Place => section.items('key')[index]?.at ?? section.at
  const found: Field[] = []
  let list: string | null = null
  if (key.length === 0)
    report(section.at, 'KEY_MISSING', "The key 'key' is missing here.", 'Add it, such as key: [voter_id]')
  for (const [index, path] of key.entries()) {
    const name = path.join('.')
    const along = fieldsAlong(type.fields, path)
    const last = along?.at(-1)
    if (along === null || last === undefined || last.type === 'group') {
      const known = type.fields.map((field) => field.name)
      report(at(index), 'UNKNOWN_NAME', `'${name}' is no field with a value.`, suggestion(name, known))
      continue
    }
    const lists = along.flatMap((field, depth) => (field.many ? [path.slice(0, depth + 1).join('.')] : []))
    const own = lists[0] ?? null
    if (lists.length > 1 || (own !== null && list !== null && own !== list))
      report(
        at(index),
        'REFERENCE',
        'A reference goes through one list at most.',
        'Name fields of one list and single fields only.',
      )
    list = own ?? list
    found.push(last)
  }
  return found.length === key.length && found.length > 0 ? found : null
}

/** Why the fields of a reference cannot hold the key of its target, or null. */
export function wrongKey(from: RecordType, reference: Reference, target: RecordType): string | null {
  const theirs = target.identity.key
  if (theirs.length !== reference.key.length)
    return `The key of '${target.name}' has ${theirs.length} fields, that of the reference ${reference.key.length}.`
  for (const [index, path] of reference.key.entries()) {
    const own = fieldsAlong(from.fields, path)?.at(-1)
    const other = target.fields.find((field) => field.name === theirs[index])
    if (own !== undefined && other !== undefined && kindOf(own) !== kindOf(other))
      return `'${path.join('.')}' is of type ${own.type}, '${other.name}' of '${target.name}' of type ${other.type}.`
  }
  return null
}

/** Types whose values are written alike may stand for each other. */
function kindOf({ type }: Field): string {
  return type === 'code' ? 'text' : type
}

/** The former key must be able to hold a key. */
function checkFormer({ type, section }: TypeSource, report: Report): void {
  const { key, former } = type.identity
  const identity = section.section('identity')
  if (former === undefined || identity === null) {
    if (type.lifecycle.operations.rename !== undefined && former === undefined)
      report(
        section.place('lifecycle'),
        'OPERATION',
        "'rename' needs to know where the former key stands.",
        'Name those fields under former in identity.',
      )
    return
  }
  if (former.length !== key.length)
    report(
      identity.place('former'),
      'IDENTITY',
      `The key has ${key.length} fields, the former key ${former.length}.`,
      'Name a field for each.',
    )
  for (const [index, { value, at }] of identity.items('former').entries()) {
    const field = type.fields.find((one) => one.name === value)
    const own = type.fields.find((one) => one.name === key[index])
    if (field === undefined || field.many || field.type === 'group')
      report(
        at,
        'UNKNOWN_NAME',
        `'${String(value)}' is no single value at the top level.`,
        suggestion(
          String(value),
          type.fields.map((one) => one.name),
        ),
      )
    else if (own !== undefined && kindOf(own) !== kindOf(field))
      report(at, 'IDENTITY', `'${field.name}' is not of the type of '${own.name}'.`, 'Give it that type.')
  }
}

/** Reports `refresh.within` where a type cannot be told apart by it. */
export function checkWithin(sources: readonly TypeSource[], head: Section, report: Report): void {
  const refresh = head.section('refresh')
  if (refresh === null) return
  for (const { value, at } of refresh.items('within')) {
    for (const { type } of sources) {
      if (type.sync?.missing === 'keep') continue
      const field = type.fields.find((one) => one.name === value)
      const wrong =
        field === undefined || field.many || field.type === 'group'
          ? 'has no such single value at the top level'
          : !field.required || field.severity !== 'fatal' || field.when !== null || field.only !== null
            ? 'may lack it: it is not required and fatal in every record'
            : null
      if (wrong !== null)
        report(
          at,
          'REFRESH',
          `A refresh cannot be kept within '${String(value)}': the type '${type.name}' ${wrong}.`,
          'Name a required field whose severity is fatal, or let the type keep what is missing.',
        )
    }
  }
}

/**
 * What is wrong with references between exchanges: a target's exchange or type that is not there, or a key that
 * cannot be its key. One sentence each.
 */
export function wrongAcross(definitions: readonly Definition[]): readonly string[] {
  const byName = new Map(definitions.map((one) => [one.exchange, one]))
  return definitions.flatMap(({ exchange, types }) =>
    types.flatMap((type) =>
      (type.references ?? []).flatMap((reference) => {
        if (reference.exchange === null) return []
        const place = `${exchange}, type ${type.name}, reference ${reference.name}: `
        const target = byName.get(reference.exchange)
        if (target === undefined) return [`${place}there is no exchange '${reference.exchange}'.`]
        const to = target.types.find((one) => one.name === reference.type)
        if (to === undefined)
          return [`${place}the exchange '${reference.exchange}' has no type '${reference.type}'.`]
        const wrong = wrongKey(type, reference, to)
        return wrong === null ? [] : [place + wrong]
      }),
    ),
  )
}
