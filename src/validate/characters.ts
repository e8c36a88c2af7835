import type { Field } from '../exchange/definition.ts'
import { wireName } from '../exchange/finding-codes.ts'
import { storableText } from '../exchange/shown-value.ts'
import type { TypedValue, Values } from '../exchange/values.ts'
import type { Judgement } from './judgement.ts'

/** Parts of a key are joined by it, so no part may hold it. */
export const KEY_SEPARATOR = '\u001f'

/**
 * Replaces what no database text can hold (NUL, half a surrogate pair) and the key separator by U+FFFD, with a
 * fatal finding for each value. Returns whether there was any. Slow: asked for only where the body's JSON text
 * holds an escape, without which there is none.
 */
export function replaceUnstorable(values: Values, fields: readonly Field[], judgement: Judgement): boolean {
  const before = judgement.findings.length
  for (const [index, field] of fields.entries()) {
    const value = values[index]
    if (field.many && Array.isArray(value)) {
      for (const [at, item] of value.entries()) value[at] = clean(item, field, at + 1, judgement)
    } else values[index] = clean(value, field, 0, judgement)
  }
  return judgement.findings.length > before
}

function clean(value: TypedValue, field: Field, item: number, judgement: Judgement): TypedValue {
  if (Array.isArray(value)) {
    judgement.trail.enter(field.name, item)
    replaceUnstorable(value, field.fields, judgement)
    judgement.trail.leave()
    return value
  }
  if (typeof value !== 'string') return value
  const storable = storableText(value).replaceAll(KEY_SEPARATOR, '\ufffd')
  if (storable === value) return value
  const name = wireName(field)
  judgement.add(
    'CHARACTER',
    'fatal',
    judgement.trail.path(field.name, item),
    name,
    `${name} holds a character that no text may hold (NUL, a control separator or half a surrogate pair).`,
    storable,
  )
  return storable
}
