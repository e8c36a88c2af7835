import type { Command } from 'commander'
import type { SubmissionView } from '../channel/rest/ports.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'
import { exitOf, showSubmission, showSubmissions } from './submission-report.ts'
import { follow } from './submit.ts'

interface Given {
  readonly tracking?: string
  readonly exchange?: string
  readonly state?: string
  readonly limit: number
  readonly watch?: boolean
}

export function statusCommand(): Command {
  return serverLeaf<Given>(
    'status [tracking]',
    'Shows one submission by its tracking number, or the latest ones. Ends with 1 when the submission shown has ' +
      'rejected records, records with errors, or did not complete.',
    [
      ['tributary status', 'The latest submissions'],
      ['tributary status --state held', 'Those that wait for a person'],
      ['tributary status 2b-7f3a', 'One submission'],
      ['tributary status 2b-7f3a --watch', 'One submission, until it is done'],
    ],
    async ({ given, out, client }) => {
      if (given.tracking === undefined) {
        const path =
          given.exchange === undefined
            ? '/v1/submissions'
            : `/v1/exchanges/${encodeURIComponent(given.exchange)}/submissions`
        const items: SubmissionView[] = []
        for await (const view of client.list<SubmissionView>(path, { state: given.state }, given.limit))
          items.push(view)
        out.result({ items }, (screen) => showSubmissions(screen, items))
        return 'ok'
      }
      const path = `/v1/submissions/${encodeURIComponent(given.tracking)}`
      const now = await client.get<SubmissionView>(path)
      const view = given.watch ? await follow(client, now, out) : now
      out.result(view, (screen) => showSubmission(screen, view))
      return exitOf([view])
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only submissions of this exchange')
        .option('--state <state>', 'only submissions in this state (held, processing, completed …)')
        .option('--limit <number>', 'how many at most', atLeastOne, 20)
        .option('--watch', 'follow the submission until it is done'),
  )
}
