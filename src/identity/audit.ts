import type { Tx } from '../db/database.ts'

/** The audit log: entries, and the seals that bind them. */
export interface AuditLog {
  /** In the caller's transaction, or (null) gathered with others; resolves when written or committed. */
  record(tx: Tx | null, entry: AuditEntry): Promise<void>
  /**
   * Seals what is not sealed yet. Safe with several processes: one seals, the others find nothing to do.
   * @returns how many entries were sealed
   */
  seal(): Promise<number>
  /** Checks the whole log against the keys, as `verifyAudit` does with an exported one. */
  verify(trust?: AuditTrust): Promise<AuditVerdict>
  /** The log as lines of JSON, for `verifyAudit` on any machine. */
  export(): AsyncGenerator<string>
  /** The latest seal, to be kept elsewhere: with it `verify` finds out when the log was cut short. */
  head(): Promise<AuditHead | null>
  /** Writes what is gathered. */
  flush(): Promise<void>
}

/** One thing done or refused. Never holds a record's content, a password or a token. */
export interface AuditEntry {
  readonly account: string | null
  readonly partner: string | null
  /** noun.verb, as `account.close`; a request is its method and route. */
  readonly action: string
  readonly exchange?: string | null
  readonly subject: string
  readonly outcome: string
  readonly detail?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
  readonly requestId?: string | null
  readonly address?: string | null
}

export interface AuditHead {
  readonly seal: number
  /** SHA-256 of the seal, hex. */
  readonly hash: string
}

/** What the verifier knows from elsewhere. Without keys those in the log itself must do. */
export interface AuditTrust {
  readonly keys?: readonly { readonly kid: string }[]
  /** A seal seen earlier, which the log must contain. */
  readonly head?: AuditHead
}

export interface AuditVerdict {
  readonly ok: boolean
  /** Entries that were found good: all, or those before the first bad one. */
  readonly entries: number
  readonly seals: number
  /** Entries at the end that no seal covers yet. */
  readonly unsealed: number
  readonly head: AuditHead | null
  /** `entry` is null when a seal itself is bad, missing or not ours. */
  readonly firstBad?: { readonly entry: number | null; readonly seal: number | null; readonly reason: string }
}
