import type { Tx } from '../../db/database.ts'
import { stateOf } from '../../db/transaction.ts'
import { Fault } from '../../fault/fault.ts'
import type { AgentHealth } from '../../store/agents.ts'
import { findAttempt, renewAttempt, retakeAttempt, takeAttempt, takeTurn } from '../../store/attempts.ts'
import type { Attempt } from '../../store/job-model.ts'
import type { Realm } from '../../store/model.ts'
import type { JobDeps } from './deps.ts'
import { type Held, holdAttempt, noteStep, type StepChange, stepAttempt } from './steps.ts'

/** The account of an agent, signed in. */
export interface AgentAccount {
  readonly account: string
  readonly login: string
  readonly partner: string
  readonly address: string
}

export interface Question {
  readonly version: string
  readonly health: AgentHealth
  /** What the agent could do now; already only what it may. */
  readonly batches: readonly { readonly exchange: string; readonly realm: Realm }[]
  readonly waitMs: number
}

export interface Progress {
  readonly state: 'extracting' | 'uploading'
  readonly records: number
  readonly bytes: number
  readonly bytesOf: number | null
}

/** Looks into the database while it waits this often, should another node have offered something. */
const lookMs = 5_000
/** SQLSTATE of a unique key that is there already. */
const TAKEN = '23505'

/**
 * Hands an attempt to an agent, waiting for one if it wants to. While nothing is offered to its partner, no statement
 * is made: the agent is noted, and what is known of the offers answers.
 * @returns null when there is none
 */
export async function askForWork(
  deps: JobDeps,
  who: AgentAccount,
  question: Question,
  signal: AbortSignal,
): Promise<Attempt | null> {
  const { account, login, partner, address } = who
  const { version, health, batches, waitMs } = question
  const until = deps.now() + waitMs
  for (;;) {
    const at = deps.now()
    deps.greetings.note({ account, login, partner, address, version, health, batches, seenAt: at })
    const offered = deps.offers.among(partner, batches)
    const taken = offered.length === 0 ? null : await take(deps, who, offered)
    if (taken !== null || at >= until || signal.aborted) return taken
    await deps.offers.changed(partner, Math.min(lookMs, until - at), signal)
  }
}

async function take(
  deps: JobDeps,
  { login, account, partner }: AgentAccount,
  offered: readonly { readonly exchange: string; readonly realm: Realm }[],
): Promise<Attempt | null> {
  const at = deps.now()
  const batches = await Promise.all(
    offered.map(async ({ exchange, realm }) => {
      const { hash } = await deps.definitions.inEffect(exchange, partner, at)
      return { exchange, realm, definitionHash: hash }
    }),
  )
  try {
    return await deps.db.transact(async (tx) => {
      const ask = { partner, account: login, batches, at, leaseMs: deps.leaseMs }
      await takeTurn(tx, partner)
      const again = await retakeAttempt(tx, ask)
      const name = again ?? (await takeAttempt(tx, ask))
      const attempt = name === null ? null : await findAttempt(tx, name)
      if (attempt !== null && again === null)
        await noteStep(
          tx,
          { account, partner },
          'attempt taken',
          `${attempt.attempt} ${attempt.job} ${login}`,
          at,
        )
      return attempt
    })
  } catch (error) {
    // An agent that was late went on with work of the same exchange at the same moment.
    if (stateOf(error) === TAKEN) return null
    throw error
  }
}

/** An attempt that this agent took, its run locked. Throws fault NOT_FOUND for any other. */
export async function holdOwn(tx: Tx, who: AgentAccount, name: string): Promise<Held> {
  const held = await holdAttempt(tx, name)
  assertOwn(who, held.attempt)
  return held
}

/** Throws fault NOT_FOUND for an attempt that another agent took, or none. */
export function assertOwn(who: AgentAccount, attempt: Attempt | null): asserts attempt is Attempt {
  if (attempt === null || attempt.partner !== who.partner || attempt.account !== who.login)
    throw new Fault('NOT_FOUND', { what: 'such attempt of this agent' })
}

/** States in which the file is here: the agent need not keep anything. */
const ARRIVED: ReadonlySet<string> = new Set(['received', 'processing', 'done'])

/**
 * The agent keeps its attempt, and tells how far it is. Throws faults NOT_FOUND, JOB_LOST.
 * @param more what else is written when the state changes
 */
export async function keepAttempt(
  deps: JobDeps,
  who: AgentAccount,
  name: string,
  { state, ...progress }: Pick<Progress, 'state'> & Partial<Progress>,
  more: StepChange = {},
): Promise<void> {
  const at = deps.now()
  const { records, bytes = 0, bytesOf = null } = progress
  const told = records === undefined ? null : { records, bytes, bytesOf }
  const leasedUntil = at + deps.leaseMs
  const { login, partner } = who
  await deps.db.transact(async (tx) => {
    const renewal = { attempt: name, partner, account: login, state, leasedUntil, progress: told }
    if (Object.keys(more).length === 0 && (await renewAttempt(tx, renewal))) return
    const held = await holdOwn(tx, who, name)
    if (ARRIVED.has(held.attempt.state)) return
    const event = state === 'extracting' ? 'extract' : 'upload'
    await stepAttempt(tx, held, event, { ...more, leasedUntil, progress: told }, { by: who, at })
  })
}
