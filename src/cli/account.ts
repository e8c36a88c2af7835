import type { Command } from 'commander'
import { branch } from './command.ts'
import { serverLeaf } from './server-command.ts'

interface Account {
  readonly account: string
  readonly name: string
  readonly partner: string
  readonly kind: 'person' | 'machine'
  readonly realms: readonly string[]
  readonly grants: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
}

/** Shown once: the node keeps only its hash. */
interface Secret {
  readonly clientId: string
  readonly clientSecret: string
}

export function accountCommand(): Command {
  return branch(
    'account',
    'Accounts sign in for a partner: people and machines. These commands need the right to manage the node.',
    addCommand(),
    listCommand(),
    grantCommand(),
    realmsCommand(),
    secretCommand(),
  )
}

function addCommand(): Command {
  return serverLeaf<{
    readonly name: string
    readonly partner: string
    readonly kind: string
    readonly realm: string[]
  }>(
    'add <name>',
    'Adds an account for a partner. It may do nothing until something is granted to it.',
    [
      ['tributary account add north-feed --partner north-pd', 'A program that sends'],
      ['tributary account add j.doe --partner north-pd --kind person', 'A person'],
    ],
    async ({ given, out, client }) => {
      const { name, partner, kind, realm } = given
      const account = await client.send<Account>('POST', '/v1/accounts', {
        name,
        partner,
        kind,
        realms: realm,
      })
      out.result(account, (screen) => {
        screen.line(`Added ${name} for ${partner}.`)
        screen.line(`\nNext: tributary account grant ${name} <exchange> submit read`)
        screen.line(`      tributary account secret ${name}`)
      })
      return 'ok'
    },
    (command) =>
      command
        .requiredOption('--partner <name>', 'for whom it signs in')
        .option('--kind <kind>', 'machine or person', 'machine')
        .option('--realm <realm...>', 'realms in which it works: live, test', ['live']),
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly partner?: string }>(
    'list',
    'Lists accounts and what they may do.',
    [['tributary account list --partner north-pd', 'Accounts of one partner']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly Account[] }>('/v1/accounts', {
        partner: given.partner,
      })
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Account' },
            { title: 'Partner' },
            { title: 'Kind' },
            { title: 'Realms' },
            { title: 'May' },
          ],
          items.map(({ name, partner, kind, realms, grants }) => [
            name,
            partner,
            kind,
            realms.join(' '),
            grants.map((entry) => `${entry.exchange}: ${entry.grants.join(' ')}`).join('; '),
          ]),
        ),
      )
      return 'ok'
    },
    (command) => command.option('--partner <name>', 'only accounts of this partner'),
  )
}

function grantCommand(): Command {
  return serverLeaf<{ readonly name: string; readonly exchange: string; readonly grants: readonly string[] }>(
    'grant <name> <exchange> [grants...]',
    'Says what an account may do in an exchange: submit, validate, read, close, delete, release, manage. What is ' +
      'not named is taken away; no grants at all take everything away. The exchange * stands for all.',
    [
      ['tributary account grant north-feed ripa submit read', 'Send stops, and read what was sent'],
      ['tributary account grant north-feed ripa', 'Nothing any more'],
    ],
    async ({ given, out, client }) => {
      const { name, exchange, grants } = given
      const path = `/v1/accounts/${encodeURIComponent(name)}/grants/${encodeURIComponent(exchange)}`
      const account = await client.send<Account>('PUT', path, { grants })
      out.result(account, (screen) =>
        screen.line(
          grants.length === 0
            ? `${name} may do nothing in ${exchange}.`
            : `${name} may ${grants.join(', ')} in ${exchange}.`,
        ),
      )
      return 'ok'
    },
  )
}

function realmsCommand(): Command {
  return serverLeaf<{ readonly account: string; readonly realms: readonly string[] }>(
    'realms <account> <realms...>',
    'Says in which realms an account works: live, test or both. At the file server it sees the folders of these ' +
      '(PROD and TEST) within half a minute.',
    [
      ['tributary account realms north-feed live test', 'Tests too'],
      ['tributary account realms north-feed test', 'Tests only'],
    ],
    async ({ given, out, client }) => {
      const path = `/v1/accounts/${encodeURIComponent(given.account)}/realms`
      const account = await client.send<Account>('PUT', path, { realms: given.realms })
      out.result(account, (screen) =>
        screen.line(`${account.name} works in ${account.realms.join(' and ')}.`),
      )
      return 'ok'
    },
  )
}

function secretCommand(): Command {
  return serverLeaf<{ readonly name: string }>(
    'secret <name>',
    'Makes a new secret for an account and shows it once; the old one stops working.',
    [['tributary account secret north-feed', 'Give the account a new secret']],
    async ({ given, out, client }) => {
      const path = `/v1/accounts/${encodeURIComponent(given.name)}/secret`
      const secret = await client.send<Secret>('POST', path)
      out.result(secret, (screen) => {
        screen.pairs([
          ['Client id', secret.clientId],
          ['Client secret', secret.clientSecret],
        ])
        screen.line('\nIt is shown only now. Keep it where secrets are kept.')
      })
      return 'ok'
    },
  )
}
