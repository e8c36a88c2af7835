import type { Definition, Field } from '../exchange/definition.ts'
import type { RawTree, RawValue } from '../exchange/parcel.ts'
import type { Row, SourceValue } from '../source/source.ts'
import type { ColumnPlan } from './column-plan.ts'
import { isDocument, type Target } from './wire-names.ts'

type MutableTree = Record<string, RawValue>

/** Makes records in wire names of the rows of a view. */
export interface RecordMaker {
  record(row: Row): RawTree
  /** The key of a row as text, of one form for equal keys. */
  keyText(row: Row): string
  /** A record that deletes: its key and the word for it. */
  deletion(key: readonly SourceValue[]): RawTree
}

export function recordMaker(definition: Definition, plan: ColumnPlan): RecordMaker {
  const { items } = definition.formats.csv
  const { path: operationPath } = plan.type.operation
  const keyTargets = plan.key.map((place) => plan.targets[place] ?? null)
  const put = (tree: MutableTree, target: Target | null, value: SourceValue | undefined) => {
    if (target === null || value === null || value === undefined) return
    const made = wireValue(target.field, value, items)
    if (made !== undefined) place(tree, target.path, made)
  }
  return {
    record(row) {
      const tree: MutableTree = {}
      for (let at = 0; at < plan.targets.length; at += 1) put(tree, plan.targets[at] ?? null, row[at])
      if (plan.rowWord !== null) place(tree, operationPath, plan.rowWord)
      return tree
    },
    keyText: (row) =>
      JSON.stringify(plan.key.map((at) => keyPart(row[at] ?? null, plan.targets[at] ?? null, items))),
    deletion(key) {
      const tree: MutableTree = {}
      for (const [at, target] of keyTargets.entries()) put(tree, target, key[at])
      if (plan.deleteWord !== null) place(tree, operationPath, plan.deleteWord)
      return tree
    },
  }
}

/** A key must look the same whether it came from the view or from a table of changes: 7 and '7' are one. */
function keyPart(value: SourceValue, target: Target | null, items: string): string {
  const made = value === null ? undefined : wireValue(target?.field ?? null, value, items)
  return typeof made === 'object' ? JSON.stringify(made) : String(made ?? '')
}

/** A value of a database as JSON has it; undefined where there is nothing to send. */
function wireValue(field: Field | null, value: SourceValue, items: string): RawValue | undefined {
  if (value === null) return undefined
  if (field === null) return plain(value)
  if (field.many) return listOf(field, value, items)
  if (field.type === 'group' && !isDocument(field)) return parsed(value)
  return scalar(field, value)
}

function listOf(field: Field, value: SourceValue, items: string): RawValue | undefined {
  if (Array.isArray(value)) {
    const list = value.flatMap((one: SourceValue) => itemOf(field, one) ?? [])
    return list.length === 0 ? undefined : (list as readonly RawValue[])
  }
  if (typeof value === 'string' && !/^\s*[[{]/.test(value)) {
    if (value.trim() === '') return undefined
    return field.type === 'group' ? value : value.split(items).map((part) => part.trim())
  }
  const made = parsed(value)
  return Array.isArray(made) || made === undefined ? made : [made]
}

function itemOf(field: Field, value: SourceValue): RawValue | undefined {
  if (value === null) return undefined
  return field.type === 'group' && !isDocument(field) ? parsed(value) : scalar(field, value)
}

/** Groups come as JSON, in wire names; what is no JSON goes as it is, and the check says so. */
function parsed(value: SourceValue): RawValue | undefined {
  if (typeof value !== 'string') return plain(value)
  if (value.trim() === '') return undefined
  try {
    return JSON.parse(value) as RawValue
  } catch {
    return value
  }
}

const timeText = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/

function scalar(field: Field, value: SourceValue): RawValue | undefined {
  if (typeof value === 'boolean') return field.type === 'boolean' ? booleanWord(field, value) : value
  if (typeof value !== 'string') return plain(value)
  // Databases fill columns of fixed length with blanks; they are no part of the value.
  const text = value.trimEnd()
  if (text === '') return undefined
  switch (field.type) {
    case 'date':
      return timeText.exec(text)?.[1] ?? text
    case 'time':
      return /^(\d\d:\d\d:\d\d)\.\d+$/.exec(text)?.[1] ?? timeText.exec(text)?.[2] ?? text
    case 'datetime': {
      const parts = timeText.exec(text)
      return parts === null ? text : `${parts[1]}T${parts[2]}${offset(parts[3])}`
    }
    default:
      return text
  }
}

/** `+00` and `+0000` as `+00:00`. */
function offset(text: string | undefined): string {
  if (text === undefined || text === 'Z') return text ?? ''
  const digits = text.replace(':', '')
  return `${digits.slice(0, 3)}:${digits.slice(3).padEnd(2, '0')}`
}

function booleanWord({ booleanWords }: Field, value: boolean): RawValue {
  return (value ? booleanWords.true[0] : booleanWords.false[0]) ?? value
}

/** Bytes go as Base64. */
function plain(value: SourceValue): RawValue | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'string') return value.trimEnd() === '' ? undefined : value.trimEnd()
  return value as RawValue
}

/** Sets a value under nested names. */
function place(root: MutableTree, path: readonly string[], value: RawValue): void {
  let at = root
  for (const name of path.slice(0, -1)) {
    const inner = at[name]
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) at[name] = {}
    at = at[name] as MutableTree
  }
  const last = path.at(-1)
  if (last !== undefined) at[last] = value
}
