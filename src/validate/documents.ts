import { decodeBase64 } from '../decode/base64.ts'
import { kindOf } from '../decode/document-kind.ts'
import type { CheckKind, DocumentRule, Field } from '../exchange/definition.ts'
import { findingCode, wireName } from '../exchange/finding-codes.ts'
import { shownValue } from '../exchange/shown-value.ts'
import type { TypedValue, Values } from '../exchange/values.ts'
import { DraftGroup, type DraftValue } from '../translate/draft.ts'
import type { Judgement } from './judgement.ts'

/** A file that a value names: its bytes, `large` past the field's limit, null where there is no such file. */
export type Attached = Uint8Array | 'large' | null

/** Does the value name a file? Base64 has no dot, and a file has an extension. */
export function namesFile(value: DraftValue): value is string {
  return typeof value === 'string' && value.length <= 1000 && value.includes('.')
}

/**
 * Compiles the reading of a document: base64 text, or the name of a file that came with the record. Its value is
 * hash, kind and size; its bytes are put beside the record. Of one that cannot be taken only the size is kept.
 */
export function compileDocument(
  field: Field,
  rule: DocumentRule,
): (raw: DraftValue, judgement: Judgement) => TypedValue {
  const refuse = (kind: CheckKind, reason: string, judgement: Judgement, size?: number): Values => {
    const own = field.messages[kind]?.replaceAll('{value}', '')
    const path = judgement.trail.path(field.name)
    const message = own ?? `${wireName(field)} ${reason}`
    judgement.add(findingCode(field, kind), field.severity, path, wireName(field), message, undefined)
    judgement.untype(field.name)
    return [undefined, undefined, size]
  }
  const tooLarge = (judgement: Judgement) =>
    refuse('length', `has more than ${rule.bytesMax} bytes, which is the most that is taken.`, judgement)

  return (raw, judgement) => {
    if (raw instanceof DraftGroup) return storedBefore(raw, field, judgement) ?? unknownQuote(judgement)
    if (typeof raw !== 'string')
      return refuse('type', 'must be base64 text or the name of a file.', judgement)
    if (!namesFile(raw)) {
      const bytes = decodeBase64(raw, rule.bytesMax)
      if (bytes === 'large') return tooLarge(judgement)
      return bytes === 'malformed'
        ? refuse('type', 'is not base64 text.', judgement)
        : taken(bytes, judgement)
    }
    const bytes = judgement.attached?.get(raw) ?? null
    if (bytes === 'large') return tooLarge(judgement)
    if (bytes !== null) return taken(bytes, judgement)
    return refuse('file', `names the file ${shownValue(raw)}, which is not in the archive.`, judgement)
  }

  function taken(bytes: Uint8Array, judgement: Judgement): Values {
    const { kind, trouble } = kindOf(bytes)
    const size = bytes.length
    const allowed = rule.types.join(', ').toUpperCase()
    if (size > rule.bytesMax) return tooLarge(judgement)
    if (kind === null) return refuse('type', `is none of ${allowed}, by what is in it.`, judgement, size)
    const name = kind.toUpperCase()
    if (!rule.types.includes(kind))
      return refuse('type', `is a ${name}; ${allowed} are taken here.`, judgement, size)
    if (trouble === 'cut')
      return refuse('type', `is a ${name} that was cut off or is damaged.`, judgement, size)
    if (trouble === 'more')
      return refuse('type', `is a ${name} with something else behind its end.`, judgement, size)
    if (judgement.hashBytes === null) throw new Error('documents need a hash function of bytes')
    const sha256 = judgement.hashBytes(bytes)
    judgement.documents = [...judgement.documents, { sha256, size, bytes }]
    return [sha256, kind, size]
  }

  function unknownQuote(judgement: Judgement): Values {
    return refuse('file', 'names a document that this record does not have.', judgement)
  }
}

/** A document as the centre shows it stands for the one that the stored record has, and for no other. */
function storedBefore({ values }: DraftGroup, field: Field, judgement: Judgement): Values | null {
  const stored = judgement.stored?.[field.name]
  if (typeof stored !== 'object' || Array.isArray(stored) || values[0] === undefined) return null
  const { sha256, type, size } = stored as { readonly [name: string]: TypedValue }
  return sha256 === values[0] ? [sha256, type, size] : null
}
