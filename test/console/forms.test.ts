import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  firstSignIn,
  type NodeProcess,
  signIn as signInByApi,
  startTributary,
} from '../servers/tributary.ts'
import {
  type At,
  type Browser,
  barriers,
  openBrowser,
  overflow,
  title,
  type Window,
  windowsOf,
} from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD, sendFile, stopsFile } from './office.ts'

/** Records entered and put right in the browser, through the built node. */

let folder = ''
let node: NodeProcess
let browser: Browser
let at: At
let centre: Client
let clerk: Client
let window: Window

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-forms-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  await centre.json('PUT', `/v1/accounts/${CLERK}/grants/precinct`, { body: { grants: ['submit', 'read'] } })
  await sendFile(node.url, stopsFile(60, 0.5), { name: 'march.csv' })
  clerk = await signInByApi(node.url, CLERK, PASSWORD)
  browser = await openBrowser()
  at = windowsOf(browser, node.url, PASSWORD)
  window = await at(CLERK, '/')
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, path: string) => page.locator(`#f-${path.replaceAll('.', '-')}`)
const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10)

/** A choice of several controls under one name. */
const tick = (page: Page, path: string, label: string | RegExp) =>
  field(page, path)
    .getByLabel(label, { exact: typeof label === 'string' })
    .check()

test('fields come and go with what was answered, and what is wrong is said beside its field', async () => {
  const { page } = window
  await page.goto(node.url)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Enter a record' }).click()
  await title(page, 'Enter a record')
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: 'New: Stop' }).click()
  await title(page, 'Stop')
  await button(page, 'Submit').waitFor()
  expect(await field(page, 'latitude').count()).toBe(0)
  await field(page, 'location_type').selectOption('1')
  await field(page, 'latitude').fill('136.5')
  await field(page, 'longitude').fill('-119.4')
  await page.locator('.field--bad', { hasText: 'Latitude' }).waitFor()
  await field(page, 'location_type').selectOption('4')
  await field(page, 'highway').fill('Interstate 5')
  expect(await field(page, 'latitude').count()).toBe(0)
  await button(page, 'Submit').click()
  await page.getByRole('heading', { name: /things are wrong/ }).waitFor()
  await page.locator('.summary:focus').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: /^LEA record id: / }).click()
  expect(await page.evaluate('document.activeElement.id')).toBe('f-lea_record_id')
  expect(await button(page, 'Submit with errors').count()).toBe(0)
})

test('a record begun is a draft on the node, and nothing is submitted until one says so', async () => {
  const { page, complaints } = window
  await field(page, 'lea_record_id').fill('ENTERED-1')
  await page.getByText(/^Saved /).waitFor()
  await page.waitForURL(/draft=/)
  await expect
    .poll(async () => (await clerk.json<{ items: { title: string }[] }>('GET', '/v1/drafts')).items)
    .toMatchObject([{ title: 'ENTERED-1' }])
  await page.reload()
  await button(page, 'Submit').waitFor()
  expect(await field(page, 'lea_record_id').inputValue()).toBe('ENTERED-1')
  expect(await field(page, 'highway').inputValue()).toBe('Interstate 5')
  await page.getByRole('link', { name: 'Enter a record' }).first().click()
  await page.getByRole('link', { name: 'ENTERED-1' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const search = await clerk.json<{ items: unknown[] }>(
    'GET',
    '/v1/exchanges/ripa/stop?key=CA0990100/ENTERED-1',
  )
  expect(search.items).toEqual([])
  await page.getByRole('link', { name: 'ENTERED-1' }).click()
  await button(page, 'Submit').waitFor()
  expect(complaints).toEqual([])
})

test('a whole stop is entered with two persons, submitted, and its draft is gone', async () => {
  const { page, complaints } = window
  await fillStop(page)
  await page.getByRole('button', { name: /Add no. 2: Persons/ }).click()
  await page.locator('#f-persons-2:focus').waitFor()
  expect(await field(page, 'persons.2.pid').inputValue()).toBe('2')
  await page.getByRole('button', { name: 'Remove no. 2' }).click()
  await field(page, 'persons.2').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /Add no. 2: Persons/ }).click()
  await fillPerson(page, 2)
  await button(page, 'Check').click()
  await page.getByText('Nothing is wrong.').waitFor()
  await button(page, 'Submit').click()
  await page.getByText(/New · Successful Submission/).waitFor()
  expect(await barriers(page)).toEqual([])
  const { items } = await clerk.json<{ items: { body: { persons: unknown[] } }[] }>(
    'GET',
    '/v1/exchanges/ripa/stop?key=CA0990100/ENTERED-1',
  )
  expect(items[0]?.body.persons.length).toBe(2)
  await expect
    .poll(async () => (await clerk.json<{ items: unknown[] }>('GET', '/v1/drafts')).items)
    .toEqual([])
  await button(page, 'Enter another').click()
  expect(await field(page, 'lea_record_id').inputValue()).toBe('')
  expect(complaints).toEqual([])
})

async function fillStop(page: Page): Promise<void> {
  await field(page, 'ori').fill('CA0990100')
  await field(page, 'stop_date').fill(day)
  await field(page, 'stop_time').fill('14:05')
  await field(page, 'duration').fill('12')
  await field(page, 'stop_type').selectOption('1')
  await tick(page, 'call_for_service', 'No')
  await tick(page, 'welfare_check', 'No')
  await field(page, 'officer_uid').fill('100000042')
  await field(page, 'officer_years').fill('7')
  await field(page, 'officer_assignment').selectOption('1')
  await tick(page, 'officer_race', /· Asian/)
  await tick(page, 'non_primary_agency', 'No')
  await field(page, 'closest_exit').fill('Exit 9')
  // A code is found by typing, with the keyboard alone.
  await field(page, 'city').fill('granite')
  await page.getByRole('option', { name: 'GRANITE PASS' }).waitFor()
  await page.keyboard.press('Enter')
  expect(await field(page, 'city').inputValue()).toBe('GRANITE PASS')
  await fillPerson(page, 1)
}

async function fillPerson(page: Page, number: number): Promise<void> {
  const of = (name: string) => `persons.${number}.${name}`
  await tick(page, of('ethnicity'), /White/)
  await field(page, of('age')).fill('34')
  await tick(page, of('limited_english'), 'No')
  await tick(page, of('disability'), /None/)
  await field(page, of('gender')).selectOption('1')
  await field(page, of('sexual_orientation')).selectOption('2')
  await tick(page, of('unhoused'), 'No')
  await tick(page, of('passenger'), 'No')
  await tick(page, of('inside_residence'), 'No')
  await field(page, of('reason')).selectOption('3')
  await field(page, of('reason_narrative')).fill('Known to be on parole')
  await tick(page, of('reason_given'), /Parole/)
  await field(page, of('non_force_actions.1.action')).fill('18')
  await page.locator('.search-box__one').first().waitFor()
  await page.keyboard.press('Enter')
  await tick(page, of('force_actions'), /None/)
  await tick(page, of('contraband'), /None/)
  await field(page, of('results.1.result')).selectOption('1')
}

test('records that stand with errors are worked off one after another', async () => {
  const { page, complaints } = window
  await page.getByRole('link', { name: 'Home' }).click()
  await page.getByRole('link', { name: /records stand with errors/ }).click()
  await title(page, 'Records to fix')
  await page
    .getByRole('cell', { name: /ALDERFLAT/ })
    .first()
    .waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('What is wrong').selectOption('F022C')
  await page.waitForURL(/code=F022C/)
  const rows = page.getByRole('row').filter({ hasText: 'F022C' })
  await expect.poll(() => rows.count()).toBeGreaterThan(1)
  const before = await rows.count()
  expect(await page.getByRole('row').count()).toBe(before + 1)
  const [first = '', second = ''] = await page.getByRole('rowheader').allInnerTexts()
  await page.getByRole('link', { name: first }).click()
  await title(page, first)
  const city = page.locator('.field--bad', { hasText: 'City' })
  await city.getByText('As sent: ALDERFLAT').waitFor()
  expect(await barriers(page)).toEqual([])
  await city.getByRole('button', { name: 'ALDER FLAT' }).click()
  await city.waitFor({ state: 'detached' })
  await button(page, 'Submit').click()
  await page.getByText(/Changed · Successful Submission/).waitFor()
  await page.getByRole('link', { name: 'Next record' }).click()
  await title(page, second)
  await page.locator('.page__above').getByRole('link').click()
  await expect.poll(() => rows.count()).toBe(before - 1)
  expect(complaints).toEqual([])
})

test('what another has changed meanwhile is not overwritten', async () => {
  const { page } = window
  await page.getByRole('rowheader').first().getByRole('link').click()
  await button(page, 'Submit').waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const path = `/v1/exchanges/ripa/stop/${id}`
  await clerk.request('PATCH', path, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ duration: 99 }),
  })
  const city = page.locator('.field--bad', { hasText: 'City' })
  await city.getByRole('button', { name: 'ALDER FLAT' }).click()
  await city.waitFor({ state: 'detached' })
  await button(page, 'Submit').click()
  await page
    .getByRole('alert')
    .getByText(/version/)
    .waitFor()
})

test('another exchange has its own form, and both fit a phone', async () => {
  const { page, complaints } = await at(CLERK, '/', { width: 360, height: 740 })
  for (const path of ['/enter', '/fix?exchange=ripa&type=stop']) {
    await page.goto(node.url + path)
    await page.locator('table, .blanks').first().waitFor()
    expect(await overflow(page)).toBe(0)
    expect(await barriers(page)).toEqual([])
  }
  await page.goto(`${node.url}/enter/precinct/precinct`)
  await button(page, 'Check').click()
  await page.getByRole('heading', { name: /things are wrong/ }).waitFor()
  expect(await overflow(page)).toBe(0)
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('what a person may not do is not shown, and not possible', async () => {
  const { page } = await at(OFFICER, '/')
  const entries = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  expect(await entries.allInnerTexts()).toEqual(['Home', 'Submissions', 'Records', 'Quality', 'Exchanges'])
  await page.goto(`${node.url}/enter`)
  await page.getByText('There is no record that you may enter here.').waitFor()
  await page.goto(`${node.url}/enter/ripa/stop`)
  await page.getByText('There is no record that you may enter here.').waitFor()
  const officer = await signInByApi(node.url, OFFICER, PASSWORD)
  const draft = '00000000-0000-4000-8000-000000000001'
  const body = { exchange: 'ripa', type: 'stop', body: {} }
  const status = async (who: Client, method: string, path: string, content?: object) =>
    (await who.request(method, path, content === undefined ? {} : { body: content })).status
  expect(await status(officer, 'PUT', `/v1/drafts/${draft}`, body)).toBe(403)
  expect(await status(officer, 'POST', '/v1/exchanges/ripa/stop', {})).toBe(403)
  // A draft is its writer's alone, whoever else knows its number; the centre is no exception.
  expect(await status(clerk, 'PUT', `/v1/drafts/${draft}`, body)).toBe(200)
  const { items } = await clerk.json<{ items: { draft: string }[] }>('GET', '/v1/drafts')
  expect(items.map((one) => one.draft)).toContain(draft)
  expect(await status(officer, 'GET', `/v1/drafts/${draft}`)).toBe(404)
  const administrator = await signInByApi(node.url, ADMINISTRATOR, PASSWORD)
  expect(await status(administrator, 'GET', `/v1/drafts/${draft}`)).toBe(404)
  expect(await status(administrator, 'DELETE', `/v1/drafts/${draft}`)).toBe(204)
  expect(await status(clerk, 'GET', `/v1/drafts/${draft}`)).toBe(200)
  expect(await status(clerk, 'PUT', `/v1/drafts/${draft}`, { ...body, type: 'car' })).toBe(404)
  expect(await status(clerk, 'GET', '/v1/exchanges/precinct/precinct/with-errors')).toBe(200)
  expect(await status(officer, 'GET', '/v1/exchanges/precinct/precinct/with-errors/rules')).toBe(403)
})

test('the centre sees whose records they are', async () => {
  const { page, complaints } = await at(ADMINISTRATOR, '/fix?exchange=ripa&type=stop')
  await page.getByRole('cell', { name: 'riverbend-pd' }).first().waitFor()
  await page.getByRole('rowheader').first().getByRole('link').click()
  await page.locator('.field--bad').first().waitFor()
  expect(complaints).toEqual([])
})
