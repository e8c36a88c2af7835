import type { Definition } from '../exchange/definition.ts'
import type { ExtractWriter } from './extract-file.ts'
import type { PackForm } from './pack.ts'

/** Writes records as the document that is sent. */
export interface RecordDocument {
  /** The records that follow are of this type. */
  begin(type: string): Promise<void>
  /** @param texts records as JSON */
  write(texts: readonly string[]): Promise<void>
  end(): Promise<void>
}

/** An exchange of several types gets an archive with a member for each, as then a type without a record counts too. */
export function packFormOf(definition: Definition): PackForm {
  return definition.types.length === 1 ? 'gzip' : 'zip'
}

/** A record a line (NDJSON). A document, or member, without any record is an empty list: that is an answer too. */
export function recordDocument(definition: Definition, out: ExtractWriter): RecordDocument {
  let open = false
  let empty = true
  const close = async () => {
    if (open && empty) await out.write('[]\n')
  }
  return {
    async begin(type) {
      await close()
      open = true
      empty = true
      const member = definition.types.find(({ name }) => name === type)?.forms.member ?? type
      out.begin(`${member.replaceAll('*', '')}.json`)
    },
    async write(texts) {
      if (texts.length === 0) return
      empty = false
      await out.write(`${texts.join('\n')}\n`)
    },
    end: close,
  }
}
