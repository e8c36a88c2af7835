import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openSource } from '../source/open.ts'
import { failureOf } from './agent-failure.ts'
import { type AttemptWorld, freeBytes, runAttempt, settleAttempt } from './attempt-run.ts'
import { type Attempt, openAttempts } from './attempts.ts'
import { backoffMs, jitteredMs, type Patience, rest } from './backoff.ts'
import type { AgentConfig } from './config.ts'
import { openDefinitions } from './definitions.ts'
import { createNodeCalls } from './node-calls.ts'
import type { Health, Job } from './protocol.ts'
import { cleanSnapshots } from './snapshot-folder.ts'
import { type EndedAttempt, openStatus, readStatus, type StatusBoard } from './status.ts'

/** Something that happened, for the journal: names, codes and counts. */
export type AgentLog = (event: string, details: Readonly<Record<string, unknown>>) => void

export interface Agent {
  /** Asks for jobs and does them until the signal ends it. */
  run(signal: AbortSignal): Promise<void>
  /**
   * Finishes what was left, does what the node has now, and returns. What the centre is still processing is asked
   * about the next time.
   */
  runOnce(signal: AbortSignal): Promise<{ readonly done: number; readonly failed: number }>
}

/** A source that is not used is tried so often. */
const sourceCheckMs = 5 * 60_000

/** Readies the state folder, which this process must hold alone, and removes what dead attempts have left. */
export async function createAgent(config: AgentConfig, version: string, log: AgentLog): Promise<Agent> {
  await mkdir(join(config.state, 'snapshots'), { recursive: true, mode: 0o700 })
  const attempts = await openAttempts(config.state)
  await cleanSnapshots(
    join(config.state, 'snapshots'),
    attempts.left.flatMap(({ generations }) => Object.values(generations)),
  )
  const calls = createNodeCalls(config.node)
  const definitions = await openDefinitions(config.state, calls)
  const since = new Date().toISOString()
  const ended: readonly EndedAttempt[] = (await readStatus(config.state))?.ended ?? []

  function open(signal: AbortSignal, once: boolean, away: (error: Error) => void): Shift {
    const health = { ok: true, freeBytes: 0, sources: [], since }
    const node = { url: config.node.url, ok: false, lastAnswer: null, trouble: null }
    const board = openStatus(config.state, {
      version,
      pid: process.pid,
      since,
      at: since,
      node,
      health,
      running: [],
      ended,
      ending: false,
      once,
    })
    const failed = (error: Error) => {
      board.change({ node: { ...board.now.node, ok: false, trouble: error.message } })
      log('agent.node_away', { reason: error.message })
      away(error)
    }
    const patience: Patience = { maxSeconds: config.poll.backoffSeconds, signal, failed }
    const world: AttemptWorld = { config, calls, attempts, definitions, board, version, patience }
    return new Shift(world, log, since, attempts.left)
  }

  return {
    async run(signal) {
      const shift = open(signal, false, () => {})
      try {
        await shift.work(signal)
      } finally {
        await shift.close()
      }
    },
    async runOnce(signal) {
      const ending = new AbortController()
      const shift = open(
        AbortSignal.any([signal, ending.signal]),
        true,
        countdown(triesOnce, () => ending.abort()),
      )
      try {
        return await shift.once(signal)
      } finally {
        // What is under way goes on the next time.
        ending.abort()
        await shift.close()
      }
    },
  }
}

/** A run from cron does not wait for days: its next one goes on where this one ended. */
const triesOnce = 6

function countdown(times: number, then: () => void): () => void {
  let left = times
  return () => {
    left -= 1
    if (left === 0) then()
  }
}

/** One run of the agent: what is under way, and the questions to the node. */
class Shift {
  readonly #world: AttemptWorld
  readonly #board: StatusBoard
  readonly #log: AgentLog
  readonly #since: string
  /** Attempts at work, by name. */
  readonly #tasks = new Map<string, Promise<void>>()
  /** Attempts that wait for the centre, or to tell of a failure. */
  readonly #waiting = new Map<string, Attempt>()
  /** Every exchange that has an attempt, of either kind. */
  readonly #busy = new Map<string, string>()
  readonly #sources = new Map<string, { readonly ok: boolean; readonly at: number }>()

  constructor(world: AttemptWorld, log: AgentLog, since: string, left: readonly Attempt[]) {
    this.#world = world
    this.#board = world.board
    this.#log = log
    this.#since = since
    for (const attempt of left) this.#start(attempt)
  }

  async work(signal: AbortSignal): Promise<void> {
    const { poll } = this.#world.config
    for (let failures = 0; !signal.aborted; ) {
      try {
        const job = await this.#ask(poll.waitSeconds, signal)
        failures = 0
        if (job !== null) continue
        // A long poll has waited already.
        if (poll.waitSeconds === 0 || this.#free().length === 0)
          await rest(jitteredMs(poll.seconds, Math.random()), signal)
      } catch (error) {
        if (signal.aborted) break
        this.#nodeFailed(error)
        await rest(
          Math.max(
            jitteredMs(poll.seconds, Math.random()),
            backoffMs(failures, poll.backoffSeconds, Math.random()),
          ),
          signal,
        ).catch(() => {})
        failures += 1
      }
    }
  }

  async once(signal: AbortSignal): Promise<{ readonly done: number; readonly failed: number }> {
    const before = new Set(this.#board.now.ended.map(({ attempt }) => attempt))
    for (;;) {
      const job = await this.#ask(0, signal)
      if (job === null && this.#tasks.size === 0) break
      await Promise.race(this.#tasks.values())
    }
    await this.#settle()
    const ended = this.#board.now.ended.filter(({ attempt }) => !before.has(attempt))
    const failed =
      ended.filter(({ result }) => result !== 'done').length +
      [...this.#waiting.values()].filter(({ stage }) => stage === 'failed').length
    return { done: ended.length + this.#waiting.size - failed, failed }
  }

  async close(): Promise<void> {
    this.#board.change({ ending: true })
    await Promise.allSettled(this.#tasks.values())
    this.#world.calls.close()
    await this.#board.close()
  }

  /** One question: what waits is settled first, then a job is taken where there is room for one. */
  async #ask(waitSeconds: number, signal: AbortSignal): Promise<Job | null> {
    await this.#settle()
    const { config, calls, version, attempts } = this.#world
    const health = await this.#health()
    const free = this.#free()
    // Also without room the node is asked, with no batches: it sees that we are there.
    const job = await calls.next(
      { version, health, batches: free, waitSeconds: free.length === 0 ? 0 : waitSeconds },
      signal,
    )
    this.#board.change({
      health,
      node: { url: config.node.url, ok: true, lastAnswer: new Date().toISOString(), trouble: null },
    })
    if (job === null) return null
    this.#log('agent.job_taken', {
      attempt: job.attempt,
      job: job.job,
      exchange: job.exchange,
      extract: job.extract,
    })
    const takenAt = new Date().toISOString()
    await attempts.create(job, takenAt).then(
      (attempt) => this.#start(attempt),
      (error: unknown) => this.#cannotBegin(job, takenAt, error),
    )
    return job
  }

  #free() {
    const { config } = this.#world
    if (this.#tasks.size >= config.poll.atOnce) return []
    const busy = new Set(this.#busy.values())
    return config.batches
      .filter((batch) => !busy.has(nameOf(batch)))
      .map(({ exchange, realm }) => ({ exchange, realm }))
  }

  #start(attempt: Attempt): void {
    const { attempt: name } = attempt.job
    this.#busy.set(name, nameOf(attempt.job))
    if (attempt.stage === 'confirmed' || attempt.stage === 'failed') {
      this.#waiting.set(name, attempt)
      return
    }
    const task = runAttempt(attempt, this.#world)
      .then((next) => {
        if (next === null) this.#busy.delete(name)
        else this.#waiting.set(name, next)
        this.#log('agent.attempt', {
          attempt: name,
          stage: next?.stage ?? 'given up',
          code: next?.failure?.code ?? null,
        })
      })
      .catch((error: unknown) => {
        // It goes on from the disk when the agent is started again.
        this.#board.drop(name)
        if (!this.#world.patience.signal.aborted) {
          this.#busy.delete(name)
          this.#log('agent.defect', { attempt: name, error: error instanceof Error ? error.name : 'unknown' })
        }
      })
      .finally(() => this.#tasks.delete(name))
    this.#tasks.set(name, task)
  }

  /** Not even a note of the job can be kept: the disk is full, or not ours. It is told from memory. */
  #cannotBegin(job: Job, takenAt: string, error: unknown): void {
    const told = failureOf(error)
    const failure = { ...told, log: `${told.message}\n`, records: 0, at: takenAt }
    this.#busy.set(job.attempt, nameOf(job))
    this.#waiting.set(job.attempt, {
      job,
      stage: 'failed',
      takenAt,
      starts: 0,
      upload: null,
      generations: {},
      failure,
    })
  }

  async #settle(): Promise<void> {
    for (const [name, attempt] of this.#waiting) {
      if (!(await settleAttempt(attempt, this.#world))) continue
      this.#waiting.delete(name)
      this.#busy.delete(name)
      this.#log('agent.attempt_ended', { attempt: name, result: this.#board.now.ended[0]?.result })
    }
  }

  #nodeFailed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.#board.change({ node: { ...this.#board.now.node, ok: false, trouble: reason } })
    this.#log('agent.node_away', { reason })
  }

  async #health(): Promise<Health> {
    const { config } = this.#world
    const sources = await Promise.all(
      [...config.sources.values()].map(async (source) => {
        const known = this.#sources.get(source.name)
        if (known !== undefined && (this.#tasks.size > 0 || Date.now() - known.at < sourceCheckMs))
          return { name: source.name, ok: known.ok }
        const ok = await openSource(source.spec, source.limits).then(
          async (session) => {
            await session.close()
            return true
          },
          () => false,
        )
        this.#sources.set(source.name, { ok, at: Date.now() })
        return { name: source.name, ok }
      }),
    )
    const free = await freeBytes(config.state)
    return {
      ok: sources.every(({ ok }) => ok) && free > freeBytesMin,
      freeBytes: free,
      sources,
      since: this.#since,
    }
  }
}

/** With less room than this, a county's file hardly fits. */
const freeBytesMin = 100 * 2 ** 20

function nameOf({ exchange, realm }: { readonly exchange: string; readonly realm: string }): string {
  return `${exchange} ${realm}`
}
