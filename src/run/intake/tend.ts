import { isFault } from '../../fault/fault.ts'
import { claimLane, finishTask, renewLease, type Task } from '../../job/queue.ts'
import { type Intake, noteIntakeError, openIntakes } from '../../store/intakes.ts'
import { advance } from './advance.ts'
import { sweepArchive } from './archive.ts'
import type { IntakeDeps, PartnerTree } from './deps.ts'
import { gather, recover } from './gather.ts'
import { allFolders, inputFolders } from './input-folders.ts'
import type { Scanner } from './scan.ts'

const sweepMs = 24 * 3600 * 1000
const troubleMsMax = 60_000

/** What is remembered of a tree between two looks at it. */
export interface Care {
  lease: Task | null
  /** When the tree had been looked through for the first time under the lease. */
  seenAt: number | null
  /** Its folders were made. */
  prepared: boolean
  readonly rest: Rest
  /** Failing intakes rest, each for itself. */
  readonly intakes: Map<string, Rest>
  sweptAt: number | null
}

interface Rest {
  troubles: number
  until: number
}

export function newCare(): Care {
  return {
    lease: null,
    seenAt: null,
    prepared: false,
    rest: { troubles: 0, until: 0 },
    intakes: new Map(),
    sweptAt: null,
  }
}

/** After each failure in a row the pause doubles, up to a minute. */
export function restAfter(rest: Rest, now: number): void {
  rest.troubles += 1
  rest.until = now + Math.min(troubleMsMax, 500 * 2 ** Math.min(rest.troubles, 10))
}

export interface Tending {
  /** Intakes of this tree are open. */
  readonly busy: boolean
  readonly scanner: Scanner
  readonly leaseSeconds: number
  readonly stopping: () => boolean
}

interface Seen {
  readonly scanner: Scanner
  /** For how long a file that was there at the first look under the lease had stood still at this one. */
  readonly seenForMs: number
}

/** One look at a tree, under its lease: new files are taken, open intakes are taken on. */
export async function tend(
  deps: IntakeDeps,
  tree: PartnerTree,
  care: Care,
  { busy, scanner, leaseSeconds, stopping }: Tending,
): Promise<void> {
  const definitions = deps.definitions.list()
  const inputs = inputFolders(definitions)
  if (!care.prepared) await tree.files.prepare(allFolders(definitions))
  care.prepared = true
  const sweeps = care.sweptAt === null || deps.now() - care.sweptAt > sweepMs
  if (care.lease === null) {
    if (!sweeps && !busy && !(tree.takes && (await hasFiles(tree, inputs.keys())))) return
    care.lease = await claim(deps, tree, leaseSeconds)
    if (care.lease === null) return
    care.seenAt = null
    await recover(deps, tree, inputs)
  }
  const lookedAt = deps.now()
  if (tree.takes)
    for (const input of inputs.values()) if (!stopping()) await gather(deps, tree, input, scanner)
  care.seenAt ??= deps.now()
  const seenForMs = lookedAt - care.seenAt
  const left = await advanceAll(deps, tree, care, { scanner, seenForMs, stopping })
  if (sweeps) {
    await sweepArchive(deps, tree)
    care.sweptAt = deps.now()
  }
  if (left === 0) await letGo(deps, care)
}

/** Takes the open intakes on, oldest first; tells how many stay open. */
async function advanceAll(
  deps: IntakeDeps,
  tree: PartnerTree,
  care: Care,
  { stopping, ...seen }: Seen & Pick<Tending, 'stopping'>,
): Promise<number> {
  const { partner, place } = tree
  const open = await deps.db.transact((tx) => openIntakes(tx, { partner, place }))
  /** Mailboxes with an intake that could not be submitted: those after it must not overtake it. */
  const blocked = new Set<string>()
  let left = 0
  for (const intake of open) {
    const mailbox = `${intake.exchange}/${intake.realm}/${intake.kind}`
    const unsent = intake.state === 'gathering' || intake.state === 'checking'
    if (stopping() || (unsent && blocked.has(mailbox))) left += 1
    else if (!(await advanceOne(deps, tree, care, { ...seen, intake }))) {
      left += 1
      if (care.intakes.has(intake.intake)) blocked.add(mailbox)
    }
  }
  return left
}

/** An intake that fails rests; it does not keep those of other mailboxes from going on. */
async function advanceOne(
  deps: IntakeDeps,
  tree: PartnerTree,
  care: Care,
  { scanner, seenForMs, intake }: Seen & { readonly intake: Intake },
): Promise<boolean> {
  const rest = care.intakes.get(intake.intake) ?? { troubles: 0, until: 0 }
  if (rest.until > deps.now()) return false
  try {
    const settled = seenForMs >= scanner.stillMs(tree, deps.definitions.get(intake.exchange))
    const done = await advance(deps, { intake, tree, settled })
    care.intakes.delete(intake.intake)
    return done
  } catch (error) {
    if (isFault(error, 'DATABASE_AWAY')) throw error
    restAfter(rest, deps.now())
    care.intakes.set(intake.intake, rest)
    deps.log.error({ err: error, intake: intake.intake, partner: intake.partner }, 'intake.failed')
    const reason = error instanceof Error ? error.message : String(error)
    await deps.db.transact((tx) => noteIntakeError(tx, intake.intake, reason))
    return false
  }
}

async function hasFiles(tree: PartnerTree, folders: Iterable<string>): Promise<boolean> {
  for (const folder of folders) for await (const _ of tree.files.list(folder)) return true
  return false
}

function claim(deps: IntakeDeps, { partner, place }: PartnerTree, seconds: number): Promise<Task | null> {
  const lane = `intake-${partner}/${place}`
  return deps.db.transact((tx) => claimLane(tx, 'intake', lane, seconds))
}

/** Keeps a tree's lease; one that was lost is claimed anew, and the tree looked through again. */
export async function renew(deps: IntakeDeps, care: Care, seconds: number): Promise<void> {
  const { lease } = care
  if (lease === null) return
  const held = await deps.db.transact((tx) => renewLease(tx, lease, seconds)).catch(() => false)
  if (!held && care.lease === lease) care.lease = null
}

/** Gives a tree's lease back. One that cannot be given back ends by itself. */
export async function letGo(deps: IntakeDeps, care: Care): Promise<void> {
  const { lease } = care
  care.lease = null
  if (lease !== null) await deps.db.transact((tx) => finishTask(tx, lease)).catch(() => false)
}
