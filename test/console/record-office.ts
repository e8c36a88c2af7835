import { stopHeader, stopRows } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { type Client, signIn } from '../servers/tributary.ts'
import { CLERK, PASSWORD } from './office.ts'

/** What pages of records, quality and duplicates have to show: other agencies, and records with a past. */

interface Stored {
  readonly recordId: string
  readonly key: string
  readonly version: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface RecordOffice {
  /** With errors, and changed once since it came. */
  readonly changed: Stored
  /** With errors, as it came. */
  readonly open: Stored
  /** Without errors; `twin` was changed into the same stop. */
  readonly good: Stored
  readonly twin: Stored
}

const OTHERS = [
  ['oak-county-so', 'CA0880100', 0.1],
  ['lakeside-pd', 'CA0770100', 0.2],
  ['hill-valley-pd', 'CA0660100', 0.4],
] as const

const firstDayAgo = 62 * 86_400_000
const stops = '/v1/exchanges/ripa/stop'

/** Has three other agencies send files, so that there is somebody to be compared with. */
export async function addOtherAgencies(centre: Client, count = 40): Promise<void> {
  for (const [name, ori, faults] of OTHERS) {
    if (name !== 'oak-county-so')
      await centre.json('POST', '/v1/partners', { body: { name, title: titleOf(name) } })
    await centre.json('PUT', `/v1/partners/${name}/identifiers/ori/${ori}`)
    const firstDay = new Date(Date.now() - firstDayAgo).toISOString().slice(0, 10)
    const rows = [...generateStops({ seed: 8, count, ori, faults, firstDay })].flatMap((stop) =>
      stopRows(stop),
    )
    const { tracking } = await centre.json<{ tracking: string }>(
      'POST',
      `/v1/exchanges/ripa/submissions?partner=${name}`,
      {
        headers: { 'x-file-name': 'stops.csv', 'content-type': 'text/csv' },
        body: [stopHeader('v2'), ...rows].map((row) => csvRow(row, '|')).join(''),
      },
    )
    await (await centre.request('GET', `/v1/submissions/${tracking}/events`)).text()
  }
}

function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => (word.length > 2 ? word.charAt(0).toUpperCase() + word.slice(1) : word.toUpperCase()))
    .join(' ')
}

/** Gives records of the clerk's agency, of which some were sent before, a past. */
export async function makeHistory(url: string): Promise<RecordOffice> {
  const clerk = await signIn(url, CLERK, PASSWORD)
  const listed = async (status: string) =>
    (await clerk.json<{ items: readonly Stored[] }>('GET', `${stops}?status=${status}&limit=5`)).items
  const [changed, twin, open] = await listed('submitted-with-errors')
  const [good] = await listed('submitted')
  if (changed === undefined || twin === undefined || open === undefined || good === undefined)
    throw new Error('too few records')
  const patch = (record: Stored, body: object) =>
    clerk.json('PATCH', `${stops}/${record.recordId}`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(body),
    })
  await patch(changed, { duration: 47 })
  const { officer_uid, stop_date, stop_time } = good.body
  await patch(twin, { officer_uid, stop_date, stop_time })
  return { changed, twin, open, good }
}
