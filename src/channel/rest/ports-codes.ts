import type { CodeValue } from '../../exchange/definition.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import type { UnmatchedValue } from '../../store/unmatched-values.ts'
import type { RuleSetView } from './ports-rules.ts'

/** A version of an imported code list, and what it changed. */
export interface CodeTableVersion {
  readonly version: number
  readonly importedBy: string
  /** ISO, UTC. */
  readonly importedAt: string
  readonly values: number
  readonly added: number
  readonly removed: number
  readonly changed: number
}

/** Entries to put and to remove; an entry is known by its code and its first day. */
export interface CodeEdit {
  readonly put: readonly CodeValue[]
  readonly remove: readonly Pick<CodeValue, 'code' | 'from'>[]
}

/** What a partner's codes mean in ours: by the definition, and by the rule set that stands. */
export interface CrosswalkView {
  readonly name: string
  readonly list: string
  /** Fields that it is used for, each with its record type. */
  readonly fields: readonly string[]
  readonly partners: readonly {
    /** `*`: for all. */
    readonly partner: string
    /** Their code → ours, as the definition says. */
    readonly stated: Readonly<Record<string, string>>
    /** The same of the rule set in effect; these go first. */
    readonly ruled: Readonly<Record<string, string>>
  }[]
}

/** What the centre does with code lists and crosswalks. Every call is already authorised. */
export interface CodeTablePorts {
  /** The fields of an exchange that use each list, as `stop.persons.gender`. */
  usedBy(exchange: string): Readonly<Record<string, readonly string[]>>
  /** CSV with the columns that the definition names; what it names none for has `code,label,from,until`. */
  csv(exchange: string, list: string): string
  /** Throws BAD_REQUEST for what the list cannot hold. */
  edit(
    who: Who,
    exchange: string,
    list: string,
    edit: CodeEdit,
  ): Promise<{ values: number; added: number; removed: number; changed: number }>
  /** Newest first. */
  versions(exchange: string, list: string): Promise<readonly CodeTableVersion[]>
  /** Values sent in the last months that are no code of the list, the most frequent first. */
  unmatched(exchange: string, list: string, realm: Realm): Promise<readonly UnmatchedValue[]>
  crosswalks(exchange: string): Promise<readonly CrosswalkView[]>
  /** Puts a new version of the partner's rule set in which the crosswalk is this one. */
  putCrosswalk(
    who: Who,
    exchange: string,
    crosswalk: string,
    change: {
      readonly partner: string
      readonly map: Readonly<Record<string, string>>
      readonly effectiveAt: string | null
      readonly reason: string
    },
  ): Promise<RuleSetView>
}
