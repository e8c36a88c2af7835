import type { Field } from '../exchange/definition.ts'
import { readsOf } from '../exchange/expression/check.ts'
import type { AbsoluteRead } from './judgement.ts'

/**
 * What an expression reads of the record in hand, from the top: `it.age` of a rule over `persons` is
 * `persons.age` of the item in hand only.
 */
export function absoluteReads(
  texts: readonly (string | null)[],
  fields: readonly Field[],
  pathOfIt: readonly string[],
): readonly AbsoluteRead[] {
  const reads: AbsoluteRead[] = []
  for (const text of texts) {
    if (text === null) continue
    for (const path of readsOf(text).paths) {
      const [root, ...rest] = path.split('.')
      if (root === 'current') continue
      const base = root === 'it' ? pathOfIt : root === 'parent' ? pathOfIt.slice(0, -1) : []
      reads.push({ path: [...base, ...rest].join('.'), fixed: listsOn(fields, base) })
    }
  }
  return reads
}

function listsOn(fields: readonly Field[], path: readonly string[]): number {
  let level = fields
  let lists = 0
  for (const name of path) {
    const field = level.find((one) => one.name === name)
    if (field?.many === true) lists += 1
    level = field?.fields ?? []
  }
  return lists
}
