import type { SaxesTagNS } from 'saxes'
import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { type RecordSink, recordBatches } from './batches.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'
import { StrictXml } from './strict-xml.ts'
import { decodeText } from './text.ts'
import { XmlRecord } from './xml-record.ts'

export interface XmlOptions {
  readonly limits: DecodeLimits
  /** Position of the first record. */
  readonly firstPosition: number
  /** Archive member, '' outside archives. */
  readonly member: string
  /** Of an exchange with several types: the elements of their records, each with its type. */
  readonly elements?: ReadonlyMap<string, string>
}

/**
 * XML bytes to records: every element with the name of `xml.record`, or of the records of a type, under any prefix and anywhere in the
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
  const texts = decodeText(bytes, { windows1252: false })
  yield* recordBatches(
    texts,
    new XmlReader(xml, options),
    options.limits.batchRecordsMax,
    options.limits.batchCharsMax,
  )
}

class XmlReader implements RecordSink {
  readonly ready: RawRecord[] = []
  readonly #xml: Formats['xml']
  readonly #options: XmlOptions
  readonly #parser: StrictXml
  #position: number
  #rootName = ''
  /** Depth of the open record's element; 0 outside records. */
  #recordDepth = 0
  #recordLine = 0
  #recordType: string | null = null
  #recordStart = 0
  /** Null outside records, and in a record that is too large to be kept. */
  #record: XmlRecord | null = null
  #tooLarge = ''

  constructor(xml: Formats['xml'], options: XmlOptions) {
    this.#xml = xml
    this.#options = options
    this.#position = options.firstPosition
    this.#parser = new StrictXml(options.limits, {
      opened: (tag, line) => this.#opened(tag, line),
      text: (text) => this.#text(text),
      closed: () => this.#closed(),
    })
  }

  push(text: string): void {
    this.#parser.push(text, () => this.#checkSize())
  }

  end(): void {
    this.#parser.end()
    const { root, record } = this.#xml
    if (this.#position > this.#options.firstPosition || this.#rootName === root) return
    const found = this.#rootName.slice(0, 120)
    const names = [record, ...(this.#options.elements?.keys() ?? [])].join(' or ')
    throw new DecodeError('FILE_MALFORMED', 1, `the document is a ${found} and holds no ${names} element.`)
  }

  #opened(tag: SaxesTagNS, line: number): void {
    if (this.#rootName === '') this.#rootName = tag.local
    if (this.#recordDepth > 0) {
      this.#record?.open(tag.local, tag.attributes)
      return
    }
    const { record, namespace } = this.#xml
    const type = this.#options.elements?.get(tag.local) ?? null
    if (tag.local !== record && type === null) return
    if (namespace !== null && tag.uri !== namespace)
      throw this.#parser.refuse(
        'FILE_MALFORMED',
        `the ${tag.local} element is not in the namespace ${namespace}.`,
      )
    this.#recordDepth = this.#parser.depth
    this.#recordLine = line
    this.#recordType = type
    this.#recordStart = this.#parser.position
    this.#tooLarge = ''
    this.#record = new XmlRecord()
    this.#record.open(tag.local, tag.attributes)
  }

  #text(text: string): void {
    if (this.#record === null) return
    const { fieldCharsMax } = this.#options.limits
    if (this.#record.text(text) > fieldCharsMax)
      this.#letGo(`a text of the record is longer than ${fieldCharsMax} characters.`)
  }

  #closed(): void {
    if (this.#recordDepth === 0) return
    this.#checkSize()
    const tree = this.#record?.close() ?? null
    if (this.#parser.depth >= this.#recordDepth) return
    this.#recordDepth = 0
    this.#record = null
    const place = {
      position: this.#position,
      line: this.#recordLine,
      member: this.#options.member,
      ...(this.#recordType === null ? {} : { type: this.#recordType }),
    }
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

  #checkSize(): void {
    if (this.#recordDepth === 0) return
    const { recordBytesMax, skipBytesMax } = this.#options.limits
    const chars = this.#parser.position - this.#recordStart
    if (this.#record !== null && chars > recordBytesMax)
      this.#letGo(`the record is longer than ${recordBytesMax} characters.`)
    if (chars > skipBytesMax)
      throw new DecodeError(
        'FILE_TOO_LARGE',
        this.#recordLine,
        `the record that starts here is longer than ${skipBytesMax} characters.`,
      )
  }

  /** Passes over the rest of the record. */
  #letGo(reason: string): void {
    this.#record = null
    this.#tooLarge = reason
  }
}
