import type { Logger } from 'pino'
import type { Database, Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import type { JudgePool } from '../judge/pool.ts'
import type { DocumentFolder } from '../store/documents.ts'

/** What the river's runners are given; built once in `node/start.ts`. */
export interface RunDeps {
  readonly db: Database
  readonly documents: DocumentFolder
  readonly definitions: Definitions
  readonly pool: JudgePool
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** The exchanges of this node, as they stand now and as they stood when a submission was pinned to them. */
export interface Definitions {
  list(): readonly Definition[]
  /** Throws fault NOT_FOUND. */
  get(exchange: string): Definition
  /**
   * The definition that judges what a partner sends at that time (milliseconds since 1970), rule sets laid over it.
   * Throws faults NOT_FOUND, RULES_WRONG.
   */
  inEffect(exchange: string, partner: string, at: number): Promise<Definition>
  /** The definition a submission is pinned to, also when a newer one is in force. */
  pinned(tx: Tx, hash: string): Promise<Definition>
}

/** Today's date in an exchange's zone. */
export function dateIn(zone: string, now: number): string {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(zone, format)
  }
  return format.format(now)
}

const formats = new Map<string, Intl.DateTimeFormat>()
