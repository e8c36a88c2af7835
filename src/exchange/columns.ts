import type { Definition, Field, RecordType } from './definition.ts'

/**
 * One column of the flat layout (CSV, delimited text, sheets). A record is a row, or a row for each item of the
 * list `formats.csv.rowPer`; its other cells are repeated on each row or left empty after the first.
 */
export interface Column {
  /** Header of the column. */
  readonly column: string
  /** Canonical names from the record down to the field; [] for what is not part of the record. */
  readonly path: readonly string[]
  /**
   * `value`: a scalar. `list`: scalars parted by `formats.csv.items`. `groups`: a list of groups in one cell,
   * items parted by `items`, the values of an item by `parts` (`3,54106,54107;7`). The others say what to do
   * with the record.
   */
  readonly kind: 'value' | 'list' | 'groups' | 'operation' | 'close' | 'stable_id'
  /** The cell tells of the row's own item of the `rowPer` list. */
  readonly ofItem: boolean
  /** Null for what is not part of the record. */
  readonly field: Field | null
  /** `groups`: the fields of an item in the order of its parts; the last may be a list, which takes the rest. */
  readonly parts: readonly Field[]
}

/**
 * The flat layout of a record type: what to do with the record first, then its fields in the order of the
 * definition. Fields that a row cannot hold (lists of groups inside lists of groups) have no column.
 */
export function columnsOf(definition: Definition, type: RecordType): Column[] {
  const { operation, identity } = type
  const columns: Column[] = [control('operation', operation.column)]
  if (operation.close !== null) columns.push(control('close', operation.close.column))
  if (identity.stableId !== null) columns.push(control('stable_id', identity.stableId.column))
  addFields(columns, type.fields, [], false, definition.formats.csv.rowPer)
  return columns
}

/**
 * Columns that say which record a row belongs to: the key's, where a record may have several rows; otherwise
 * none.
 */
export function groupColumnsOf(definition: Definition): readonly string[] {
  const type = definition.types[0]
  if (type === undefined || definition.formats.csv.rowPer === null) return []
  return type.identity.key.flatMap((name) => type.fields.find((field) => field.name === name)?.column ?? [])
}

function control(kind: 'operation' | 'close' | 'stable_id', column: string): Column {
  return { column, path: [], kind, ofItem: false, field: null, parts: [] }
}

function addFields(
  columns: Column[],
  fields: readonly Field[],
  above: readonly string[],
  ofItem: boolean,
  rowPer: string | null,
): void {
  for (const field of fields) {
    const path = [...above, field.name]
    const { column } = field
    if (field.type !== 'group')
      columns.push({ column, path, kind: field.many ? 'list' : 'value', ofItem, field, parts: [] })
    else if (!field.many) addFields(columns, field.fields, path, ofItem, rowPer)
    else if (path.join('.') === rowPer) addFields(columns, field.fields, path, true, null)
    else if (fitsCell(field))
      columns.push({ column, path, kind: 'groups', ofItem, field, parts: field.fields })
  }
}

/** An item fits a cell when its values are scalars, except that the last may be a list of scalars. */
function fitsCell(group: Field): boolean {
  const last = group.fields.at(-1)
  return group.fields.every((field) => field.type !== 'group' && (!field.many || field === last))
}
