import type { Command } from 'commander'
import type { Finding } from '../exchange/parcel.ts'
import { save } from './save.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

interface Given {
  readonly tracking: string
  readonly file?: string | true
  readonly log?: string | true
  readonly list?: boolean
  readonly code?: string
  readonly limit: number
}

interface SummaryItem {
  readonly code: string
  readonly severity: string
  readonly count: number
  readonly message: string
  readonly field: string
}

type Listed = Finding & { readonly position: number; readonly key: string | null }

export function errorsCommand(): Command {
  return serverLeaf<Given>(
    'errors <tracking>',
    'Shows what was wrong with the records of a submission: a summary by code, or each finding. Downloads the ' +
      'error file: your own rows of the records in question, with columns for code, field and message, in the ' +
      'format that you sent. Ends with 1 when there are findings.',
    [
      ['tributary errors 2b-7f3a', 'Findings by code, most frequent first'],
      ['tributary errors 2b-7f3a --file', 'Download the error file under the name the node suggests'],
      ['tributary errors 2b-7f3a --file faulty.csv', 'Download it under this name'],
      ['tributary errors 2b-7f3a --list --code DV004', 'Each finding with one code'],
    ],
    async (call) => {
      const { given, out, client } = call
      const path = `/v1/submissions/${encodeURIComponent(given.tracking)}`
      const saved: { errorFile?: string; sessionLog?: string } = {}
      if (given.file !== undefined) saved.errorFile = await save(client, `${path}/error-file`, given.file)
      if (given.log !== undefined) saved.sessionLog = await save(client, `${path}/session-log`, given.log)
      const { items: summary } = await client.get<{ items: readonly SummaryItem[] }>(
        `${path}/findings/summary`,
      )
      const findings: Listed[] = []
      if (given.list)
        for await (const one of client.list<Listed>(`${path}/findings`, { code: given.code }, given.limit))
          findings.push(one)
      out.result(
        { tracking: given.tracking, ...saved, summary, ...(given.list ? { findings } : {}) },
        (screen) => {
          if (summary.length === 0) screen.line('No findings.')
          else if (given.list)
            screen.table(
              ['Record', 'Key', 'Severity', 'Code', 'Where', 'Value', 'Message'].map((title) => ({ title })),
              findings.map((one) => [
                String(one.position),
                one.key,
                one.severity,
                one.code,
                one.path,
                one.value,
                one.message,
              ]),
            )
          else
            screen.table(
              [
                { title: 'Findings', align: 'right' },
                { title: 'Severity' },
                { title: 'Code' },
                { title: 'Field' },
                { title: 'Message' },
              ],
              summary.map((item) => [item.count, item.severity, item.code, item.field, item.message]),
            )
          if (saved.errorFile !== undefined) screen.line(`\nError file: ${saved.errorFile}`)
          if (saved.sessionLog !== undefined) screen.line(`\nSession log: ${saved.sessionLog}`)
        },
      )
      return summary.length === 0 ? 'ok' : 'findings'
    },
    (command) =>
      command
        .option('--file [path]', 'download the error file')
        .option('--log [path]', 'download the session log (NDJSON, gzip)')
        .option('--list', 'each finding instead of the summary')
        .option('--code <code>', 'with --list: only findings with this code')
        .option('--limit <number>', 'with --list: how many at most', atLeastOne, 1000),
  )
}
