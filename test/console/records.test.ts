import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import {
  type At,
  type Browser,
  barriers,
  callStatus,
  openBrowser,
  overflow,
  shown,
  title,
  windowsOf,
} from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD, sendFile, stopsFile } from './office.ts'
import { addOtherAgencies, makeHistory, type RecordOffice } from './record-office.ts'

/** Records, quality and duplicates as people see them: Debian's Chromium, the built node, the embedded database. */

let folder = ''
let node: NodeProcess
let browser: Browser
let centre: Client
let made: RecordOffice
let at: At

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-records-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  await sendFile(node.url, stopsFile(40, 0.4), { name: 'march.csv' })
  await addOtherAgencies(centre, 12)
  made = await makeHistory(node.url)
  browser = await openBrowser()
  at = windowsOf(browser, node.url, PASSWORD)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

const pathOf = ({ recordId }: { readonly recordId: string }) => `/records/ripa/stop/${recordId}`
const rows = (page: Page) => page.locator('tbody tr')

test('records are found by status, key and field; the address keeps it, and the download has the same', async () => {
  const { page, complaints } = await at(CLERK, '/records')
  await title(page, 'Records')
  await rows(page).first().waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Status').selectOption('Submitted with Errors')
  await page.waitForURL(/status=submitted-with-errors/)
  await page.getByLabel('Part of the key').fill(made.open.key.slice(-8))
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: made.open.key }).waitFor()
  await expect.poll(() => rows(page).count()).toBe(1)
  const loading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'JSON' }).click()
  const file = await readFile(await (await loading).path(), 'utf8')
  expect(file.match(/"LEARecordID"/g)).toHaveLength(1)
  expect(file).toContain(made.open.key.split('/')[1])
  await page.reload()
  expect(await page.getByLabel('Status').inputValue()).toBe('submitted-with-errors')
  await page.goBack()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Date of stop').fill('2001-01-01')
  await page.getByText('No record fits these filters.').waitFor()
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('a record tells what it says, what was found, and who changed what; and how it stood before', async () => {
  const { page, complaints } = await at(CLERK, pathOf(made.changed))
  await title(page, made.changed.key)
  const change = page.getByRole('row', { name: /Duration of stop/ })
  await change.waitFor()
  expect(await change.getByRole('cell').allInnerTexts()).toEqual([String(made.changed.body.duration), '47'])
  expect(await page.locator('.history__about').first().textContent()).toContain(CLERK)
  await page.getByRole('columnheader', { name: 'What is wrong' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const first = await page.locator('.history time').last().getAttribute('datetime')
  const then = new Date(Date.parse(first ?? '') + 1).toISOString()
  await page.goto(`${node.url}${pathOf(made.changed)}?asOf=${then}`)
  await page.getByText('This is the record as it stood at').waitFor()
  const duration = page.locator('.values__one', { hasText: 'Duration of stop' }).locator('dd')
  expect(await duration.textContent()).toBe(String(made.changed.body.duration))
  expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Show it as it is now' }).click()
  await page.waitForURL((url) => !url.search.includes('asOf'))
  await page.getByText('This is the record as it stood at').waitFor({ state: 'detached' })
  await page.locator('.history a').first().click()
  await title(page, 'One record')
  expect(complaints).toEqual([])
})

test('an open record is closed, after which it can no longer be', async () => {
  const { page, complaints } = await at(CLERK, pathOf(made.open))
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('heading', { name: 'Close this record?' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.locator('.record__actions .state', { hasText: 'No Further Information Available' }).waitFor()
  expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0)
  expect(complaints).toEqual([])
})

test('quality stands beside the median of others who are not named', async () => {
  const { page, complaints } = await at(CLERK, '/quality')
  await page.locator('.plot svg').waitFor()
  const own = await page.evaluate("fetch('/v1/quality?exchange=ripa').then((r) => r.text())")
  expect(own).not.toMatch(/oak|lakeside|hill/i)
  await page.locator('tbody a').first().click()
  await page.getByRole('link', { name: 'Show all rules' }).waitFor()
  await page.getByText('Show the numbers').click()
  await page.getByRole('columnheader', { name: 'Month' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const loading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download as CSV' }).click()
  expect(await readFile(await (await loading).path(), 'utf8')).toMatch(/^month,rule,/)
  expect(complaints).toEqual([])
})

test('the centre compares what stands twice, and deletes one with a reason that the agency is told', async () => {
  const { page, complaints } = await at(ADMINISTRATOR, '/duplicates?exchange=ripa&kind=refused')
  await page.locator('.codes__head').first().click()
  await page.getByRole('columnheader', { name: /Refused/ }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Show').selectOption('Stored twice')
  await page.getByRole('button', { name: `Delete ${made.twin.key}` }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: `Delete ${made.twin.key}` }).click()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Reason' }).fill('Entered twice by mistake.')
  await page.getByRole('button', { name: 'Delete the record' }).click()
  await page.getByText('Nothing is stored twice.').waitFor()
  await page.goto(node.url + pathOf(made.twin))
  await page.getByText('The record was deleted. Its history stays.').waitFor()
  await page.locator('.history__reason', { hasText: 'Entered twice by mistake.' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
  const { items } = await centre.json<{ items: { number: number; key: string; title: string }[] }>(
    'GET',
    '/v1/messages?partner=riverbend-pd&exchange=ripa',
  )
  const told = items.find(({ key }) => key === made.twin.key)
  const { body } = await centre.json<{ body: object }>(
    'GET',
    `/v1/messages/${told?.number}?partner=riverbend-pd`,
  )
  expect(body).toMatchObject({ change: 'deleted', reason: 'Entered twice by mistake.' })
})

test('the centre looks at one partner, and at all together', async () => {
  const { page } = await at(ADMINISTRATOR, '/records?exchange=ripa')
  await page.getByLabel('Partner').selectOption('Oak County Sheriff')
  await page.waitForURL(/partner=oak-county-so/)
  await expect.poll(() => page.locator('main').textContent()).not.toContain('CA0990100')
  await page.goto(`${node.url}/quality?exchange=ripa`)
  await page.locator('.plot svg').waitFor()
})

test('what a person may not do is not shown, and is refused', async () => {
  const { page } = await at(OFFICER, pathOf(made.good))
  await title(page, made.good.key)
  expect(await page.getByRole('button', { name: /Close|Delete/ }).count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Duplicates' }).count()).toBe(0)
  const status = (method: string, path: string) => callStatus(page, method, path)
  const record = `/v1/exchanges/ripa/stop/${made.good.recordId}`
  expect(await status('DELETE', record)).toBe(403)
  expect(await status('POST', `${record}/close`)).toBe(403)
  expect(await status('GET', '/v1/duplicates?exchange=ripa')).toBe(403)
  expect(await status('GET', '/v1/duplicates/refused?exchange=ripa')).toBe(403)
  expect(await status('GET', '/v1/quality?exchange=ripa&partner=oak-county-so')).toBe(403)
  expect(await status('GET', '/v1/exchanges/ripa/stop?partner=oak-county-so')).toBe(403)
  expect(await status('GET', '/v1/exchanges/ripa/stop/export?partner=oak-county-so')).toBe(403)
})

test('nothing is wider than a phone', async () => {
  const { page } = await at(ADMINISTRATOR, '/')
  await page.setViewportSize({ width: 360, height: 740 })
  const paths = [
    '/records?exchange=ripa',
    pathOf(made.changed),
    '/quality?exchange=ripa',
    '/duplicates?exchange=ripa&kind=refused',
  ]
  for (const path of paths) {
    await page.goto(node.url + path)
    await shown(page)
    if (path.includes('refused')) await page.locator('.codes__head').first().click()
    await shown(page)
    expect([path, await overflow(page)]).toEqual([path, 0])
  }
})
