import type { Tx } from '../db/database.ts'
import { type Body, type Outcome, type Parcel, worst } from '../exchange/parcel.ts'
import type { Live, Verdict } from '../match/decide.ts'
import { differingFields } from '../match/messages.ts'
import { reconcileOf } from '../match/reconcile.ts'
import { keyUnreadable } from '../match/unreadable-key.ts'
import { findAliases } from '../store/aliases.ts'
import { type Difference, putDifferences, putSeenKeys, type SeenKey } from '../store/differences.ts'
import { findLive, withBodies } from '../store/records.ts'
import { putSets } from '../store/survey.ts'
import type { ChunkContext, ChunkItem } from './chunk.ts'

/** What a chunk of a partner's whole file comes to beside what is stored. Nothing is decided, locked or changed. */
export interface Compared {
  readonly verdicts: readonly Verdict[]
  readonly differences: readonly Difference[]
  readonly seen: readonly SeenKey[]
  readonly sets: readonly { readonly type: string; readonly setKey: string }[]
}

/**
 * Holds records against the centre's by key and content, whatever operation they ask for. Bodies are read only of
 * those whose content differs.
 */
export async function compareChunk(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
): Promise<Compared> {
  const parcels = items.map(({ parcel }) => parcel)
  const stored = await storedOf(tx, context, parcels)
  const verdicts: Verdict[] = []
  const differences: Difference[] = []
  const seen: SeenKey[] = []
  const changed: { parcel: Parcel; live: Live }[] = []
  for (const parcel of parcels) {
    const { type, key, position } = parcel
    const live = key === null ? undefined : stored.get(nameOf(type, key))
    verdicts.push(verdictOf(parcel, live, keyUnreadable(context.definition, parcel)))
    if (key === null || parcel.operation === 'delete' || keyUnreadable(context.definition, parcel)) continue
    seen.push({ type, key, position, compared: !parcel.filtered })
    // A record that has another key by now is there, under that key.
    if (live !== undefined && live.key !== key) seen.push({ type, key: live.key, position, compared: false })
    if (parcel.filtered) continue
    if (live === undefined)
      differences.push({ type, key, kind: 'only-partner', recordId: null, position, fields: [] })
    else if (live.contentHash !== parcel.contentHash) changed.push({ parcel, live })
  }
  differences.push(...(await differing(tx, context.book, changed)))
  const sets = parcels.flatMap(({ type, setKey }) => (typeof setKey === 'string' ? [{ type, setKey }] : []))
  return { verdicts, differences, seen, sets }
}

function nameOf(type: string, key: string): string {
  return `${type}\u001e${key}`
}

/** Live records by type and key, also by a key that they had before. */
async function storedOf(
  tx: Tx,
  { book, definition }: ChunkContext,
  parcels: readonly Parcel[],
): Promise<ReadonlyMap<string, Live>> {
  const stored = new Map<string, Live>()
  for (const { name } of definition.types) {
    const keys = [...new Set(parcels.flatMap(({ type, key }) => (type === name ? (key ?? []) : [])))]
    if (keys.length === 0) continue
    for (const live of await findLive(tx, book, name, keys, [])) stored.set(nameOf(name, live.key), live)
    const missing = keys.filter((key) => !stored.has(nameOf(name, key)))
    const aliases = missing.length === 0 ? [] : await findAliases(tx, book, name, missing)
    const renamed = aliases.map(({ key }) => key)
    const found = renamed.length === 0 ? [] : await findLive(tx, book, name, renamed, [])
    for (const { former, key } of aliases) {
      const live = found.find((one) => one.key === key)
      if (live !== undefined) stored.set(nameOf(name, former), live)
    }
  }
  return stored
}

function verdictOf(parcel: Parcel, live: Live | undefined, unreadable: boolean): Verdict {
  return {
    parcel,
    outcome: outcomeOf(parcel, live, unreadable),
    recordId: live?.recordId ?? null,
    status: live?.status ?? null,
    version: live?.version ?? null,
    findings: parcel.findings,
    change: null,
    effects: [],
  }
}

/** What sending the record would do, judged by itself. */
function outcomeOf(parcel: Parcel, live: Live | undefined, unreadable: boolean): Outcome {
  if (parcel.filtered) return 'filtered'
  if (unreadable || worst(parcel.findings) === 'fatal') return 'rejected'
  if (live === undefined) return parcel.operation === 'delete' ? 'rejected' : 'created'
  if (parcel.operation === 'delete') return 'deleted'
  return live.contentHash === parcel.contentHash ? 'unchanged' : 'updated'
}

async function differing(
  tx: Tx,
  book: number,
  changed: readonly { readonly parcel: Parcel; readonly live: Live }[],
): Promise<readonly Difference[]> {
  const lives = [...new Map(changed.map(({ live }) => [live.recordId, live])).values()]
  const bodies = new Map((await withBodies(tx, book, lives)).map((live) => [live.recordId, live.body]))
  return changed.flatMap(({ parcel, live }) => {
    const body = bodies.get(live.recordId) ?? null
    const fields =
      body === null ? [] : differingFields(JSON.parse(body) as Body, JSON.parse(parcel.body) as Body)
    // The same content under another definition has another hash.
    if (fields.length === 0) return []
    const { type, key, position } = parcel
    return [
      { type, key: key ?? live.key, kind: 'different', recordId: live.recordId, position, fields } as const,
    ]
  })
}

/** Keeps what the comparison of a chunk found. A key that comes twice in the file is told as such. */
export async function keepComparison(
  tx: Tx,
  { book, definition }: ChunkContext,
  tracking: string,
  { differences, seen, sets }: Compared,
): Promise<void> {
  const first = new Map<string, SeenKey>()
  const repeated = new Map<string, SeenKey>()
  for (const one of seen) {
    const name = nameOf(one.type, one.key)
    if (!first.has(name)) first.set(name, one)
    else if (one.compared) repeated.set(name, one)
  }
  for (const { type, key } of await putSeenKeys(tx, book, tracking, [...first.values()])) {
    const again = first.get(nameOf(type, key))
    if (again !== undefined && !repeated.has(nameOf(type, key))) repeated.set(nameOf(type, key), again)
  }
  const { fixOrder } = reconcileOf(definition)
  const rows = new Map<string, Difference>()
  for (const one of differences) rows.set(nameOf(one.type, one.key), one)
  for (const [name, { type, key, position }] of repeated)
    rows.set(name, {
      type,
      key,
      kind: 'repeated',
      recordId: rows.get(name)?.recordId ?? null,
      position,
      fields: [],
    })
  const ranked = [...rows.values()].map((one) => ({ ...one, rank: fixOrder.indexOf(one.kind) }))
  await putDifferences(tx, book, tracking, ranked)
  await putSets(tx, book, tracking, sets)
}
