import { stopHeader, stopRows } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { type Client, clientOf, signIn } from '../servers/tributary.ts'

/** Three people, as the console knows them, and an agency that has sent something. */

export const PASSWORD = 'Heron-Quartz-Meadow-8'
export const CLERK = 'dana.clerk'
export const OFFICER = 'robin.officer'
export const ADMINISTRATOR = 'administrator'
const ORI = 'CA0990100'

const firstDayAgo = 62 * 86_400_000

/** Recent invented stops as an agency's system writes them; a share of them faulty. */
export function stopsFile(count: number, faults: number, seed = 5, firstNumber = 1): string {
  const firstDay = new Date(Date.now() - firstDayAgo).toISOString().slice(0, 10)
  const stops = generateStops({ seed, count, ori: ORI, faults, firstDay, firstNumber })
  const rows = [...stops].flatMap((stop) => stopRows(stop))
  return [stopHeader('v2'), ...rows].map((row) => csvRow(row, '|')).join('')
}

/** Registers the agency and its people, each with a password of their own. */
export async function openOffice(url: string, centre: Client): Promise<void> {
  await centre.json('POST', '/v1/partners', {
    body: { name: 'riverbend-pd', title: 'Riverbend Police Department' },
  })
  await centre.json('PUT', `/v1/partners/riverbend-pd/identifiers/ori/${ORI}`)
  await centre.json('POST', '/v1/partners', { body: { name: 'oak-county-so', title: 'Oak County Sheriff' } })
  await person(url, centre, CLERK, ['submit', 'validate', 'read', 'close'])
  await person(url, centre, OFFICER, ['read'])
}

async function person(url: string, centre: Client, name: string, grants: readonly string[]): Promise<void> {
  const account = { name, partner: 'riverbend-pd', kind: 'person', realms: ['live', 'test'] }
  await centre.json('POST', '/v1/accounts', { body: account })
  await centre.json('PUT', `/v1/accounts/${name}/grants/ripa`, { body: { grants } })
  const { clientSecret } = await centre.json<{ clientSecret: string }>('POST', `/v1/accounts/${name}/secret`)
  const change = { account: name, password: clientSecret, newPassword: PASSWORD }
  await clientOf(url, null).json('POST', '/v1/password', { body: change })
}

/** Sends a file as the clerk and waits until it is dealt with. */
export async function sendFile(
  url: string,
  text: string,
  { name = 'stops.csv', query = '' }: { name?: string; query?: string } = {},
): Promise<string> {
  const clerk = await signIn(url, CLERK, PASSWORD)
  const headers = { 'x-file-name': name, 'content-type': 'text/csv' }
  const { tracking } = await clerk.json<{ tracking: string }>(
    'POST',
    `/v1/exchanges/ripa/submissions${query}`,
    { headers, body: text },
  )
  await (await clerk.request('GET', `/v1/submissions/${tracking}/events`)).text()
  return tracking
}
