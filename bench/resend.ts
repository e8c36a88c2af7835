import { join } from 'node:path'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { writeMembers } from './member-file.ts'
import { compared, type Result } from './results.ts'
import { type Contender, interleave, timed } from './rounds.ts'
import { openSite, type Partner, psql } from './site.ts'

const exchanges = new URL('exchanges/', import.meta.url).pathname

/**
 * A full refresh: the same file sent again, and with one record in a hundred changed, against `COPY` of the
 * rows of the whole file into a table with the same indexes.
 */
export async function measureResend(
  postgres: PostgresServer,
  folder: string,
  { records, rounds }: { records: number; rounds: number },
): Promise<Result[]> {
  const plain = join(folder, 'members.csv')
  const changed = join(folder, 'members-changed.csv')
  const rowsFile = join(folder, 'member-rows.copy')
  await writeMembers(plain, records, 0)
  await writeMembers(changed, records, 100)
  const site = await openSite(postgres, { exchanges })
  const partner = await site.partner('alpha', 'CA0990001')
  const first = await partner.send('members', plain)
  if (first.view.counts.created !== records) throw new Error(`not all stored: ${JSON.stringify(first.view)}`)
  await psql(
    site.database,
    'vacuum analyze',
    `\\copy (select * from record order by change_no) to '${rowsFile}'`,
  )
  const again: Contender = {
    name: 'unchanged',
    run: () => refresh(site.database, partner, plain, { unchanged: records }),
  }
  const little: Contender = {
    name: '1 % changed',
    async run() {
      const updated = Math.floor(records / 100)
      const seconds = await refresh(site.database, partner, changed, {
        updated,
        unchanged: records - updated,
      })
      // Back to what it was, so that every round has as much to change.
      await refresh(site.database, partner, plain, { updated })
      return seconds
    },
  }
  const copy: Contender = {
    name: 'COPY',
    async run() {
      await psql(
        site.database,
        'drop table if exists record_copy',
        'create table record_copy (like record including all)',
        'checkpoint',
      )
      return timed(() => psql(site.database, `\\copy record_copy from '${rowsFile}'`))
    },
  }
  const [same, some, copied] = await interleave([again, little, copy], rounds)
  await site.close()
  if (same === undefined || some === undefined || copied === undefined)
    throw new Error('nothing was measured')
  const peer = { name: '`COPY` of the whole file’s rows', rate: records / copied.median }
  const detail = { records, first: first.seconds, timings: [same, some, copied] }
  const what = `full refresh, ${records.toLocaleString('en-US')} members`
  return [
    compared(`${what}, unchanged`, 'records/s', records / same.median, peer, 2, detail),
    compared(`${what}, 1 % changed`, 'records/s', records / some.median, peer, 2, detail),
  ]
}

async function refresh(
  database: string,
  partner: Partner,
  file: string,
  expected: Readonly<Record<string, number>>,
): Promise<number> {
  await psql(database, 'checkpoint')
  const { seconds, view } = await partner.send('members', file, '?scope=refresh')
  for (const [name, count] of Object.entries(expected))
    if ((view.counts as unknown as Record<string, number>)[name] !== count)
      throw new Error(`expected ${count} ${name}: ${JSON.stringify(view)}`)
  return seconds
}
