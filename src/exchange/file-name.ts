import { parseDateTime } from './dates.ts'
import type { Definition, FileRules, NameRule } from './definition.ts'
import { wireName } from './finding-codes.ts'

type FileFormat = NameRule['formats'][number]

/** Folders of an exchange in a partner's tree, as paths from its top. */
export interface Folders {
  readonly input: readonly string[]
  readonly output: string
  readonly archive: string
}

export type FileName =
  | {
      readonly fits: true
      /** Null where the exchange has no rules, and any name will do. */
      readonly rule: NameRule | null
      /** What stands in the name for each field that its pattern names. */
      readonly values: Readonly<Record<string, string>>
    }
  | {
      readonly fits: false
      /** One sentence for the sender; holds nothing of the name but digits. */
      readonly reason: string
    }

/** Where an exchange picks up the files of a realm, and where it puts reports and originals. */
export function foldersOf(rules: FileRules, realm: 'live' | 'test'): Folders {
  const path = (folder: string) => [rules.root, rules.realms[realm], folder].filter(Boolean).join('/')
  return { input: rules.input.map(path), output: path(rules.output), archive: path(rules.archive) }
}

/** What senders call the fields that may stand in a file's name. */
export function nameLabels(definition: Definition): Readonly<Record<string, string>> {
  return Object.fromEntries(
    definition.types.flatMap(({ fields }) => fields.map((field) => [field.name, wireName(field)])),
  )
}

/** What a file's format is packed or sealed in; it says nothing of the format. */
const wrappers = /\.(?:zip|gz|gzip|pgp|gpg|asc)$/i
const formats: readonly FileFormat[] = ['csv', 'xlsx', 'xls', 'xml', 'json']
/** What file systems allow; it also bounds the work for a name. */
const nameCharsMax = 255

/**
 * Holds a file's name against the rules of its exchange: the first that fits the name and its extension counts.
 * Extensions of wrappers (`.zip`, `.gz`, `.pgp` …) are passed over; a packed file whose name says no format
 * (`….zip`) need only fit a pattern. Extensions and the fixed text of a pattern are the same in either case.
 * Where a name can be divided in several ways, its first values are the shortest.
 * @param labels what senders call the fields, for the reason; see `nameLabels`
 * @param content the format found in the file, where the name says none
 */
export function readFileName(
  rules: FileRules,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  content: FileFormat | null = null,
): FileName {
  if (rules.names.length === 0) return { fits: true, rule: null, values: {} }
  if (name.length > nameCharsMax)
    return { fits: false, reason: `the name has more than ${nameCharsMax} characters.` }
  const { stem, format, packed } = partsOfName(name)
  const possible = rules.names.filter((rule) =>
    fitsFormat(rule, packed ? (format ?? content) : format, packed),
  )
  for (const rule of possible) {
    const values = matchPattern(rule.pattern, stem, { accept: () => true, anyTime: false })
    if (values !== null) return { fits: true, rule, values }
  }
  return { fits: false, reason: reasonFor(possible, rules.names, stem, labels) }
}

/**
 * Can a name that fits a rule be divided so that every field's text is accepted? Values may hold the very
 * characters that stand between them, so that only the records can tell which division was meant.
 */
export function nameAgrees(
  rule: NameRule,
  name: string,
  accept: (field: string, text: string) => boolean,
): boolean {
  if (name.length > nameCharsMax) return false
  return matchPattern(rule.pattern, partsOfName(name).stem, { accept, anyTime: false }) !== null
}

/**
 * A name for a record that came in no file: as the rules want it where the record has the values, else the
 * time alone. What no file name can hold is written as `_`.
 * @param time yyyyMMddHHmmss
 */
export function fileNameFor(
  rules: FileRules,
  format: string,
  time: string,
  values: Readonly<Record<string, unknown>>,
): string {
  const possible = rules.names.filter(({ formats: allowed }) => allowed.some((one) => one === format))
  const byOne = [...possible].sort((a, b) => Number(a.records === 'many') - Number(b.records === 'many'))
  for (const { pattern } of byOne) {
    const texts = piecesOf(pattern, false).map((piece) => {
      if (piece.kind === 'text') return piece.text
      if (piece.kind !== 'field') return piece.kind === 'time' ? time : ''
      const value = values[piece.name]
      return value === undefined || typeof value === 'object' ? null : String(value)
    })
    const name = `${texts.join('')}.${format}`
    if (!texts.includes(null) && name.length <= nameCharsMax)
      return name.replace(/[\p{Cc}\p{Cs}/\\:*?"<>|]/gu, '_')
  }
  return `${time}.${format}`
}

/** The format that the name itself says the file has; null where it says none, as that of an archive may. */
export function formatOfName(name: string): FileFormat | null {
  return partsOfName(name).format
}

/** A name without the extensions of a format and of what it is packed in. */
export function stemOfName(name: string): string {
  return partsOfName(name).stem
}

/** Stands between the name of a file and that of the file in it, where an archive was put into a bundle. */
const inside = '!/'

/** Where a record came from: a member of a bundle, of an archive, or of an archive in a bundle. */
export function memberName(member: string, inner: string): string {
  return member === '' || inner === '' ? member || inner : `${member}${inside}${inner}`
}

/** The file of a bundle that a record came from, also when it came from an archive there. */
export function fileOfMember(member: string): string {
  const end = member.indexOf(inside)
  return end === -1 ? member : member.slice(0, end)
}

function partsOfName(name: string): { stem: string; format: FileFormat | null; packed: boolean } {
  let rest = name
  while (wrappers.test(rest)) rest = rest.slice(0, rest.lastIndexOf('.'))
  const dot = rest.lastIndexOf('.')
  const extension = rest.slice(dot + 1).toLowerCase()
  const format = formats.find((one) => one === extension)
  return dot > 0 && format !== undefined
    ? { stem: rest.slice(0, dot), format, packed: rest !== name }
    : { stem: rest, format: null, packed: rest !== name }
}

function fitsFormat(rule: NameRule, format: string | null, packed: boolean): boolean {
  return format === null ? packed : rule.formats.some((one) => one === format)
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time' }
  | { readonly kind: 'any' }
  | { readonly kind: 'field'; readonly name: string }

function piecesOf(pattern: string, folded = true): readonly Piece[] {
  return pattern
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (part === '{time}') return { kind: 'time' }
      if (part === '{any}') return { kind: 'any' }
      return part.startsWith('{') && part.endsWith('}')
        ? { kind: 'field', name: part.slice(1, -1) }
        : { kind: 'text', text: folded ? part.toLowerCase() : part }
    })
}

/** Controls, and what the file systems that senders use keep for themselves. */
const notInValues = /[\p{Cc}/\\:*?"<>|]/u
const timeLength = 14

interface Matching {
  readonly accept: (field: string, text: string) => boolean
  /** Take any 14 digits for a time: tells what is wrong with a name. */
  readonly anyTime: boolean
}

/**
 * The values of a stem under a pattern, or null. Every pair of a piece and a place that led nowhere is
 * remembered, so that the work is bounded by pieces × length²: no name and no pattern can make it explode.
 */
function matchPattern(pattern: string, stem: string, how: Matching): Record<string, string> | null {
  const pieces = piecesOf(pattern)
  const nowhere = new Set<number>()
  const values: [string, string][] = []
  return from(0, 0) ? Object.fromEntries(values) : null

  function from(index: number, at: number): boolean {
    const piece = pieces[index]
    if (piece === undefined) return at === stem.length
    const place = index * (nameCharsMax + 1) + at
    if (nowhere.has(place)) return false
    const found = take(piece, index, at)
    if (!found) nowhere.add(place)
    return found
  }

  function take(piece: Piece, index: number, at: number): boolean {
    if (piece.kind === 'text') {
      const end = at + piece.text.length
      return stem.slice(at, end).toLowerCase() === piece.text && from(index + 1, end)
    }
    if (piece.kind === 'time') {
      const text = stem.slice(at, at + timeLength)
      return isTime(text, how.anyTime) && from(index + 1, at + timeLength)
    }
    if (piece.kind === 'any') return from(index + 1, at) || (mayStand(at) && from(index, at + 1))
    for (let end = at + 1; mayStand(end - 1); end += 1) if (takeValue(piece.name, index, at, end)) return true
    return false
  }

  function mayStand(at: number): boolean {
    return at < stem.length && !notInValues.test(stem.charAt(at))
  }

  function takeValue(name: string, index: number, at: number, end: number): boolean {
    const text = stem.slice(at, end)
    if (!how.accept(name, text)) return false
    values.push([name, text])
    if (from(index + 1, end)) return true
    values.pop()
    return false
  }
}

function isTime(text: string, any: boolean): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (parts === null || any) return parts !== null
  const [, year, month, day, hour, minute, second] = parts
  return parseDateTime(`${year}-${month}-${day}T${hour}:${minute}:${second}`) !== null
}

function reasonFor(
  possible: readonly NameRule[],
  all: readonly NameRule[],
  stem: string,
  labels: Readonly<Record<string, string>>,
): string {
  for (const { pattern } of possible)
    if (matchPattern(pattern, stem, { accept: () => true, anyTime: true }) !== null)
      return 'the 14 digits in the name must be a date and time, yyyyMMddHHmmss.'
  const looks = (possible.length > 0 ? possible : all).map((rule) => lookOf(rule, labels))
  return `the name must look like ${looks.join(', or like ')}.`
}

/** A pattern as people read it: `yyyyMMddHHmmss_<ORI>.csv (or .xlsx, .xls)`. */
function lookOf({ pattern, formats: [first, ...more] }: NameRule, labels: Readonly<Record<string, string>>) {
  const stem = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'time') return 'yyyyMMddHHmmss'
    return name === 'any' ? '<any text>' : `<${labels[name] ?? name}>`
  })
  const others = more.length === 0 ? '' : ` (or ${more.map((format) => `.${format}`).join(', ')})`
  return `${stem}.${first}${others}`
}
