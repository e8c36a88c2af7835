import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { precinctBatch } from '../src/cli/demo-precincts.ts'
import { voterFile } from '../src/cli/demo-voter-forms.ts'
import { generateVoters } from '../src/cli/demo-voters.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { compared, type Result } from './results.ts'
import { timed } from './rounds.ts'
import { childrenOf, openSite, type Partner, peakMegabytes, psql, type Site } from './site.ts'

const county = '19'
const seed = 11

/**
 * A county's whole roll: its first load, a night in which nothing changed, and one in which 1 % of the voters
 * changed, 0.1 % went and as many came, each against `COPY` of the rows of the whole roll into a table with the same
 * indexes, measured right after it. Once each: a million voters take minutes.
 */
export async function measureVoters(
  postgres: PostgresServer,
  folder: string,
  { voters }: { readonly voters: number },
): Promise<Result[]> {
  const site = await openSite(postgres)
  const partner = await site.partner('county', county, 'county')
  const precincts = join(folder, 'precincts.json')
  await writeFile(precincts, JSON.stringify(precinctBatch({ count: voters, county })))
  await partner.send('precinct', precincts)
  const results: Result[] = []
  const nights = [
    { what: 'first load', night: 0, query: '', aim: 0.7 },
    { what: 'nightly refresh, unchanged', night: 0, query: '?scope=refresh', aim: 2 },
    { what: 'nightly refresh, 1 % changed, 0.1 % gone', night: 1, query: '?scope=refresh', aim: 2 },
  ]
  for (const { what, night, query, aim } of nights) {
    const file = join(folder, `voters-${night}.csv`)
    await pipeline(
      Readable.from(voterFile(generateVoters({ seed, count: voters, county, night }), 'csv')),
      createWriteStream(file),
    )
    const { seconds, counts } = await send(site, partner, file, query)
    const copied = await copyWhole(site.database, folder)
    const memory = await peaks(site)
    const detail = { voters, seconds, copied, counts, memory }
    process.stderr.write(`  ${what}: ${seconds.toFixed(1)} s, COPY ${copied.toFixed(1)} s, ${memory}\n`)
    const work = `${what} of a county of ${voters.toLocaleString('en-US')} voters (${memory})`
    const peer = { name: '`COPY` of the whole roll’s rows, same indexes', rate: voters / copied }
    results.push(compared(work, 'records/s', voters / seconds, peer, aim, detail))
  }
  await site.close()
  return results
}

async function send(site: Site, partner: Partner, file: string, query: string) {
  await psql(site.database, 'checkpoint')
  const { seconds, view } = await partner.send('voter', file, query)
  if (view.counts.withErrors + view.counts.rejected > 0)
    throw new Error(`not all accepted: ${JSON.stringify(view)}`)
  return { seconds, counts: view.counts }
}

async function copyWhole(database: string, folder: string): Promise<number> {
  const rows = join(folder, 'voter-rows.copy')
  await psql(
    database,
    `\\copy (select * from record where type = 'voter' order by change_no) to '${rows}'`,
    'create table record_copy (like record including all)',
    'checkpoint',
  )
  const seconds = await timed(() => psql(database, `\\copy record_copy from '${rows}'`))
  await psql(database, 'drop table record_copy')
  return seconds
}

/** Highest memory so far of the node and of the processes that read for it. */
async function peaks({ node }: Site): Promise<string> {
  const pid = node.process.pid ?? 0
  const reading = await Promise.all((await childrenOf(pid)).map(peakMegabytes))
  return `node ${await peakMegabytes(pid)} MB, reading ${Math.max(0, ...reading)} MB`
}
