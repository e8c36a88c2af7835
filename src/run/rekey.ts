import { hash } from 'node:crypto'
import { compileContentHash } from '../exchange/content-hash.ts'
import type { RecordType } from '../exchange/definition.ts'
import type { Body, Note, Parcel, Value } from '../exchange/parcel.ts'

const sha256 = (text: string) => hash('sha256', text, 'hex')

/**
 * A record that was sent under a key it had before it was renamed, as if it had been sent under its present key; the
 * session log notes it.
 */
export function rekey(type: RecordType, parcel: Parcel, key: string): Parcel {
  const parts = key.split('\u001f')
  const body = JSON.parse(parcel.body) as Record<string, Value>
  const before = parcel.setKey
  const notes: Note[] = []
  let setKey = before
  for (const [index, name] of type.identity.key.entries()) {
    const text = parts[index] ?? ''
    const old = body[name]
    if (String(old) === text) continue
    body[name] = typeof old === 'number' ? Number(text) : typeof old === 'boolean' ? text === 'true' : text
    notes.push({ path: name, rule: 'rename', from: String(old), to: text })
    if (before?.split('\u001f').includes(String(old)) === true)
      setKey = before
        .split('\u001f')
        .map((part) => (part === String(old) ? text : part))
        .join('\u001f')
  }
  const inOrder: Body = Object.fromEntries(
    type.fields.flatMap(({ name }) =>
      Object.hasOwn(body, name) ? [[name, body[name] as Value] as const] : [],
    ),
  )
  return {
    ...parcel,
    key,
    body: JSON.stringify(inOrder),
    contentHash: compileContentHash(type, sha256)(inOrder),
    notes: [...parcel.notes, ...notes],
    ...(setKey === undefined ? {} : { setKey }),
  }
}
