import type { Dialect } from './dialect.ts'
import type { Question } from './source.ts'

/** A condition on a view: text with parameters, whose numbers begin where the statement says. */
type Condition = (from: number) => Question

export interface Selection {
  readonly view: string
  /** Columns as the database spells them. */
  readonly columns: readonly string[]
  /** The partner's own criteria as SQL, or null. */
  readonly where: string | null
  readonly conditions: readonly Condition[]
}

/** Rows of a view. */
export function selectRows(dialect: Dialect, { view, columns, where, conditions }: Selection): Question {
  const values: string[] = []
  const parts = where === null ? [] : [`(${where})`]
  for (const condition of conditions) {
    const made = condition(values.length + 1)
    parts.push(made.text)
    values.push(...made.values)
  }
  const filter = parts.length === 0 ? '' : ` where ${parts.join(' and ')}`
  return { text: `select ${columns.map(dialect.quote).join(', ')} from ${view}${filter}`, values }
}

/** Rows whose time of change is not before a time. */
export function changedSince(dialect: Dialect, column: string, since: string, whole: boolean): Condition {
  return (from) => ({
    text: `${dialect.quote(column)} >= ${whole ? dialect.number(from) : dialect.time(from)}`,
    values: [since],
  })
}

/** A table in which the partner's database notes the keys of what changed, in a sequence. */
export interface ChangeTable {
  readonly table: string
  /** Column of the table → column of the view. */
  readonly key: readonly (readonly [ofTable: string, ofView: string])[]
  readonly sequence: string
  /** Column that says what was done, and its words for a deletion; null: a key that is gone was deleted. */
  readonly operation: { readonly column: string; readonly deletes: readonly string[] } | null
}

/** A stretch of the sequence: after `after`, up to and with `upTo`. */
export interface Stretch {
  readonly after: string
  readonly upTo: string
}

/** The last number of the sequence. */
export function lastOf(dialect: Dialect, { table, sequence }: ChangeTable): Question {
  return { text: `select max(${dialect.quote(sequence)}) from ${table}`, values: [] }
}

/** Rows of the view whose key is noted in the stretch. */
export function inStretch(dialect: Dialect, view: string, changes: ChangeTable, stretch: Stretch): Condition {
  return (from) => {
    const joined = changes.key.map(
      ([ofTable, ofView]) => `c.${dialect.quote(ofTable)} = ${lastName(view)}.${dialect.quote(ofView)}`,
    )
    const within = between(dialect, changes, stretch, from)
    return {
      text: `exists (select 1 from ${changes.table} c where ${[...joined, within.text].join(' and ')})`,
      values: within.values,
    }
  }
}

/** Keys noted in the stretch that the selection no longer has. */
export function goneKeys(
  dialect: Dialect,
  { view, where }: Pick<Selection, 'view' | 'where'>,
  changes: ChangeTable,
  stretch: Stretch,
): Question {
  const within = between(dialect, changes, stretch, 1)
  const values = [...within.values]
  const keys = changes.key.map(([ofTable]) => `c.${dialect.quote(ofTable)}`)
  const same = changes.key.map(
    ([ofTable, ofView]) => `${lastName(view)}.${dialect.quote(ofView)} = c.${dialect.quote(ofTable)}`,
  )
  const criteria = where === null ? same : [...same, `(${where})`]
  const parts = [within.text, `not exists (select 1 from ${view} where ${criteria.join(' and ')})`]
  if (changes.operation !== null) {
    const { column, deletes } = changes.operation
    const marks = deletes.map((_, index) => dialect.parameter(values.length + index + 1))
    parts.push(`c.${dialect.quote(column)} in (${marks.join(', ')})`)
    values.push(...deletes)
  }
  const text = `select distinct ${keys.join(', ')} from ${changes.table} c where ${parts.join(' and ')}`
  return { text, values }
}

function between(
  dialect: Dialect,
  { sequence }: ChangeTable,
  { after, upTo }: Stretch,
  from: number,
): Question {
  const column = `c.${dialect.quote(sequence)}`
  return {
    text: `${column} > ${dialect.number(from)} and ${column} <= ${dialect.number(from + 1)}`,
    values: [after, upTo],
  }
}

/** A view without an alias is known by the last of its names. */
function lastName(view: string): string {
  const plain = view.split(/\.(?=(?:[^"`[\]]|"[^"]*"|`[^`]*`|\[[^\]]*\])*$)/)
  return plain.at(-1) ?? view
}
