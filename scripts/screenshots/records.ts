import type { Page } from 'playwright-core'
import { addOtherAgencies, makeHistory, type RecordOffice } from '../../test/console/record-office.ts'
import type { Client } from '../../test/servers/tributary.ts'

type Visit = (page: Page, path: string, name: string, first?: () => Promise<unknown>) => Promise<void>

/** Others to be compared with, and records with a past. */
export async function fillRecords(url: string, centre: Client): Promise<RecordOffice> {
  await addOtherAgencies(centre)
  return makeHistory(url)
}

/** Pictures of records, quality and duplicates. */
export async function showRecords(
  visit: Visit,
  made: RecordOffice,
  { clerk, centre }: { readonly clerk: Page; readonly centre: Page },
  suffix: string,
): Promise<void> {
  await visit(clerk, '/records', `records${suffix}`)
  await visit(clerk, `/records/ripa/stop/${made.changed.recordId}`, `record${suffix}`)
  await visit(clerk, '/quality', `quality${suffix}`, () => clerk.locator('.plot svg').waitFor())
  await visit(centre, '/duplicates?exchange=ripa', `duplicates${suffix}`)
}
