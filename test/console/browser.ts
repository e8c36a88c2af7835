import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

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
    executablePath: '/usr/bin/chromium',
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
        if (message.type() === 'error' && !/status of 40[134]/.test(text)) complaints.push(text)
      })
      return { page, complaints, close: () => context.close() }
    },
    async close() {
      await first.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in on the page that is open, whatever it is. */
export async function signIn(page: Page, url: string, login: string, password: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Account name').fill(login)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.account__name').waitFor()
}
