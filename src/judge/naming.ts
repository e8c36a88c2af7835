import { DecodeError, isDecodeError } from '../decode/decode-error.ts'
import type { DocumentFormat } from '../decode/sniff.ts'
import type { Definition, Field, NameRule } from '../exchange/definition.ts'
import { type FileName, formatOfName, nameAgrees, nameLabels, readFileName } from '../exchange/file-name.ts'
import { wireName } from '../exchange/finding-codes.ts'
import type { Body, Finding, Parcel, RawRecord } from '../exchange/parcel.ts'
import { scalarReader } from '../exchange/scalar.ts'
import { shownValue } from '../exchange/shown-value.ts'
import { changesOf } from '../translate/changes.ts'

/** A name that its records must agree with: the file's, or that of a file in it. */
export interface NameFound {
  readonly name: string
  readonly rule: NameRule
  readonly values: Readonly<Record<string, string>>
}

/** What a file's name says of it, held against what is in it. */
export interface FileNaming {
  /** The file as a whole may hold one record. */
  readonly one: boolean
  /**
   * The names that the records of a document in the file must agree with, and whether it may hold only one.
   * Throws DecodeError FILE_NAME_WRONG where its format is not one of files named so.
   */
  documentIn(inner: string, format: DocumentFormat): { names: readonly NameFound[]; one: boolean }
}

/** Says nothing: any name will do. */
export const NO_NAMES: FileNaming = { one: false, documentIn: () => ({ names: [], one: false }) }

/**
 * Reads the name of a file. In an archive, a file whose own name fits the rules is held against that name, and
 * against the archive's where that says a format (`….json.zip`). Where it says none (`….zip`), each file in the
 * archive is counted by itself.
 * Throws DecodeError FILE_NAME_WRONG where the name does not fit.
 */
export function compileFileNaming(definition: Definition): (path: string) => FileNaming {
  const labels = nameLabels(definition)
  const read = (name: string, format: DocumentFormat | null) =>
    readFileName(definition.files, name, labels, format)
  return (path) => {
    const name = lastName(path)
    const outer = read(name, null)
    if (!outer.fits) throw nameWrong(outer.reason)
    const { rule, values } = outer
    if (rule === null) return NO_NAMES
    const says = formatOfName(name) !== null
    return {
      one: says && rule.records === 'one',
      documentIn(inner, format) {
        const own = inner === '' ? null : foundIn(read(lastName(inner), null), lastName(inner), format)
        if (own !== null)
          return { names: says ? [{ name, rule, values }, own] : [own], one: own.rule.records === 'one' }
        const whole = says ? outer : read(name, format)
        const found = foundIn(whole, name, format)
        if (found === null) throw nameWrong(`${wanted(rule)}; this one holds ${format.toUpperCase()}.`)
        return { names: [found], one: !says && found.rule.records === 'one' }
      },
    }
  }
}

/** The name as one that fits a rule and what the file holds, or null. */
function foundIn(read: FileName, name: string, format: DocumentFormat): NameFound | null {
  if (!read.fits || read.rule === null || !read.rule.formats.includes(format)) return null
  return { name, rule: read.rule, values: read.values }
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function nameWrong(reason: string): DecodeError {
  return new DecodeError('FILE_NAME_WRONG', 0, reason)
}

function wanted({ formats }: NameRule): string {
  return `a file with this name must hold ${formats.map((one) => one.toUpperCase()).join(' or ')}`
}

/**
 * Hands records on when they are no more than one. Throws DecodeError FILE_RECORDS_MANY as soon as there is a
 * second, before the first was handed on: nothing of such a file may be applied.
 */
export async function* onlyOne<T extends { readonly records: readonly RawRecord[] }>(
  batches: AsyncIterable<T>,
): AsyncGenerator<T> {
  let first: T | null = null
  let failure: { readonly error: unknown } | null = null
  try {
    for await (const batch of batches) {
      if (first !== null || batch.records.length > 1)
        throw new DecodeError('FILE_RECORDS_MANY', 0, recordsMany)
      first = batch
    }
  } catch (error) {
    if (isDecodeError(error, 'FILE_RECORDS_MANY')) throw error
    failure = { error }
  }
  // Also when the file breaks off after its record: what was read before keeps its outcome.
  if (first !== null) yield first
  if (failure !== null) throw failure.error
}

const recordsMany = 'a file with this name may hold one record; this one holds more.'

/** Adds a fatal finding to a parcel for each value that a name of its file contradicts. */
export type HoldAgainstNames = (parcel: Parcel, names: readonly NameFound[]) => Parcel

export function compileNaming(definition: Definition, partner: string): HoldAgainstNames {
  const types = new Map(
    definition.types.map(({ name, fields }) => [
      name,
      new Map(fields.map((field) => [field.name, agreement(definition, field, partner)])),
    ]),
  )
  return (parcel, names) => {
    const fields = types.get(parcel.type)
    if (names.length === 0 || parcel.filtered || parcel.body === '{}' || fields === undefined) return parcel
    const body: Body = JSON.parse(parcel.body)
    const found: Finding[] = []
    for (const { name, rule, values } of names) {
      const wrong = Object.entries(values).filter(
        ([field, text]) => fields.get(field)?.agrees(text, body[field]) === false,
      )
      if (wrong.length === 0) continue
      // The name may have been meant to be divided in another way.
      if (nameAgrees(rule, name, (field, text) => fields.get(field)?.agrees(text, body[field]) ?? true))
        continue
      for (const [field, text] of wrong)
        if (!found.some(({ path }) => path === field))
          found.push(disagrees(field, fields.get(field)?.wire ?? field, text, body[field]))
    }
    return found.length === 0 ? parcel : { ...parcel, findings: [...parcel.findings, ...found] }
  }
}

function disagrees(path: string, field: string, text: string, value: Body[string] | undefined): Finding {
  const record = value === undefined ? 'the record has none' : `the record says ${shownValue(value)}`
  return {
    code: 'FILE_NAME_DISAGREES',
    severity: 'fatal',
    path,
    field,
    item: null,
    message: `The name of the file says ${field} ${shownValue(text)}, but ${record}.`,
    value: value === undefined ? null : shownValue(value),
  }
}

interface Agreement {
  readonly wire: string
  /** Does the text of a name stand for a record's canonical value? An absent value agrees with nothing. */
  agrees(text: string, value: Body[string] | undefined): boolean
}

/**
 * How a field's values stand in names: changed as the field's values are; dates and times with or without the
 * marks between their digits, and `-` or `_` for a character that no file name can hold.
 */
function agreement(definition: Definition, field: Field, partner: string): Agreement {
  const changes = field.type === 'group' ? [] : changesOf(field, definition)
  const read = field.type === 'group' ? () => undefined : scalarReader(field)
  const changed = (text: string) => changes.reduce((now, { apply }) => apply(now, partner), text)
  return {
    wire: wireName(field),
    agrees(text, value) {
      if (value === undefined || typeof value === 'object') return false
      const sent = changed(text)
      const own = String(value)
      if (field.type === 'date' || field.type === 'time' || field.type === 'datetime')
        return read(sent) === value || sameDigits(text, own, field.type === 'time')
      if (field.type === 'text') return spelled(sent, own)
      if (field.type === 'code') return spelled(sent.toLowerCase(), own.toLowerCase())
      return read(sent) === value
    },
  }
}

function sameDigits(text: string, value: string, seconds: boolean): boolean {
  if (!/^[\d-]+$/.test(text)) return false
  const digits = text.replaceAll('-', '')
  const own = value.replace(/\D/g, '')
  return digits === own || (seconds && `${digits}00` === own)
}

const impossible = '/\\:*?"<>|'

function spelled(text: string, value: string): boolean {
  if (text === value) return true
  if (text.length !== value.length) return false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === value.charAt(at)) continue
    if (!impossible.includes(value.charAt(at)) || (char !== '-' && char !== '_')) return false
  }
  return true
}
