import { copyLine, type Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Change, Live } from '../match/decide.ts'

/** One change with what the book gave it. */
export interface NumberedChange extends Change {
  readonly changeNo: number
  readonly tracking: string
  /** What made it, where that was not the record's own operation. */
  readonly by?: 'cascade' | 'settle'
}

interface LiveRow {
  type: string
  record_id: string
  key: string
  duplicate_key: string | null
  status: StatusName
  version: number
  content_hash: string
}

/**
 * The live records that hold these keys or duplicate keys. Under the book's lock nobody else can change
 * them. Bodies are left out: few need them (`loadBodies`).
 */
export async function findLive(
  tx: Tx,
  book: number,
  type: string,
  keys: readonly string[],
  duplicateKeys: readonly string[],
): Promise<Live[]> {
  const columns = sql`r.type, r.record_id, r.key, r.duplicate_key, r.status, r.version,
    encode(r.content_hash, 'hex') as content_hash`
  // A lateral probe for each key: a plain join made the planner scan the table while it had no statistics.
  const rows = await tx.rows<LiveRow>(sql`
    select ${columns} from unnest(${keys}::text[]) as k (key)
     cross join lateral (select * from record where book = ${book} and type = ${type} and key = k.key offset 0) r
    union
    select ${columns} from unnest(${duplicateKeys}::text[]) as k (key)
     cross join lateral (
       select * from record where book = ${book} and type = ${type} and duplicate_key = k.key offset 0) r`)
  return rows.map(liveFrom)
}

function liveFrom(row: LiveRow): Live {
  return {
    recordId: row.record_id,
    key: row.key,
    duplicateKey: row.duplicate_key,
    status: row.status,
    version: row.version,
    contentHash: row.content_hash,
    body: null,
    stored: true,
    faultyPaths: [],
  }
}

/** These records with their bodies and the paths their findings blame. */
export async function withBodies(tx: Tx, book: number, lives: readonly Live[]): Promise<Live[]> {
  if (lives.length === 0) return []
  const rows = await tx.rows<{ record_id: string; body: string; faulty: string[] }>(sql`
    select r.record_id, r.body::text as body,
           array(select f.path from finding f
                  where f.book = r.book and f.tracking = r.submission and f.position = r.position) as faulty
      from record r
     where r.book = ${book} and r.record_id = any (${lives.map((live) => live.recordId)}::uuid[])`)
  const found = new Map(rows.map((row) => [row.record_id, row]))
  return lives.map((live) => {
    const row = found.get(live.recordId)
    return row === undefined ? live : { ...live, body: row.body, faultyPaths: row.faulty }
  })
}

/**
 * Applies the changes of a chunk: superseded stored versions go to history, then new rows by COPY (only
 * keys found free under the lock: one collision would abort the whole COPY), changed rows by one statement.
 * @param changes in order; a record may occur several times
 */
export async function applyChanges(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  at: string,
): Promise<void> {
  const last = new Map<string, NumberedChange>()
  const first = new Map<string, NumberedChange>()
  for (const change of changes) {
    last.set(change.recordId, change)
    if (!first.has(change.recordId)) first.set(change.recordId, change)
  }
  const finals = [...last.values()]
  const stored = [...first.values()].filter((change) => change.before?.stored === true)
  await supersede(tx, book, stored, at)
  await removeRows(
    tx,
    book,
    finals.filter((change) => change.kind === 'delete' && first.get(change.recordId)?.before !== null),
  )
  await renameRows(tx, book, changes)
  await insertRows(
    tx,
    book,
    finals.filter((change) => change.kind !== 'delete' && first.get(change.recordId)?.before === null),
    at,
  )
  await updateRows(
    tx,
    book,
    finals.filter((change) => change.kind !== 'delete' && first.get(change.recordId)?.before !== null),
    at,
  )
  await keepHistory(tx, book, changes, last, at)
}

/** The stored version of each record goes to history as it was. */
async function supersede(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  at: string,
): Promise<void> {
  if (changes.length === 0) return
  await tx.rows(sql`
    insert into history (book, record_id, version, type, key, status, change_no, operation, definition_version,
                         content_hash, body, submission, position, from_at, until_at)
    select book, record_id, version, type, key, status, change_no, operation, definition_version,
           content_hash, body, submission, position, changed_at, ${at}
      from record where book = ${book} and record_id = any (${changes.map((change) => change.recordId)}::uuid[])`)
}

/** One after another, in order: a key may be that of a record which was renamed before. */
async function renameRows(tx: Tx, book: number, changes: readonly NumberedChange[]): Promise<void> {
  for (const { recordId, key, formerKey } of changes)
    if (formerKey !== undefined)
      await tx.rows(sql`
        update record set key = ${key} where book = ${book} and record_id = ${recordId}::uuid`)
}

async function removeRows(tx: Tx, book: number, changes: readonly NumberedChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.rows(sql`
    delete from record where book = ${book} and record_id = any (${changes.map((change) => change.recordId)}::uuid[])`)
}

const COLUMNS = [
  'book',
  'record_id',
  'type',
  'key',
  'duplicate_key',
  'set_key',
  'status',
  'version',
  'change_no',
  'operation',
  'definition_version',
  'content_hash',
  'raw_hash',
  'body',
  'submission',
  'position',
  'created_at',
  'changed_at',
] as const

async function insertRows(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  at: string,
): Promise<void> {
  if (changes.length === 0) return
  if (changes.length < copyFrom) return insertFew(tx, book, changes, at)
  await tx.copyIn('record', COLUMNS, lines())

  function* lines(): Generator<string> {
    for (const change of changes) {
      const { parcel } = change
      yield copyLine([
        book,
        change.recordId,
        change.type,
        change.key,
        change.duplicateKey,
        parcel.setKey ?? null,
        change.status,
        change.version,
        change.changeNo,
        operationOf(change),
        parcel.version,
        `\\x${parcel.contentHash}`,
        `\\x${parcel.rawHash}`,
        parcel.body,
        change.tracking,
        parcel.position,
        at,
        at,
      ])
    }
  }
}

function operationOf({ by, parcel }: NumberedChange): string {
  return by ?? parcel.operation
}

/** COPY takes several round trips, so fewer rows than this are inserted by a statement. */
const copyFrom = 64

async function insertFew(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  at: string,
): Promise<void> {
  const each = <T>(pick: (change: NumberedChange) => T) => changes.map(pick)
  await tx.rows(sql`
    insert into record (book, record_id, type, key, duplicate_key, set_key, status, version, change_no, operation,
                        definition_version, content_hash, raw_hash, body, submission, position, created_at, changed_at)
    select ${book}, record_id, type, key, duplicate_key, set_key, status, version, change_no, operation, definition_version,
           decode(content_hash, 'hex'), decode(raw_hash, 'hex'), body::jsonb, submission, position, ${at}, ${at}
    from unnest(
      ${each((c) => c.recordId)}::uuid[], ${each((c) => c.type)}::text[], ${each((c) => c.key)}::text[],
      ${each((c) => c.duplicateKey)}::text[], ${each((c) => c.parcel.setKey ?? null)}::text[],
      ${each((c) => c.status)}::text[], ${each((c) => c.version)}::int[],
      ${each((c) => c.changeNo)}::bigint[], ${each(operationOf)}::text[],
      ${each((c) => c.parcel.version)}::text[], ${each((c) => c.parcel.contentHash)}::text[],
      ${each((c) => c.parcel.rawHash)}::text[], ${each((c) => c.parcel.body)}::text[],
      ${each((c) => c.tracking)}::text[], ${each((c) => c.parcel.position)}::bigint[]
    ) as c (record_id, type, key, duplicate_key, set_key, status, version, change_no, operation, definition_version,
            content_hash, raw_hash, body, submission, position)`)
}

async function updateRows(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  at: string,
): Promise<void> {
  if (changes.length === 0) return
  const each = <T>(pick: (change: NumberedChange) => T) => changes.map(pick)
  await tx.rows(sql`
    update record r set
      duplicate_key = c.duplicate_key, set_key = c.set_key, status = c.status, version = c.version, change_no = c.change_no,
      operation = c.operation, definition_version = c.definition_version,
      content_hash = decode(c.content_hash, 'hex'), raw_hash = decode(c.raw_hash, 'hex'), body = c.body::jsonb,
      submission = c.submission, position = c.position, changed_at = ${at}
    from unnest(
      ${each((c) => c.recordId)}::uuid[], ${each((c) => c.duplicateKey)}::text[],
      ${each((c) => c.parcel.setKey ?? null)}::text[], ${each((c) => c.status)}::text[],
      ${each((c) => c.version)}::int[], ${each((c) => c.changeNo)}::bigint[], ${each(operationOf)}::text[],
      ${each((c) => c.parcel.version)}::text[], ${each((c) => c.parcel.contentHash)}::text[],
      ${each((c) => c.parcel.rawHash)}::text[], ${each((c) => c.parcel.body)}::text[],
      ${each((c) => c.tracking)}::text[], ${each((c) => c.parcel.position)}::bigint[]
    ) as c (record_id, duplicate_key, set_key, status, version, change_no, operation, definition_version, content_hash,
            raw_hash, body, submission, position)
    where r.book = ${book} and r.record_id = c.record_id`)
}

const HISTORY_COLUMNS = [
  'book',
  'record_id',
  'version',
  'type',
  'key',
  'status',
  'change_no',
  'operation',
  'definition_version',
  'content_hash',
  'body',
  'submission',
  'position',
  'from_at',
  'until_at',
] as const

/** Versions that came and went inside the chunk, and the tombstones of what it deleted. */
async function keepHistory(
  tx: Tx,
  book: number,
  changes: readonly NumberedChange[],
  last: ReadonlyMap<string, NumberedChange>,
  at: string,
): Promise<void> {
  const passed = changes.filter((change) => change.kind === 'delete' || last.get(change.recordId) !== change)
  if (passed.length === 0) return
  await tx.copyIn('history', HISTORY_COLUMNS, lines())

  function* lines(): Generator<string> {
    for (const change of passed) {
      const gone = change.kind === 'delete'
      yield copyLine([
        book,
        change.recordId,
        change.version,
        change.type,
        change.key,
        change.status,
        change.changeNo,
        operationOf(change),
        change.parcel.version,
        `\\x${change.parcel.contentHash}`,
        gone ? null : change.parcel.body,
        change.tracking,
        change.parcel.position,
        at,
        gone ? null : at,
      ])
    }
  }
}
