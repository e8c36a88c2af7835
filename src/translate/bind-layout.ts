import { CORRECTS_NAME } from '../exchange/error-names.ts'
import type { RawRecord, RawTree } from '../exchange/parcel.ts'
import { type Place, valuesIn } from '../exchange/place.ts'
import type { BindRows } from './bind-rows.ts'
import { bindTree } from './bind-tree.ts'
import { type Binding, markerOf } from './binding.ts'
import { DraftGroup, type DraftValue } from './draft.ts'
import type { CompiledLayout } from './layouts.ts'
import type { GroupPlan } from './plan.ts'

/** What binding a record in a layout of others needs of its type. */
export interface LayoutBinding {
  readonly plan: GroupPlan
  readonly rows: BindRows
  readonly binding: Binding
}

const correctsPlace: Place = { text: CORRECTS_NAME, steps: [{ name: CORRECTS_NAME, picks: [] }] }

/** Binds a record in a layout of others; what that does not map is read as in ours where it says so. */
export function bindLayout(
  layout: CompiledLayout,
  shape: RawRecord['shape'],
  today: string,
  { plan, rows, binding }: LayoutBinding,
): DraftGroup {
  const mapped = bindTree(layout.read(shape, binding, today), plan, 'native', binding)
  // The marker of an error file stands in the sender's own layout under our name.
  const [marker] = valuesIn(shape, correctsPlace)
  if (typeof marker === 'string') binding.corrects = markerOf(marker.trim())
  if (layout.others === 'ignore') return mapped
  if (shape.kind === 'rows') return over(rows(shape.header, shape.rows, binding, layout.used), mapped)
  if (shape.kind !== 'tree') return mapped
  return over(bindTree(without(shape.tree, layout.used), plan, 'wire', binding), mapped)
}

function without(tree: RawTree, names: ReadonlySet<string>): RawTree {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !names.has(name)))
}

/** The values of both; those of the second go before. */
function over(first: DraftGroup, second: DraftGroup): DraftGroup {
  const group = new DraftGroup(first.values.length)
  for (const [index, value] of second.values.entries())
    group.values[index] = merged(first.values[index], value)
  return group
}

function merged(first: DraftValue, second: DraftValue): DraftValue {
  if (second === undefined) return first
  return first instanceof DraftGroup && second instanceof DraftGroup ? over(first, second) : second
}
