import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Work to do. It only wakes; the truth is the state of the row its subject names. */
export interface Task {
  readonly task: number
  readonly kind: string
  /** Tasks of one lane run one at a time, oldest first. */
  readonly lane: string
  readonly subject: string
  readonly attempts: number
  /** Number of this lease; every write under it carries it, so that a lost lease cannot write. */
  readonly claim: number
}

/** Adds a task in the caller's transaction. */
export async function enqueue(tx: Tx, kind: string, lane: string, subject: string): Promise<void> {
  await tx.rows(sql`insert into task (kind, lane, subject) values (${kind}, ${lane}, ${subject})`)
}

/**
 * Leases the oldest task whose lane is free, or null. In a lane the task that was begun comes first, whatever
 * their numbers: two that are queued at one moment may become visible in the other order.
 */
export async function claimTask(
  tx: Tx,
  kinds: readonly string[],
  leaseSeconds: number,
): Promise<Task | null> {
  // Claims take turns. Otherwise two workers, neither seeing the other's lease yet, could take one lane.
  await tx.rows(sql`select pg_advisory_xact_lock(${CLAIMING})`)
  const [row] = await tx.rows<Task>(sql`
    update task set claim = nextval('claim_token'), leased_until = now() + make_interval(secs => ${leaseSeconds}),
                   attempts = attempts + 1
     where task = (
       select t.task from task t
        where t.kind = any (${kinds}::text[]) and t.run_at <= now()
          and (t.leased_until is null or t.leased_until < now())
          and not exists (select 1 from task o where o.lane = t.lane
                             and (o.claim is null, o.task) < (t.claim is null, t.task))
        order by t.task limit 1 for update skip locked)
    returning task, kind, lane, subject, attempts, claim`)
  return row ?? null
}

/**
 * Leases a lane itself, for work that nobody queues because it is there to be seen; null when another process has
 * it. Done by `finishTask`.
 */
export async function claimLane(
  tx: Tx,
  kind: string,
  lane: string,
  leaseSeconds: number,
): Promise<Task | null> {
  await tx.rows(sql`select pg_advisory_xact_lock(${CLAIMING})`)
  await tx.rows(sql`
    insert into task (kind, lane, subject)
    select ${kind}::text, ${lane}::text, ${lane}::text
     where not exists (select 1 from task where lane = ${lane}::text)`)
  const [row] = await tx.rows<Task>(sql`
    update task set claim = nextval('claim_token'), leased_until = now() + make_interval(secs => ${leaseSeconds}),
                   attempts = attempts + 1
     where lane = ${lane} and (leased_until is null or leased_until < now())
    returning task, kind, lane, subject, attempts, claim`)
  return row ?? null
}

/** Number of the advisory lock under which tasks are claimed; any constant will do. */
const CLAIMING = 7_281_163

/** Keeps the lease; false when it was lost. */
export async function renewLease(tx: Tx, task: Task, leaseSeconds: number): Promise<boolean> {
  const rows = await tx.rows(sql`
    update task set leased_until = now() + make_interval(secs => ${leaseSeconds})
     where task = ${task.task} and claim = ${task.claim} returning 1`)
  return rows.length === 1
}

/** The task is done; false when the lease was lost. */
export async function finishTask(tx: Tx, task: Task): Promise<boolean> {
  const rows = await tx.rows(
    sql`delete from task where task = ${task.task} and claim = ${task.claim} returning 1`,
  )
  return rows.length === 1
}

/** Gives a failed task back, to run again after a pause that doubles up to five minutes. */
export async function returnTask(tx: Tx, task: Task, reason: string): Promise<void> {
  const pauseSeconds = Math.min(300, 2 ** Math.min(task.attempts, 9))
  await tx.rows(sql`
    update task set leased_until = null, run_at = now() + make_interval(secs => ${pauseSeconds}), last_error = ${reason}
     where task = ${task.task} and claim = ${task.claim}`)
}

/** Is anything of this lane waiting or being done? */
export async function laneBusy(tx: Tx, lane: string): Promise<boolean> {
  const rows = await tx.rows(sql`select 1 from task where lane = ${lane} limit 1`)
  return rows.length > 0
}

/** Tasks not yet done; a lease of a lane itself is none. */
export async function countTasks(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    sql`select count(*)::int as count from task where lane <> subject`,
  )
  return row?.count ?? 0
}
