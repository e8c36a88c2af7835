import type { Definition } from '../exchange/definition.ts'
import type { ExtractWriter } from './extract-file.ts'

/** Writes records as the document that is sent. */
export interface RecordDocument {
  /** The records that follow are of this type. */
  begin(type: string): Promise<void>
  /** @param texts records as JSON */
  write(texts: readonly string[]): Promise<void>
  end(): Promise<void>
}

/**
 * An exchange of one type gets a record a line (NDJSON), one of several a list for each type under the type's own
 * name. A document without any record is an empty list: that is an answer too.
 */
export function recordDocument(definition: Definition, out: ExtractWriter): RecordDocument {
  return definition.types.length === 1 ? linesOf(out) : listsOf(definition, out)
}

function linesOf(out: ExtractWriter): RecordDocument {
  let empty = true
  return {
    begin: async () => {},
    async write(texts) {
      if (texts.length === 0) return
      empty = false
      await out.write(`${texts.join('\n')}\n`)
    },
    end: async () => {
      if (empty) await out.write('[]\n')
    },
  }
}

function listsOf(definition: Definition, out: ExtractWriter): RecordDocument {
  let open: 'nothing' | 'list' | 'records' = 'nothing'
  return {
    async begin(type) {
      const property = definition.types.find(({ name }) => name === type)?.forms.property ?? type
      await out.write(`${open === 'nothing' ? '{' : '\n],'}\n${JSON.stringify(property)}: [`)
      open = 'list'
    },
    async write(texts) {
      if (texts.length === 0) return
      await out.write(`${open === 'list' ? '\n' : ',\n'}${texts.join(',\n')}`)
      open = 'records'
    },
    end: () => out.write(open === 'nothing' ? '{}\n' : '\n]\n}\n'),
  }
}
