import type { RunDeps } from '../run/deps.ts'
import type { JobDeps } from '../run/jobs/deps.ts'
import { createGreetings } from '../run/jobs/greetings.ts'
import { createOffers } from '../run/jobs/offers.ts'
import { startPlanner } from '../run/jobs/planner.ts'
import { createPartialUploads } from '../store/partial-uploads.ts'
import type { Config } from './config.ts'

export interface OpenJobs {
  readonly deps: JobDeps
  close(): Promise<void>
}

/**
 * Starts looking after jobs.
 * @param given.folder for uploads of agents that are not whole, on the disk of the documents
 * @param given.queued submissions were queued
 * @param given.mailed mails were made
 */
export function openJobs(
  config: Config,
  base: RunDeps,
  given: { readonly folder: string; readonly queued: () => void; readonly mailed: () => void },
): OpenJobs {
  const deps: JobDeps = {
    ...base,
    offers: createOffers(),
    greetings: createGreetings(),
    uploads: createPartialUploads(given.folder, base.documents),
    leaseMs: config.agentLeaseSeconds * 1000,
    documentBytesMax: config.documentBytesMax,
    queued: given.queued,
    changed: () => planner.wake(),
  }
  const planner = startPlanner({
    ...deps,
    limits: { tasks: config.loadedTasks, attempts: config.loadedAttempts },
    publicUrl: config.publicUrl,
    mailed: given.mailed,
  })
  return { deps, close: () => planner.close() }
}
