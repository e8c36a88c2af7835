import type { Definition, Field, RecordType } from './definition.ts'
import { CORRECTS_NAME } from './error-names.ts'

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
  readonly kind:
    | 'value'
    | 'list'
    | 'groups'
    | 'operation'
    | 'close'
    | 'stable_id'
    | 'corrects'
    | 'record_type'
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

/** The marker of an error file. It stands in no template and is read in every file. */
export const correctsColumn: Column = control('corrects', CORRECTS_NAME)

/** The column in which a record names its type; it is read where an exchange has several. */
export function typeColumn(column: string): Column {
  return control('record_type', column)
}

/** Columns that say which record a row of a table belongs to. */
export interface GroupColumns {
  /** Rows that stand together with the same values here are one record; none: a row is a record. */
  readonly key: readonly string[]
  /** What to do with the record, which record of an error file it is: a row that says otherwise begins another. */
  readonly marks: readonly string[]
}

/** Where a record never has several rows. */
export const ROW_BY_ROW: GroupColumns = { key: [], marks: [] }

/**
 * The columns of the key and of the operation, where a record may have several rows.
 * @param type default the only one of the exchange; with several, a table of unknown type has a row a record
 */
export function groupColumnsOf(definition: Definition, type?: RecordType): GroupColumns {
  const { rowPer } = definition.formats.csv
  const only = definition.types.length === 1 ? definition.types[0] : undefined
  const { fields, identity, operation } = type ?? only ?? {}
  if (fields === undefined || identity === undefined || operation === undefined) return ROW_BY_ROW
  if (rowPer === null || (type !== undefined && !fields.some(({ name }) => name === rowPer)))
    return ROW_BY_ROW
  const key = identity.key.flatMap((name) => fields.find((field) => field.name === name)?.column ?? [])
  return { key, marks: [operation.column, CORRECTS_NAME] }
}

function control(
  kind: 'operation' | 'close' | 'stable_id' | 'corrects' | 'record_type',
  column: string,
): Column {
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
    if (field.type !== 'group' || field.document !== null)
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
