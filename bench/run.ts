import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/servers/postgres.ts'
import { measureAgents } from './agents.ts'
import { measureExtract } from './extract.ts'
import { measureLoad } from './load.ts'
import { loadNow, machineLine } from './machine.ts'
import { measureMemory } from './memory.ts'
import { measureResend } from './resend.ts'
import { type Result, table } from './results.ts'
import { measureSftp } from './sftp.ts'
import { measureSingle } from './single.ts'
import { measureSingleFiles } from './single-files.ts'
import { psql } from './site.ts'
import { measureValidator } from './validator.ts'
import { measureVoters } from './voters.ts'

const MEASUREMENTS = [
  'load',
  'resend',
  'validator',
  'rest',
  'memory',
  'sftp',
  'files',
  'agents',
  'extract',
  'voters',
] as const

const usage = `npm run bench -- [options]
  --only <name>       one of ${MEASUREMENTS.join(', ')}; may be repeated
  --records <number>  records in the files of load and resend (default 100000)
  --rounds <number>   rounds of each measurement; the median counts (default 5)
  --seconds <number>  length of a round of rest and agents (default 8)
  --sizes <list>      sizes of memory and extract (default 10000,100000,1000000)
  --megabytes <number>  size of the file of sftp (default 1024)
  --files <number>    how many files of files (default 20000)
  --voters <number>   voters of the county of voters (default 1000000)
  --write             put the table into bench/README.md
The results as JSON go to standard output, what happens and the table to standard error.
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [...MEASUREMENTS] },
      records: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      sizes: { type: 'string', default: '10000,100000,1000000' },
      megabytes: { type: 'string', default: '1024' },
      files: { type: 'string', default: '20000' },
      voters: { type: 'string', default: '1000000' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stderr.write(usage)
    return
  }
  const records = Number(values.records)
  const rounds = Number(values.rounds)
  const postgres = await startPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-files-'))
  try {
    const version = await psql(postgres.url('postgres'), 'show server_version')
    const machine = await machineLine(version)
    const loadBefore = loadNow()
    process.stderr.write(`${machine}; load ${loadBefore}\n`)
    const all: Record<(typeof MEASUREMENTS)[number], () => Promise<readonly Result[]>> = {
      load: () => measureLoad(postgres, folder, { records, rounds }),
      resend: () => measureResend(postgres, folder, { records, rounds }),
      validator: () => measureValidator({ records: 20_000, rounds }),
      rest: () => measureSingle(postgres, { seconds: Number(values.seconds), rounds }),
      memory: () => measureMemory(postgres, folder, values.sizes.split(',').map(Number)),
      sftp: () => measureSftp(postgres, folder, { megabytes: Number(values.megabytes), rounds }),
      extract: () => measureExtract(postgres, values.sizes.split(',').map(Number)),
      voters: () => measureVoters(postgres, folder, { voters: Number(values.voters) }),
      agents: () => measureAgents(postgres, { seconds: Number(values.seconds) }),
      files: () => measureSingleFiles(postgres, folder, { files: Number(values.files) }),
    }
    const results: Result[] = []
    for (const name of MEASUREMENTS) {
      if (!values.only.includes(name)) continue
      process.stderr.write(`${name}\n`)
      results.push(...(await all[name]()))
    }
    const date = new Date().toISOString().slice(0, 10)
    process.stdout.write(
      `${JSON.stringify({ date, machine, loadBefore, loadAfter: loadNow(), results }, null, 2)}\n`,
    )
    process.stderr.write(`\n${table(results)}\n`)
    if (values.write) await writeTable(`${date}, ${machine}.`, table(results))
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const readme = new URL('README.md', import.meta.url)
const start = '<!-- results -->'
const end = '<!-- /results -->'

async function writeTable(line: string, text: string): Promise<void> {
  const page = await readFile(readme, 'utf8')
  const [before = '', rest = ''] = page.split(start)
  const after = rest.split(end)[1] ?? ''
  await writeFile(readme, `${before}${start}\n${line}\n\n${text}\n${end}${after}`)
}

await main()
