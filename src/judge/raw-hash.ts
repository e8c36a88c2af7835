import { hash } from 'node:crypto'
import { TODAY_BOUND } from '../exchange/dates.ts'
import type { Definition, Field, RecordType, SourceOf } from '../exchange/definition.ts'
import type { Parcel, RawRecord } from '../exchange/parcel.ts'

/** A record's text together with everything that its judgement hangs on: the same hash, the same judgement. */
export interface RawHashes {
  /** Hex SHA-256 of a record as this partner sent it, judged on this day (ISO). */
  of(record: RawRecord, sent: { readonly partner: string; readonly today: string }): string
  /**
   * May a parcel be told again from what is stored of it, when its record comes again just as it was? Only where
   * nothing was found in it or changed in it, nothing came with it, and no judgement of it hangs on the day or may
   * be undone by another record.
   */
  repeatable(parcel: Parcel): boolean
}

export function createRawHashes(definition: Definition): RawHashes {
  const types = new Map(definition.types.map((type) => [type.name, lastingReferences(type)]))
  const boundaries = datesOf(definition)
  const bases = new Map<string, string>()
  let lastHeader: readonly string[] = []
  let lastHeaderText = ''

  return {
    of({ type, shape, text }, { partner, today }) {
      const header = shape.kind === 'rows' ? headerText(shape.header) : ''
      return sha256(`${baseOf(partner, today)}\n${type ?? ''}\n${header}\n${text}`)
    },
    repeatable({ type, operation, key, findings, notes, corrects, documents, filtered, links, ...parcel }) {
      const lasting = types.get(type)
      return (
        lasting !== undefined &&
        lasting !== null &&
        operation === 'upsert' &&
        key !== null &&
        findings.length + notes.length + (documents?.length ?? 0) === 0 &&
        corrects === null &&
        !filtered &&
        parcel.setKey !== null &&
        typeof parcel.formerKey !== 'string' &&
        (links ?? []).every(({ reference }) => lasting.has(reference))
      )
    },
  }

  /** The rows of a table have one header. */
  function headerText(header: readonly string[]): string {
    if (header !== lastHeader) {
      lastHeader = header
      lastHeaderText = header.join('\u001f')
    }
    return lastHeaderText
  }

  /** Between two dates that the definition names, no day differs from another. */
  function baseOf(partner: string, today: string): string {
    const place = `${today} ${partner}`
    let base = bases.get(place)
    if (base === undefined) {
      const passed = boundaries.filter((date) => date <= today).length
      base = sha256(JSON.stringify([definition.hash, partner, passed]))
      if (bases.size > 1000) bases.clear()
      bases.set(place, base)
    }
    return base
  }
}

/**
 * References of a type whose target stays as long as the record does; null where a record of the type must be
 * judged each time, because the outcome hangs on the day.
 */
function lastingReferences(type: RecordType): ReadonlySet<string> | null {
  if (hangsOnToday(type)) return null
  const lasting = (type.references ?? []).filter(({ onDelete }) => onDelete !== 'keep')
  return new Set(lasting.map(({ name }) => name))
}

function hangsOnToday({ fields, rules, filters, layouts = [] }: RecordType): boolean {
  const expressions = [
    ...rules.flatMap(({ check, when }) => [check, when]),
    ...filters.map(({ drop }) => drop),
    ...layouts.flatMap(({ sources }) => sources.flatMap(sourcesOf)).map(celOf),
    ...fields.flatMap(fieldsOf).map(({ when }) => when),
  ]
  if (expressions.some((text) => text !== null && /\btoday\b/.test(text))) return true
  // A date that was not later than the day is never later than a day after it.
  return fields.flatMap(fieldsOf).some(({ min }) => min === TODAY_BOUND)
}

function fieldsOf(field: Field): readonly Field[] {
  return [field, ...field.fields.flatMap(fieldsOf)]
}

interface Sourced {
  readonly from: SourceOf
  readonly fields: readonly Sourced[]
}

function sourcesOf(source: Sourced): readonly Sourced[] {
  return [source, ...source.fields.flatMap(sourcesOf)]
}

function celOf({ from }: Sourced): string | null {
  return from.kind === 'cel' ? from.cel : null
}

/** Days from which on something holds or does not hold any more, where the day of receipt decides. */
function datesOf({ lists, versions }: Definition): readonly string[] {
  const spans = [...versions, ...Object.values(lists).flatMap(({ values }) => values)]
  const dates = new Set<string>()
  for (const { from, until } of spans) {
    if (from !== null) dates.add(from)
    // The last day itself is still in.
    if (until !== null) dates.add(`${until}+`)
  }
  return [...dates].sort()
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
