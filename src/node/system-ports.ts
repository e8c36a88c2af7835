import { statfs } from 'node:fs/promises'
import type { JobPorts } from '../channel/rest/ports-jobs.ts'
import type { SystemPorts } from '../channel/rest/ports-operations.ts'
import type { Database } from '../db/database.ts'
import { version } from '../installed/version.ts'
import { countTasks } from '../job/queue.ts'
import type { Mailer } from '../run/mailer.ts'
import { listAlerts } from '../store/alerts.ts'
import { databaseBytes } from '../store/installation.ts'
import { openIntakes } from '../store/intakes.ts'
import { mailQueue } from '../store/mails.ts'
import type { Config } from './config.ts'
import type { LiveDefinitions } from './definitions.ts'
import { healthChecks, type SystemFacts } from './health-checks.ts'
import type { OpenPickUp } from './pick-up.ts'

const alertsMax = 1000

interface SystemDeps {
  readonly db: Database
  readonly now: () => number
  readonly definitions: LiveDefinitions
  readonly config: Pick<Config, 'dataFolder'>
  readonly mailer: Pick<Mailer, 'sending'>
  readonly pickUp: Pick<OpenPickUp, 'lastScanAt'>
  readonly jobs: Pick<JobPorts, 'agents'>
  readonly fileServer: () => { readonly host: string; readonly port: number } | null
}

/** The node as its administrator looks at it. */
export function createSystemPorts(deps: SystemDeps): SystemPorts {
  const startedAt = deps.now()
  return {
    async view() {
      const facts = await factsOf(deps, startedAt)
      return { ...facts, checks: healthChecks(facts, deps.now()) }
    },
  }
}

async function factsOf(deps: SystemDeps, startedAt: number): Promise<SystemFacts> {
  const { db, now, definitions } = deps
  const stored = await db.transact(async (tx) => ({
    bytes: await databaseBytes(tx),
    queued: await countTasks(tx),
    mail: await mailQueue(tx),
    intakes: await openIntakes(tx, null),
    alerts: await listAlerts(tx, {
      partners: null,
      exchange: null,
      job: null,
      open: true,
      limit: alertsMax,
      before: null,
    }),
  }))
  const agents = await deps.jobs.agents(null)
  const scanned = deps.pickUp.lastScanAt()
  const server = deps.fileServer()
  return {
    version,
    runtime: `Node.js ${process.versions.node}`,
    startedAt: new Date(startedAt).toISOString(),
    uptimeSeconds: Math.floor((now() - startedAt) / 1000),
    database: { kind: db.kind, durable: db.durable, bytes: stored.bytes },
    disk: await diskOf(deps.config.dataFolder),
    queued: stored.queued,
    mail: { ...stored.mail, sending: deps.mailer.sending },
    fileServer: server === null ? null : { host: server.host, port: server.port },
    intakes: {
      open: stored.intakes.length,
      stuck: stored.intakes.filter(({ lastError }) => lastError !== null).length,
      lastScanAt: scanned === null ? null : new Date(scanned).toISOString(),
    },
    jobs: {
      openAlerts: stored.alerts.length,
      acknowledged: stored.alerts.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
      silentAgents: agents.filter(({ silent }) => silent).length,
      agents: agents.length,
    },
    exchanges: definitions.list().map(({ exchange, title, versions, hash }) => ({
      exchange,
      title,
      version: versions.at(-1)?.name ?? '',
      hash,
    })),
  }
}

async function diskOf(folder: string): Promise<SystemFacts['disk']> {
  const found = await statfs(folder).catch(() => null)
  if (found === null) return null
  return { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize }
}
