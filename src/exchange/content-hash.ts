import type { Field, RecordType } from './definition.ts'
import type { Body } from './parcel.ts'
import { type TypedValue, valuesOf } from './values.ts'

/** What was written last. */
export interface Written {
  /** The body as JSON text without line breaks, absent fields left out. */
  json: string
  /**
   * The canonical text of which the content hash is made: present fields only, in the order of the definition,
   * each under its permanent number and with its length, so that no two contents have the same text and a new
   * optional field changes nothing. Text in Unicode form NFC.
   */
  content: string
  /** Some text holds a character that JSON writes as a code: a control character or half a surrogate pair. */
  odd: boolean
}

/** Writes the values of a record both ways in one go; half of the time of writing them one after the other. */
export type WriteValues = (values: readonly TypedValue[], out: Written) => void

/** Compiles the content hash of stored bodies: hex SHA-256 by the hash function of the platform. */
export function compileContentHash(
  type: RecordType,
  sha256: (text: string) => string,
): (body: Body) => string {
  const write = compileWriter(type.fields)
  const out: Written = { json: '', content: '', odd: false }
  return (body) => {
    write(valuesOf(body, type.fields), out)
    return sha256(out.content)
  }
}

/** Compiles the writer of a group's values. */
export function compileWriter(fields: readonly Field[]): WriteValues {
  const count = fields.length
  const names = fields.map((field) => `,${JSON.stringify(field.name)}:`)
  const numbers = fields.map((field) => `${field.no}=`)
  const inside = fields.map((field) => (field.type === 'group' ? compileWriter(field.fields) : null))
  const lists = fields.map((field) => field.many)
  return (values, out) => {
    let json = ''
    let content = ''
    for (let index = 0; index < count; index += 1) {
      const value = values[index]
      if (value === undefined) continue
      if (typeof value !== 'object') writeScalar(value, out)
      else if (lists[index] === true) writeList(value, inside[index] ?? null, out)
      else writeGroup(value, inside[index] ?? null, out)
      json += names[index] + out.json
      content += numbers[index] + out.content
    }
    out.json = json === '' ? '{}' : `{${json.slice(1)}}`
    out.content = content
  }
}

/** `s3:abc`, `n1:5`, `t` or `f`; or in JSON `"abc"`, `5`, `true`. */
function writeScalar(value: string | number | boolean, out: Written): void {
  if (typeof value === 'string') {
    writeText(value, out)
    return
  }
  const text = String(value)
  out.json = text
  out.content = typeof value === 'number' ? `n${text.length}:${text}` : text.charAt(0)
}

function writeText(text: string, out: Written): void {
  if (isPlain(text)) {
    out.json = `"${text}"`
    out.content = `s${text.length}:${text}`
    return
  }
  const json = JSON.stringify(text)
  const composed = text.normalize('NFC')
  out.json = json
  out.content = `s${composed.length}:${composed}`
  if (json.includes('\\u')) out.odd = true
}

/** `[2:` with the items after it, and `]`. */
function writeList(items: readonly TypedValue[], inside: WriteValues | null, out: Written): void {
  let json = ''
  let content = ''
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]
    if (typeof item === 'object') writeGroup(item, inside, out)
    else writeScalar(item ?? false, out)
    json += index === 0 ? out.json : `,${out.json}`
    content += out.content
  }
  out.json = `[${json}]`
  out.content = `[${items.length}:${content}]`
}

function writeGroup(values: readonly TypedValue[], inside: WriteValues | null, out: Written): void {
  if (inside === null) {
    out.json = '{}'
    out.content = '{}'
    return
  }
  inside(values, out)
  out.content = `{${out.content}}`
}

/** Printable ASCII without quote and backslash: it stands in JSON as it is, and is in form NFC. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 32 || unit > 126 || unit === 34 || unit === 92) return false
  }
  return true
}
