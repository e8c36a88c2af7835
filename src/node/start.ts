import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import type { Ports } from '../channel/rest/ports.ts'
import { createRestServer } from '../channel/rest/server.ts'
import type { Database } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import type { FirstAdministrator } from '../identity/first-start.ts'
import { createIdentity, type Identity } from '../identity/identity.ts'
import { ownFile } from '../installed/own-file.ts'
import { version } from '../installed/version.ts'
import { countTasks } from '../job/queue.ts'
import { createJudgePool } from '../judge/pool.ts'
import { createRealtime } from '../run/realtime.ts'
import { startWorker } from '../run/worker.ts'
import { createDocumentFolder, sweepIncoming } from '../store/documents.ts'
import { installationId, numberInstallation } from '../store/installation.ts'
import { createAgentPorts } from './agent-ports.ts'
import { createAuditPorts } from './audit-ports.ts'
import { createBulkPorts } from './bulk-ports.ts'
import { watchCandidates } from './candidate-watch.ts'
import type { Config } from './config.ts'
import { bindFolder } from './data-folder.ts'
import { createDefinitionPorts } from './definition-ports.ts'
import { openDefinitions, ownExchanges } from './definitions.ts'
import { createDuplicatePorts } from './duplicate-ports.ts'
import { createFormsPorts } from './forms-ports.ts'
import { createJobPorts } from './job-ports.ts'
import { openJobs } from './jobs.ts'
import { openMailer } from './mail.ts'
import { createMessagePorts } from './message-ports.ts'
import { openStore } from './node-database.ts'
import { createOverviewPorts } from './overview-ports.ts'
import { createPeoplePorts } from './people-ports.ts'
import { openPickUp, treesFolder } from './pick-up.ts'
import { createQualityPorts } from './quality-ports.ts'
import { createReconcilePorts } from './reconcile-ports.ts'
import { createRecordPorts } from './record-ports.ts'
import { createRegistryPorts } from './registry-ports.ts'
import { type SftpAddress, startSftp } from './sftp.ts'
import { createSubmissionPorts } from './submission-ports.ts'
import { createSubmitPorts } from './submit-ports.ts'
import { createSystemPorts } from './system-ports.ts'

/** Nodes on one server may share the document folder: what another still receives is younger than this. */
const sharedSweepMs = 24 * 3600 * 1000

/** A running node. */
export interface Node {
  readonly url: string
  /** Where the file server listens; null when there is none. */
  readonly sftp: SftpAddress | null
  readonly identity: Identity
  readonly db: Database
  /** At the very first start: the administrator and the password that is good for one use. */
  readonly administrator: FirstAdministrator | null
  reloadCertificate(): Promise<void>
  /** Ends requests and work at their next safe point and closes everything, in reverse order. */
  close(): Promise<void>
}

/**
 * Builds a node and starts it: the one place that makes things and closes them. Throws faults CONFIG_WRONG,
 * DEFINITION_WRONG, FOLDER_IN_USE, DATABASE_AWAY; whatever was opened by then is closed again.
 */
export async function startNode(config: Config): Promise<Node> {
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    return { ...(await build(config, opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function build(config: Config, opened: (() => Promise<unknown>)[]): Promise<Omit<Node, 'close'>> {
  const log = pino(
    { level: config.logLevel, base: null, redact: ['*.secret', '*.password'] },
    pino.destination(2),
  )
  const now = () => Date.now()
  const { identity, administrator, documentFolder, ...kept } = await openKept(config, opened, now, log)
  const { db, definitions } = kept
  const pool = createJudgePool()
  opened.push(() => pool.close())
  const base = { ...kept, pool, now, log }
  const realtime = createRealtime(base)
  const sign = (claims: object) => identity.keys.sign('paper', 'tributary-paper+jwt', claims)
  const worker = startWorker(
    { ...base, sign, waited: realtime.waited },
    { lanes: config.lanes, leaseSeconds: config.leaseSeconds },
  )
  opened.push(() => worker.close())
  const mailer = await openMailer(config, base)
  opened.push(() => mailer.close())
  const pickUp = await openPickUp(config, { ...base, sign, queued: () => worker.wake() })
  opened.push(() => pickUp.close())
  const jobs = openJobs(config, base, {
    folder: join(documentFolder, 'arriving'),
    queued: () => worker.wake(),
    mailed: () => mailer.wake(),
  })
  opened.push(() => jobs.close())
  const candidates = await watchCandidates(base)
  opened.push(() => candidates.close())
  const jobPorts = createJobPorts(jobs.deps)
  let sftp: Awaited<ReturnType<typeof startSftp>> = null
  const fileServer = () => sftp?.address ?? null
  const ports: Ports = {
    ...createDefinitionPorts(base),
    submit: createSubmitPorts({ ...base, realtime, worker, documentBytesMax: config.documentBytesMax }),
    submissions: createSubmissionPorts({ ...base, sign }),
    records: createRecordPorts(base),
    messages: createMessagePorts(base),
    overview: createOverviewPorts(base),
    forms: createFormsPorts(base),
    quality: createQualityPorts(base),
    duplicates: createDuplicatePorts(base),
    reconciliations: createReconcilePorts(base),
    bulk: createBulkPorts({ ...base, pickUp, treesFolder: treesFolder(config), fileServer }),
    registry: createRegistryPorts({ db, now, definitions, mailReady: () => mailer.wake() }),
    people: createPeoplePorts({ ...base, config, mailReady: () => mailer.wake() }),
    agent: createAgentPorts(jobs.deps),
    jobs: jobPorts,
    audit: createAuditPorts(db, identity.publicKeys),
    system: createSystemPorts({ ...base, config, mailer, pickUp, jobs: jobPorts, fileServer }),
    health: async () => {
      const queued = await db.transact(countTasks).catch(() => null)
      return { ready: queued !== null, durable: db.durable, database: db.kind, version, queued: queued ?? 0 }
    },
  }
  const rest = await createRestServer({
    ports,
    identity: { ...identity, audit: auditOf(identity) },
    log,
    config: restConfig(config),
    version,
    console: fileURLToPath(ownFile('dist/console/')),
  })
  opened.push(() => rest.close())
  const { url } = await rest.listen()
  const onUploaded = () => pickUp.wake()
  sftp = await startSftp({ config, db, identity, definitions, log, now, onUploaded })
  const server = sftp?.server
  if (server !== undefined) opened.push(() => server.close())
  logStart(log, config, db, url)
  return {
    url: config.publicUrl ?? url,
    sftp: sftp?.address ?? null,
    identity,
    db,
    administrator,
    reloadCertificate: () => rest.reloadCertificate(),
  }
}

/** What the node keeps and knows: its database, brought up to date, accounts, exchanges and documents. */
async function openKept(config: Config, opened: (() => Promise<unknown>)[], now: () => number, log: Logger) {
  const db = await openStore(config, opened)
  await migrate(db)
  await db.transact(numberInstallation)
  await bindFolder(config.dataFolder, await db.transact(installationId))
  const identity = createIdentity({
    db,
    now,
    config: {
      tokenMinutes: config.tokenMinutes,
      session: { idleMinutes: config.sessionIdleMinutes, hours: config.sessionHours },
      publicUrl: config.publicUrl,
    },
  })
  opened.push(() => identity.audit.close())
  const administrator = await identity.firstStart()
  const definitions = await openDefinitions(db, config.exchangesFolder ?? ownExchanges, log)
  const documentFolder = join(config.dataFolder, 'documents')
  await sweepIncoming(documentFolder, now() - (config.databaseUrl === null ? 0 : sharedSweepMs))
  const documents = createDocumentFolder(documentFolder)
  return { db, identity, administrator, definitions, documentFolder, documents }
}

function auditOf(identity: Identity): Parameters<typeof createRestServer>[0]['identity']['audit'] {
  return ({ requestId, method, route, target, status, account, partner, address }) =>
    identity.audit.write({
      account,
      partner,
      action: `${method} ${route}`,
      target,
      status,
      request: requestId,
      address,
    })
}

function restConfig(config: Config): Parameters<typeof createRestServer>[0]['config'] {
  return {
    host: config.host,
    port: config.port,
    tls:
      config.tlsCertificate === null || config.tlsKey === null
        ? null
        : { cert: config.tlsCertificate, key: config.tlsKey, clientCa: config.tlsClientCa },
    behindProxy: config.behindProxy,
    documentBytesMax: config.documentBytesMax,
    recordBytesMax: config.bodyBytesMax,
    headerBytesMax: 16 * 2 ** 10,
    smallBodyMs: 20_000,
    idleMs: 60_000,
    connectionsMax: 2000,
    closeMs: 10_000,
  }
}

function logStart(log: Logger, config: Config, db: Database, url: string): void {
  log.info({ url, version, database: db.kind, durable: db.durable, data: config.dataFolder }, 'node.started')
  if (!db.durable)
    log.warn(
      {},
      'database.embedded: it survives a killed process, not a power cut; set DATABASE_URL for real data',
    )
}
