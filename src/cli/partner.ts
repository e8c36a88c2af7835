import type { Command } from 'commander'
import { branch } from './command.ts'
import { channelCommand } from './partner-channel.ts'
import { serverLeaf } from './server-command.ts'

interface Partner {
  readonly name: string
  readonly title: string
  readonly centre: boolean
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

export function partnerCommand(): Command {
  return branch(
    'partner',
    'Partners are the organisations that send or receive. These commands need the right to manage the node.',
    addCommand(),
    listCommand(),
    identifyCommand(),
    channelCommand(),
  )
}

function addCommand(): Command {
  return serverLeaf<{ readonly name: string; readonly title: string }>(
    'add <name>',
    'Adds a partner under a short name, which stays.',
    [['tributary partner add north-pd --title "North Police Department"', 'Add an agency']],
    async ({ given, out, client }) => {
      const { name, title } = given
      const partner = await client.send<Partner>('POST', '/v1/partners', { name, title })
      out.result(partner, (screen) => screen.line(`Added ${name}.`))
      return 'ok'
    },
    (command) => command.requiredOption('--title <text>', 'its full name'),
  )
}

function listCommand(): Command {
  return serverLeaf<object>(
    'list',
    'Lists the partners and the identifiers by which others know them.',
    [['tributary partner list', 'All partners']],
    async ({ out, client }) => {
      const { items } = await client.get<{ items: readonly Partner[] }>('/v1/partners')
      out.result({ items }, (screen) =>
        screen.table(
          [{ title: 'Partner' }, { title: 'Name' }, { title: 'Identifiers' }],
          items.map(({ name, title, identifiers }) => [
            name,
            title,
            identifiers.map(({ scheme, value }) => `${scheme}=${value}`).join(' '),
          ]),
        ),
      )
      return 'ok'
    },
  )
}

function identifyCommand(): Command {
  return serverLeaf<{
    readonly name: string
    readonly scheme: string
    readonly value: string
    readonly remove?: boolean
  }>(
    'identify <name> <scheme> <value>',
    'Says by which identifier of a scheme others know a partner. A partner may have several of one scheme; an ' +
      'identifier belongs to one partner.',
    [
      ['tributary partner identify north-pd ori CA0010000', 'The agency reports under this ORI'],
      ['tributary partner identify north-pd ori CA0010000 --remove', 'It does no longer'],
    ],
    async ({ given, out, client }) => {
      const { name, scheme, value } = given
      const path = ['v1', 'partners', name, 'identifiers', scheme, value].map(encodeURIComponent).join('/')
      await client.send(given.remove ? 'DELETE' : 'PUT', `/${path}`)
      out.result({ partner: name, scheme, value, removed: given.remove === true }, (screen) =>
        screen.line(
          given.remove ? `${name} no longer has ${scheme} ${value}.` : `${name} has ${scheme} ${value}.`,
        ),
      )
      return 'ok'
    },
    (command) => command.option('--remove', 'take the identifier away'),
  )
}
