import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import type { Definition } from '../../src/exchange/definition.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'

/** The definition that the agent's tests use. */
export function rollDefinition(): Promise<Definition> {
  return loadExchange(fileURLToPath(new URL('./exchange', import.meta.url)))
}

/** A county's database in SQLite, with a view of voters whose columns carry the fields' names. */
export interface SqliteCounty {
  readonly path: string
  run(...statements: readonly string[]): void
  /** What the centre must hold: number → name. */
  voters(): Map<string, string>
}

export function sqliteCounty(folder: string, count: number): SqliteCounty {
  const path = join(folder, 'county.sqlite')
  rmSync(path, { force: true })
  const run = (...statements: readonly string[]) => {
    const db = new Database(path)
    for (const text of statements) db.exec(text)
    db.close()
  }
  run(
    `create table voter (number integer primary key, name text, born text, party text, changed text);
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
     insert into voter select i, 'Voter ' || i, '1980-01-31', 'D', '2026-01-01 10:00:00' from n where ${count} > 0;
     create view voters as select number as VoterNumber, name as FullName, born as BirthDate, party as Party from voter;`,
  )
  return {
    path,
    run,
    voters() {
      const db = new Database(path)
      const rows = db.prepare('select number, name from voter').raw(true).all() as [number, string][]
      db.close()
      return new Map(rows.map(([number, name]) => [String(number), name]))
    },
  }
}
