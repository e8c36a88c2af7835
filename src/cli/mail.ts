import { type Command, Option } from 'commander'
import type { Mail } from '../store/mails.ts'
import { branch } from './command.ts'
import type { Screen } from './output.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function mailCommand(): Command {
  return branch(
    'mail',
    'Mails about deliveries and where they stand.',
    listCommand(),
    showCommand(),
    retryCommand(),
  )
}

function pathOf(mail: string): string {
  return `/v1/mails/${encodeURIComponent(mail)}`
}

interface Listing {
  readonly state?: string
  readonly partner?: string
  readonly limit: number
}

function listCommand(): Command {
  return serverLeaf<Listing>(
    'list',
    'Lists mails, the newest first: queued, sent, bounced (refused for good) or given-up (after five days).',
    [
      ['tributary mail list', 'The latest mails'],
      ['tributary mail list --state bounced --partner alder-pd', 'Those that were refused'],
    ],
    async ({ given, out, client }) => {
      const { state, partner, limit } = given
      const items: Mail[] = []
      for await (const mail of client.list<Mail>('/v1/mails', { state, partner }, limit)) items.push(mail)
      out.result({ items }, (screen) =>
        screen.table(
          ['Mail', 'Partner', 'To', 'State', 'Made', 'Subject'].map((title) => ({ title })),
          items.map((one) => [one.mail, one.partner, one.recipient, one.state, one.createdAt, one.subject]),
        ),
      )
      return 'ok'
    },
    (command) =>
      command
        .addOption(
          new Option('--state <state>', 'only mails in this state').choices([
            'queued',
            'sent',
            'bounced',
            'given-up',
          ]),
        )
        .option('--partner <name>', 'the centre only: of this partner')
        .option('--limit <number>', 'how many at most', atLeastOne, 20),
  )
}

function showCommand(): Command {
  return serverLeaf<{ readonly mail: string }>(
    'show <mail>',
    'Shows where one mail stands: attempts, the next one, and what the mail server said.',
    [['tributary mail show 20260302140501-8f1c2d3e4a5b6c7d8e', 'Its id is in the list']],
    async ({ given, out, client }) => {
      const mail = await client.get<Mail>(pathOf(given.mail))
      out.result(mail, (screen) => showMail(screen, mail))
      return 'ok'
    },
  )
}

function retryCommand(): Command {
  return serverLeaf<{ readonly mail: string }>(
    'retry <mail>',
    'Sends a mail again that was refused or given up, or one that waits for its next attempt, now. To an address that ' +
      'was refused it goes only after tributary contact clear.',
    [['tributary mail retry 20260302140501-8f1c2d3e4a5b6c7d8e', 'Once the reason is gone']],
    async ({ given, out, client }) => {
      const mail = await client.send<Mail>('POST', `${pathOf(given.mail)}/retry`)
      out.result(mail, (screen) => screen.line(`The mail to ${mail.recipient} is ${mail.state}.`))
      return 'ok'
    },
  )
}

function showMail(screen: Screen, mail: Mail): void {
  screen.pairs([
    ['Mail', mail.mail],
    ['To', mail.recipient],
    ['Subject', mail.subject],
    ['Partner', mail.partner],
    ['Exchange', mail.exchange],
    ['State', mail.state],
    ['Made', mail.createdAt],
    ['Sent', mail.sentAt],
    ['Attempts', mail.attempts],
    ['Next attempt', mail.nextAt],
    ['Last error', mail.lastError],
  ])
}
