import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import {
  type At,
  type Browser,
  barriers,
  callStatus,
  openBrowser,
  overflow,
  shown,
  signedIn,
  signIn,
  title,
  type Window,
  windowsOf,
} from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD, sendFile, stopsFile } from './office.ts'

/** The console as people use it: Debian's Chromium, the built node, the embedded database. */

let folder = ''
let node: NodeProcess
let browser: Browser
let at: At
let tracking = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-node-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  await openOffice(node.url, await firstSignIn(node, PASSWORD))
  tracking = await sendFile(node.url, stopsFile(200, 0.2), { name: 'march.csv' })
  browser = await openBrowser()
  at = windowsOf(browser, node.url, PASSWORD)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

/** The clerk in a window that no other test uses. */
async function ownWindow(): Promise<Window> {
  const window = await signedIn(browser, { url: node.url, login: CLERK, password: PASSWORD })
  await window.page.goto(node.url)
  return window
}

test('whoever is not signed in sees the sign-in page, and comes to the page they asked for', async () => {
  const { page, complaints } = await browser.window()
  await page.goto(`${node.url}/submissions?errors=true`)
  await title(page, 'Sign in')
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Account name').fill(CLERK)
  await page.getByLabel('Password').fill('not my password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('The name or the password is wrong.').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await title(page, 'Submissions')
  expect(page.url()).toContain('errors=true')
  await page.getByRole('link', { name: 'march.csv' }).waitFor()
  expect(complaints).toEqual([])
})

test('the first view is small: what a page needs to be read and used', async () => {
  const { page } = await browser.window()
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const names = new Map<string, string>()
  const bytes = new Map<string, number>()
  session.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.set(names.get(requestId) ?? requestId, encodedDataLength),
  )
  await signIn(page, node.url, CLERK, PASSWORD)
  await page.locator('.plot svg').waitFor()
  // The plot and its library are parts of their own: they come into a space kept for them when the page can be read already.
  const needed = [...bytes].filter(([url]) => !url.includes('/plot-'))
  expect(bytes.size - needed.length).toBe(2)
  expect(needed.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(200_000)
})

test('a one-time password is changed before anything else', async () => {
  const { page } = await browser.window()
  const centre = await fetch(`${node.url}/v1/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: ADMINISTRATOR, password: PASSWORD }),
  })
  const { access_token: token } = (await centre.json()) as { access_token: string }
  const asCentre = (method: string, path: string, body?: object) =>
    fetch(node.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  await asCentre('POST', '/v1/accounts', {
    name: 'new.person',
    partner: 'riverbend-pd',
    kind: 'person',
    realms: ['live'],
  })
  const made = await asCentre('POST', '/v1/accounts/new.person/secret')
  const { clientSecret } = (await made.json()) as { clientSecret: string }
  await page.goto(node.url)
  await page.getByLabel('Account name').fill('new.person')
  await page.getByLabel('Password').fill(clientSecret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await title(page, 'New password')
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('New password').fill('Copper-Lantern-River-2')
  await page.getByRole('button', { name: 'Set the password and sign in' }).click()
  await title(page, 'Home')
  // Without a grant there is nothing to open but the first page.
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').count()).toBe(1)
})

test('home tells what needs attention and what arrived', async () => {
  const { page, complaints } = await at(CLERK, '/')
  await title(page, 'Home')
  await page.getByRole('link', { name: /records stand with errors/ }).waitFor()
  await page.locator('.plot svg').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByText('Show the numbers').click()
  await page.getByRole('columnheader', { name: 'Rejected' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('the list of submissions is filtered by its address, and the way back works', async () => {
  const { page, complaints } = await at(CLERK, '/')
  await page.getByRole('link', { name: 'Submissions', exact: true }).click()
  await title(page, 'Submissions')
  await page.locator('.page__title:focus').waitFor()
  await page.getByRole('link', { name: 'march.csv' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('State').selectOption('Held')
  await page.getByText('No submission fits these filters.').waitFor()
  expect(page.url()).toContain('state=held')
  expect(await barriers(page)).toEqual([])
  await page.goBack()
  await page.getByRole('link', { name: 'march.csv' }).waitFor()
  await page.getByLabel('File name or tracking number').fill('MARCH')
  await page.keyboard.press('Enter')
  await page.waitForURL(/text=MARCH/)
  await page.getByRole('link', { name: 'march.csv' }).waitFor()
  await page.reload()
  expect(await page.getByLabel('File name or tracking number').inputValue()).toBe('MARCH')
  expect(complaints).toEqual([])
})

test('a submission tells what it did, what was found where, and gives its papers', async () => {
  const { page, complaints } = await at(CLERK, `/submissions/${tracking}`)
  await title(page, 'march.csv')
  await page.locator('.state', { hasText: 'Completed' }).waitFor()
  await page.locator('.codes__head').first().click()
  await page.getByRole('columnheader', { name: 'As sent' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const counts = await page.locator('.figures--sum dd').allInnerTexts()
  const [received = 0, ...parts] = counts.map((text) => Number(text.replaceAll(',', '')))
  expect(received).toBe(200)
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(received)
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Receipt' }).click()
  expect((await downloading).suggestedFilename()).toContain('receipt')
  expect(complaints).toEqual([])
})

test('a file is checked in the browser, then sent, then followed to its end', async () => {
  const path = join(folder, 'april.csv')
  await writeFile(path, stopsFile(300, 0.1, 9, 5001))
  const { page, complaints } = await at(CLERK, '/')
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(`${request.method()} ${new URL(request.url()).pathname}`)
  })
  await page.getByRole('link', { name: 'Submit a file' }).first().click()
  await title(page, 'Submit a file')
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Choose a file').setInputFiles(path)
  await page.getByRole('columnheader', { name: 'What is wrong' }).waitFor()
  await page.getByRole('button', { name: 'Send anyway' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(sent).toEqual([])
  const here = await figures(page)
  expect(here.Records).toBe(300)
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await title(page, 'april.csv')
  await page.locator('.state', { hasText: 'Completed' }).waitFor()
  const there = await figures(page)
  expect(there.Received).toBe(300)
  expect(there.Rejected).toBe(here['Would be rejected'])
  expect(sent).toEqual(['POST /v1/exchanges/ripa/submissions'])
  expect(complaints).toEqual([])
}, 120_000)

/** Numbers on the page by their labels. */
async function figures(page: Page): Promise<Readonly<Record<string, number>>> {
  const ones = await page.locator('.figures__one').all()
  const pairs = await Promise.all(
    ones.map(async (one) => [
      (await one.locator('dt').textContent()) ?? '',
      Number((await one.locator('dd').textContent())?.replaceAll(',', '')),
    ]),
  )
  return Object.fromEntries(pairs)
}

test('a trial changes nothing', async () => {
  const path = join(folder, 'trial.csv')
  await writeFile(path, stopsFile(20, 0, 3, 9001))
  const { page } = await at(CLERK, '/submit')
  await page.getByLabel('Choose a file').setInputFiles(path)
  await page.getByText('Nothing was found wrong.').waitFor()
  await page.getByLabel('Only a trial').check()
  await page.getByRole('button', { name: 'Send as a trial' }).click()
  await title(page, 'trial.csv')
  await page.getByText('This was a trial').waitFor()
})

test('what cannot be read is said to be so, without sending it', async () => {
  const path = join(folder, 'scan.pdf')
  await writeFile(path, '%PDF-1.7 not a table')
  const { page } = await at(CLERK, '/submit')
  await page.getByLabel('Choose a file').setInputFiles(path)
  await page.getByText('scan.pdf holds nothing that the service can read.').waitFor()
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
})

test('what a person may not do is not shown, and not possible', async () => {
  const { page } = await at(OFFICER, '/')
  await title(page, 'Home')
  const entries = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  expect(await entries.allInnerTexts()).toEqual(['Home', 'Submissions', 'Records', 'Quality', 'Exchanges'])
  await page.goto(`${node.url}/submit`)
  await page.getByText('There is no exchange that you may send files to.').waitFor()
  expect(await callStatus(page, 'POST', '/v1/exchanges/ripa/submissions')).toBe(403)
  expect(await callStatus(page, 'GET', '/v1/partners')).toBe(403)
  expect(await callStatus(page, 'POST', `/v1/submissions/${tracking}/cancel`)).toBe(403)
})

test('the centre sees whose each submission is, and narrows to one partner', async () => {
  const { page, complaints } = await at(ADMINISTRATOR, '/submissions')
  await page.getByRole('columnheader', { name: 'Partner' }).waitFor()
  await page.getByLabel('Partner').selectOption('Oak County Sheriff')
  await page.getByText('No submission fits these filters.').waitFor()
  expect(await barriers(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('the whole console speaks Spanish when asked to, and remembers it', async () => {
  const { page } = await ownWindow()
  await page.getByText(CLERK).first().click()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel('Language').selectOption('Español')
  await title(page, 'Inicio')
  expect(await page.evaluate('document.documentElement.lang')).toBe('es')
  await page.reload()
  await title(page, 'Inicio')
})

test('test data is marked as such, and links keep to it', async () => {
  const { page } = await at(CLERK, '/?realm=test')
  await page.getByText('Test data: nothing here counts').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Submissions', exact: true }).click()
  await page.getByText('Nothing has been sent yet.').waitFor()
  expect(page.url()).toContain('realm=test')
})

test.each([
  ['/', 'Home'],
  ['/submissions', 'Submissions'],
  ['/submit', 'Submit a file'],
  ['TRACKING', 'march.csv'],
])('%s fits a phone', async (path, heading) => {
  const { page } = await at(CLERK, '/', { width: 360, height: 740 })
  await page.goto(node.url + (path === 'TRACKING' ? `/submissions/${tracking}` : path))
  await title(page, heading)
  await shown(page)
  expect(await overflow(page)).toBe(0)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('link', { name: 'Submissions', exact: true }).last().waitFor()
  expect(await barriers(page)).toEqual([])
})

test('signing out ends the session everywhere in this browser', async () => {
  const { page } = await ownWindow()
  await page.getByText(CLERK).first().click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await title(page, 'Sign in')
  expect(await page.evaluate(`fetch('/v1/me').then((r) => r.status)`)).toBe(401)
})

test('an address that is none says so; one of the API is no page', async () => {
  const { page } = await at(CLERK, '/no/such/page')
  await title(page, 'No such page')
  expect(await barriers(page)).toEqual([])
  const html = { headers: { accept: 'text/html' } }
  expect((await fetch(`${node.url}/v1/nothing`, html)).headers.get('content-type')).toContain('problem+json')
  const start = await fetch(node.url, html)
  expect(start.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(start.headers.get('content-security-policy')).not.toContain('unsafe')
  expect(start.headers.get('cache-control')).toBe('no-store')
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await start.text())?.[1]
  expect((await fetch(node.url + script)).headers.get('cache-control')).toContain('immutable')
})
