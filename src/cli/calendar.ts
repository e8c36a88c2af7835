import type { Command } from 'commander'
import { parse } from 'yaml'
import type { Calendar, CalendarException } from '../store/job-model.ts'
import type { Client } from './client.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { readInput } from './read-input.ts'
import { serverLeaf } from './server-command.ts'

export function calendarCommand(): Command {
  return branch(
    'calendar',
    'A calendar names days on which jobs rest, such as an election freeze.',
    listCommand(),
    showCommand(),
    putCommand(),
    restCommand(),
    removeCommand(),
  )
}

function pathOf(calendar: string): string {
  return `/v1/calendars/${encodeURIComponent(calendar)}`
}

function showDays(screen: Screen, { exceptions }: Calendar): void {
  screen.table(
    [{ title: 'From' }, { title: 'Until' }, { title: 'Reason' }],
    exceptions.map(({ from, until, reason }) => [from, until, reason]),
  )
}

function listCommand(): Command {
  return serverLeaf(
    'list',
    'Lists calendars.',
    [['tributary calendar list', 'All there are']],
    async ({ out, client }) => {
      const { items } = await client.get<{ items: readonly Calendar[] }>('/v1/calendars')
      out.result({ items }, (screen) =>
        screen.table(
          [{ title: 'Calendar' }, { title: 'Title' }, { title: 'Rests', align: 'right' }],
          items.map(({ calendar, title, exceptions }) => [calendar, title, exceptions.length]),
        ),
      )
      return 'ok'
    },
  )
}

function showCommand(): Command {
  return serverLeaf<{ readonly calendar: string }>(
    'show <calendar>',
    'Shows the days of rest of a calendar.',
    [['tributary calendar show elections', 'When do jobs rest?']],
    async ({ given, out, client }) => {
      const calendar = await client.get<Calendar>(pathOf(given.calendar))
      out.result(calendar, (screen) => showDays(screen, calendar))
      return 'ok'
    },
  )
}

function putCommand(): Command {
  return serverLeaf<{ readonly calendar: string; readonly file: string }>(
    'put <calendar> <file>',
    'Makes a calendar, or puts that of a file (YAML or JSON: title, exceptions of from, until and reason) in its place.',
    [['tributary calendar put elections elections.yaml', 'All its days at once']],
    async ({ given, out, client }) => {
      const body: unknown = parse(await readInput(given.file))
      const calendar = await client.send<Calendar>('PUT', pathOf(given.calendar), body)
      out.result(calendar, (screen) => showDays(screen, calendar))
      return 'ok'
    },
  )
}

interface RestGiven {
  readonly calendar: string
  readonly from: string
  readonly until: string
  readonly reason: string
}

function restCommand(): Command {
  return serverLeaf<RestGiven>(
    'rest <calendar> <from> <until> <reason>',
    'Adds days of rest to a calendar, which is made when there is none. Both days are included.',
    [
      [
        'tributary calendar rest elections 2026-10-20 2026-11-10 "General election freeze"',
        'Nothing is extracted from 20 October until 10 November',
      ],
    ],
    async ({ given, out, client }) => {
      const { calendar: name, from, until, reason } = given
      const before = await found(client, name)
      const exceptions: CalendarException[] = [...(before?.exceptions ?? []), { from, until, reason }]
      exceptions.sort((one, other) => one.from.localeCompare(other.from))
      const body = { title: before?.title ?? name, exceptions }
      const calendar = await client.send<Calendar>('PUT', pathOf(name), body)
      out.result(calendar, (screen) => showDays(screen, calendar))
      return 'ok'
    },
  )
}

async function found(client: Client, name: string): Promise<Calendar | null> {
  const { items } = await client.get<{ items: readonly Calendar[] }>('/v1/calendars')
  return items.find(({ calendar }) => calendar === name) ?? null
}

function removeCommand(): Command {
  return serverLeaf<{ readonly calendar: string }>(
    'remove <calendar>',
    'Removes a calendar that no job uses.',
    [['tributary calendar remove trial', 'It was only a trial']],
    async ({ given, out, client }) => {
      if ((await found(client, given.calendar)) === null)
        throw new CommandError('missing', `There is no calendar ${given.calendar}.`)
      await client.send('DELETE', pathOf(given.calendar))
      out.result({ calendar: given.calendar, removed: true }, (screen) =>
        screen.line(`Removed ${given.calendar}.`),
      )
      return 'ok'
    },
  )
}
