import { SaxesParser, type SaxesTagNS } from 'saxes'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'

/** The parser is fed pieces of this size, so that limits are looked at often. */
const pieceChars = 16 * 1024
/** Names and messages are quoted up to this length. */
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

export interface XmlEvents {
  /** `line` is where the tag starts. */
  opened(tag: SaxesTagNS, line: number): void
  text(text: string): void
  closed(tag: SaxesTagNS): void
}

/**
 * An XML 1.0 parser with namespaces that takes nothing on trust: a DOCTYPE and any entity that is not XML's
 * own are refused, and depth, attributes and lengths are limited: one text, or comments without an element
 * between them, to `skipBytesMax`, one tag to `recordBytesMax`. Both methods throw DecodeError.
 */
export class StrictXml {
  readonly #limits: DecodeLimits
  readonly #parser = new SaxesParser<{ xmlns: true }>({ xmlns: true })
  #depth = 0
  #line = 1
  #inTag = false
  #tagStart = 0
  #declared = false
  #events = 0
  #silentChars = 0
  #blank = true
  #ending = false

  constructor(limits: DecodeLimits, events: XmlEvents) {
    this.#limits = limits
    const parser = this.#parser
    parser.ENTITIES = new Proxy(Object.create(null) as Record<string, string>, {
      get: (_, name) => this.#entity(String(name)),
    })
    // Six handlers and no more: with a seventh V8 makes a dictionary of the parser, which is then four times
    // slower (measured, Node 20). Without one for errors it throws them.
    parser.on('doctype', () => {
      throw this.refuse('FILE_ENTITY_REFUSED', 'a document type declaration (DOCTYPE) is not accepted.')
    })
    parser.on('opentagstart', () => this.#starts())
    parser.on('opentag', (tag) => {
      this.#checkTag(tag)
      events.opened(tag, this.#line)
    })
    const text = (value: string) => {
      this.#events += 1
      events.text(value)
    }
    parser.on('text', text)
    parser.on('cdata', text)
    parser.on('closetag', (tag) => {
      this.#events += 1
      this.#depth -= 1
      events.closed(tag)
    })
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#depth
  }

  /** How many characters of the document were read. */
  get position(): number {
    return this.#parser.position
  }

  /** `after` is called after each piece, for looking at limits of one's own. */
  push(text: string, after: () => void = () => {}): void {
    if (this.#blank && text.trim() !== '') this.#blank = false
    for (let from = 0; from < text.length; from += pieceChars) {
      const piece = text.slice(from, from + pieceChars)
      const before = this.#events
      this.#parse(() => this.#parser.write(piece))
      this.#silentChars = this.#events === before ? this.#silentChars + piece.length : 0
      this.#checkSilence()
      after()
    }
  }

  end(): void {
    if (this.#blank) throw new DecodeError('FILE_EMPTY', 0, 'the file is empty.')
    this.#ending = true
    this.#parse(() => this.#parser.close())
  }

  #parse(act: () => void): void {
    try {
      act()
    } catch (error) {
      // The parser's own errors are plain ones; what our handlers throw is not.
      if (error instanceof Error && error.constructor === Error) throw this.#notWellFormed(error.message)
      throw error
    }
  }

  /** The parser tells nothing of a text, comment or tag until it is complete, and holds it meanwhile. */
  #checkSilence(): void {
    const { skipBytesMax, recordBytesMax, attributesMax } = this.#limits
    if (this.#inTag && this.#parser.position - this.#tagStart > recordBytesMax)
      throw this.refuse(
        'FILE_TOO_LARGE',
        `a tag is longer than ${recordBytesMax} characters; it may have ${attributesMax} attributes.`,
      )
    if (this.#silentChars > skipBytesMax)
      throw this.refuse('FILE_TOO_LARGE', `one text is longer than ${skipBytesMax} characters.`)
  }

  /** A refusal at the present line. */
  refuse(code: DecodeError['code'], reason: string): DecodeError {
    return new DecodeError(code, this.#parser.line, reason)
  }

  #starts(): void {
    this.#events += 1
    this.#depth += 1
    this.#inTag = true
    this.#tagStart = this.#parser.position
    // The name's end was told by the character after it, which may be a line end.
    this.#line = this.#parser.column === 0 ? this.#parser.line - 1 : this.#parser.line
    if (this.#depth > this.#limits.depthMax)
      throw this.refuse('FILE_TOO_DEEP', `elements are nested deeper than ${this.#limits.depthMax}.`)
  }

  #checkTag(tag: SaxesTagNS): void {
    this.#inTag = false
    if (!this.#declared) this.#checkDeclaration()
    const { attributesMax } = this.#limits
    let count = 0
    for (const _ in tag.attributes) count += 1
    if (count > attributesMax)
      throw this.refuse('FILE_TOO_LARGE', `an element has more than ${attributesMax} attributes.`)
  }

  #entity(name: string): string | undefined {
    if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name]
    if (!ENTITY_NAME.test(name)) return undefined
    const quoted = name.slice(0, quotedCharsMax)
    throw this.refuse('FILE_ENTITY_REFUSED', `the entity &${quoted}; is not one of XML's own five.`)
  }

  #checkDeclaration(): void {
    this.#declared = true
    const { encoding } = this.#parser.xmlDecl
    if (encoding === undefined || ENCODINGS.has(encoding.toLowerCase())) return
    const quoted = encoding.slice(0, quotedCharsMax)
    throw this.refuse('FILE_ENCODING', `XML is read in UTF-8 and UTF-16, not in ${quoted}.`)
  }

  #notWellFormed(message: string): DecodeError {
    if (this.#ending) return this.refuse('FILE_TRUNCATED', 'the document ends before its last element does.')
    const told = message.replace(/^\d+:\d+: /, '').slice(0, quotedCharsMax)
    return this.refuse('FILE_MALFORMED', `not well-formed XML at column ${this.#parser.column}: ${told}`)
  }
}
