import type { RawTree } from '../exchange/parcel.ts'

/**
 * How records stand in a JSON document: in an array, in an array under the exchange's wrapper, or one a line
 * (which is also how a document of one object is answered).
 */
export type JsonForm = 'array' | 'wrapper' | 'lines'

/** Tells the form from the beginning of a document; some kilobytes are enough. */
export function jsonFormOf(head: string, wrapper: string | null): JsonForm {
  const text = head.replace(/^\ufeff/, '').trimStart()
  if (text.startsWith('[')) return 'array'
  if (wrapper === null) return 'lines'
  const name = JSON.stringify(wrapper).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^\\{[^{}[\\]]*${name}\\s*:\\s*\\[`).test(text) ? 'wrapper' : 'lines'
}

/** Records as a JSON document, piece by piece, one record a line. */
export async function* writeJson(
  records: AsyncIterable<RawTree>,
  form: JsonForm,
  wrapper: string | null,
): AsyncGenerator<string> {
  if (form === 'lines') {
    for await (const record of records) yield `${JSON.stringify(record)}\n`
    return
  }
  const wrapped = form === 'wrapper' && wrapper !== null
  yield wrapped ? `{${JSON.stringify(wrapper)}:[` : '['
  let before = '\n'
  for await (const record of records) {
    yield before + JSON.stringify(record)
    before = ',\n'
  }
  yield wrapped ? '\n]}\n' : '\n]\n'
}
