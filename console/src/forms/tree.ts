import type { Field } from '../../../src/exchange/definition.ts'
import type { RawTree, RawValue } from '../../../src/exchange/parcel.ts'

/** A record as it is being written: canonical names, values as typed. */
export type Tree = RawTree

/** The way to a value: names of fields, and 0-based numbers of items. */
export type Steps = readonly (string | number)[]

/** The way as findings write it, `persons[2].gender`. */
export function pathOf(steps: Steps): string {
  return steps.reduce<string>(
    (path, step) =>
      typeof step === 'number' ? `${path}[${step + 1}]` : path === '' ? step : `${path}.${step}`,
    '',
  )
}

/** The way that a finding writes; `persons[2].gender` → persons, 1, gender. */
export function stepsOf(path: string): Steps {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, item]) => name ?? Number(item) - 1)
}

export function valueAt(tree: RawValue | undefined, steps: Steps): RawValue | undefined {
  let value = tree
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value)
      ? (value as readonly RawValue[])[Number(step)]
      : Object.hasOwn(value, step)
        ? (value as Tree)[step]
        : undefined
  }
  return value
}

/** A scalar as a control shows it. */
export function textOf(value: RawValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The record with another value there; undefined takes it away. The record itself stays as it is. */
export function withValue(tree: Tree, steps: Steps, value: RawValue | undefined): Tree {
  return placed(tree, steps, value) as Tree
}

function placed(
  around: RawValue | undefined,
  steps: Steps,
  value: RawValue | undefined,
): RawValue | undefined {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (typeof step === 'number') {
    const items: (RawValue | undefined)[] = Array.isArray(around) ? [...around] : []
    items[step] = placed(items[step], rest, value)
    return items.filter((item) => item !== undefined)
  }
  const group =
    typeof around === 'object' && around !== null && !Array.isArray(around) ? (around as Tree) : {}
  const { [step]: before, ...others } = group
  const next = placed(before, rest, value)
  return next === undefined ? others : { ...group, [step]: next }
}

/** Is there anything that would be sent? */
export function holds(value: RawValue | undefined): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  if (typeof value !== 'object') return true
  return Object.values(value).some((inside: RawValue) => holds(inside))
}

/** What is sent: without what was left empty. */
export function sentOf(tree: Tree): Tree {
  return (cleaned(tree) ?? {}) as Tree
}

function cleaned(value: RawValue): RawValue | undefined {
  if (!holds(value)) return undefined
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return (value as readonly RawValue[]).map(cleaned).filter((item) => item !== undefined)
  const entries = Object.entries(value as Tree).map(([name, inside]) => [name, cleaned(inside)] as const)
  return Object.fromEntries(entries.filter(([, inside]) => inside !== undefined)) as Tree
}

/**
 * Where in the form a finding belongs. Items that were left empty are not sent, so findings do not count them.
 */
export function formSteps(tree: Tree, path: string): Steps {
  const steps: (string | number)[] = []
  for (const step of stepsOf(path)) {
    const around = valueAt(tree, steps)
    if (typeof step === 'string' || !Array.isArray(around)) {
      steps.push(step)
      continue
    }
    const sent = [...around.keys()].filter((index) => holds(around[index]))
    steps.push(sent[step] ?? step)
  }
  return steps
}

/** A new item of a list of groups, with the groups that it must have and with its number where that is its key. */
export function newItem(field: Field, others: readonly RawValue[]): Tree {
  const key = field.fields.find(({ name }) => name === field.itemKey)
  const numbers = others.map((item) => Number(valueAt(item, [key?.name ?? ''])))
  const numbered = key?.type === 'integer' && numbers.every((number) => Number.isSafeInteger(number))
  return {
    ...(numbered && key !== undefined ? { [key.name]: String(Math.max(0, ...numbers) + 1) } : {}),
    ...newBody(field.fields),
  }
}

/** A blank record: with one item in each list of groups that must have some. */
export function newBody(fields: readonly Field[]): Tree {
  const lists = fields.filter(
    ({ type, many, required, when }) => type === 'group' && many && required && when === null,
  )
  return Object.fromEntries(lists.map((field) => [field.name, [newItem(field, [])]]))
}
