import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
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
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD } from './office.ts'

/** Partners, their people, invitations and second factors, as the three kinds of people see them. */

let folder = ''
let node: NodeProcess
let browser: Browser
let at: At
let centre: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-people-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  // The officer becomes the agency's administrator, who may read and send.
  const grants = (exchange: string, given: string[]) =>
    centre.json('PUT', `/v1/accounts/${OFFICER}/grants/${exchange}`, { body: { grants: given } })
  await grants('*', ['administer'])
  await grants('ripa', ['submit', 'validate', 'read', 'close'])
  browser = await openBrowser()
  at = windowsOf(browser, node.url, PASSWORD)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

/** A code of the app that was given this secret. */
const codeOf = (secret: string, aside = 0) =>
  new TOTP({ secret: secret.replaceAll(' ', '') }).generate({ timestamp: Date.now() + aside * 30_000 })

test('the centre registers a partner, opens a machine’s account, gives it grants and a secret', async () => {
  const { page, complaints } = await at(ADMINISTRATOR, '/')
  await page.getByRole('link', { name: 'Partners' }).click()
  await title(page, 'Partners')
  await page.getByRole('link', { name: 'Riverbend Police Department' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByText('Register a partner').click()
  await page.getByLabel('What it is called').fill('Cedar Falls Police')
  await page.getByLabel('Short name').fill('cedar-falls-pd')
  await page.getByRole('button', { name: 'Register' }).click()
  await title(page, 'Cedar Falls Police')
  await page.getByText('Open an account for a machine').click()
  await page.getByLabel('Account name').fill('cedar-feed')
  await page.getByRole('button', { name: 'Open the account' }).click()
  await title(page, 'cedar-feed')
  await page.getByRole('checkbox', { name: 'File server' }).check()
  await page.getByRole('checkbox', { name: 'Send' }).first().check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Save', disabled: true }).waitFor()
  await page.getByRole('button', { name: 'New secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
  const secret = (await page.locator('.people__secret').textContent()) ?? ''
  expect(await barriers(page)).toEqual([])
  const token = await fetch(`${node.url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'cedar-feed',
      client_secret: secret,
    }),
  })
  expect(token.status).toBe(200)
  await page.getByRole('button', { name: 'Suspend' }).click()
  await page.getByText('Suspended').waitFor()
  expect(await centre.json('GET', '/v1/accounts/cedar-feed')).toMatchObject({
    channels: ['rest', 'sftp'],
    suspended: true,
  })
  await page.reload()
  await title(page, 'cedar-feed')
  expect(await page.locator('.people__secret').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('the agency’s administrator invites a clerk, who sets a password by the link and is at home', async () => {
  const { page, complaints } = await at(OFFICER, '/')
  await page.getByRole('link', { name: 'Your organisation' }).click()
  await title(page, 'Riverbend Police Department')
  await page.getByRole('link', { name: CLERK }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Invite a person' }).click()
  await title(page, 'Invite a person')
  // What the administrator has not is not offered.
  expect(await page.getByRole('checkbox', { name: 'Delete' }).count()).toBe(0)
  await page.getByLabel('Mail address').fill('lee@riverbend.example')
  await page.getByLabel('Account name').fill('lee.clerk')
  await page.getByRole('checkbox', { name: 'Send' }).first().check()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = (await page.locator('.people__secret').textContent()) ?? ''
  const guest = await browser.window()
  await guest.page.goto(link)
  await title(guest.page, 'Set your password')
  expect(await guest.page.getByLabel('Account name').inputValue()).toBe('lee.clerk')
  expect(await barriers(guest.page)).toEqual([])
  await guest.page.getByLabel('New password').fill(PASSWORD)
  await guest.page.getByRole('button', { name: 'Set the password and sign in' }).click()
  await title(guest.page, 'Home')
  await guest.page.goto(link)
  await guest.page.reload()
  await guest.page.getByText('This link is not good any more.').waitFor()
  await page.getByRole('link', { name: 'Riverbend Police Department' }).click()
  await page.getByText('Accepted').waitFor()
  expect(complaints).toEqual([])
})

test('an administrator of a partner adds contacts and closes an account, and gets no other partner’s', async () => {
  const { page } = await at(OFFICER, '/organisation')
  await page.getByText('Add a contact').click()
  await page.getByLabel('Mail address').fill('desk@riverbend.example')
  await page.getByRole('button', { name: 'Add', exact: true }).first().click()
  await page.getByRole('button', { name: 'Remove desk@riverbend.example' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.goto(`${node.url}/partners/oak-county-so`)
  await page.getByText('This did not work').waitFor()
  await page.goto(`${node.url}/accounts/${ADMINISTRATOR}`)
  await page.getByText('This did not work').waitFor()
  const status = (method: string, path: string, body?: object) => callStatus(page, method, path, body)
  expect(await status('GET', '/v1/partners')).toBe(403)
  expect(await status('PUT', `/v1/accounts/${CLERK}/grants/*`, { grants: ['manage'] })).toBe(403)
  expect(await status('PATCH', '/v1/partners/riverbend-pd', { secondFactor: true })).toBe(403)
  expect(await status('PUT', '/v1/places/x', { partner: 'riverbend-pd', settings: { kind: 'folder' } })).toBe(
    403,
  )
})

test('a clerk sees none of it but the own account: second factor, browsers, password', async () => {
  const { page, complaints } = await at(CLERK, '/')
  const entries = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  const names = await entries.allInnerTexts()
  expect(names).toContain('Submissions')
  for (const none of ['Partners', 'Your organisation', 'Audit log', 'System'])
    expect(names).not.toContain(none)
  await page.goto(`${node.url}/organisation`)
  await title(page, 'No such page')
  await page.getByText(CLERK).first().click()
  await page.getByRole('link', { name: 'Your account' }).click()
  await title(page, 'Your account')
  await page.getByText('This one').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('img', { name: 'QR code for the app' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const secret = (await page.locator('.people__secret').textContent()) ?? ''
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).waitFor()
  const [recovery = ''] = await page.locator('.factor__codes code').allInnerTexts()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes left').waitFor()
  const again = await browser.window()
  await again.page.goto(node.url)
  await again.page.getByLabel('Account name').fill(CLERK)
  await again.page.getByLabel('Password').fill(PASSWORD)
  await again.page.keyboard.press('Enter')
  await title(again.page, 'Your code')
  expect(await barriers(again.page)).toEqual([])
  await again.page.getByRole('textbox', { name: 'Code' }).fill('000000')
  await again.page.keyboard.press('Enter')
  await again.page.getByText('The code is wrong').waitFor()
  await again.page.getByRole('textbox', { name: 'Code' }).fill(recovery)
  await again.page.keyboard.press('Enter')
  await title(again.page, 'Home')
  // The other browser is seen, and ended.
  await page.reload()
  await page.getByRole('button', { name: 'End', exact: true }).first().click()
  await page.getByRole('button', { name: 'End', exact: true }).waitFor({ state: 'detached' })
  await again.page.reload()
  await title(again.page, 'Sign in')
  expect(complaints).toEqual([])
})

test('a partner that asks for a second factor gets it before anything else', async () => {
  await centre.json('POST', '/v1/accounts', {
    body: { name: 'sam.oak', partner: 'oak-county-so', kind: 'person', realms: ['live'] },
  })
  const { clientSecret } = await centre.json<{ clientSecret: string }>('POST', '/v1/accounts/sam.oak/secret')
  await fetch(`${node.url}/v1/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'sam.oak', password: clientSecret, newPassword: PASSWORD }),
  })
  await centre.json('PATCH', '/v1/partners/oak-county-so', { body: { secondFactor: true } })
  const { page, complaints } = await browser.window({ width: 360, height: 740 })
  await page.goto(node.url)
  await page.getByLabel('Account name').fill('sam.oak')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await title(page, 'Second factor')
  await page.getByRole('button', { name: 'Set up' }).click()
  const secret = (await page.locator('.people__secret').textContent()) ?? ''
  expect(await overflow(page)).toBe(0)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await title(page, 'Home')
  expect(complaints).toEqual([])
})

test('the pages fit a phone', async () => {
  const { page } = await at(ADMINISTRATOR, '/', { width: 360, height: 740 })
  for (const [path, heading] of [
    ['/partners', 'Partners'],
    ['/partners/riverbend-pd', 'Riverbend Police Department'],
    ['/partners/riverbend-pd/invite', 'Invite a person'],
    [`/accounts/${CLERK}`, CLERK],
    ['/account', 'Your account'],
  ] as const) {
    await page.goto(node.url + path)
    await title(page, heading)
    await shown(page)
    expect([path, await overflow(page)]).toEqual([path, 0])
    expect(await barriers(page)).toEqual([])
  }
})
