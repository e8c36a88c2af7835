import type { DecodeCode } from '../exchange/parcel.ts'
import { DecodeError } from './decode-error.ts'
import { countMembers, JsonScan } from './json-scan.ts'
import type { DecodeLimits } from './limits.ts'

/** The text of one element, not parsed yet. */
export interface RecordSlice {
  readonly text: string
  readonly line: number
  /** Name of the member whose list it stands in, '' outside such. */
  readonly under: string
  /** Colons outside strings. */
  readonly colons: number
  readonly trouble: { readonly code: DecodeCode; readonly reason: string } | null
}

/**
 * Where the slicer stands: before anything; in the first object (a record, or the wrapper); before an element
 * or a comma of the list; in an element that is an object or array, or neither; in the wrapper after its
 * list; behind the last value; in a file of lines.
 */
type Place = 'start' | 'first' | 'list' | 'element' | 'scalar' | 'wrapper' | 'behind' | 'lines'

/** Cuts JSON text, in pieces as it comes, into its records. Checks every separator between them. */
export class JsonSlicer {
  readonly #wrappers: readonly string[]
  readonly #limits: DecodeLimits
  readonly #onRecord: (slice: RecordSlice) => void
  #place: Place = 'start'
  #buffer = ''
  /** Index of the next character to look at, and where the value being read began. */
  #at = 0
  #from = 0
  #scan = new JsonScan(0, 1)
  /** Characters of an oversized value that were let go. */
  #dropped = 0
  /** Line up to the next line end not counted yet, which stands at `#newline`; -1 where none does. */
  #line = 1
  #newline = -1
  #startLine = 1
  /** In a list: what may come next. */
  #expect: 'first' | 'value' | 'comma' = 'first'
  /** The wrapper's text up to its list; null outside wrappers. */
  #envelope: string | null = null
  /** Members whose lists were read; the last is the one being read. */
  readonly #lists: string[] = []
  /** The wrapper holds one object instead of a list. */
  #alone = false
  /** The last value was a bare object on one line: others may follow on lines of their own. */
  #mayBeLines = false

  /** @param wrappers members of the outermost object that hold lists of records */
  constructor(wrappers: readonly string[], limits: DecodeLimits, onRecord: (slice: RecordSlice) => void) {
    this.#wrappers = wrappers
    this.#limits = limits
    this.#onRecord = onRecord
  }

  push(text: string): void {
    const length = this.#buffer.length
    this.#buffer = length === 0 ? text : this.#buffer + text
    if (this.#newline === -1) this.#newline = this.#buffer.indexOf('\n', length)
    while (this.#step(false));
    this.#letGo()
  }

  /** Call once after the last push. */
  end(): void {
    while (this.#step(true));
    if (this.#place === 'start') throw new DecodeError('FILE_EMPTY', 0, 'the file holds no record.')
    if (this.#place === 'list')
      throw new DecodeError(
        'FILE_TRUNCATED',
        this.#lineAt(this.#buffer.length),
        'the file ends before the array of its records does.',
      )
    if (this.#place !== 'behind' && this.#place !== 'lines')
      throw this.#error('FILE_TRUNCATED', 'the file ends before the JSON value that starts here does.')
  }

  /** Does one thing; false when more text is needed. */
  #step(last: boolean): boolean {
    if (this.#place === 'element') return this.#element()
    if (this.#place === 'scalar') return this.#scalar()
    if (this.#place === 'first') return this.#first()
    if (this.#place === 'wrapper') return this.#afterList()
    if (this.#place === 'lines') return this.#oneLine(last)
    const code = this.#nextCode()
    if (code === -1) return false
    this.#begin()
    if (this.#place === 'list') return this.#list(code)
    if (this.#place === 'behind') return this.#behind(code)
    return this.#start(code)
  }

  #start(code: number): boolean {
    if (code === 91) {
      this.#at += 1
      this.#place = 'list'
    } else if (code === 123) {
      this.#place = 'first'
      this.#scan = new JsonScan(this.#at, this.#limits.depthMax, this.#wrappers)
    } else throw this.#error('FILE_MALFORMED', 'a JSON file must begin with { or [.')
    return true
  }

  #first(): boolean {
    const state = this.#scan.run(this.#buffer)
    const length = Math.min(this.#scan.at, this.#buffer.length) - this.#from
    if (length > this.#limits.recordBytesMax) {
      const under = this.#wrappers.map((name) => `"${name}"`).join(' or ')
      const where = under === '' ? 'in an array' : `in an array, or under ${under}`
      const reason = `the object that starts here is longer than ${this.#limits.recordBytesMax} characters.`
      throw this.#error('FILE_TOO_LARGE', `${reason} Many records belong ${where}.`)
    }
    if (state === 'open') return false
    this.#refuseUnlessClosed(state)
    this.#at = this.#scan.at
    if (state === 'closed') {
      this.#emit()
      this.#mayBeLines = this.#lineAt(this.#at) === this.#startLine
      this.#place = 'behind'
      return true
    }
    this.#openList(this.#buffer.slice(this.#from, this.#at))
    return true
  }

  /** @param envelope the wrapper's text up to here, with empty lists in the place of records */
  #openList(envelope: string): void {
    const name = this.#scan.watched
    if (!isJson(`${envelope}[]}`))
      throw this.#error('FILE_MALFORMED', `what stands before "${name}" is not valid JSON.`)
    if (this.#lists.includes(name)) throw this.#error('FILE_MALFORMED', memberTwice)
    this.#lists.push(name)
    this.#envelope = envelope
    this.#expect = 'first'
    this.#alone = this.#buffer[this.#at] === '{'
    if (!this.#alone) this.#at += 1
    this.#place = 'list'
  }

  #list(code: number): boolean {
    if (this.#expect === 'comma') {
      if (code === 44) this.#expect = 'value'
      else if (code === 93) this.#closeList()
      else throw this.#error('FILE_MALFORMED', 'a comma or ] must follow a record of the array.')
      this.#at += 1
      return true
    }
    if (code === 93 && this.#expect === 'first') {
      this.#closeList()
      this.#at += 1
    } else if (code === 93 || code === 44) {
      throw this.#error('FILE_MALFORMED', 'the array has a comma with no record beside it.')
    } else {
      this.#place = code === 123 || code === 91 ? 'element' : 'scalar'
      this.#scan = new JsonScan(this.#at, this.#limits.depthMax)
    }
    return true
  }

  #closeList(): void {
    this.#place = this.#envelope === null ? 'behind' : 'wrapper'
    this.#from = this.#at + 1
    this.#scan = JsonScan.inside(this.#from, this.#limits.depthMax, this.#wrappers)
  }

  #element(): boolean {
    const state = this.#scan.run(this.#buffer)
    this.#refuseTooLong(Math.min(this.#scan.at, this.#buffer.length))
    if (state === 'open') return false
    this.#refuseUnlessClosed(state)
    this.#at = this.#scan.at
    this.#emit()
    this.#place = 'list'
    this.#expect = 'comma'
    if (this.#alone) {
      this.#at -= 1
      this.#closeList()
      this.#at += 1
    }
    return true
  }

  /** An element that is no object ends at a comma or bracket; it cannot be a record, so it is not looked at closely. */
  #scalar(): boolean {
    const end = this.#scan.runScalar(this.#buffer)
    this.#refuseTooLong(end === -1 ? this.#buffer.length : end)
    if (end === -1) return false
    const code = this.#buffer.charCodeAt(end)
    if (code !== 44 && code !== 93)
      throw this.#error('FILE_MALFORMED', 'a comma or ] must follow a value of the array.')
    this.#at = end
    this.#emit()
    this.#place = 'list'
    this.#expect = 'comma'
    return true
  }

  /** The rest of the wrapper, up to its next list. It must be valid JSON as a whole, with an empty list in the place of the records. */
  #afterList(): boolean {
    const state = this.#scan.run(this.#buffer)
    const end = Math.min(this.#scan.at, this.#buffer.length)
    if (end - this.#from > this.#limits.recordBytesMax)
      throw this.#error('FILE_TOO_LARGE', 'what follows the records in their wrapper is too long.')
    if (state === 'open') return false
    this.#refuseUnlessClosed(state)
    const envelope = `${this.#envelope}[]${this.#buffer.slice(this.#from, end)}`
    if (state === 'watched') {
      this.#at = this.#scan.at
      this.#openList(envelope)
      return true
    }
    if (!isJson(envelope))
      throw this.#error('FILE_MALFORMED', 'what follows the records in their wrapper is not valid JSON.')
    const counted = new JsonScan(0, this.#limits.depthMax)
    counted.run(envelope)
    if (countMembers(JSON.parse(envelope)) !== counted.colons)
      throw this.#error('FILE_MALFORMED', memberTwice)
    this.#at = this.#scan.at
    this.#place = 'behind'
    return true
  }

  #behind(code: number): boolean {
    const line = this.#lineAt(this.#at)
    if (!this.#mayBeLines || code !== 123 || line === this.#startLine)
      throw new DecodeError('FILE_MALFORMED', line, 'there is more after the end of the JSON value.')
    this.#place = 'lines'
    return true
  }

  /** A line is a record, whatever is wrong with it: line ends cannot stand inside JSON strings. */
  #oneLine(last: boolean): boolean {
    this.#startLine = this.#lineAt(this.#from)
    const newline = this.#buffer.indexOf('\n', Math.max(this.#at, this.#from))
    const end = newline === -1 ? this.#buffer.length : newline
    this.#refuseTooLong(end)
    this.#at = end
    if (newline === -1 && !last) return false
    if (this.#dropped + end - this.#from > this.#limits.recordBytesMax) this.#emit()
    else this.#lineRecord(this.#buffer.slice(this.#from, end).trim(), newline === -1)
    this.#at = newline === -1 ? end : newline + 1
    this.#from = this.#at
    return newline !== -1
  }

  #lineRecord(text: string, cut: boolean): void {
    if (text === '') return
    this.#scan = new JsonScan(0, this.#limits.depthMax)
    const state = this.#scan.run(text)
    if (state === 'deep') this.#refuseUnlessClosed(state)
    if (state === 'open' && cut && (text[0] === '{' || text[0] === '['))
      throw this.#error('FILE_TRUNCATED', 'the file ends in the middle of this record.')
    this.#emit()
  }

  #emit(): void {
    const length = this.#dropped + this.#at - this.#from
    const max = this.#limits.recordBytesMax
    const tooLarge = length > max
    this.#onRecord({
      text: tooLarge ? '' : this.#buffer.slice(this.#from, this.#at).trim(),
      line: this.#startLine,
      under: this.#lists.at(-1) ?? '',
      colons: this.#scan.colons,
      trouble: tooLarge
        ? { code: 'RECORD_TOO_LARGE', reason: `the record is longer than ${max} characters.` }
        : null,
    })
    this.#dropped = 0
  }

  /** Index of the next character that is not white space, in `#at`; its code, or -1 at the text's end. */
  #nextCode(): number {
    const buffer = this.#buffer
    let at = this.#at
    let code = -1
    for (; at < buffer.length; at += 1) {
      code = buffer.charCodeAt(at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break
      code = -1
    }
    this.#at = at
    return code
  }

  /** A value or separator begins here: errors name its line. */
  #begin(): void {
    if (this.#place !== 'behind') this.#startLine = this.#lineAt(this.#at)
    this.#from = this.#at
  }

  /** Line of the character at an index; indexes are asked for in rising order. */
  #lineAt(index: number): number {
    while (this.#newline !== -1 && this.#newline < index) {
      this.#line += 1
      this.#newline = this.#buffer.indexOf('\n', this.#newline + 1)
    }
    return this.#line
  }

  #refuseTooLong(end: number): void {
    const max = this.#limits.skipBytesMax
    if (this.#dropped + end - this.#from > max)
      throw this.#error('FILE_TOO_LARGE', `the record that starts here is longer than ${max} characters.`)
  }

  #refuseUnlessClosed(state: JsonScan['state']): void {
    if (state === 'deep')
      throw this.#error('FILE_TOO_DEEP', `values are nested more than ${this.#limits.depthMax} deep.`)
    if (state === 'mismatch')
      throw this.#error('FILE_MALFORMED', 'brackets of the value that starts here do not match.')
  }

  #error(code: DecodeCode, reason: string): DecodeError {
    return new DecodeError(code, this.#startLine, reason)
  }

  /** Keeps of the text only what is still needed: the value being read, unless it is oversized. */
  #letGo(): void {
    const reading = this.#place !== 'start' && this.#place !== 'list' && this.#place !== 'behind'
    const length = this.#buffer.length - this.#from + this.#dropped
    const oversized = reading && length > this.#limits.recordBytesMax
    let cut = reading ? this.#from : this.#at
    if (oversized) {
      cut = this.#buffer.length
      this.#dropped += cut - this.#from
    }
    if (cut === 0) return
    this.#lineAt(cut)
    this.#buffer = this.#buffer.slice(cut)
    if (this.#newline !== -1) this.#newline -= cut
    this.#at = Math.max(0, this.#at - cut)
    this.#from = Math.max(0, this.#from - cut)
    this.#scan.shift(cut)
  }
}

const memberTwice = 'the wrapper of the records names the same member twice.'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
