import type { Field } from '../exchange/definition.ts'
import { wireName } from '../exchange/finding-codes.ts'
import type { Value } from '../exchange/parcel.ts'
import { storableText } from '../exchange/shown-value.ts'
import type { MutableBody } from './field-checks.ts'
import type { Judgement } from './judgement.ts'

/** Parts of a key are joined by it, so no part may hold it. */
export const KEY_SEPARATOR = '\u001f'

/**
 * Replaces what no database text can hold (NUL, half a surrogate pair) and the key separator by U+FFFD, with a
 * fatal finding for each value. Returns whether there was any. Slow: asked for only where the body's JSON text
 * holds an escape, without which there is none.
 */
export function replaceUnstorable(
  body: MutableBody,
  fields: readonly Field[],
  judgement: Judgement,
): boolean {
  let found = false
  for (const field of fields) {
    const value = body[field.name]
    if (value === undefined) continue
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const clean = replaceIn(item, field, index + 1, judgement)
        if (clean === item) continue
        if (typeof clean === 'string') value[index] = clean
        found = true
      }
    } else {
      const clean = replaceIn(value, field, 0, judgement)
      if (clean === value) continue
      if (typeof clean === 'string') body[field.name] = clean
      found = true
    }
  }
  return found
}

/** The clean value; for a group in which something was replaced, null. */
function replaceIn(value: Value, field: Field, item: number, judgement: Judgement): Value | null {
  if (typeof value === 'string') {
    const clean = storableText(value).replaceAll(KEY_SEPARATOR, '\ufffd')
    if (clean === value) return value
    const name = wireName(field)
    judgement.add(
      'CHARACTER',
      'fatal',
      judgement.trail.path(field.name, field.type === 'group' ? 0 : item),
      name,
      `${name} holds a character that no text may hold (NUL, a control separator or half a surrogate pair).`,
      clean,
    )
    return clean
  }
  if (typeof value !== 'object' || Array.isArray(value)) return value
  judgement.trail.enter(field.name, item)
  const found = replaceUnstorable(value as MutableBody, field.fields, judgement)
  judgement.trail.leave()
  return found ? null : value
}
