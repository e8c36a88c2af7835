import type { RawScalar, RawTree, RawValue } from '../exchange/parcel.ts'
import { type Binding, isEmpty, markerOf } from './binding.ts'
import { DraftGroup, type DraftValue } from './draft.ts'
import type { Branch, Control, FieldPlan, GroupPlan } from './plan.ts'

export type Names = 'wire' | 'native'

/** Binds a tree of JSON or XML to the fields of a record. */
export function bindTree(tree: RawTree, plan: GroupPlan, names: Names, binding: Binding): DraftGroup {
  const group = new DraftGroup(plan.fields.length)
  bindBranch(tree, plan[names], names, group, binding)
  return group
}

function bindBranch(tree: RawTree, branch: Branch, names: Names, group: DraftGroup, binding: Binding): void {
  for (const name in tree) {
    const value = tree[name] as RawValue
    const next = branch.below.get(name)
    if (next === undefined) {
      if (!isEmpty(value)) binding.unknown(name, value)
    } else if (next.field !== null)
      group.values[next.field.index] = fieldValue(value, next.field, names, binding)
    else if (next.control !== null) bindControl(next.control, value, binding)
    else bindInside(name, value, next, names, group, binding)
  }
}

/** A name that only holds others. Forgiving: a list of one stands for the one, a bare list for a wrapped one. */
function bindInside(
  name: string,
  value: RawValue,
  branch: Branch,
  names: Names,
  group: DraftGroup,
  binding: Binding,
): void {
  if (isTree(value)) {
    bindBranch(value, branch, names, group, binding)
    return
  }
  if (isEmpty(value)) return
  const only = Array.isArray(value) && value.length === 1 ? (value[0] as RawValue) : value
  if (isTree(only)) bindBranch(only, branch, names, group, binding)
  else if (branch.wraps !== null)
    group.values[branch.wraps.index] = fieldValue(value, branch.wraps, names, binding)
  else
    binding.add(
      'UNKNOWN_FIELD',
      'error',
      '',
      name,
      `${name} holds a value where a group of fields belongs; it was not stored.`,
      value,
    )
}

function bindControl(control: Control, value: RawValue, binding: Binding): void {
  // The type was found before the record was bound.
  if (control === 'record_type' || isEmpty(value)) return
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  if (text === '') return
  if (control === 'operation') binding.operation = text
  else if (control === 'close') binding.close = text
  else if (control === 'corrects') binding.corrects = markerOf(text)
  else binding.stableId = text
}

function fieldValue(raw: RawValue, plan: FieldPlan, names: Names, binding: Binding): DraftValue {
  const { group, field } = plan
  if (group === null) return field.many ? scalars(raw, plan, binding) : scalarOf(raw, plan, binding)
  if (!field.many) return groupOf(raw, field.name, 0, group, names, binding)
  if (!Array.isArray(raw)) {
    const one = groupOf(raw, field.name, 1, group, names, binding)
    return one === undefined ? undefined : [one]
  }
  const items: (RawValue | DraftGroup)[] = []
  for (const entry of raw) {
    const item = groupOf(entry, field.name, items.length + 1, group, names, binding)
    if (item !== undefined) items.push(item)
  }
  return items.length === 0 ? undefined : items
}

function groupOf(
  raw: RawValue,
  name: string,
  item: number,
  plan: GroupPlan,
  names: Names,
  binding: Binding,
): RawValue | DraftGroup | undefined {
  // What is no group stays as it was sent; judging says so.
  if (!isTree(raw)) return isEmpty(raw) ? undefined : raw
  binding.trail.enter(name, item)
  const group = bindTree(raw, plan, names, binding)
  binding.trail.leave()
  return holdsNothing(group) ? undefined : group
}

function holdsNothing({ values }: DraftGroup): boolean {
  for (let index = 0; index < values.length; index += 1) if (values[index] !== undefined) return false
  return true
}

function scalarOf(raw: RawValue, plan: FieldPlan, binding: Binding): DraftValue {
  if (raw === null || typeof raw !== 'object') return binding.scalar(plan, raw)
  if (isEmpty(raw)) return undefined
  const only = Array.isArray(raw) && raw.length === 1 ? (raw[0] as RawValue) : raw
  if (only === null || typeof only !== 'object') return binding.scalar(plan, only)
  return plan.lists.join === null ? raw : binding.joined(plan, raw, plan.lists.join)
}

function scalars(raw: RawValue, plan: FieldPlan, binding: Binding): DraftValue {
  if (typeof raw === 'string' && plan.lists.split !== null) return binding.parts(plan, raw, plan.lists.split)
  if (!Array.isArray(raw)) {
    const one = scalarOf(raw, plan, binding)
    return one === undefined ? undefined : [one as RawScalar]
  }
  const items: RawValue[] = []
  for (const entry of raw as readonly RawValue[]) {
    const item = scalarOf(entry, plan, binding)
    if (item !== undefined) items.push(item as RawValue)
  }
  return items.length === 0 ? undefined : items
}

function isTree(value: RawValue): value is RawTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
