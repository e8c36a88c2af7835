import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'
import { decodeText } from './text.ts'
import { XmlRecord } from './xml-record.ts'

export interface XmlOptions {
  readonly limits: DecodeLimits
  /** Position of the first record. */
  readonly firstPosition: number
  /** Archive member, '' outside archives. */
  readonly member: string
}

/** The parser is fed pieces of this size, so that limits are looked at often. */
const pieceChars = 16 * 1024
/** Entities and messages are quoted up to this length. */
const quotedCharsMax = 120

/** XML's own five entities. Nothing else is ever looked up, which leaves no way to expand or fetch anything. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  gt: '>',
  lt: '<',
  quot: '"',
  apos: "'",
}
const ENTITY_NAME = /^[\p{L}_:][\p{L}\p{N}_:.-]*$/u

/** Encodings that a declaration may name; which one it is was told by the bytes. */
const ENCODINGS = new Set(['utf-8', 'utf8', 'utf-16', 'utf-16le', 'utf-16be', 'us-ascii', 'ascii'])

/**
 * XML bytes to records: every element with the name of `xml.record`, under any prefix and anywhere in the
 * document, also as its root. Where the exchange has a namespace the record element must be in it. A
 * document without one record is accepted only if its root is `xml.root`.
 *
 * A record beyond `recordBytesMax`, or with a text beyond `fieldCharsMax`, comes as RECORD_TOO_LARGE.
 * Throws DecodeError, after the records found before it were handed on: FILE_ENTITY_REFUSED for a DOCTYPE or
 * an entity that is not XML's own, FILE_TOO_DEEP, FILE_TOO_LARGE (more than `skipBytesMax` characters in one
 * record, text or comment, or too many attributes), FILE_TRUNCATED, FILE_ENCODING, FILE_EMPTY, and
 * FILE_MALFORMED with line and column. Memory is bounded by `skipBytesMax`.
 */
export async function* decodeXml(
  bytes: AsyncIterable<Uint8Array>,
  xml: Formats['xml'],
  options: XmlOptions,
): AsyncGenerator<readonly RawRecord[]> {
  const reader = new XmlReader(xml, options)
  const size = options.limits.batchRecordsMax
  let failure: unknown = null
  try {
    read: for await (const text of decodeText(bytes, { windows1252: false }))
      for (let from = 0; from < text.length; from += pieceChars) {
        failure = reader.push(text.slice(from, from + pieceChars))
        if (failure !== null) break read
        while (reader.ready.length >= size) yield reader.ready.splice(0, size)
      }
  } catch (error) {
    failure = error
  }
  failure ??= reader.end()
  while (reader.ready.length > 0) yield reader.ready.splice(0, size)
  if (failure !== null) throw failure
}

class XmlReader {
  readonly ready: RawRecord[] = []
  readonly #xml: Formats['xml']
  readonly #options: XmlOptions
  readonly #parser = new SaxesParser<{ xmlns: true }>({ xmlns: true })
  #position: number
  #depth = 0
  #rootName = ''
  /** Depth of the open record's element; 0 outside records. */
  #recordDepth = 0
  #recordLine = 0
  #recordStart = 0
  /** Null outside records, and in a record that is too large to be kept. */
  #record: XmlRecord | null = null
  #tooLarge = ''
  #startLine = 1
  #attributes = 0
  #events = 0
  #silentChars = 0
  #blank = true
  #ending = false

  constructor(xml: Formats['xml'], options: XmlOptions) {
    this.#xml = xml
    this.#options = options
    this.#position = options.firstPosition
    const parser = this.#parser
    parser.ENTITIES = new Proxy(Object.create(null) as Record<string, string>, {
      get: (_, name) => this.#entity(String(name)),
    })
    parser.on('error', (error) => {
      throw this.#notWellFormed(error.message)
    })
    parser.on('doctype', () => {
      throw this.#refuse('FILE_ENTITY_REFUSED', 'a document type declaration (DOCTYPE) is not accepted.')
    })
    parser.on('xmldecl', (declaration) => this.#declared(declaration.encoding))
    parser.on('opentagstart', () => this.#starts())
    parser.on('attribute', () => this.#attribute())
    parser.on('opentag', (tag) => this.#opened(tag))
    parser.on('text', (text) => this.#text(text))
    parser.on('cdata', (text) => this.#text(text))
    parser.on('closetag', () => this.#closed())
    parser.on('comment', () => this.#count())
    parser.on('processinginstruction', () => this.#count())
  }

  /** Returns what went wrong, so that records found before it are not lost. */
  push(text: string): unknown {
    const { skipBytesMax } = this.#options.limits
    const before = this.#events
    if (this.#blank && text.trim() !== '') this.#blank = false
    try {
      this.#parser.write(text)
    } catch (error) {
      return error
    }
    // The parser holds a text, comment or attribute until it is complete, and tells nothing meanwhile.
    this.#silentChars = this.#events === before ? this.#silentChars + text.length : 0
    if (this.#silentChars > skipBytesMax)
      return this.#refuse('FILE_TOO_LARGE', `one text is longer than ${skipBytesMax} characters.`)
    if (this.#recordDepth > 0 && this.#recordChars() > skipBytesMax)
      return new DecodeError(
        'FILE_TOO_LARGE',
        this.#recordLine,
        `the record that starts here is longer than ${skipBytesMax} characters.`,
      )
    this.#checkRecordSize()
    return null
  }

  end(): unknown {
    if (this.#blank) return new DecodeError('FILE_EMPTY', 0, 'the file is empty.')
    this.#ending = true
    try {
      this.#parser.close()
    } catch (error) {
      return error
    }
    const { root, record } = this.#xml
    if (this.#position > this.#options.firstPosition || this.#rootName === root) return null
    const found = this.#rootName.slice(0, quotedCharsMax)
    return this.#refuse('FILE_MALFORMED', `the document is a ${found} and holds no ${record} element.`)
  }

  #count(): void {
    this.#events += 1
  }

  #starts(): void {
    this.#count()
    const { depthMax } = this.#options.limits
    this.#depth += 1
    this.#attributes = 0
    // The name's end was told by the character after it, which may be a line end.
    this.#startLine = this.#parser.column === 0 ? this.#parser.line - 1 : this.#parser.line
    if (this.#depth > depthMax)
      throw this.#refuse('FILE_TOO_DEEP', `elements are nested deeper than ${depthMax}.`)
  }

  #attribute(): void {
    this.#count()
    const { attributesMax } = this.#options.limits
    this.#attributes += 1
    if (this.#attributes > attributesMax)
      throw this.#refuse('FILE_TOO_LARGE', `an element has more than ${attributesMax} attributes.`)
  }

  #opened(tag: SaxesTagNS): void {
    if (this.#depth === 1) this.#rootName = tag.local
    if (this.#recordDepth > 0) {
      this.#record?.open(tag.local, tag.attributes)
      return
    }
    const { record, namespace } = this.#xml
    if (tag.local !== record) return
    if (namespace !== null && tag.uri !== namespace)
      throw this.#refuse('FILE_MALFORMED', `the ${record} element is not in the namespace ${namespace}.`)
    this.#recordDepth = this.#depth
    this.#recordLine = this.#startLine
    this.#recordStart = this.#parser.position
    this.#tooLarge = ''
    this.#record = new XmlRecord()
    this.#record.open(tag.local, tag.attributes)
  }

  #text(text: string): void {
    this.#count()
    if (this.#record === null) return
    const { fieldCharsMax } = this.#options.limits
    if (this.#record.text(text) > fieldCharsMax)
      this.#letGo(`a text of the record is longer than ${fieldCharsMax} characters.`)
  }

  #closed(): void {
    this.#count()
    this.#depth -= 1
    if (this.#recordDepth === 0) return
    this.#checkRecordSize()
    const tree = this.#record?.close() ?? null
    if (this.#depth >= this.#recordDepth) return
    this.#recordDepth = 0
    this.#record = null
    const place = { position: this.#position, line: this.#recordLine, member: this.#options.member }
    this.#position += 1
    if (tree !== null)
      this.ready.push({ ...place, shape: { kind: 'tree', tree }, text: JSON.stringify(tree) })
    else
      this.ready.push({
        ...place,
        shape: { kind: 'broken', code: 'RECORD_TOO_LARGE', reason: this.#tooLarge },
        text: '',
      })
  }

  #recordChars(): number {
    return this.#parser.position - this.#recordStart
  }

  #checkRecordSize(): void {
    const { recordBytesMax } = this.#options.limits
    if (this.#record !== null && this.#recordChars() > recordBytesMax)
      this.#letGo(`the record is longer than ${recordBytesMax} characters.`)
  }

  /** Passes over the rest of the record. */
  #letGo(reason: string): void {
    this.#record = null
    this.#tooLarge = reason
  }

  #entity(name: string): string | undefined {
    if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name]
    if (!ENTITY_NAME.test(name)) return undefined
    const quoted = name.slice(0, quotedCharsMax)
    throw this.#refuse('FILE_ENTITY_REFUSED', `the entity &${quoted}; is not one of XML's own five.`)
  }

  #declared(encoding: string | undefined): void {
    this.#count()
    if (encoding === undefined || ENCODINGS.has(encoding.toLowerCase())) return
    const quoted = encoding.slice(0, quotedCharsMax)
    throw this.#refuse('FILE_ENCODING', `XML is read in UTF-8 and UTF-16, not in ${quoted}.`)
  }

  #refuse(code: DecodeError['code'], reason: string): DecodeError {
    return new DecodeError(code, this.#parser.line, reason)
  }

  #notWellFormed(message: string): DecodeError {
    if (this.#ending) return this.#refuse('FILE_TRUNCATED', 'the document ends before its last element does.')
    const { column } = this.#parser
    const told = message.replace(/^\d+:\d+: /, '').slice(0, quotedCharsMax)
    return this.#refuse('FILE_MALFORMED', `not well-formed XML at column ${column}: ${told}`)
  }
}
