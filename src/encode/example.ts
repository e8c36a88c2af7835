import { compileLookup } from '../exchange/code-lookup.ts'
import { parseDate, parseTime } from '../exchange/dates.ts'
import type { Definition, Field, RecordType } from '../exchange/definition.ts'
import { compileExpression, createFrame } from '../exchange/expression/compile.ts'
import type { Body, Value } from '../exchange/parcel.ts'
import { valuesOf } from '../exchange/values.ts'
import { EXAMPLE_DOCUMENTS } from './example-documents.ts'

type MutableBody = Record<string, Value>

interface Level {
  readonly body: MutableBody
  readonly fields: readonly Field[]
}

/**
 * A filled-in record of the newest version: the fields' own examples, and for required codes and flags the
 * first code of the list still in force, or no. Fields that apply only sometimes are there where the fields
 * before them make them apply; optional ones where they have an example. Nothing in it is anybody's data.
 */
export function exampleRecord(definition: Definition, type: RecordType): Body {
  return new Example(definition, type).record()
}

class Example {
  readonly #definition: Definition
  readonly #type: RecordType
  readonly #version: string
  readonly #lookups: ReadonlyMap<string, ReturnType<typeof compileLookup>>

  constructor(definition: Definition, type: RecordType) {
    this.#definition = definition
    this.#type = type
    this.#version = definition.versions.at(-1)?.name ?? ''
    this.#lookups = new Map(
      Object.values(definition.lists).map((list) => [list.name, compileLookup(list)] as const),
    )
  }

  record(): Body {
    const record: MutableBody = {}
    this.#fill([{ body: record, fields: this.#type.fields }], [])
    return record
  }

  /** Fills the last of `levels`: the record and the groups in it on the way, whose names are `at`. */
  #fill(levels: readonly Level[], at: readonly string[]): void {
    const { body, fields } = levels.at(-1) as Level
    for (const field of fields) {
      if (field.only !== null && !field.only.includes(this.#version)) continue
      if (!this.#applies(field, levels, at)) continue
      const isGroup = field.type === 'group' && field.document === null
      const value = isGroup ? this.#group(field, levels, at) : this.#scalar(field)
      if (value !== null) body[field.name] = field.many ? [value] : value
      else delete body[field.name]
    }
  }

  #group(field: Field, levels: readonly Level[], at: readonly string[]): Body | null {
    const inner: MutableBody = {}
    const around = levels.at(-1) as Level
    // In its place while it is filled, because conditions read the record from the top.
    around.body[field.name] = field.many ? [inner] : inner
    this.#fill([...levels, { body: inner, fields: field.fields }], [...at, field.name])
    return Object.keys(inner).length === 0 ? null : inner
  }

  #applies(field: Field, levels: readonly Level[], at: readonly string[]): boolean {
    if (field.when === null) return true
    const scope = {
      fields: this.#type.fields,
      each: null,
      lists: Object.keys(this.#definition.lists),
      needs: 'record' as const,
      at,
    }
    const valuesAt = (level: Level | undefined) =>
      level === undefined ? undefined : valuesOf(level.body, level.fields)
    const frame = createFrame()
    frame.record = valuesAt(levels[0])
    frame.it = valuesAt(levels.at(-1))
    frame.parent = valuesAt(levels.at(-2))
    return compileExpression(field.when, scope, this.#lookups)(frame)
  }

  #scalar(field: Field): Value | null {
    const { example } = field
    if (example !== '') return exampleValue(field, example)
    if (!field.required) return null
    // As it is sent, not as it is kept.
    if (field.document !== null) return EXAMPLE_DOCUMENTS[field.document.types[0] ?? 'gif']
    if (field.type === 'boolean') return false
    if (field.type === 'code') return this.#firstCode(field)
    return null
  }

  #firstCode(field: Field): string | null {
    const values = this.#definition.lists[field.list ?? '']?.values ?? []
    return values.find(({ until }) => until === null)?.code ?? null
  }
}

/** An example as it is typed in a definition, in canonical form. */
function exampleValue(field: Field, example: string): Value {
  switch (field.type) {
    case 'date':
      return parseDate(example) ?? example
    case 'time':
      return parseTime(example) ?? example
    case 'integer':
      return Number(example)
    case 'boolean':
      return field.booleanWords.true.includes(example)
    default:
      return example
  }
}
