import type { Tx } from '../db/database.ts'
import type { Finding } from '../exchange/parcel.ts'
import { linkPath } from '../exchange/references.ts'
import { Fault } from '../fault/fault.ts'
import { type Address, addressText } from '../match/ties.ts'
import { openBook } from '../store/books.ts'
import { findKeys, type LinkRow } from '../store/links.ts'
import { findLinksOf } from '../store/record-move.ts'
import type { RunDeps } from './deps.ts'
import { relationsOf } from './relations.ts'
import type { Group, TransferRequest } from './transfer.ts'

/** What the moved records refer to, among the new owner's records and those that move too. */
export async function relink(
  tx: Tx,
  deps: RunDeps,
  request: TransferRequest,
  group: Group,
  groups: readonly Group[],
): Promise<{
  readonly links: readonly LinkRow[]
  readonly findings: ReadonlyMap<string, readonly Finding[]>
}> {
  const relations = relationsOf(group.definition, deps.definitions.list())
  const findings = new Map(group.rows.map((row) => [row.record_id, row.findings]))
  const links: LinkRow[] = []
  if (relations === null) return { links, findings }
  const moving = new Set(
    groups.flatMap(({ from, rows }) => rows.map(({ type, key }) => addressText({ book: from, type, key }))),
  )
  const typeOf = new Map(group.rows.map((row) => [row.record_id, row]))
  for (const link of await findLinksOf(
    tx,
    group.from,
    group.rows.map((row) => row.record_id),
  )) {
    const known = relations.named(link.reference)
    const row = typeOf.get(link.record_id)
    if (known === null || row === undefined) continue
    const { reference, type } = known
    const old: Address = { book: link.target_book, type: link.target_type, key: link.target_key }
    const goes = moving.has(addressText(old))
    const book = await newTargetBook(
      tx,
      deps,
      request,
      reference.exchange ?? group.definition.exchange,
      old.book,
    )
    const [there] = goes || book === old.book ? [] : await findKeys(tx, book, old.type, [old.key])
    const missing = book === old.book ? link.waiting : !goes && there === undefined
    if (missing && reference.onMissing === 'reject')
      throw new Fault('CONFLICT', {
        reason: `${row.type} ${row.key.replaceAll('\u001f', '/')}: ${reference.message} (${old.key.replaceAll('\u001f', '/')})`,
      })
    const path = linkPath(type.fields, reference, link.item)
    const without = (findings.get(link.record_id) ?? []).filter(
      (one) => one.code !== reference.code || one.path !== path,
    )
    const waiting = missing && reference.onMissing === 'wait'
    findings.set(link.record_id, waiting ? [...without, missingTarget(reference, path, old.key)] : without)
    links.push({
      recordId: link.record_id,
      reference: link.reference,
      item: link.item,
      target: { book, type: old.type, key: there?.key ?? old.key },
      waiting,
    })
  }
  return { links, findings }
}

function missingTarget(
  {
    code,
    message,
    key: [names = []],
  }: { code: string; message: string; key: readonly (readonly string[])[] },
  path: string,
  key: string,
): Finding {
  const field = names.at(-1) ?? ''
  const value = key.replaceAll('\u001f', '/').slice(0, 200)
  return { code, severity: 'error', path, field, item: null, message, value }
}

/** The new owner's book of an exchange; the centre's stays the same. */
async function newTargetBook(
  tx: Tx,
  deps: RunDeps,
  { realm, to }: TransferRequest,
  exchange: string,
  old: number,
): Promise<number> {
  const target = deps.definitions.list().find((one) => one.exchange === exchange)
  return target === undefined || target.owner === 'centre'
    ? old
    : (await openBook(tx, exchange, realm, to)).book
}
