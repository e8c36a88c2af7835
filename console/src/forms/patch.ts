import type { RawValue } from '../../../src/exchange/parcel.ts'
import { sentOf, type Tree } from './tree.ts'

/** What makes the one record of the other, as a JSON merge patch (RFC 7396). */
export function patchOf(before: Tree, after: Tree): Tree {
  return difference(before, sentOf(after))
}

function difference(before: Tree, after: Tree): Tree {
  const patch: Record<string, RawValue> = {}
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) patch[name] = null
  for (const [name, value] of Object.entries(after)) {
    const stood = Object.hasOwn(before, name) ? before[name] : undefined
    if (JSON.stringify(stood) === JSON.stringify(value)) continue
    patch[name] = isGroup(stood) && isGroup(value) ? difference(stood, value) : value
  }
  return patch
}

function isGroup(value: RawValue | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
