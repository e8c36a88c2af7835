import { type Command, Option } from 'commander'
import type { Contact } from '../store/contacts.ts'
import { branch } from './command.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function contactCommand(): Command {
  return branch(
    'contact',
    'Contacts are those who are written to when what a partner sent was processed.',
    addCommand(),
    listCommand(),
    removeCommand(),
    clearCommand(),
  )
}

function pathOf(partner: string, contact?: number): string {
  const path = `/v1/partners/${encodeURIComponent(partner)}/contacts`
  return contact === undefined ? path : `${path}/${contact}`
}

interface NewContact {
  readonly partner: string
  readonly address: string
  readonly exchange: string
  readonly frequency: string
}

function addCommand(): Command {
  return serverLeaf<NewContact>(
    'add <partner> <address>',
    'Adds a contact, or changes how often one is written to.',
    [
      [
        'tributary contact add alder-pd records@alder.example.org',
        'A mail for each delivery, of all exchanges',
      ],
      [
        'tributary contact add alder-pd chief@alder.example.org --exchange ripa --frequency weekly',
        'One mail each Monday',
      ],
    ],
    async ({ given, out, client }) => {
      const { partner, address, exchange, frequency } = given
      const contact = await client.send<Contact>('POST', pathOf(partner), { exchange, address, frequency })
      out.result(contact, (screen) =>
        screen.line(`${contact.address} is written to ${frequency} (contact ${contact.contact}).`),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only about this exchange; * stands for all', '*')
        .addOption(
          new Option('--frequency <how-often>', 'when a mail is sent')
            .choices(['at-once', 'hourly', 'daily', 'weekly'])
            .default('at-once'),
        ),
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly partner: string }>(
    'list <partner>',
    'Lists the contacts of a partner, and which addresses were refused by their mail servers.',
    [['tributary contact list alder-pd', 'Who is written to, and how often']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly Contact[] }>(pathOf(given.partner))
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Contact', align: 'right' },
            { title: 'Address' },
            { title: 'Exchange' },
            { title: 'How often' },
            { title: 'Refused' },
            { title: 'Why' },
          ],
          items.map((one) => [
            String(one.contact),
            one.address,
            one.exchange,
            one.frequency,
            one.bouncedAt,
            one.bounceReason,
          ]),
        ),
      )
      return 'ok'
    },
  )
}

interface OneContact {
  readonly partner: string
  readonly contact: number
}

/** The number of a contact is an argument, so Commander does not check it by itself. */
const contactOf = (given: OneContact): number => atLeastOne(String(given.contact))

function removeCommand(): Command {
  return serverLeaf<OneContact>(
    'remove <partner> <contact>',
    'Removes a contact by its number, with what is still to be sent to it.',
    [['tributary contact remove alder-pd 3', 'The number is in the list']],
    async ({ given, out, client }) => {
      const contact = contactOf(given)
      await client.send('DELETE', pathOf(given.partner, contact))
      out.result({ partner: given.partner, contact, removed: true }, (screen) =>
        screen.line(`Removed contact ${contact} of ${given.partner}.`),
      )
      return 'ok'
    },
  )
}

function clearCommand(): Command {
  return serverLeaf<OneContact>(
    'clear <partner> <contact>',
    'Says that an address that was refused works again: what waits for it is sent.',
    [['tributary contact clear alder-pd 3', 'After the agency has put its mailbox right']],
    async ({ given, out, client }) => {
      const path = `${pathOf(given.partner, contactOf(given))}/clear-bounce`
      const contact = await client.send<Contact>('POST', path)
      out.result(contact, (screen) => screen.line(`${contact.address} is written to again.`))
      return 'ok'
    },
  )
}
