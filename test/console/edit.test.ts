import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'
import {
  type At,
  type Browser,
  barriers,
  callStatus,
  faults,
  openBrowser,
  title,
  windowsOf,
} from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD, sendFile, stopsFile } from './office.ts'

/** Stored records changed in the browser, through the built node: from their page, from the work list, and for others. */

let folder = ''
let node: NodeProcess
let browser: Browser
let at: At
let centre: Client
let clerk: Client

const VOTER = {
  county: '01',
  voter_id: '1000001',
  last_name: 'Alderson',
  first_name: 'Inventa',
  birth_date: '1980-04-30',
}
const voters = '/v1/exchanges/voter/voter'
const stops = '/v1/exchanges/ripa/stop'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-edit-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  await centre.json('PUT', '/v1/partners/riverbend-pd/identifiers/county/01')
  for (const exchange of ['voter', 'voterimage'])
    await centre.json('PUT', `/v1/accounts/${CLERK}/grants/${exchange}`, {
      body: { grants: ['submit', 'read'] },
    })
  await sendFile(node.url, stopsFile(40, 0.4), { name: 'march.csv' })
  clerk = await signIn(node.url, CLERK, PASSWORD)
  await clerk.json('POST', voters, { body: { ...VOTER, operation: 'upsert' } })
  browser = await openBrowser()
  at = windowsOf(browser, node.url, PASSWORD)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

interface Stored {
  readonly recordId: string
  readonly key: string
  readonly version: number
  readonly status: string
  readonly body: Readonly<Record<string, unknown>>
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, path: string) => page.locator(`#f-${path.replaceAll('.', '-')}`)
const saved = (page: Page) => page.getByText(/^Saved /).waitFor()

async function listed(path: string): Promise<readonly Stored[]> {
  return (await clerk.json<{ items: readonly Stored[] }>('GET', path)).items
}
async function voter(): Promise<Stored> {
  const [found] = await listed(voters)
  if (found === undefined) throw new Error('no voter')
  return found
}

test('a stored record is opened in the form; its draft is kept, and is not the record', async () => {
  const before = await voter()
  const { page, complaints } = await at(CLERK, `/records/voter/voter/${before.recordId}`)
  await page.getByRole('link', { name: 'Edit' }).click()
  await title(page, before.key)
  expect(await field(page, 'last_name').inputValue()).toBe('Alderson')
  expect(await faults(page)).toEqual([])
  await field(page, 'last_name').fill('Alderson-May')
  await saved(page)
  expect((await voter()).body.last_name).toBe('Alderson')
  await page.goto(`${node.url}/enter`)
  await page.getByRole('link', { name: before.key }).click()
  await page.getByText('You go on with your draft of').waitFor()
  expect(await field(page, 'last_name').inputValue()).toBe('Alderson-May')
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('a change by another in between is told and not overwritten, and one chooses what to go on from', async () => {
  const { recordId, version } = await voter()
  const { page, complaints } = await at(CLERK, `/records/voter/voter/${recordId}/edit`)
  await field(page, 'last_name').waitFor()
  await clerk.request('PATCH', `${voters}/${recordId}`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ first_name: 'Marlow' }),
  })
  await submit(page)
  await page.getByText('Somebody else changed the record').waitFor()
  expect((await voter()).version).toBe(version + 1)
  await button(page, 'See how it stands now').click()
  await page.getByRole('heading', { name: 'The record was changed after you began' }).waitFor()
  expect(await page.getByRole('row', { name: /Marlow.*Inventa/ }).count()).toBe(1)
  expect(await faults(page)).toEqual([])
  await button(page, 'Go on with my draft').click()
  await field(page, 'first_name').fill('Marlow')
  await submit(page)
  await page
    .getByText(/Changed/)
    .first()
    .waitFor()
  expect((await voter()).body).toMatchObject({ first_name: 'Marlow', last_name: 'Alderson-May' })
  await expect.poll(() => listed('/v1/drafts')).toEqual([])
  await page.getByRole('link', { name: 'The record' }).first().click()
  await page.getByText('Alderson-May').first().waitFor()
  expect(complaints).toEqual([])
})

test('another key is given only after it was said that this is meant', async () => {
  const { recordId } = await voter()
  const { page } = await at(CLERK, `/records/voter/voter/${recordId}/edit`)
  await field(page, 'voter_id').fill('2000002')
  await page.getByText('It gets another key. Its former key still finds it.').waitFor()
  await button(page, 'Submit').click()
  await button(page, 'Submit under the other key').click()
  await page.getByText('01/2000002').first().waitFor()
  expect((await voter()).recordId).toBe(recordId)
})

/** With what is wrong in it, where something is. */
async function submit(page: Page): Promise<void> {
  await button(page, 'Submit').click()
  const anyway = button(page, 'Submit with errors')
  const over = page.locator('[role=alert], .section__title', { hasText: /Somebody else|What became/ })
  await anyway.or(over).first().waitFor()
  if (await anyway.isVisible()) await anyway.click()
}

test('what one began to put right is found again, with its own record', async () => {
  const [first, second] = await listed(`${stops}?status=submitted-with-errors`)
  if (first === undefined || second === undefined) throw new Error('too few records')
  const { page, complaints } = await at(CLERK, `/fix/ripa/stop/${first.recordId}`)
  await field(page, 'duration').fill('77')
  await saved(page)
  expect(await page.locator('.field__fixed').allTextContents()).toEqual(first.key.split('/').toReversed())
  await page.goto(`${node.url}/fix/ripa/stop/${second.recordId}`)
  await field(page, 'duration').waitFor()
  expect(await field(page, 'duration').inputValue()).toBe(String(second.body.duration))
  await page.goto(`${node.url}/fix/ripa/stop/${first.recordId}`)
  await page.getByText('You go on with your draft of').waitFor()
  expect(await field(page, 'duration').inputValue()).toBe('77')
  expect(await page.locator('.field--bad').count()).toBeGreaterThan(0)
  expect(await faults(page)).toEqual([])
  await button(page, 'Begin anew from the stored record').click()
  await expect.poll(() => field(page, 'duration').inputValue()).toBe(String(first.body.duration))
  await expect.poll(() => listed('/v1/drafts')).toEqual([])
  await button(page, 'Close').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByText('This record no longer stands with errors.').waitFor()
  await page.getByRole('link', { name: 'Next record' }).waitFor()
  const { status } = await clerk.json<Stored>('GET', `${stops}/${first.recordId}`)
  expect(status).toBe('closed')
  expect(complaints).toEqual([])
})

test('where the exchange or the grants allow no change, there is no button', async () => {
  const [good] = await listed(`${stops}?status=submitted`)
  const [open] = await listed(`${stops}?status=submitted-with-errors`)
  if (good === undefined || open === undefined) throw new Error('too few records')
  const edit = (page: Page) => page.getByRole('link', { name: 'Edit' })
  const { page } = await at(CLERK, `/records/ripa/stop/${good.recordId}`)
  await title(page, good.key)
  expect(await edit(page).count()).toBe(0)
  await page.goto(`${node.url}/records/ripa/stop/${good.recordId}/edit`)
  await page.getByText('This record can no longer be changed, or not by you.').waitFor()
  expect(await faults(page)).toEqual([])
  const officer = await at(OFFICER, `/records/ripa/stop/${open.recordId}`)
  await title(officer.page, open.key)
  expect(await edit(officer.page).count()).toBe(0)
  expect(await callStatus(officer.page, 'PUT', `${stops}/${open.recordId}`, open.body)).toBe(403)
  expect(await callStatus(officer.page, 'GET', '/v1/exchanges/ripa/definition?partner=oak-county-so')).toBe(
    403,
  )
  const asked = await centre.request('GET', '/v1/exchanges/ripa/definition?partner=oak-county-so')
  expect(asked.status).toBe(200)
})

test('the centre enters and edits a record for a partner, and the history says so', async () => {
  const { page, complaints } = await at(ADMINISTRATOR, '/enter/voter/voter')
  await page.getByText('Choose whose record it is.').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Whose record').selectOption('Riverbend Police Department')
  for (const [name, value] of Object.entries({ ...VOTER, voter_id: '3000003' }))
    if (name !== 'county') await field(page, name).fill(value)
  await field(page, 'county').fill('01')
  await page.keyboard.press('Enter')
  await saved(page)
  await page.goto(`${node.url}/enter`)
  await page.getByRole('link', { name: '01 / 3000003' }).click()
  await field(page, 'last_name').waitFor()
  expect(await page.getByLabel('Whose record').inputValue()).toBe('riverbend-pd')
  expect(await faults(page)).toEqual([])
  await submit(page)
  await page.getByText('01/3000003').first().waitFor()
  const [made] = await listed(`${voters}?key=01/3000003`)
  await page.goto(`${node.url}/records/voter/voter/${made?.recordId}`)
  await page.getByText('administrator (the centre, for riverbend-pd)').waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  await field(page, 'first_name').fill('Ida')
  await submit(page)
  await page
    .getByText(/^Changed/)
    .or(page.getByText(/ Changed/))
    .first()
    .waitFor()
  const [changed] = await listed(`${voters}?key=01/3000003`)
  expect(changed).toMatchObject({ version: 2, partner: 'riverbend-pd', body: { first_name: 'Ida' } })
  const audited = async () =>
    (await centre.json<{ items: readonly { login: string | null }[] }>('GET', '/v1/audit?action=PUT')).items
  await expect
    .poll(audited)
    .toContainEqual(
      expect.objectContaining({ login: ADMINISTRATOR, action: 'PUT /v1/exchanges/:exchange/:type/:id' }),
    )
  expect(complaints).toEqual([])
})

test('home tells what waits, and leads there', async () => {
  const question = {
    exchange: 'ripa',
    partner: 'riverbend-pd',
    kind: 'check',
    title: 'Is this so?',
    dueDays: 3,
  }
  await centre.json('POST', '/v1/work-items', { body: question })
  const { page } = await at(CLERK, '/')
  const item = (name: RegExp) => page.locator('.attention').getByRole('link', { name })
  expect(
    await item(/stand with errors/)
      .first()
      .getAttribute('href'),
  ).toBe('/fix?exchange=ripa&type=stop')
  expect(await faults(page)).toEqual([])
  await item(/question waits/).click()
  await page.getByText('Is this so?').waitFor()
})

/** The smallest GIF there is: one pixel. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

test('a record with a document is entered with a file, which can be fetched again and stays with an edit', async () => {
  const { page, complaints } = await at(CLERK, '/enter/voterimage/image')
  await field(page, 'county').fill('01')
  await page.keyboard.press('Enter')
  await field(page, 'image_id').fill('IM-1')
  await field(page, 'voter_id').fill('2000002')
  await field(page, 'document_type').selectOption('SIGNATURE')
  await field(page, 'image').setInputFiles({
    name: 'note.gif',
    mimeType: 'image/gif',
    buffer: Buffer.from('no picture'),
  })
  await button(page, 'Check').click()
  await page.locator('.field--bad', { hasText: 'is none of' }).waitFor()
  await field(page, 'image').setInputFiles({ name: 'signature.gif', mimeType: 'image/gif', buffer: GIF })
  await page.getByText('42 byte').waitFor()
  expect(await faults(page)).toEqual([])
  await button(page, 'Submit').click()
  await page
    .getByText(/^New|New ·/)
    .first()
    .waitFor()
  const [made] = await listed('/v1/exchanges/voterimage/image')
  await page.goto(`${node.url}/records/voterimage/image/${made?.recordId}`)
  const loading = page.waitForEvent('download')
  await page.getByRole('link', { name: `GIF, ${GIF.length} B` }).click()
  expect(await readFile(await (await loading).path())).toEqual(GIF)
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByText(`Stored: GIF, ${GIF.length} B`).waitFor()
  await field(page, 'captured_on').fill('2024-02-05')
  await submit(page)
  await page
    .getByText(/Changed ·/)
    .first()
    .waitFor()
  const [changed] = await listed('/v1/exchanges/voterimage/image')
  expect(changed?.body).toMatchObject({ captured_on: '2024-02-05', image: made?.body.image })
  expect(complaints).toEqual([])
})

test('the agency’s administrator does all that a clerk does, and nothing of the centre', async () => {
  const give = (exchange: string, grants: readonly string[]) =>
    centre.json('PUT', `/v1/accounts/${OFFICER}/grants/${exchange}`, { body: { grants } })
  await give('*', ['administer'])
  await give('ripa', ['submit', 'validate', 'read', 'close'])
  const { page, complaints } = await at(OFFICER, '/')
  const open = (name: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
  await page.locator('.plot svg').waitFor()
  await page
    .locator('.attention')
    .getByRole('link', { name: /stand with errors/ })
    .click()
  await title(page, 'Records to fix')
  await page.getByLabel('What is wrong').selectOption('F022C')
  await page.getByRole('row').filter({ hasText: 'F022C' }).first().getByRole('link').click()
  const city = page.locator('.field--bad', { hasText: 'City' })
  await city.getByRole('button', { name: 'ALDER FLAT' }).click()
  await city.waitFor({ state: 'detached' })
  await submit(page)
  await page.getByRole('heading', { name: 'What became of the record' }).waitFor()

  await open('Enter a record')
  await page.getByRole('link', { name: 'New: Stop' }).click()
  await field(page, 'lea_record_id').fill('BEGUN-1')
  await button(page, 'Check').click()
  await page.getByRole('heading', { name: /things are wrong/ }).waitFor()
  await saved(page)

  await open('Records')
  await page.getByLabel('Status').selectOption('Submitted with Errors')
  await page.waitForURL(/status=submitted-with-errors/)
  await page.locator('tbody').getByRole('link').first().click()
  await page.locator('.history__one').first().waitFor()
  await button(page, 'Close').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.locator('.record__actions .state', { hasText: 'No Further Information' }).waitFor()

  await open('Submit a file')
  const text = stopsFile(5, 0, 9, 5001)
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'april.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: /^Send/ }).click()
  await page.getByText('Completed').first().waitFor()
  await open('Submissions')
  await page.getByRole('link', { name: 'april.csv' }).click()
  await title(page, 'april.csv')
  await open('Jobs')
  await title(page, 'Jobs')
  await open('Quality')
  await page.locator('tbody a').first().waitFor()
  expect(await page.getByRole('link', { name: 'Partners' }).count()).toBe(0)
  const [record] = await listed(`${stops}?status=submitted-with-errors`)
  expect(await callStatus(page, 'DELETE', `${stops}/${record?.recordId}`, { reason: 'x' })).toBe(403)
  expect(await callStatus(page, 'GET', '/v1/partners')).toBe(403)
  expect(await callStatus(page, 'POST', `${stops}?partner=oak-county-so`, {})).toBe(403)
  expect(complaints).toEqual([])
})
