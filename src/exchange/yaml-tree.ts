import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml'
import type { Place, Report } from './problem.ts'

/** YAML as a tree of places: every value knows where it stands, and no scalar has been interpreted. */
export type YamlTree = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly at: Place
  /** As written; null for an empty value, `~` and `null`. */
  readonly text: string | null
  /** Not in quotes, so it may be a number, true or false. */
  readonly plain: boolean
  /** Where the text itself begins, if it stands on one line as it is; null in blocks and folded text. */
  readonly inner: Place | null
}

export interface YamlList {
  readonly kind: 'list'
  readonly at: Place
  readonly items: readonly YamlTree[]
}

export interface YamlMap {
  readonly kind: 'map'
  readonly at: Place
  readonly entries: readonly YamlEntry[]
}

export interface YamlEntry {
  readonly name: string
  readonly at: Place
  readonly value: YamlTree
}

/** The longest definitions have some hundred kilobytes. */
const YAML_CHARS_MAX = 500_000

/** Brackets open at once, counted roughly; the parser's time grows with their square. */
const bracketsMax = 500

/** Lists and maps inside each other; the language needs some twenty. */
const depthMax = 60

/**
 * Reads one YAML file. Anchors, aliases and tags are refused: they hide what a definition says, and let a small
 * file grow without bound. Returns null where nothing can be read; every problem is reported.
 */
export function parseYaml(file: string, text: string, report: Report): YamlTree | null {
  const start: Place = { file, line: 1, column: 1 }
  if (text.length > YAML_CHARS_MAX) {
    report(
      start,
      'FILE_TOO_LARGE',
      `The file has more than ${YAML_CHARS_MAX} characters.`,
      'Make it smaller.',
    )
    return null
  }
  const lines = new LineCounter()
  const document = nestsTooDeep(text) ? null : documentOf(text, lines)
  if (document === null) {
    report(start, 'YAML', 'The file nests too deep to be read.', 'Nest less.')
    return null
  }
  const reader = new TreeReader(file, lines, report)
  for (const error of [...document.errors, ...document.warnings]) {
    const [message = ''] = error.message.split('\n')
    const said = error.code === 'RESOURCE_EXHAUSTION' ? 'The file nests too deep here.' : sentence(message)
    report(reader.place(error.pos[0]), 'YAML', said, fixOf(error.code))
  }
  if (document.contents === null) {
    report(start, 'YAML', 'The file is empty.', 'Write the definition into it, or remove the file.')
    return null
  }
  return document.errors.length > 0 ? null : reader.read(document.contents, start, 0)
}

/** A look before parsing. Brackets inside texts count too, but no definition leaves hundreds of them open. */
function nestsTooDeep(text: string): boolean {
  let open = 0
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charCodeAt(at)
    if (mark === 91 || mark === 123) open += 1
    else if ((mark === 93 || mark === 125) && open > 0) open -= 1
    if (open > bracketsMax) return true
  }
  return /(?:[-?:][ \t]+){100}/.test(text)
}

/** Failsafe: every scalar stays the text it is, so that `N`, `2023-12-31` and `007` mean what they look like. */
function documentOf(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, {
      schema: 'failsafe',
      lineCounter,
      prettyErrors: false,
      logLevel: 'silent',
      // Its own check compares every key with every other; the reader below remembers them.
      uniqueKeys: false,
    })
  } catch {
    // The only thing the parser throws is the engine's own limit on nesting.
    return null
  }
}

class TreeReader {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #report: Report

  constructor(file: string, lines: LineCounter, report: Report) {
    this.#file = file
    this.#lines = lines
    this.#report = report
  }

  place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  read(node: unknown, near: Place, depth: number): YamlTree {
    const at = rangeOf(node) === null ? near : this.place(rangeOf(node) ?? 0)
    if (depth > depthMax) {
      this.#report(at, 'YAML', 'Lists and maps nest too deep here.', 'Nest less.')
      return empty(at)
    }
    if (isAlias(node)) {
      this.#report(
        at,
        'YAML',
        `The alias *${node.source} is not part of the language.`,
        'Write the value out.',
      )
      return empty(at)
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined)
      this.#report(at, 'YAML', `The anchor &${node.anchor} is not part of the language.`, 'Remove it.')
    if (isSeq(node))
      return { kind: 'list', at, items: node.items.map((item) => this.read(item, at, depth + 1)) }
    if (isMap(node)) {
      const seen = new Set<string>()
      const entries = node.items.flatMap(({ key, value }) => this.#entry(key, value, at, depth))
      return { kind: 'map', at, entries: entries.filter((entry) => this.#isFirst(entry, seen)) }
    }
    return isScalar(node) ? this.#scalar(node, at) : empty(at)
  }

  #entry(key: unknown, value: unknown, near: Place, depth: number): YamlEntry[] {
    const at = rangeOf(key) === null ? near : this.place(rangeOf(key) ?? 0)
    if (!isScalar(key)) {
      this.#report(at, 'YAML', 'A key must be a plain text.', 'Write key: value.')
      return []
    }
    const name = typeof key.value === 'string' ? key.value : ''
    return [{ name, at, value: this.read(value, at, depth + 1) }]
  }

  #isFirst({ name, at }: YamlEntry, seen: Set<string>): boolean {
    if (!seen.has(name)) {
      seen.add(name)
      return true
    }
    this.#report(
      at,
      'DUPLICATE',
      `The key '${name.slice(0, 60)}' stands here a second time.`,
      'Keep one of the two.',
    )
    return false
  }

  #scalar(node: Scalar, at: Place): YamlScalar {
    const text = typeof node.value === 'string' ? node.value : ''
    const plain = node.type === 'PLAIN' || node.type === undefined
    const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE'
    const end = node.range?.[1] ?? 0
    const oneLine = (plain || quoted) && end - (node.range?.[0] ?? 0) === text.length + (quoted ? 2 : 0)
    const inner = oneLine ? { ...at, column: at.column + (quoted ? 1 : 0) } : null
    return { kind: 'scalar', at, text: plain && /^(~|null)?$/.test(text) ? null : text, plain, inner }
  }
}

function rangeOf(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? null) : null
}

function empty(at: Place): YamlScalar {
  return { kind: 'scalar', at, text: null, plain: true, inner: null }
}

function sentence(message: string): string {
  const text = message.replace(/ at line \d+, column \d+:?$/, '').trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function fixOf(code: string): string {
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return 'Nest less.'
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.'
    case 'BAD_INDENT':
      return 'Line it up with its neighbours.'
    case 'TAG_RESOLVE_FAILED':
      return 'Remove the tag (what begins with !).'
    default:
      return 'Look at quotes, brackets, colons and indentation in this line and the one before.'
  }
}

/** The keys down to a place, such as `types.voter.filters[2].drop`; items count from 1. */
export function pathAt(tree: YamlTree, line: number, column: number): string {
  const isBefore = ({ at }: { readonly at: Place }) =>
    at.line < line || (at.line === line && at.column <= column)
  let path = ''
  let node = tree
  for (;;) {
    if (node.kind === 'map') {
      const entry = node.entries.findLast(isBefore)
      if (entry === undefined) return path
      path += path === '' ? entry.name : `.${entry.name}`
      node = entry.value
    } else if (node.kind === 'list') {
      const index = node.items.findLastIndex(isBefore)
      const item = node.items[index]
      if (item === undefined) return path
      path += `[${index + 1}]`
      node = item
    } else return path
  }
}
