import type { Definition, Field, RecordType, Reference } from './definition.ts'

/** A reference with the type that has it. */
export interface Referring {
  readonly exchange: string
  readonly type: RecordType
  readonly reference: Reference
}

/** A reference's name among all exchanges, as it is stored with each link. */
export function linkName(exchange: string, type: string, reference: string): string {
  return `${exchange}.${type}.${reference}`
}

/** References of these exchanges that lead to a type of one of them. */
export function referringTo(
  definitions: readonly Definition[],
  exchange: string,
  type: string,
): readonly Referring[] {
  return definitions.flatMap((definition) =>
    definition.types.flatMap((from) =>
      (from.references ?? [])
        .filter((one) => one.type === type && (one.exchange ?? definition.exchange) === exchange)
        .map((reference) => ({ exchange: definition.exchange, type: from, reference })),
    ),
  )
}

/**
 * The types of an exchange so that what others refer to comes before them; otherwise as they are stated. Types that
 * refer to each other in a circle stay as stated.
 */
export function inDependencyOrder(types: readonly RecordType[]): readonly RecordType[] {
  const byName = new Map(types.map((type) => [type.name, type]))
  const done = new Set<RecordType>()
  const begun = new Set<RecordType>()
  const visit = (type: RecordType): void => {
    if (begun.has(type)) return
    begun.add(type)
    for (const { exchange, type: name } of type.references ?? []) {
      const target = exchange === null ? byName.get(name) : undefined
      if (target !== undefined) visit(target)
    }
    done.add(type)
  }
  for (const type of types) visit(type)
  return [...done]
}

/** Path of the field that findings of a reference blame: the one in the list that it goes through, or the first. */
export function blamedPath(fields: readonly Field[], { key }: Reference): readonly string[] {
  const listed = key.find((path) => fieldsAlong(fields, path)?.some((field) => field.many))
  return listed ?? key[0] ?? []
}

/** The same as canonical path, with the number of the item where the reference goes through a list. */
export function linkPath(fields: readonly Field[], reference: Reference, item: number): string {
  const path = blamedPath(fields, reference)
  const list = fieldsAlong(fields, path)?.findIndex((field) => field.many) ?? -1
  return path.map((name, depth) => (depth === list ? `${name}[${item}]` : name)).join('.')
}

/** The fields along a path from the record; null where there is no such path. */
export function fieldsAlong(fields: readonly Field[], path: readonly string[]): readonly Field[] | null {
  const along: Field[] = []
  let level = fields
  for (const name of path) {
    const field = level.find((one) => one.name === name)
    if (field === undefined) return null
    along.push(field)
    level = field.fields
  }
  return along
}
