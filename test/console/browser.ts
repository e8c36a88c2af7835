import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** The same browser without anything to show it in, which half of its work is. */
const WITHOUT_WINDOW = '/usr/bin/chromium-headless-shell'

/** Debian's Chromium, alone with us: nothing in it calls home. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser {
  /** A window of its own, signed in to nothing. What the page complains of is collected. */
  window(look?: Look): Promise<Window>
  close(): Promise<void>
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly locale?: string
}

export interface Window {
  readonly page: Page
  /** Errors of scripts and refusals of the content policy so far. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** One browser, of which each window has cookies and storage of its own. */
export async function openBrowser(): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'console-'))
  const first = await chromium.launchPersistentContext(folder, {
    executablePath: existsSync(WITHOUT_WINDOW) ? WITHOUT_WINDOW : '/usr/bin/chromium',
    args: ARGS,
    headless: true,
  })
  const browser = first.browser()
  return {
    async window({ width = 1280, height = 900, locale = 'en-US' } = {}) {
      const look = { viewport: { width, height }, locale, timezoneId: 'America/Los_Angeles' }
      const context: BrowserContext =
        browser === null
          ? await Promise.reject(new Error('there is no browser'))
          : await browser.newContext({ ...look, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        const text = message.text()
        // A refused call is told by the page; the browser notes it as well.
        if (message.type() === 'error' && !/status of 4(0[134]|12)/.test(text)) complaints.push(text)
      })
      return { page, complaints, close: () => context.close() }
    },
    async close() {
      await first.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in on the sign-in page, as a person does. */
export async function signIn(page: Page, url: string, login: string, password: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Account name').fill(login)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.account__name').waitFor()
}

/** A window in which this person signed in before; no page is open in it yet. */
export async function signedIn(
  browser: Browser,
  { url, login, password }: { readonly url: string; readonly login: string; readonly password: string },
  look?: Look,
): Promise<Window> {
  const window = await browser.window(look)
  const answer = await window.page.context().request.post(`${url}/v1/session`, {
    data: { login, password },
    headers: { 'x-requested-with': 'tributary', origin: url },
  })
  if (!answer.ok()) throw new Error(`${login} could not sign in: ${await answer.text()}`)
  return window
}

/** Opens a page in the window of this person, which is made at the first call and kept. */
export type At = (login: string, path: string, look?: Look) => Promise<Window>

/** One window for each person (and size), so that nobody signs in twice. All have the same password. */
export function windowsOf(browser: Browser, url: string, password: string): At {
  const windows = new Map<string, Window>()
  return async (login, path, look = {}) => {
    const name = `${login} ${JSON.stringify(look)}`
    const window = windows.get(name) ?? (await signedIn(browser, { url, login, password }, look))
    windows.set(name, window)
    await window.page.goto(url + path)
    await window.page.locator('.account__name').waitFor()
    return window
  }
}

const AXE = `axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`

/** What keeps people from using the page as it is shown now, as far as axe finds it (WCAG 2.2 AA and good practice). */
export async function barriers(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source)
  return page.evaluate(AXE)
}

/** Pixels by which the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** Barriers on the page as it is shown now, and whether it would be cut off on a phone. */
export async function faults(page: Page): Promise<readonly string[]> {
  const found = await barriers(page)
  const size = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  const wider = await overflow(page)
  if (size !== null) await page.setViewportSize(size)
  return wider === 0 ? found : [...found, `${wider} px wider than a phone`]
}

/** Waits for the page of this title. */
export function title(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('heading', { level: 1, name }).waitFor()
}

/** Waits until the page shows what it was loading. */
export function shown(page: Page): Promise<void> {
  return page.locator('main .skeleton').first().waitFor({ state: 'detached' })
}

/** The status of a call that the page makes with its session. */
export function callStatus(page: Page, method: string, path: string, body?: object): Promise<number> {
  const headers = { 'x-requested-with': 'tributary' }
  const call =
    body === undefined
      ? { method, headers }
      : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return page.evaluate(`fetch('${path}', ${JSON.stringify(call)}).then((r) => r.status)`)
}
