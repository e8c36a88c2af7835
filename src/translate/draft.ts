import type { Operation } from '../exchange/definition.ts'
import type { Finding, Note, RawScalar, RawValue } from '../exchange/parcel.ts'

/** What a record holds for one field before it is judged; undefined: absent. */
export type DraftValue = undefined | RawValue | DraftGroup | readonly (RawScalar | RawValue | DraftGroup)[]

/** The values of a record or of a group in it, in the order of its fields in the definition. */
export class DraftGroup {
  readonly values: DraftValue[]
  constructor(count: number) {
    this.values = new Array<DraftValue>(count).fill(undefined)
  }
}

/** A record under its canonical fields, with values as they were sent: transformed, not yet judged. */
export interface Draft {
  readonly position: number
  readonly line: number
  readonly member: string
  /** Name of the record type. */
  readonly type: string
  readonly operation: Operation
  /** The centre's id as the sender quoted it. */
  readonly quotedId: string | null
  /** The marker that an error file gave it, or null. */
  readonly corrects: string | null
  readonly record: DraftGroup
  readonly findings: Finding[]
  readonly notes: Note[]
  /** A filter dropped it; its one finding says which. */
  readonly filtered: boolean
  /** It could not be read at all; its finding says why. */
  readonly broken: boolean
  /** In a layout of others: where its fields stand there, by canonical paths without item numbers. */
  readonly places?: ReadonlyMap<string, string>
}
