import type { Field, Formats } from '../exchange/definition.ts'
import type { Value } from '../exchange/parcel.ts'

const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)(?=$|T)/

/** A document in a cell is the name of a file beside the table; '' where nothing of it could be kept. */
function fileName(value: Value): string {
  const { sha256, type } = value as { readonly [name: string]: Value | undefined }
  return sha256 === undefined ? '' : `${sha256}.${type}`
}

/**
 * A canonical scalar as text on the wire: dates as the exchange writes them, booleans as the first of their
 * words. A value that could not be read stays as it was sent.
 */
export function scalarText(field: Field, value: Value, formats: Formats): string {
  if (typeof value === 'boolean') {
    const words = value ? field.booleanWords.true : field.booleanWords.false
    return words[0] ?? String(value)
  }
  if (typeof value === 'object') return field.document === null ? JSON.stringify(value) : fileName(value)
  const text = String(value)
  const dated = field.type === 'date' || field.type === 'datetime'
  return dated && formats.dates === 'us' ? text.replace(ISO_DATE, '$2/$3/$1') : text
}
