import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OidcServer, startOidcServer } from '../identity/oidc-server.ts'
import { type Client, clientOf, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { type Browser, callStatus, faults, openBrowser, signedIn, title } from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, openOffice, PASSWORD } from './office.ts'

/** Signing in by passkey and by a provider of single sign-on, in a real browser with a made-up authenticator. */

let folder = ''
let node: NodeProcess
let browser: Browser
let centre: Client
let oidc: OidcServer
/** By its name: browsers make no passkeys for numbers. */
let url = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-sign-in-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  url = `http://localhost:${new URL(node.url).port}`
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  oidc = await startOidcServer([`${url}/v1/session/providers/county/callback`])
  browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await oidc?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

interface Authenticator {
  readonly session: CDPSession
  readonly authenticatorId: string
}

/** A device that holds passkeys and whose person always says yes. */
async function authenticatorOf(page: Page): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { session, authenticatorId }
}

/** Sets how often the device says that its only passkey was used, and gives what it said before. */
async function setCount({ session, authenticatorId }: Authenticator, signCount: number): Promise<number> {
  const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
  const [credential] = credentials
  if (credential === undefined) throw new Error('the device holds no passkey')
  const { credentialId } = credential
  await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId })
  await session.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } })
  return credential.signCount
}

async function signOut(page: Page): Promise<void> {
  await page.locator('.account__name').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await title(page, 'Sign in')
}

async function withPasskey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
}

async function withPassword(page: Page, login: string): Promise<void> {
  await page.getByLabel('Account name').fill(login)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** What the audit log says was done, the newest first. */
async function audited(target: string): Promise<readonly string[]> {
  const { items } = await centre.json<{ items: { action: string; target: string }[] }>(
    'GET',
    '/v1/audit?limit=200',
  )
  return items.filter((one) => one.target === target).map(({ action }) => action)
}

test('a passkey signs in alone, and the password alone opens nothing any more', async () => {
  const { page, complaints } = await signedIn(browser, { url, login: CLERK, password: PASSWORD })
  const device = await authenticatorOf(page)
  await page.goto(`${url}/account`)
  await page.getByText('You have no passkey.').waitFor()
  await page.getByText('Add a passkey').first().click()
  await page.getByLabel('What you call it').fill('Work laptop')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('Work laptop').waitFor()
  await page.getByText('not used yet').waitFor()
  expect(await faults(page)).toEqual([])
  // The device makes no second one for the same account.
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('This device holds a passkey for your account already.').waitFor()

  await signOut(page)
  expect(await faults(page)).toEqual([])
  await withPasskey(page)
  await title(page, 'Your account')
  await page.getByText('last used').first().waitFor()

  await signOut(page)
  await withPassword(page, CLERK)
  await title(page, 'Your passkey')
  expect(await faults(page)).toEqual([])
  const token = await clientOf(node.url, null).request('POST', '/v1/authenticate', {
    body: { account: CLERK, password: PASSWORD },
  })
  expect([token.status, await token.text()]).toEqual([403, expect.stringContaining('passkey')])
  await withPasskey(page)
  await title(page, 'Your account')

  // Two devices with the same key cannot both count on.
  await signOut(page)
  const before = await setCount(device, 0)
  await withPasskey(page)
  await page.getByText('This passkey may have been copied').waitFor()
  await setCount(device, before + 5)
  await withPasskey(page)
  await title(page, 'Your account')
  const actions = await audited(CLERK)
  expect(actions).toContain('passkey added')
  expect(actions).toContain('signed in (passkey)')
  expect(actions).toContain('sign-in refused (passkey counted backwards)')

  // Whoever is let rest does not come in by it either.
  await signOut(page)
  await centre.json('POST', `/v1/accounts/${CLERK}/suspend`)
  await withPasskey(page)
  await page.getByText('This account is suspended.').waitFor()
  await centre.json('POST', `/v1/accounts/${CLERK}/resume`)
  await withPasskey(page)
  await title(page, 'Your account')
  await page.getByRole('button', { name: 'Remove Work laptop' }).click()
  await page.getByText('You have no passkey.').waitFor()
  await signOut(page)
  await withPasskey(page)
  await page.getByText('This passkey is not known here').waitFor()
  await withPassword(page, CLERK)
  await title(page, 'Your account')
  expect(complaints).toEqual([])
})

test('a partner that asks for a second factor takes a passkey, and an administrator takes it away', async () => {
  await person('sam.oak')
  await centre.json('PATCH', '/v1/partners/oak-county-so', { body: { secondFactor: true } })
  const { page, complaints } = await browser.window({ width: 360, height: 740 })
  await authenticatorOf(page)
  await page.goto(url)
  await withPassword(page, 'sam.oak')
  await title(page, 'Second factor')
  expect(await faults(page)).toEqual([])
  await page.getByLabel('What you call it').fill('Telephone')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await title(page, 'Home')
  expect(complaints).toEqual([])
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'Remove Telephone' }).click()
  await page.getByText('this is your last').waitFor()
  expect(await centre.json('GET', '/v1/accounts/sam.oak')).toMatchObject({ secondFactor: true })
  const reset = await centre.json('DELETE', '/v1/accounts/sam.oak/second-factor')
  expect(reset).toMatchObject({ secondFactor: false })
})

test('where browsers make no passkeys the page says so', async () => {
  const { page } = await signedIn(browser, { url: node.url, login: ADMINISTRATOR, password: PASSWORD })
  await page.goto(`${node.url}/account`)
  await page.getByText('Passkeys work only where the console is opened by its name').waitFor()
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
  const refused = await centre.request('POST', '/v1/me/passkeys/options')
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('by its name')])
})

/** A person of the sheriff's, with a password of their own. */
async function person(name: string): Promise<void> {
  const account = { name, partner: 'oak-county-so', kind: 'person', realms: ['live'] }
  await centre.json('POST', '/v1/accounts', { body: account })
  const { clientSecret } = await centre.json<{ clientSecret: string }>('POST', `/v1/accounts/${name}/secret`)
  const change = { account: name, password: clientSecret, newPassword: PASSWORD }
  await clientOf(node.url, null).json('POST', '/v1/password', { body: change })
}

test('people sign in by another service, which the centre adds and an administrator links', async () => {
  const window = await signedIn(browser, { url, login: ADMINISTRATOR, password: PASSWORD })
  const { page } = window
  await page.goto(`${url}/`)
  await page.getByRole('link', { name: 'Single sign-on' }).click()
  await title(page, 'Single sign-on')
  await page.getByText('Nobody signs in by another service.').waitFor()
  await page.getByText('Add a service').first().click()
  const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
  await fill('What it is called', 'County account')
  await fill('Short name', 'county')
  await fill('Issuer', `${oidc.issuer}/elsewhere`)
  await fill('Client ID', oidc.clientId)
  await fill('Client secret', oidc.clientSecret)
  await page.getByRole('button', { name: 'Add a service' }).click()
  await page.getByText('There is no provider').waitFor()
  await fill('Issuer', oidc.issuer)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Add a service' }).click()
  await page.getByRole('heading', { name: 'County account' }).waitFor()
  await page.getByText(`${url}/v1/session/providers/county/callback`).first().waitFor()
  expect(await faults(page)).toEqual([])

  await page.goto(`${url}/accounts/${OFFICER}`)
  await page.getByText('County account', { exact: true }).click()
  await page.getByLabel('Known at County account as').fill('robin@riverbend.example')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await page.getByText('as robin@riverbend.example').waitFor()
  expect(await faults(page)).toEqual([])

  const guest = await browser.window()
  await guest.page.goto(`${url}/submissions?errors=true`)
  const service = guest.page.getByRole('link', { name: 'Sign in with County account' })
  await service.click()
  await guest.page.getByRole('button', { name: 'Cancel' }).click()
  await guest.page.getByText('You did not sign in there.').waitFor()
  expect(guest.page.url()).toBe(`${url}/submissions?errors=true`)
  expect(await faults(guest.page)).toEqual([])
  oidc.people.set('r-7', { email: 'robin@riverbend.example', email_verified: true })
  await service.click()
  await guest.page.getByLabel('Name').fill('r-7')
  await guest.page.getByRole('button', { name: 'Go on' }).click()
  await title(guest.page, 'Submissions')
  expect(guest.page.url()).toBe(`${url}/submissions?errors=true`)
  await page.reload()
  await page.getByText('Has signed in').waitFor()

  // With a second factor of their own they are asked for it next.
  await authenticatorOf(guest.page)
  await guest.page.goto(`${url}/account`)
  await guest.page.getByText('Add a passkey').first().click()
  await guest.page.getByRole('button', { name: 'Add a passkey' }).click()
  await guest.page.getByText('not used yet').waitFor()
  await signOut(guest.page)
  await service.click()
  await title(guest.page, 'Your passkey')
  await withPasskey(guest.page)
  await title(guest.page, 'Your account')

  await page.goto(`${url}/identity-providers`)
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Nobody signs in by another service.').waitFor()
  expect(guest.complaints).toEqual([])
})

test('a clerk has no part in it', async () => {
  const { page } = await signedIn(browser, { url, login: CLERK, password: PASSWORD })
  await page.goto(`${url}/`)
  await title(page, 'Home')
  expect(await page.getByRole('link', { name: 'Single sign-on' }).count()).toBe(0)
  for (const [method, path] of [
    ['GET', '/v1/identity-providers'],
    ['GET', `/v1/accounts/${OFFICER}/identity-providers`],
  ] as const)
    expect([path, await callStatus(page, method, path)]).toEqual([path, 403])
})
