import { type Command, Option } from 'commander'
import type { SubmissionView } from '../channel/rest/ports.ts'
import type { Client } from './client.ts'
import type { Screen } from './output.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'
import { exitOf, showSubmission, showSubmissions } from './submission-report.ts'
import { follow } from './submit.ts'

interface Given {
  readonly tracking?: string
  readonly exchange?: string
  readonly state?: string
  readonly limit: number
  readonly watch?: boolean
  readonly release?: boolean
  readonly cancel?: string | true
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
      ['tributary status 2b-7f3a --release', 'Let a held submission go on'],
      ['tributary status 2b-7f3a --cancel "The wrong file."', 'Or not'],
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
      const now = await decided(client, path, given)
      const view = given.watch ? await follow(client, now, out) : now
      const preview = view.state === 'held' ? await client.get<Preview>(`${path}/preview`) : null
      out.result(preview === null ? view : { ...view, preview }, (screen) => {
        showSubmission(screen, view)
        if (preview !== null) showPreview(screen, preview, view.tracking)
      })
      return exitOf([view])
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only submissions of this exchange')
        .option('--state <state>', 'only submissions in this state (held, processing, completed …)')
        .option('--limit <number>', 'how many at most', atLeastOne, 20)
        .option('--watch', 'follow the submission until it is done')
        .addOption(
          new Option('--release', 'let a held submission go on, for those who may').conflicts('cancel'),
        )
        .option('--cancel [reason]', 'cancel a submission that has not begun to change anything'),
  )
}

/** What a held submission would do, as the node counts it. */
type Preview = Readonly<Record<string, unknown>>

/** The submission after what was decided about it, if anything was. */
async function decided(client: Client, path: string, given: Given): Promise<SubmissionView> {
  if (given.release) return client.send<SubmissionView>('POST', `${path}/release`)
  if (given.cancel === undefined) return client.get<SubmissionView>(path)
  const reason = typeof given.cancel === 'string' ? { reason: given.cancel } : {}
  return client.send<SubmissionView>('POST', `${path}/cancel`, reason)
}

function showPreview(screen: Screen, preview: Preview, tracking: string): void {
  const counts = Object.entries(preview).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  screen.line(`\n${screen.bold('Released, it would do this:')}`)
  if (counts.length > 0) screen.pairs(counts)
  screen.line(`\nTo let it go on: tributary status ${tracking} --release`)
}
