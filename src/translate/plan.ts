import type { Definition, Field, RecordType } from '../exchange/definition.ts'
import { CORRECTS_NAME } from '../exchange/error-names.ts'
import { type Change, changesOf, type ListChanges, listChangesOf } from './changes.ts'

/** What a name of a tree leads to. */
export interface Branch {
  readonly below: Map<string, Branch>
  /** The field whose value stands here. */
  field: FieldPlan | null
  /** What to do with the record stands here. */
  control: Control | null
  /** The one field below, where the branch only wraps it (`ListPerson` around `Person`). */
  wraps: FieldPlan | null
}

export type Control = 'operation' | 'close' | 'stable_id' | 'corrects' | 'record_type'

export interface FieldPlan {
  /** Place among the group's values. */
  readonly index: number
  readonly field: Field
  readonly changes: readonly Change[]
  readonly lists: ListChanges
  /** For groups. */
  readonly group: GroupPlan | null
}

export interface GroupPlan {
  readonly fields: readonly FieldPlan[]
  readonly wire: Branch
  readonly native: Branch
  /** A field in it, at any level, has a default. */
  readonly fills: boolean
}

/** Plans how records of a type are bound, in wire names and in canonical names. */
export function planOf(definition: Definition, type: RecordType): GroupPlan {
  const plan = groupPlan(definition, type.fields)
  const { operation, identity } = type
  place(plan.wire, operation.path, 'operation')
  if (operation.close !== null) place(plan.wire, operation.close.path, 'close')
  if (identity.stableId !== null) place(plan.wire, identity.stableId.path, 'stable_id')
  if (!plan.wire.below.has(CORRECTS_NAME)) place(plan.wire, [CORRECTS_NAME], 'corrects')
  if (!plan.native.below.has(CORRECTS_NAME)) place(plan.native, [CORRECTS_NAME], 'corrects')
  const { recordType } = definition.formats
  for (const branch of definition.types.length > 1 ? [plan.wire, plan.native] : [])
    if (!branch.below.has(recordType)) place(branch, [recordType], 'record_type')
  if (!plan.native.below.has('operation')) place(plan.native, ['operation'], 'operation')
  if (!plan.native.below.has('record_id')) place(plan.native, ['record_id'], 'stable_id')
  return plan
}

function groupPlan(definition: Definition, fields: readonly Field[]): GroupPlan {
  const plans = fields.map((field, index) => ({
    index,
    field,
    changes: changesOf(field, definition),
    lists: listChangesOf(field.transforms),
    group: field.type === 'group' ? groupPlan(definition, field.fields) : null,
  }))
  const wire = newBranch()
  const native = newBranch()
  for (const plan of plans) {
    place(wire, plan.field.path, plan)
    place(native, [plan.field.name], plan)
  }
  markWrappers(wire)
  const fills = plans.some(({ lists, group }) => lists.fallback !== null || group?.fills === true)
  return { fields: plans, wire, native, fills }
}

function newBranch(): Branch {
  return { below: new Map(), field: null, control: null, wraps: null }
}

function place(root: Branch, path: readonly string[], what: FieldPlan | Control): void {
  let branch = root
  for (const name of path) {
    let next = branch.below.get(name)
    if (next === undefined) {
      next = newBranch()
      branch.below.set(name, next)
    }
    branch = next
  }
  if (typeof what === 'string') branch.control = what
  else branch.field = what
}

function markWrappers(branch: Branch): FieldPlan | null {
  const fields = [...branch.below.values()].map(markWrappers)
  branch.wraps = branch.field ?? (fields.length === 1 ? (fields[0] ?? null) : null)
  return branch.wraps
}
