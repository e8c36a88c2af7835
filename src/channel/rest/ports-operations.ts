import type { AuditVerdict } from '../../identity/audit.ts'
import type { AuditFilter, NamedAuditLine } from '../../store/audit.ts'
import type { MailQueue } from '../../store/mails.ts'
import type { Page } from './ports.ts'

/** Who did what. Every call is already authorised. */
export interface AuditPorts {
  search(
    filter: AuditFilter,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<Page<NamedAuditLine>>
  /** Reads the whole log; those who ask meanwhile get the same answer. */
  verify(knownHead: string | null): Promise<AuditVerdict>
}

/** `bad` needs somebody now, `warn` is to be known. */
export type Health = 'good' | 'warn' | 'bad'

/** One thing that is looked at, and how it stands. */
export interface HealthCheck {
  readonly check: 'database' | 'disk' | 'queue' | 'mail' | 'file-server' | 'intakes' | 'jobs' | 'agents'
  readonly health: Health
  /** Which of the sentences about it holds, and its number. */
  readonly state: string
  readonly count: number | null
}

/** The node, and what it stands on. */
export interface SystemView {
  readonly version: string
  readonly runtime: string
  readonly startedAt: string
  readonly uptimeSeconds: number
  readonly database: {
    readonly kind: 'postgres' | 'pglite'
    readonly durable: boolean
    readonly bytes: number
  }
  /** Of the data folder; null where it cannot be told. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null
  /** Pieces of work that wait for a worker. */
  readonly queued: number
  readonly mail: MailQueue & { readonly sending: boolean }
  readonly fileServer: { readonly host: string; readonly port: number } | null
  readonly intakes: { readonly open: number; readonly stuck: number; readonly lastScanAt: string | null }
  readonly jobs: {
    readonly openAlerts: number
    /** Of these, those that somebody looks after. */
    readonly acknowledged: number
    readonly silentAgents: number
    readonly agents: number
  }
  readonly exchanges: readonly {
    readonly exchange: string
    readonly title: string
    readonly version: string
    readonly hash: string
  }[]
  readonly checks: readonly HealthCheck[]
}

export interface SystemPorts {
  view(): Promise<SystemView>
}
