import type { Command } from 'commander'
import type { BulkStatus } from '../channel/rest/ports-bulk.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { serverLeaf } from './server-command.ts'
import { type FileServer, fileServerOf } from './sftp-server.ts'

export function bulkCommand(): Command {
  return serverLeaf<{ readonly status?: string }>(
    'bulk [status]',
    'Shows how the bulk channels stand: files that wait, deliveries in work and what keeps them, places, the mail ' +
      'queue. Ends with 1 when something needs a person.',
    [
      ['tributary bulk', 'The status page'],
      ['tributary bulk --json || notify-operator', 'In a watching script'],
    ],
    async ({ given, out, client }) => {
      if (given.status !== undefined && given.status !== 'status')
        throw new CommandError(
          'usage',
          `There is no 'bulk ${given.status}'.`,
          'tributary bulk shows the status.',
        )
      const status = await client.get<BulkStatus>('/v1/status/bulk')
      const server = await fileServerOf(client)
      const { available, host, port, fingerprints } = server
      const fileServer = available ? { host, port, fingerprints } : null
      out.result({ ...status, fileServer }, (screen) => showStatus(screen, status, server))
      return needsPerson(status) ? 'findings' : 'ok'
    },
  )
}

/** Deliveries that do not get on, places that cannot be reached, mails that came back, and files that are held. */
function needsPerson({ troubles, places, mail, files }: BulkStatus): boolean {
  return (
    troubles.length > 0 ||
    places.some(({ active, lastError }) => active && lastError !== null) ||
    mail.paused > 0 ||
    (files.held ?? 0) > 0
  )
}

function showStatus(screen: Screen, status: BulkStatus, server: FileServer): void {
  const { lastScanAt, intakes, files, mail } = status
  screen.pairs([
    ['File server', server.available ? `${server.host}, port ${server.port}` : 'none'],
    ['Folders last looked at', lastScanAt ?? 'not yet'],
    ['Deliveries in work', counted(intakes)],
    ['Files in them', counted(files)],
    ['Mails', mailText(mail)],
  ])
  showWaiting(screen, status)
  showTroubles(screen, status)
  showPlaces(screen, status)
}

function counted(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([state, count]) => `${count.toLocaleString('en-US')} ${state}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function mailText({ queued, paused, bounced, givenUp, oldest }: BulkStatus['mail']): string {
  const since = oldest === null ? '' : ` (the oldest since ${oldest})`
  return `${queued} queued${since}, ${paused} wait for a refused address, ${bounced} bounced, ${givenUp} given up`
}

function showWaiting(screen: Screen, { waiting }: BulkStatus): void {
  const some = waiting.filter(({ files }) => files !== 0)
  if (some.length === 0) return
  screen.line(`\n${screen.bold('Not picked up yet')}`)
  screen.table(
    [
      { title: 'Partner' },
      { title: 'Exchange' },
      { title: 'Realm' },
      { title: 'Place' },
      { title: 'Files', align: 'right' },
      { title: 'Oldest' },
    ],
    some.map(({ partner, exchange, realm, place, files, more, oldest }) => [
      partner,
      exchange,
      realm,
      place === '' ? 'file server' : place,
      files === null ? '?' : `${files.toLocaleString('en-US')}${more ? '+' : ''}`,
      oldest,
    ]),
  )
}

function showTroubles(screen: Screen, { troubles }: BulkStatus): void {
  if (troubles.length === 0) return
  screen.line(`\n${screen.bad('Deliveries that do not get on')}`)
  screen.table(
    ['Intake', 'Partner', 'State', 'Error'].map((title) => ({ title })),
    troubles.map(({ intake, partner, state, lastError }) => [intake, partner, state, lastError]),
  )
}

function showPlaces(screen: Screen, { places }: BulkStatus): void {
  if (places.length === 0) return
  screen.line(`\n${screen.bold('Places')}`)
  screen.table(
    ['Place', 'Partner', 'In use', 'Looked at', 'Error'].map((title) => ({ title })),
    places.map(({ place, partner, active, seenAt, lastError }) => [
      place,
      partner,
      active ? 'yes' : 'stopped',
      seenAt,
      lastError,
    ]),
  )
}
