import type { FormState } from './form-state.ts'
import { holds, pathOf, type Steps, valueAt } from './tree.ts'

/** Is there nothing to fill in? What does not apply and holds something is shown, for that is wrong. */
export function isHidden({ outside, tree }: FormState, steps: Steps): boolean {
  return outside.has(pathOf(steps)) && !holds(valueAt(tree, steps))
}
