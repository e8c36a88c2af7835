import { createContext, use } from 'react'
import type { Definition, RecordType } from '../../../src/exchange/definition.ts'
import type { RawValue } from '../../../src/exchange/parcel.ts'
import type { Judged } from '../check/record-check.ts'
import type { Placed } from './findings.ts'
import type { Steps, Tree } from './tree.ts'

/** A record that is being written, and what is known of it. */
export interface FormState {
  readonly definition: Definition
  readonly type: RecordType
  readonly tree: Tree
  readonly judged: Judged
  readonly outside: ReadonlySet<string>
  /** Fields of the record that stay as they are: what it is known by. */
  readonly fixed: ReadonlySet<string>
  /** All that is wrong, shown or not. */
  readonly placed: readonly Placed[]
  /** What is shown beside a field by now. */
  findingsAt(path: string): readonly Placed[]
  /** As it was sent, where that was found wrong. */
  sentAt(path: string): string | undefined
  set(steps: Steps, value: RawValue | undefined): void
  /** The person has left the field: what is wrong there is said from now on. */
  leave(path: string): void
}

const Context = createContext<FormState | null>(null)
export const FormProvider = Context.Provider

export function useFormState(): FormState {
  const state = use(Context)
  if (state === null) throw new Error('outside of a form')
  return state
}

/** The id of a field's control. */
export function idOf(path: string): string {
  return `f-${path.replace(/[.[\]]+/g, '-').replace(/-$/, '')}`
}
