import { type Column, columnsOf, correctsColumn, typeColumn } from '../exchange/columns.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import { restore } from '../exchange/formula-cell.ts'
import type { RawScalar, RawValue } from '../exchange/parcel.ts'
import { shownValue } from '../exchange/shown-value.ts'
import { type Binding, markerOf } from './binding.ts'
import { DraftGroup, type DraftValue } from './draft.ts'
import type { FieldPlan, GroupPlan } from './plan.ts'

/** Binds the rows of one record, under the header of its document. */
export type BindRows = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
  binding: Binding,
  /** Headers that are passed over. */
  without?: ReadonlySet<string>,
) => DraftGroup

interface Cell {
  readonly index: number
  readonly column: Column
  /** The groups on the way to the value (below the row's item, where the cell tells of it). */
  readonly above: readonly FieldPlan[]
  readonly plan: FieldPlan | null
  readonly parts: readonly FieldPlan[]
}

interface Layout {
  readonly record: readonly Cell[]
  readonly item: readonly Cell[]
  readonly unknown: readonly { readonly index: number; readonly name: string }[]
}

/** The binder of the flat layout of a record type. Remembers the header last seen. */
export function rowBinder(definition: Definition, type: RecordType, plan: GroupPlan): BindRows {
  const { items, parts, rowPer } = definition.formats.csv
  const columns = new Map(columnsOf(definition, type).map((column) => [column.column, column]))
  if (!columns.has(correctsColumn.column)) columns.set(correctsColumn.column, correctsColumn)
  const { recordType } = definition.formats
  if (definition.types.length > 1 && !columns.has(recordType)) columns.set(recordType, typeColumn(recordType))
  // Of several types only some may have the list.
  const hasList = type.fields.some(({ name }) => name === rowPer?.split('.')[0])
  const rowPath = rowPer === null || !hasList ? [] : plansAt(plan, rowPer.split('.'))
  const rowList = rowPath.at(-1) ?? null
  let seen: readonly string[] | null = null
  let layout: Layout = { record: [], item: [], unknown: [] }

  let seenWithout: ReadonlySet<string> | undefined
  return (header, rows, binding, without) => {
    if (header !== seen || without !== seenWithout) {
      layout = layoutOf(header, columns, plan, rowPath.length, without)
      seen = header
      seenWithout = without
    }
    const record = new DraftGroup(plan.fields.length)
    bindRecordCells(record, layout.record, rows, items, parts, binding)
    for (const { index, name } of layout.unknown) {
      const value = rows.find((row) => row[index] !== '')?.[index]
      if (value !== undefined) binding.unknown(name, value)
    }
    if (rowList?.group == null || layout.item.length === 0) return record
    const list: DraftGroup[] = []
    for (const row of rows) {
      if (layout.item.every((cell) => row[cell.index] === '')) continue
      const group = new DraftGroup(rowList.group.fields.length)
      binding.trail.enter(rowList.field.name, list.length + 1)
      for (const cell of layout.item) setCell(group, cell, row[cell.index] ?? '', items, parts, binding)
      binding.trail.leave()
      list.push(group)
    }
    if (list.length > 0) owner(record, rowPath.slice(0, -1)).values[rowList.index] = list
    return record
  }
}

function layoutOf(
  header: readonly string[],
  columns: ReadonlyMap<string, Column>,
  plan: GroupPlan,
  itemDepth: number,
  without: ReadonlySet<string> | undefined,
): Layout {
  const record: Cell[] = []
  const item: Cell[] = []
  const unknown: { index: number; name: string }[] = []
  for (const [index, name] of header.entries()) {
    if (without?.has(name) === true) continue
    const column = columns.get(name)
    if (column === undefined) {
      unknown.push({ index, name })
      continue
    }
    const plans = plansAt(plan, column.path)
    const last = plans.at(-1) ?? null
    const above = plans.slice(column.ofItem ? itemDepth : 0, -1)
    const cell = { index, column, above, plan: last, parts: last?.group?.fields ?? [] }
    if (column.ofItem) item.push(cell)
    else record.push(cell)
  }
  return { record, item, unknown }
}

function plansAt(plan: GroupPlan, path: readonly string[]): FieldPlan[] {
  const plans: FieldPlan[] = []
  let group: GroupPlan | null = plan
  for (const name of path) {
    const next: FieldPlan | undefined = group?.fields.find((one) => one.field.name === name)
    if (next === undefined) throw new Error(`the flat layout names ${path.join('.')}, which is no field`)
    plans.push(next)
    group = next.group
  }
  return plans
}

/** Cells of the record: those of its first row; further rows repeat them or leave them empty. */
function bindRecordCells(
  record: DraftGroup,
  cells: readonly Cell[],
  rows: readonly (readonly string[])[],
  items: string,
  parts: string,
  binding: Binding,
): void {
  const first = rows[0] ?? []
  for (const cell of cells) {
    let text = first[cell.index] ?? ''
    for (let at = 1; at < rows.length; at += 1) {
      const other = rows[at]?.[cell.index] ?? ''
      if (other === '' || other === text) continue
      if (text === '') text = other
      else rowsDiffer(cell, at + 1, text, other, binding)
    }
    if (text === '') continue
    if (cell.plan !== null) setCell(record, cell, text, items, parts, binding)
    else setControl(cell.column.kind, restore(text).trim(), binding)
  }
}

function rowsDiffer(cell: Cell, row: number, first: string, other: string, binding: Binding): void {
  const field = cell.plan?.field
  binding.add(
    'ROWS_DIFFER',
    field?.severity === 'fatal' || field === undefined ? 'fatal' : 'error',
    cell.column.path.join('.'),
    cell.column.column,
    `Row ${row} of the record has '${shownValue(other)}' in ${cell.column.column}, where an earlier row has '${shownValue(first)}'.`,
    other,
  )
}

function setControl(kind: Column['kind'], text: string, binding: Binding): void {
  if (text === '') return
  if (kind === 'operation') binding.operation = text
  else if (kind === 'close') binding.close = text
  else if (kind === 'stable_id') binding.stableId = text
  else if (kind === 'corrects') binding.corrects = markerOf(text)
}

function setCell(
  root: DraftGroup,
  cell: Cell,
  sent: string,
  items: string,
  parts: string,
  binding: Binding,
): void {
  const { plan, column } = cell
  if (sent === '' || plan === null) return
  const text = restore(sent)
  for (const { field } of cell.above) binding.trail.enter(field.name, 0)
  const value =
    column.kind === 'value' ? binding.scalar(plan, text) : listOf(text, cell, plan, items, parts, binding)
  for (const _ of cell.above) binding.trail.leave()
  if (value !== undefined) owner(root, cell.above).values[plan.index] = value
}

/** The group at the end of the way, made where it is not there yet. */
function owner(root: DraftGroup, above: readonly FieldPlan[]): DraftGroup {
  let group = root
  for (const { index, group: plan } of above) {
    let next = group.values[index]
    if (!(next instanceof DraftGroup)) {
      next = new DraftGroup(plan?.fields.length ?? 0)
      group.values[index] = next
    }
    group = next
  }
  return group
}

function listOf(
  text: string,
  cell: Cell,
  plan: FieldPlan,
  items: string,
  parts: string,
  binding: Binding,
): DraftValue {
  if (cell.column.kind === 'list' && plan.lists.split !== null)
    return binding.parts(plan, text, plan.lists.split)
  const list: (RawScalar | DraftGroup)[] = []
  for (const piece of text.split(items)) {
    const trimmed = piece.trim()
    if (trimmed === '') continue
    if (cell.column.kind === 'list') {
      const value = binding.scalar(plan, trimmed)
      if (value !== undefined) list.push(value)
      continue
    }
    binding.trail.enter(plan.field.name, list.length + 1)
    const group = groupOf(trimmed.split(parts), cell.parts, binding)
    binding.trail.leave()
    // More parts than the item has fields: it stays as it was sent, and judging says so.
    list.push(group ?? trimmed)
  }
  return list.length === 0 ? undefined : list
}

function groupOf(
  pieces: readonly string[],
  fields: readonly FieldPlan[],
  binding: Binding,
): DraftGroup | null {
  const last = fields.at(-1)
  if (last === undefined || (pieces.length > fields.length && !last.field.many)) return null
  const group = new DraftGroup(fields.length)
  for (const [index, plan] of fields.entries()) {
    const own = plan.field.many ? pieces.slice(index) : pieces.slice(index, index + 1)
    const values: RawValue[] = own.flatMap((piece) => binding.scalar(plan, piece.trim()) ?? [])
    if (values.length > 0) group.values[index] = plan.field.many ? values : values[0]
  }
  return group
}
