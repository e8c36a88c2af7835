import type { Field, RecordType } from './definition.ts'
import type { Body, Value } from './parcel.ts'

/**
 * Compiles the canonical text of a record's content, of which the content hash is made. Present fields only, in
 * the order of the definition, each under its permanent number and with its length, so that no two contents
 * have the same text and a new optional field changes nothing. Text in Unicode form NFC.
 */
export function compileContentText(type: RecordType): (body: Body) => string {
  return contentText(type.fields)
}

/** Compiles the content hash: hex SHA-256 of the canonical text, by the hash function of the platform. */
export function compileContentHash(
  type: RecordType,
  sha256: (text: string) => string,
): (body: Body) => string {
  const text = compileContentText(type)
  return (body) => sha256(text(body))
}

function contentText(fields: readonly Field[]): (body: Body) => string {
  const encoders = fields.map((field) => {
    const { name } = field
    const inside = field.type === 'group' ? contentText(field.fields) : null
    return { name, prefix: `${field.no}=`, inside }
  })
  return (body) => {
    let text = ''
    for (let index = 0; index < encoders.length; index += 1) {
      const { name, prefix, inside } = encoders[index] as (typeof encoders)[number]
      const value = body[name]
      if (value !== undefined) text += prefix + encode(value, inside)
    }
    return text
  }
}

/** `s3:abc` text, `n1:5` number, `t`/`f` boolean, `[2 … ]` list, `{ … }` group: readable one way only. */
function encode(value: Value, inside: ((body: Body) => string) | null): string {
  if (typeof value === 'string') {
    const text = isAscii(value) ? value : value.normalize('NFC')
    return `s${text.length}:${text}`
  }
  if (typeof value === 'number') {
    const text = String(value)
    return `n${text.length}:${text}`
  }
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (isList(value)) {
    let text = `[${value.length}:`
    for (const item of value) text += encode(item, inside)
    return `${text}]`
  }
  return inside === null ? '{}' : `{${inside(value)}}`
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false
  return true
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}
