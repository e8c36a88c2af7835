import type { Who } from '../../identity/who.ts'
import type { Agent } from '../../store/agents.ts'
import type { Alert } from '../../store/alerts.ts'
import type { Attempt, AttemptState, Calendar, Job, JobRule, Run, RunState } from '../../store/job-model.ts'
import type { Session, SessionFilter, Trend } from '../../store/sessions.ts'
import type { Download, Page } from './ports.ts'

/** A run with what is asked about it. */
export interface RunView extends Run {
  /** From 1, among all runs that wait; null when it waits for nothing. */
  readonly place: number | null
}

export interface AgentView extends Agent {
  /** It did not ask for work for some minutes. */
  readonly silent: boolean
}

interface Paged {
  readonly limit: number
  readonly after: string | null
}

export interface RunQuery extends Paged {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly partner: string | null
  readonly exchange: string | null
  readonly job: string | null
  readonly state: RunState | null
  readonly open: boolean
}

export interface AttemptQuery extends Paged {
  readonly partners: readonly string[] | null
  readonly partner: string | null
  readonly exchange: string | null
  readonly job: string | null
  readonly run: string | null
  readonly state: AttemptState | null
}

export interface AlertQuery extends Paged {
  readonly partners: readonly string[] | null
  readonly exchange: string | null
  readonly job: string | null
  readonly open: boolean
}

export interface TrendQuery extends SessionFilter {
  readonly by: 'day' | 'week' | 'month'
  readonly zone: string
}

/** Jobs of agents, and what became of them. Every call is already authorised; all throw NOT_FOUND for what is not. */
export interface JobPorts {
  list(exchange: string | null): Promise<readonly Job[]>
  find(job: string): Promise<Job>
  /** Throws BAD_REQUEST, CONFLICT. */
  save(by: Who, rule: JobRule): Promise<Job>
  pause(by: Who, job: string, reason: string | null): Promise<Job>
  resume(by: Who, job: string): Promise<Job>
  remove(by: Who, job: string): Promise<void>
  /** The next times at which its schedule makes runs, ISO. */
  occurrences(job: string, count: number): Promise<readonly string[]>
  /** `partner` null: all of the job's. Throws NOT_ALLOWED_NOW. */
  runNow(
    by: Who,
    request: { job: string; partner: string | null; force: boolean },
  ): Promise<readonly RunView[]>
  /** By a partner. Throws NOT_ALLOWED, NOT_ALLOWED_NOW. */
  startOwn(by: Who, job: string): Promise<RunView>
  readonly runs: {
    list(query: RunQuery): Promise<Page<RunView>>
    find(run: string): Promise<RunView & { readonly history: readonly Attempt[] }>
    /** Throws NOT_ALLOWED_NOW. */
    cancel(by: Who, run: string, reason: string): Promise<RunView>
  }
  readonly attempts: {
    list(query: AttemptQuery): Promise<Page<Attempt>>
    find(attempt: string): Promise<Attempt>
    /** What the agent sent about its failure. */
    log(attempt: string): Promise<Download>
  }
  readonly calendars: {
    list(): Promise<readonly Calendar[]>
    find(calendar: string): Promise<Calendar>
    /** Throws BAD_REQUEST. */
    save(by: Who, calendar: Pick<Calendar, 'calendar' | 'title' | 'exceptions'>): Promise<Calendar>
    /** Throws CONFLICT while a job uses it. */
    remove(by: Who, calendar: string): Promise<void>
  }
  readonly alerts: {
    list(query: AlertQuery): Promise<Page<Alert>>
    find(alert: number): Promise<Alert>
    acknowledge(by: Who, alert: number, note: string | null): Promise<Alert>
    /**
     * Each change of an alert, in order, until the signal ends it.
     * @param after the `change` of the last one that was seen; null: first all that are open now
     */
    watch(partners: readonly string[] | null, after: number | null, signal: AbortSignal): AsyncIterable<Alert>
  }
  agents(partners: readonly string[] | null): Promise<readonly AgentView[]>
  sessions(filter: SessionFilter, page: Paged): Promise<Page<Session>>
  trends(query: TrendQuery): Promise<readonly Trend[]>
}
