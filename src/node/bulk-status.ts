import type { BulkStatus, WaitingMailbox } from '../channel/rest/ports-bulk.ts'
import { foldersOf } from '../exchange/file-name.ts'
import type { PartnerTree } from '../run/intake/deps.ts'
import { countIntakes, openIntakes } from '../store/intakes.ts'
import { mailQueue } from '../store/mails.ts'
import type { Realm } from '../store/model.ts'
import { listPlaces } from '../store/places.ts'
import type { BulkPortDeps } from './bulk-ports.ts'

/** Counting of one folder ends here. */
const filesMax = 100_000
/** A place that does not answer in time must not keep the operator waiting. */
const patienceMs = 5000
const REALMS: readonly Realm[] = ['live', 'test']

type StatusDeps = Pick<BulkPortDeps, 'db' | 'definitions' | 'pickUp'>

/** How folders, intakes, places and the mail queue stand. */
export async function bulkStatus({ db, definitions, pickUp }: StatusDeps): Promise<BulkStatus> {
  const stored = await db.transact(async (tx) => ({
    counts: await countIntakes(tx),
    open: await openIntakes(tx, null),
    places: await listPlaces(tx, null),
    mail: await mailQueue(tx),
  }))
  const countsOf = (what: 'intake' | 'file') =>
    Object.fromEntries(
      stored.counts.filter((row) => row.what === what).map(({ state, count }) => [state, count]),
    )
  const trees = await pickUp.trees.list()
  const waiting = trees.flatMap((tree) =>
    definitions
      .list()
      .flatMap(({ exchange, files }) =>
        REALMS.map((realm) => waitingIn(tree, exchange, realm, foldersOf(files, realm).input)),
      ),
  )
  const lastScan = pickUp.lastScanAt()
  return {
    lastScanAt: lastScan === null ? null : new Date(lastScan).toISOString(),
    intakes: countsOf('intake'),
    files: countsOf('file'),
    troubles: stored.open
      .filter(({ lastError }) => lastError !== null)
      .map(({ intake, partner, exchange, state, lastError }) => ({
        intake,
        partner,
        exchange,
        state,
        lastError,
      })),
    waiting: (await Promise.all(waiting)).filter(({ files }) => files !== 0),
    places: stored.places.map(({ place, partner, active, seenAt, lastError }) => ({
      place,
      partner,
      active,
      seenAt,
      lastError,
    })),
    mail: stored.mail,
  }
}

async function waitingIn(
  { partner, place, files: tree }: PartnerTree,
  exchange: string,
  realm: Realm,
  folders: readonly string[],
): Promise<WaitingMailbox> {
  const mailbox = { partner, exchange, realm, place }
  const unknown = { ...mailbox, files: null, more: false, oldest: null }
  let patient = true
  async function count(): Promise<WaitingMailbox> {
    let files = 0
    let oldest = Number.POSITIVE_INFINITY
    for (const folder of folders)
      for await (const file of tree.list(folder)) {
        if (!patient) return unknown
        files += 1
        oldest = Math.min(oldest, file.modifiedAt)
        if (files === filesMax) return { ...mailbox, files, more: true, oldest: iso(oldest) }
      }
    return { ...mailbox, files, more: false, oldest: iso(oldest) }
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<WaitingMailbox>((resolve) => {
    timer = setTimeout(() => {
      patient = false
      resolve(unknown)
    }, patienceMs)
  })
  try {
    return await Promise.race([count().catch(() => unknown), late])
  } finally {
    clearTimeout(timer)
  }
}

function iso(at: number): string | null {
  return Number.isFinite(at) ? new Date(at).toISOString() : null
}
