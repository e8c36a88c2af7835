import type { Field, RecordType } from '../../../src/exchange/definition.ts'
import type { Finding } from '../../../src/exchange/parcel.ts'
import { formSteps, pathOf, type Steps, type Tree } from './tree.ts'

/** A finding and the place of the form that it stands beside. */
export interface Placed {
  readonly finding: Finding
  /** Of the field, or of the group; '' for the whole record. */
  readonly path: string
  /** What that place is called, from the outermost group on. */
  readonly label: string
}

/** Puts each finding beside its field. A value of a list of values stands beside the list. */
export function placeFindings(tree: Tree, type: RecordType, findings: readonly Finding[]): readonly Placed[] {
  return findings.map((finding) => {
    const steps = ownSteps(formSteps(tree, finding.path), type.fields)
    return { finding, path: pathOf(steps), label: labelOf(steps, type.fields) }
  })
}

function ownSteps(steps: Steps, fields: readonly Field[]): Steps {
  let inside = fields
  const kept: (string | number)[] = []
  for (const step of steps) {
    kept.push(step)
    if (typeof step === 'number') continue
    const field = inside.find(({ name }) => name === step)
    if (field === undefined || field.type !== 'group') return kept
    inside = field.fields
  }
  return kept
}

function labelOf(steps: Steps, fields: readonly Field[]): string {
  let inside = fields
  const words: string[] = []
  for (const step of steps) {
    if (typeof step === 'number') words.push(`${words.pop() ?? ''} ${step + 1}`)
    else {
      const field = inside.find(({ name }) => name === step)
      words.push(field?.label ?? step)
      inside = field?.fields ?? []
    }
  }
  return words.join(', ')
}

/** The two lists as one; what both hold stands once. */
export function unionOf(first: readonly Finding[], second: readonly Finding[]): readonly Finding[] {
  const known = new Set(first.map(({ code, path }) => `${code} ${path}`))
  return [...first, ...second.filter(({ code, path }) => !known.has(`${code} ${path}`))]
}
