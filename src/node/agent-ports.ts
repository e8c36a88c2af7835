import type { AgentCaller, AgentPorts } from '../channel/rest/ports-agent.ts'
import { type AgentAccount, askForWork, keepAttempt } from '../run/jobs/agent-calls.ts'
import { attemptResult, noteFailure } from '../run/jobs/agent-results.ts'
import type { JobDeps } from '../run/jobs/deps.ts'
import { appendUpload, beginUpload, completeUpload } from '../run/jobs/uploads.ts'
import { OffsetDiffers } from '../store/partial-uploads.ts'

/** What agents may ask to be done. */
export function createAgentPorts(deps: JobDeps): AgentPorts {
  const leaseSeconds = Math.round(deps.leaseMs / 1000)
  return {
    async next(caller, { waitSeconds, ...question }, signal) {
      const asked = { ...question, waitMs: waitSeconds * 1000 }
      const taken = await askForWork(deps, accountOf(caller), asked, signal)
      if (taken === null) return null
      const { attempt, job, exchange, realm, extract, since, definitionHash, arriveBy, number } = taken
      return {
        attempt,
        job,
        exchange,
        realm,
        extract,
        since,
        definitionHash: definitionHash ?? '',
        leaseSeconds,
        arriveBy,
        attemptNumber: number,
      }
    },
    async progress(caller, attempt, progress) {
      await keepAttempt(deps, accountOf(caller), attempt, progress)
      return { leaseSeconds }
    },
    begin: (caller, attempt, upload) => beginUpload(deps, accountOf(caller), attempt, upload),
    async append(caller, attempt, offset, bytes) {
      try {
        return {
          offset: await appendUpload(deps, accountOf(caller), attempt, { offset, bytes }),
          differs: false,
        }
      } catch (error) {
        if (error instanceof OffsetDiffers) return { offset: error.offset, differs: true }
        throw error
      }
    },
    complete: (caller, attempt) => completeUpload(deps, accountOf(caller), attempt),
    fail: (caller, attempt, failure) => noteFailure(deps, accountOf(caller), attempt, failure),
    result: (caller, attempt) => attemptResult(deps, accountOf(caller), attempt),
    definition: (exchange, partner) => deps.definitions.inEffect(exchange, partner, deps.now()),
  }
}

function accountOf({ who, address }: AgentCaller): AgentAccount {
  return { account: who.account, login: who.name, partner: who.partner, address }
}
