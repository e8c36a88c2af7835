import type { Health, HealthCheck, SystemView } from '../channel/rest/ports-operations.ts'

/** Below this the node cannot promise to take in the next files. */
const freeBytesLeast = 2 * 2 ** 30
const freeShareLow = 0.1
/** So much waiting is more than a night's files of all agencies. */
const queuedMany = 1000
const mailOldMs = 6 * 3600_000

/** What is judged: everything but the judgement. */
export type SystemFacts = Omit<SystemView, 'checks'>

/** How each part of the node stands. */
export function healthChecks(facts: SystemFacts, now: number): readonly HealthCheck[] {
  const { database, queued, fileServer, intakes, jobs } = facts
  return [
    database.durable ? check('database', 'good', 'durable') : check('database', 'warn', 'embedded'),
    diskCheck(facts),
    check('queue', queued > queuedMany ? 'warn' : 'good', queued === 0 ? 'empty' : 'waiting', queued),
    mailCheck(facts, now),
    fileServer === null ? check('file-server', 'warn', 'off') : check('file-server', 'good', 'on'),
    intakes.stuck > 0
      ? check('intakes', 'bad', 'stuck', intakes.stuck)
      : check('intakes', 'good', intakes.open === 0 ? 'empty' : 'open', intakes.open),
    jobsCheck(facts),
    jobs.silentAgents > 0
      ? check('agents', 'warn', 'silent', jobs.silentAgents)
      : check('agents', 'good', jobs.agents === 0 ? 'none' : 'well', jobs.agents),
  ]
}

function check(
  name: HealthCheck['check'],
  health: Health,
  state: string,
  count: number | null = null,
): HealthCheck {
  return { check: name, health, state, count }
}

function diskCheck({ disk }: SystemFacts): HealthCheck {
  if (disk === null) return check('disk', 'warn', 'unknown')
  if (disk.freeBytes < freeBytesLeast) return check('disk', 'bad', 'full')
  if (disk.freeBytes < disk.totalBytes * freeShareLow) return check('disk', 'warn', 'low')
  return check('disk', 'good', 'enough')
}

function jobsCheck({ jobs: { openAlerts, acknowledged } }: SystemFacts): HealthCheck {
  if (openAlerts > acknowledged) return check('jobs', 'bad', 'alerts', openAlerts)
  return openAlerts > 0 ? check('jobs', 'warn', 'acknowledged', openAlerts) : check('jobs', 'good', 'well')
}

function mailCheck({ mail }: SystemFacts, now: number): HealthCheck {
  const failed = mail.bounced + mail.givenUp
  if (!mail.sending) return check('mail', 'warn', 'off', mail.queued)
  if (mail.oldest !== null && now - Date.parse(mail.oldest) > mailOldMs)
    return check('mail', 'bad', 'late', mail.queued)
  if (failed > 0) return check('mail', 'warn', 'failed', failed)
  return check('mail', 'good', mail.queued === 0 ? 'empty' : 'waiting', mail.queued)
}
