import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Work to do. It only wakes; the truth is the state of the row its subject names. */
export interface Job {
  readonly job: number
  readonly kind: string
  /** Jobs of one lane run one at a time, oldest first. */
  readonly lane: string
  readonly subject: string
  readonly attempts: number
  /** Number of this lease; every write under it carries it, so that a lost lease cannot write. */
  readonly claim: number
}

/** Adds a job in the caller's transaction. */
export async function enqueue(tx: Tx, kind: string, lane: string, subject: string): Promise<void> {
  await tx.rows(sql`insert into job (kind, lane, subject) values (${kind}, ${lane}, ${subject})`)
}

/**
 * Leases the oldest job whose lane is free, or null. In a lane the job that was begun comes first, whatever
 * their numbers: two that are queued at one moment may become visible in the other order.
 */
export async function claimJob(tx: Tx, kinds: readonly string[], leaseSeconds: number): Promise<Job | null> {
  // Claims take turns. Otherwise two workers, neither seeing the other's lease yet, could take one lane.
  await tx.rows(sql`select pg_advisory_xact_lock(${CLAIMING})`)
  const [row] = await tx.rows<Job>(sql`
    update job set claim = nextval('claim_token'), leased_until = now() + make_interval(secs => ${leaseSeconds}),
                   attempts = attempts + 1
     where job = (
       select j.job from job j
        where j.kind = any (${kinds}::text[]) and j.run_at <= now()
          and (j.leased_until is null or j.leased_until < now())
          and not exists (select 1 from job o where o.lane = j.lane
                             and (o.claim is null, o.job) < (j.claim is null, j.job))
        order by j.job limit 1 for update skip locked)
    returning job, kind, lane, subject, attempts, claim`)
  return row ?? null
}

/**
 * Leases a lane itself, for work that nobody queues because it is there to be seen; null when another process has
 * it. Done by `finishJob`.
 */
export async function claimLane(
  tx: Tx,
  kind: string,
  lane: string,
  leaseSeconds: number,
): Promise<Job | null> {
  await tx.rows(sql`select pg_advisory_xact_lock(${CLAIMING})`)
  await tx.rows(sql`
    insert into job (kind, lane, subject)
    select ${kind}::text, ${lane}::text, ${lane}::text
     where not exists (select 1 from job where lane = ${lane}::text)`)
  const [row] = await tx.rows<Job>(sql`
    update job set claim = nextval('claim_token'), leased_until = now() + make_interval(secs => ${leaseSeconds}),
                   attempts = attempts + 1
     where lane = ${lane} and (leased_until is null or leased_until < now())
    returning job, kind, lane, subject, attempts, claim`)
  return row ?? null
}

/** Number of the advisory lock under which jobs are claimed; any constant will do. */
const CLAIMING = 7_281_163

/** Keeps the lease; false when it was lost. */
export async function renewLease(tx: Tx, job: Job, leaseSeconds: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update job set leased_until = now() + make_interval(secs => ${leaseSeconds})
     where job = ${job.job} and claim = ${job.claim} returning 1`)
  return rows.length === 1
}

/** The job is done; false when the lease was lost. */
export async function finishJob(tx: Tx, job: Job): Promise<boolean> {
  const rows = await tx.rows(sql`delete from job where job = ${job.job} and claim = ${job.claim} returning 1`)
  return rows.length === 1
}

/** Gives a failed job back, to run again after a pause that doubles up to five minutes. */
export async function returnJob(tx: Tx, job: Job, reason: string): Promise<void> {
  const pauseSeconds = Math.min(300, 2 ** Math.min(job.attempts, 9))
  await tx.rows(sql`
    update job set leased_until = null, run_at = now() + make_interval(secs => ${pauseSeconds}), last_error = ${reason}
     where job = ${job.job} and claim = ${job.claim}`)
}

/** Is anything of this lane waiting or being done? */
export async function laneBusy(tx: Tx, lane: string): Promise<boolean> {
  const rows = await tx.rows(sql`select 1 from job where lane = ${lane} limit 1`)
  return rows.length > 0
}

/** Jobs not yet done; a lease of a lane itself is none. */
export async function countJobs(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    sql`select count(*)::int as count from job where lane <> subject`,
  )
  return row?.count ?? 0
}
