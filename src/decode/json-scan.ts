/** What a scan of a value came to at the end of the text. */
export type ScanState =
  /** Not at its end yet. */
  | 'open'
  | 'closed'
  /** A bracket closes one of the other kind: where the value ends cannot be known. */
  | 'mismatch'
  /** Deeper than allowed. */
  | 'deep'
  /** At the value of the watched member, which is an array or object. */
  | 'watched'

const QUOTE = 34
const BACKSLASH = 92
const COLON = 58
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const COMMA = 44
const ENDS_SCALAR = new Set([COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT])

/**
 * Finds where a JSON array or object ends, without building anything: strings, brackets and depth only. The
 * text may come in pieces; what is between the brackets is left to JSON.parse.
 */
export class JsonScan {
  state: ScanState = 'open'
  /** Index to go on at; with state `closed` just after the value. May lie beyond the text after a backslash. */
  at = 0
  /** Colons outside strings: as many as the value has members, if no name is repeated. */
  colons = 0
  readonly #depthMax: number
  readonly #arrays: boolean[] = []
  #inString = false
  #stringStart = 0
  #stringEnd = 0
  /** Names of members of the outermost object whose array or object value stops the scan. */
  readonly #watch: readonly string[]
  #armed = false
  /** The member that stopped it. */
  watched = ''

  constructor(at: number, depthMax: number, watch: readonly string[] = []) {
    this.at = at
    this.#depthMax = depthMax
    this.#watch = watch
  }

  /** Starts inside an object that was opened before. */
  static inside(at: number, depthMax: number, watch: readonly string[] = []): JsonScan {
    const scan = new JsonScan(at, depthMax, watch)
    scan.#arrays.push(false)
    return scan
  }

  /** Goes on to the end of the text or of the value. */
  run(text: string): ScanState {
    const end = text.length
    let at = this.at
    while (at < end && this.state === 'open') {
      if (this.#inString) {
        at = this.#string(text, at)
        continue
      }
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.#inString = true
        this.#stringStart = at
      } else if (code === COLON) {
        this.colons += 1
        if (this.#watch.length > 0 && this.#arrays.length === 1) this.#armed = this.#isWatched(text)
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (this.#armed && this.#arrays.length === 1) this.state = 'watched'
        else if (this.#arrays.push(code === OPEN_ARRAY) > this.#depthMax) this.state = 'deep'
        if (this.state !== 'open') break
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        if (this.#arrays.pop() !== (code === CLOSE_ARRAY)) this.state = 'mismatch'
        else if (this.#arrays.length === 0) this.state = 'closed'
      }
      at += 1
    }
    this.at = at
    return this.state
  }

  /** Where a value that is no array or object ends: index of the next comma or bracket, -1 when not there yet. */
  runScalar(text: string): number {
    let at = this.at
    while (at < text.length) {
      if (this.#inString) {
        at = this.#string(text, at)
        continue
      }
      const code = text.charCodeAt(at)
      if (code === QUOTE) this.#inString = true
      else if (ENDS_SCALAR.has(code)) return at
      at += 1
    }
    this.at = at
    return -1
  }

  /** The text was shortened at its front by this many characters. */
  shift(count: number): void {
    this.at -= count
    this.#stringStart -= count
    this.#stringEnd -= count
  }

  #string(text: string, from: number): number {
    let at = from
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.#inString = false
        this.#stringEnd = at + 1
        return at + 1
      }
      at += code === BACKSLASH ? 2 : 1
    }
    return at
  }

  #isWatched(text: string): boolean {
    const name = parsedString(text.slice(this.#stringStart, this.#stringEnd))
    this.watched = this.#watch.find((one) => one === name) ?? ''
    return this.watched !== ''
  }
}

function parsedString(literal: string): string | null {
  try {
    return JSON.parse(literal) as string
  } catch {
    return null
  }
}

/** Members of a parsed value and of everything in it. Its depth was bounded by the scan. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item)
    return count
  }
  // for…in: an object out of JSON.parse inherits nothing enumerable, and this is the fastest walk (measured).
  for (const name in value) count += 1 + countMembers((value as Record<string, unknown>)[name])
  return count
}

/** The first member name that stands twice in one object of a valid JSON text. */
export function repeatedName(text: string): string | null {
  const open: Set<string>[] = []
  let last = ''
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}:]/gs)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token !== ':') last = token
    else {
      const name = parsedString(last) ?? ''
      if (open.at(-1)?.has(name)) return name
      open.at(-1)?.add(name)
    }
  }
  return null
}

/** A cheap sign that a text may hold numbers that lose digits; most records have none and are not looked at. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE]\+?\d{3}/

/**
 * Puts quotes around numbers of a valid JSON text that would lose digits or become infinite when parsed, so
 * that they travel as the sender wrote them and validation can judge them.
 */
export function keepDigits(text: string): string {
  if (!LONG_NUMBER.test(text)) return text
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs, (token) =>
    token.startsWith('"') || digitsOf(token) === digitsOf(String(Number(token))) ? token : `"${token}"`,
  )
}

/** Significant digits and power of ten: `1.50` and `15e-1` give the same. */
function digitsOf(number: string): string {
  const parts = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number)
  if (parts === null) return number
  const [, whole = '', fraction = '', exponent = '0'] = parts
  const digits = whole + fraction
  // Loops, because a pattern for the zeros at the end takes quadratic time on a hostile number.
  let from = 0
  while (digits[from] === '0') from += 1
  let to = digits.length
  while (to > from && digits[to - 1] === '0') to -= 1
  if (from === to) return '0'
  return `${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`
}
