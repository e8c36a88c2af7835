import { once } from 'node:events'
import type { Command } from 'commander'
import type { StoredTransfer } from '../store/transfers.ts'
import { type Client, type Query, withQuery } from './client.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

interface Given {
  readonly partner?: string
  readonly from?: string
  readonly before?: string
  readonly limit: number
  readonly csv?: boolean
}

export function transfersCommand(): Command {
  return serverLeaf<Given>(
    'transfers',
    'Shows the transfer log: sign-ins at the file server, and what was uploaded, downloaded, renamed and removed, the ' +
      'newest first. A partner sees its own.',
    [
      ['tributary transfers', 'The latest lines'],
      ['tributary transfers --partner alder-pd --from 2026-03-02', 'One partner since then'],
      [
        'tributary transfers --from 2026-03-01 --before 2026-04-01 --csv > march.csv',
        'A month, oldest first',
      ],
    ],
    async ({ given, out, client }) => {
      const { partner, limit } = given
      const query = { partner, from: moment(given.from), before: moment(given.before) }
      if (given.csv && !out.json) {
        await writeCsv(client, query)
        return 'ok'
      }
      const items: StoredTransfer[] = []
      for await (const one of client.list<StoredTransfer>('/v1/transfers', query, limit)) items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'When' },
            { title: 'Account' },
            { title: 'From' },
            { title: 'What' },
            { title: 'Bytes', align: 'right' },
            { title: 'Result' },
            { title: 'Path' },
          ],
          items.map(({ at, login, address, action, bytes, result, path }) => [
            at,
            login,
            address,
            action,
            bytes,
            result,
            path,
          ]),
        ),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('--partner <name>', 'the centre only: of this partner')
        .option('--from <time>', 'from this day or moment on (ISO, UTC)')
        .option('--before <time>', 'before this day or moment (ISO, UTC)')
        .option('--limit <number>', 'how many lines at most, except with --csv', atLeastOne, 50)
        .option('--csv', 'all lines as CSV, oldest first, to standard output'),
  )
}

/** A day is its first moment in UTC; what is no day goes to the node as it is. */
function moment(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
}

async function writeCsv(client: Client, query: Query): Promise<void> {
  const { bytes } = await client.download(withQuery('/v1/transfers', query), 'text/csv')
  for await (const chunk of bytes) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
}
