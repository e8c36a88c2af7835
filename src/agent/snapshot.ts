import { hash } from 'node:crypto'
import { loadDriver } from '../source/failure.ts'

/**
 * What was sent before, as a hash for each key, in a SQLite file beside the agent. An attempt writes what it sees
 * beside it; only when the centre is done with the attempt does that take the old one's place, in one transaction.
 */
export interface Snapshot {
  /** The generation that the last attempt to be done has left; '' before the first. */
  readonly generation: string
  /** The generation that waits for its attempt to be done; '' for none. */
  readonly pending: string
  /** Records that the last generation holds. */
  readonly size: number
  /**
   * Begins an attempt; what an earlier one left is forgotten.
   * @param shape what keys are made of: where that is another than before, the old keys mean nothing, and the last
   *   generation counts as empty
   */
  begin(generation: string, shape: string): void
  /** Notes records of the attempt, and tells which of them are new or changed. */
  note(records: readonly { readonly key: string; readonly text: string }[]): readonly boolean[]
  /** Keys of the last generation that the attempt has not seen, in batches. */
  gone(batchRows: number): Iterable<readonly string[]>
  /** Puts a generation in the place of the last one. Does nothing where it is not the one that waits. */
  commit(generation: string): void
  /** Forgets what waits. */
  discard(): void
  close(): void
}

const tables = `
create table if not exists seen (key text primary key, hash blob not null) without rowid;
create table if not exists mark (name text primary key, value text not null) without rowid;
`

/** Opens the file, or makes it (0600 by the agent's umask). Throws where it is damaged. */
export async function openSnapshot(path: string): Promise<Snapshot> {
  const { default: Database } = await loadDriver('libsql', () => import('libsql'))
  const db = new Database(path, { timeout: 10_000 })
  db.exec('pragma journal_mode = wal')
  db.exec('pragma synchronous = normal')
  db.exec('pragma cache_size = -6000')
  db.exec(tables)
  const readMark = db.prepare('select value from mark where name = ?')
  const mark = (name: string) => (readMark.get(name) as { value: string } | undefined)?.value ?? ''
  const setMark = (name: string, value: string) =>
    db.prepare('insert or replace into mark values (?, ?)').run(name, value)
  const inTransaction = (body: () => void) => {
    db.exec('begin immediate')
    try {
      body()
      db.exec('commit')
    } catch (error) {
      try {
        db.exec('rollback')
      } catch {
        // A full disk has rolled it back already.
      }
      throw error
    }
  }

  const snapshot: Snapshot = {
    get generation() {
      return mark('generation')
    },
    get pending() {
      return mark('pending')
    },
    get size() {
      return (db.prepare('select count(*) as size from seen').get() as { size: number }).size
    },
    begin(generation, shape) {
      inTransaction(() => {
        if (mark('shape') !== shape) db.exec('delete from seen')
        setMark('shape', shape)
        db.exec('drop table if exists run')
        db.exec('create table run (key text primary key, hash blob not null) without rowid')
        setMark('pending', generation)
      })
    },
    note(records) {
      const find = db.prepare('select hash from seen where key = ?').raw(true)
      const put = db.prepare('insert or replace into run values (?, ?)')
      const changed: boolean[] = []
      inTransaction(() => {
        for (const { key, text } of records) {
          const sum = hashOf(text)
          const before = find.get(key) as readonly [Uint8Array] | undefined
          changed.push(before === undefined || !sum.equals(before[0]))
          put.run(key, sum)
        }
      })
      return changed
    },
    *gone(batchRows) {
      const rest = db
        .prepare(
          'select key from seen where key > ? and not exists (select 1 from run where run.key = seen.key) order by key limit ?',
        )
        .raw(true)
      for (let after = ''; ; ) {
        const keys = (rest.all(after, batchRows) as readonly (readonly [string])[]).map(([key]) => key)
        if (keys.length > 0) yield keys
        const last = keys.at(-1)
        if (last === undefined || keys.length < batchRows) return
        after = last
      }
    },
    commit(generation) {
      if (generation === '' || mark('pending') !== generation) return
      inTransaction(() => {
        db.exec('drop table seen')
        db.exec('alter table run rename to seen')
        setMark('generation', generation)
        setMark('pending', '')
      })
    },
    discard() {
      inTransaction(() => {
        db.exec('drop table if exists run')
        setMark('pending', '')
      })
    },
    close() {
      db.close()
    },
  }
  return snapshot
}

/** Half of a SHA-256 tells records apart as well as any of us will ever need. */
function hashOf(text: string): Buffer {
  return hash('sha256', text, 'buffer').subarray(0, 16)
}
