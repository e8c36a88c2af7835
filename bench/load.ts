import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stopHeader } from '../src/cli/demo-stop-forms.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { installed } from './machine.ts'
import { compared, type Result } from './results.ts'
import { type Contender, interleave, timed } from './rounds.ts'
import { openSite, psql } from './site.ts'
import { writeStops } from './stop-file.ts'

const run = promisify(execFile)

/**
 * The first load of a file of RIPA stops, from the first byte sent to the signed receipt, against `COPY` of
 * the very rows it made into a table with the same indexes, and against pgloader with the same file.
 */
export async function measureLoad(
  postgres: PostgresServer,
  folder: string,
  { records, rounds }: { records: number; rounds: number },
): Promise<Result[]> {
  const file = join(folder, `stops-${records}.csv`)
  const warmFile = join(folder, 'stops-warm.csv')
  const rowsFile = join(folder, 'rows.copy')
  await writeStops(file, 'CA0990001', records)
  await writeStops(warmFile, 'CA0990002', 5000)
  let stored = 0
  let database = ''
  const river: Contender = {
    name: 'load',
    async run() {
      const site = await openSite(postgres)
      const warm = await site.partner('warm', 'CA0990002')
      const partner = await site.partner('alpha', 'CA0990001')
      await warm.send('ripa', warmFile)
      await psql(site.database, 'checkpoint')
      const sent = await partner.send('ripa', file)
      stored = sent.view.counts.created
      database = site.database
      await psql(
        database,
        `\\copy (select * from record where submission = '${sent.tracking}' order by change_no) to '${rowsFile}'`,
      )
      await site.close()
      return sent.seconds
    },
  }
  const copy: Contender = {
    name: 'COPY',
    async run() {
      await psql(database, 'create table record_copy (like record including all)', 'checkpoint')
      return timed(() => psql(database, `\\copy record_copy from '${rowsFile}'`))
    },
  }
  const contenders = [river, copy]
  const hasPgloader = await installed('pgloader')
  if (hasPgloader) contenders.push(await pgloader(postgres, folder, file))
  else process.stderr.write('  pgloader is not installed: skipped (apt-get install pgloader)\n')
  const [ours, copied, loaded] = await interleave(contenders, rounds)
  if (ours === undefined || copied === undefined) throw new Error('nothing was measured')
  const detail = { records, stored, timings: [ours, copied, loaded] }
  const rate = records / ours.median
  const results = [
    compared(
      `first load of ${records.toLocaleString('en-US')} stops`,
      'records/s',
      rate,
      { name: '`COPY` of the same rows, same indexes', rate: stored / copied.median },
      0.7,
      detail,
    ),
  ]
  if (loaded !== undefined)
    results.push(
      compared(
        'the same',
        'records/s',
        rate,
        { name: 'pgloader, same file into text columns', rate: records / loaded.median },
        2.5,
        detail,
      ),
    )
  return results
}

async function pgloader(postgres: PostgresServer, folder: string, file: string): Promise<Contender> {
  const database = await postgres.createDatabase()
  const columns = stopHeader('v2').map((name) => name.toLowerCase())
  const command = join(folder, 'stops.load')
  await writeFile(
    command,
    `LOAD CSV FROM '${file}' (${columns.join(', ')})
     INTO ${database.replace('postgres://', 'postgresql://')} TARGET TABLE public.stops (${columns.join(', ')})
     WITH truncate, skip header = 1, fields terminated by '|', fields optionally enclosed by '"';\n`,
  )
  await psql(database, `create table stops (${columns.map((name) => `${name} text`).join(', ')})`)
  return {
    name: 'pgloader',
    async run() {
      await psql(database, 'truncate stops', 'checkpoint')
      const seconds = await timed(() =>
        run('pgloader', ['--quiet', command], { cwd: folder, maxBuffer: 2 ** 26 }),
      )
      const loaded = Number(await psql(database, 'select count(*) from stops'))
      if (loaded === 0) throw new Error('pgloader loaded nothing')
      return seconds
    },
  }
}
