import type { Command } from 'commander'
import { branch } from './command.ts'
import { serverLeaf } from './server-command.ts'

interface Given {
  readonly exchange: string
  readonly type: string
  readonly key: string
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly test?: boolean
}

interface Transferred {
  readonly left: string
  readonly came: string
  readonly recordId: string
  readonly key: string
  readonly others: number
}

/** Single records: giving one to another owner. */
export function recordCommand(): Command {
  return branch('record', 'What the centre does to single records.', transferCommand())
}

function transferCommand(): Command {
  return serverLeaf<Given>(
    'transfer <exchange> <type> <key>',
    'Gives a record with its history to another owner; what belongs to it goes with it. For the centre. The parts of ' +
      'a key are joined by /.',
    [
      [
        'tributary record transfer voter voter 0123456 --from alder --to birch --reason "Moved house."',
        'The voter is of the other county now',
      ],
    ],
    async ({ given, out, client }) => {
      const { exchange, type, key, from, to, reason } = given
      const place = [type, key].map(encodeURIComponent).join('/')
      const path = `/v1/exchanges/${encodeURIComponent(exchange)}/records/${place}/transfer`
      const realm = given.test === true ? 'test' : 'live'
      const done = await client.send<Transferred>('POST', path, { from, to, realm, reason })
      out.result(done, (screen) => {
        const others = done.others === 0 ? '' : `, with ${done.others} that belong to it`
        screen.line(`${type} ${done.key} is ${to}'s now${others}.`)
        screen.line(`${from}: ${done.left}`)
        screen.line(`${to}: ${done.came}`)
      })
      return 'ok'
    },
    (command) =>
      command
        .requiredOption('--from <partner>', 'whose record it is')
        .requiredOption('--to <partner>', 'whose it becomes')
        .requiredOption('--reason <text>', 'why; it is kept with the submissions that say so')
        .option('--test', 'a record of the test realm'),
  )
}
