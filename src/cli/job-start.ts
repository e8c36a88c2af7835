import type { Command } from 'commander'
import type { RunView } from '../channel/rest/ports-jobs.ts'
import { serverLeaf } from './server-command.ts'

/** `job run`: by the centre for anybody, by a partner for itself. */
export function startCommand(): Command {
  return serverLeaf<{ readonly job: string; readonly partner?: string; readonly force?: boolean }>(
    'run <job>',
    'Runs a job now: by the centre for one partner or all, window or not; by a partner for itself, as far as the job lets ' +
      'it. Shows the place of each run among all that wait.',
    [
      ['tributary job run voters-nightly --partner alder', 'The centre, for one county'],
      ['tributary job run voters-nightly', 'A county, for itself'],
    ],
    async ({ given, out, client }) => {
      const { job, partner, force } = given
      const body = { ...(partner === undefined ? {} : { partner }), ...(force === true ? { force } : {}) }
      const path = `/v1/jobs/${encodeURIComponent(job)}/runs`
      const { items } = await client.send<{ items: readonly RunView[] }>('POST', path, body)
      out.result({ items }, (screen) => {
        for (const { run, partner: whose, state, place } of items)
          screen.line(
            `${whose}: ${run} is ${state}${place === null ? '' : `, number ${place} of those that wait`}.`,
          )
        const [first] = items
        if (first !== undefined) screen.line(`\nHow far is it? tributary job status ${first.run}`)
      })
      return 'ok'
    },
    (command) =>
      command
        .option('--partner <name>', 'the centre only: for this partner')
        .option('--force', 'the centre only: also on a day of rest'),
  )
}
