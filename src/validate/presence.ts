import type { CodeLookup } from '../exchange/code-lookup.ts'
import type { Field } from '../exchange/definition.ts'
import { type Condition, compileExpression, type Frame } from '../exchange/expression/compile.ts'
import type { TypedValue } from '../exchange/values.ts'
import { inVersion } from './field-checks.ts'
import type { AbsoluteRead, Judgement } from './judgement.ts'
import { plainText } from './places.ts'
import { absoluteReads } from './reads.ts'

/** Which presence checks are asked for: of fields that always apply, of those with a condition, or both. */
export interface Wanted {
  readonly always: boolean
  readonly conditional: boolean
}

/** Checks what must and what may not be there in a typed group and in the groups inside it. */
export type CheckPresence = (frame: Frame, judgement: Judgement, wanted: Wanted) => void

interface FieldPresence {
  readonly field: Field
  readonly index: number
  readonly when: Condition | null
  readonly reads: readonly AbsoluteRead[]
}

interface GroupInside {
  readonly field: Field
  readonly index: number
  readonly check: CheckPresence
}

/** Compiles the presence checks of the record's fields; `at` names the groups around them. */
export function compilePresence(
  root: readonly Field[],
  fields: readonly Field[],
  at: readonly string[],
  version: string,
  lists: ReadonlyMap<string, CodeLookup>,
): CheckPresence | null {
  const checks: FieldPresence[] = []
  const groups: GroupInside[] = []
  for (const [index, field] of fields.entries()) {
    if (!inVersion(field, version)) continue
    if (field.required || (field.when !== null && field.otherwise === 'reject'))
      checks.push(fieldPresence(root, field, index, at, lists))
    if (field.type !== 'group') continue
    const check = compilePresence(root, field.fields, [...at, field.name], version, lists)
    if (check !== null) groups.push({ field, index, check })
  }
  if (checks.length === 0 && groups.length === 0) return null
  return (frame, judgement, wanted) => {
    const values = frame.it as readonly TypedValue[]
    for (let index = 0; index < checks.length; index += 1)
      checkField(checks[index] as FieldPresence, values, frame, judgement, wanted)
    for (let index = 0; index < groups.length; index += 1)
      checkInside(groups[index] as GroupInside, values, frame, judgement, wanted)
  }
}

function fieldPresence(
  root: readonly Field[],
  field: Field,
  index: number,
  at: readonly string[],
  lists: ReadonlyMap<string, CodeLookup>,
): FieldPresence {
  if (field.when === null) return { field, index, when: null, reads: [] }
  const scope = { fields: root, each: null, lists: [...lists.keys()], needs: 'record', at } as const
  return {
    field,
    index,
    when: compileExpression(field.when, scope, lists),
    reads: absoluteReads([field.when], root, at),
  }
}

function checkField(
  { field, index, when, reads }: FieldPresence,
  values: readonly TypedValue[],
  frame: Frame,
  judgement: Judgement,
  wanted: Wanted,
): void {
  const value = values[index]
  if (when === null) {
    if (value === undefined && wanted.always) judgement.found(field, 'required', undefined, 0)
    return
  }
  if (!wanted.conditional) return
  if (judgement.untyped.length > 0 && judgement.readsUntyped(reads, judgement.trail.items())) return
  if (when(frame)) {
    if (value === undefined && field.required) judgement.found(field, 'required', undefined, 0)
  } else if (value !== undefined && field.otherwise === 'reject')
    judgement.found(field, 'not_applicable', plainText(value), 0)
}

function checkInside(
  { field, index: place, check }: GroupInside,
  values: readonly TypedValue[],
  frame: Frame,
  judgement: Judgement,
  wanted: Wanted,
): void {
  const value = values[place]
  if (typeof value !== 'object') return
  const { parent } = frame
  const items = field.many ? value : [value]
  frame.parent = values
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]
    // What stayed as it was sent has its finding.
    if (typeof item !== 'object') continue
    frame.it = item
    judgement.trail.enter(field.name, field.many ? index + 1 : 0)
    check(frame, judgement, wanted)
    judgement.trail.leave()
  }
  frame.it = values
  frame.parent = parent
}
