import type { Realm } from './model.ts'

/** What an agent takes out of the partner's database: everything, or what changed since it last succeeded. */
export type Extract = 'full' | 'changes'

/** Who made a run: the job's schedule, a person at the centre, or the partner. */
export type Origin = 'schedule' | 'now' | 'partner'

export const ATTEMPT_STATES = [
  'offered',
  'taken',
  'extracting',
  'uploading',
  'received',
  'processing',
  'done',
  'failed',
  'timed-out',
  'cancelled',
] as const

/** An attempt's life; each step is written in the transaction of its effect. */
export type AttemptState = (typeof ATTEMPT_STATES)[number]

export const RUN_STATES = ['scheduled', ...ATTEMPT_STATES] as const

/** A run is where its latest attempt is, or `scheduled` while it waits for the next one. */
export type RunState = (typeof RUN_STATES)[number]

/** Times of day, `HH:MM`, on the clock of a zone. `until` before `from`: past midnight. */
export interface Hours {
  readonly from: string
  readonly until: string
}

/** When and how often partners may start a job themselves. */
export interface OwnStart {
  /** Null: at any time of day. */
  readonly hours: Hours | null
  /** By one partner in one day of the job's zone. */
  readonly perDayMax: number
  /** Of all partners, open at one time. */
  readonly atOnceMax: number
}

/** Days, both included, on which jobs rest. */
export interface CalendarException {
  /** `YYYY-MM-DD` */
  readonly from: string
  readonly until: string
  readonly reason: string
}

export interface Calendar {
  readonly calendar: string
  readonly title: string
  readonly exceptions: readonly CalendarException[]
  readonly changedAt: string
}

/** A job as an office states it. */
export interface JobRule {
  readonly job: string
  readonly title: string
  readonly exchange: string
  readonly realm: Realm
  /** Null: every partner with an agent that may submit to the exchange. */
  readonly partners: readonly string[] | null
  readonly extract: Extract
  /** Five fields; null: it runs only when told to. */
  readonly cron: string | null
  /** IANA name; of the schedule, the window and the calendar. */
  readonly zone: string
  readonly calendar: string | null
  /** When attempts are handed out; null: at any time. */
  readonly window: Hours | null
  /** Higher goes first. */
  readonly priority: number
  /** How long an attempt may take from being taken to its file being here, and from being offered to being taken. */
  readonly arriveMinutes: number
  readonly retryMinutes: number
  /** Attempts after the first one. */
  readonly retryLimit: number
  /** Occurrences that passed while no node ran: made up for by one run, or left out. */
  readonly missed: 'once' | 'skip'
  /** Null: partners may not start it. */
  readonly ownStart: OwnStart | null
}

/** Times are ISO texts in UTC. */
export interface Job extends JobRule {
  readonly paused: boolean
  readonly pauseReason: string | null
  /** Null: it has no schedule, or its schedule has no more occurrences. */
  readonly nextDue: string | null
  readonly changedAt: string
  readonly changedBy: string
}

export interface Run {
  readonly run: string
  readonly job: string
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly extract: Extract
  readonly origin: Origin
  readonly startedBy: string | null
  readonly rank: number
  readonly dueAt: string
  readonly state: RunState
  readonly reason: string | null
  readonly attempts: number
  readonly nextAt: string | null
  readonly createdAt: string
  readonly changedAt: string
  readonly closedAt: string | null
}

/** What an agent says it will upload. */
export interface Announced {
  readonly bytes: number
  readonly sha256: string
  readonly fileName: string
  readonly contentType: string
  readonly records: number
  readonly marker: string | null
}

export interface Attempt {
  readonly attempt: string
  readonly run: string
  readonly job: string
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly extract: Extract
  readonly origin: Origin
  readonly number: number
  readonly state: AttemptState
  readonly code: string | null
  readonly reason: string | null
  readonly account: string | null
  readonly since: string | null
  readonly marker: string | null
  readonly definitionHash: string | null
  readonly offeredAt: string
  readonly takenAt: string | null
  readonly extractingAt: string | null
  readonly uploadingAt: string | null
  readonly receivedAt: string | null
  readonly processingAt: string | null
  readonly closedAt: string | null
  readonly arriveBy: string
  readonly leasedUntil: string | null
  readonly records: number
  readonly bytes: number
  readonly bytesOf: number | null
  readonly upload: Announced | null
  readonly book: number | null
  readonly tracking: string | null
  /** SHA-256 of the document. */
  readonly errorLog: string | null
  readonly failedAt: string | null
}
