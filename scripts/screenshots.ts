import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { sql } from '../src/db/sql.ts'
import { readConfig } from '../src/node/config.ts'
import { type Node, startNode } from '../src/node/start.ts'
import { openBrowser, signIn } from '../test/console/browser.ts'
import { ADMINISTRATOR, CLERK, openOffice, PASSWORD, sendFile, stopsFile } from '../test/console/office.ts'
import { signIn as signInByApi } from '../test/servers/tributary.ts'
import { exchangePages } from './screenshots/exchanges.ts'
import { formPictures } from './screenshots/forms.ts'
import { shootOperations } from './screenshots/operations.ts'
import { peopleShots } from './screenshots/people.ts'
import { fillRecords, showRecords } from './screenshots/records.ts'
import { signInShots } from './screenshots/sign-in.ts'

// Pictures of the console for the guide, from invented data. Build first: npm run build && npx tsx scripts/screenshots.ts

const out = fileURLToPath(new URL('../docs/guide/console/', import.meta.url))
const WIDE = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }
const HEIGHT_MAX = 1500
const DAYS = 26

const folder = await mkdtemp(join(tmpdir(), 'screenshots-'))
const node = await startNode(readConfig({}, { dataFolder: folder, port: 0, logLevel: 'silent' }))
try {
  await mkdir(out, { recursive: true })
  const tracking = await fill(node)
  const records = await fillRecords(node.url, await signInByApi(node.url, ADMINISTRATOR, PASSWORD))
  const browser = await openBrowser()
  try {
    for (const look of [WIDE, PHONE]) {
      const suffix = look === PHONE ? '-phone' : ''
      const { page } = await browser.window(look)
      await page.goto(node.url)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await shot(page, `sign-in${suffix}`)
      await signIn(page, node.url, CLERK, PASSWORD)
      await page.locator('.plot svg').waitFor()
      await shot(page, `home${suffix}`)
      await visit(page, '/submissions', `submissions${suffix}`)
      await visit(page, `/submissions/${tracking}`, `submission${suffix}`, async () => {
        await page.locator('.codes__head').first().click()
        await page.getByRole('columnheader', { name: 'As sent' }).waitFor()
      })
      await visit(page, '/submit', `submit${suffix}`, async () => {
        const path = join(folder, 'stops-april.csv')
        await writeFile(path, stopsFile(400, 0.08, 77, 90_001))
        await page.getByLabel('Choose a file').setInputFiles(path)
        await page.getByRole('button', { name: 'Send anyway' }).waitFor()
      })
      await formPictures(page, visit, suffix)
      const centre = await browser.window(look)
      await signIn(centre.page, node.url, ADMINISTRATOR, PASSWORD)
      await visit(centre.page, '/submissions', `submissions-centre${suffix}`)
      await peopleShots(centre.page, suffix, visit)
      await signInShots(centre.page, suffix, visit)
      await showRecords(visit, records, { clerk: page, centre: centre.page }, suffix)
      await exchangePages(centre.page, visit, suffix)
    }
    await shootOperations({
      browser,
      looks: [
        [WIDE, ''],
        [PHONE, '-phone'],
      ],
      shot,
    })
  } finally {
    await browser.close()
  }
} finally {
  await node.close()
  await rm(folder, { recursive: true, force: true })
}

async function visit(
  page: Page,
  path: string,
  name: string,
  first = async () => undefined as unknown,
): Promise<void> {
  await page.goto(node.url + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await first()
  await page.waitForLoadState('networkidle')
  await shot(page, name)
}

async function shot(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? WIDE
  const height: number = await page.evaluate('document.documentElement.scrollHeight')
  // Long lists are told by their beginning. The window is as high as the picture, so that what sticks to its end does.
  await page.setViewportSize({
    width: size.width,
    height: Math.min(Math.max(height, size.height), HEIGHT_MAX),
  })
  await page.screenshot({ path: join(out, `${name}.png`) })
  await page.setViewportSize(size)
  console.log(`docs/guide/console/${name}.png`)
}

/** A month of an agency's work: a file a working day, some with errors, one that cannot be read, and a trial. */
async function fill({ url, identity, administrator, db }: Node): Promise<string> {
  const account = administrator?.account ?? ''
  const secret = administrator?.password ?? ''
  await identity.changePassword({ account, secret, newPassword: PASSWORD, address: '' })
  await openOffice(url, await signInByApi(url, account, PASSWORD))
  const sent: string[] = []
  for (let day = 0; day < DAYS; day += 1) {
    const count = 60 + ((day * 37) % 90)
    // A file that was put right and sent again brings what was there before.
    const text = stopsFile(
      count,
      0.04 + (day % 5) * 0.03,
      100 + (day % 7 === 6 ? day - 1 : day),
      day * 200 + 1,
    )
    sent.push(await sendFile(url, text, { name: `stops-${String(day + 1).padStart(2, '0')}.csv` }))
  }
  // What arrived within a minute is told as if it had come over the month.
  for (const [day, tracking] of sent.entries())
    await db.transact((tx) =>
      tx.rows(sql`
        update submission set received_at = received_at - make_interval(days => ${DAYS - day - 1}),
               started_at = started_at - make_interval(days => ${DAYS - day - 1}),
               closed_at = closed_at - make_interval(days => ${DAYS - day - 1}) where tracking = ${tracking}`),
    )
  await sendFile(url, 'not,the,columns\n1,2,3\n', { name: 'wrong-export.csv' }).catch(() => undefined)
  await sendFile(url, stopsFile(30, 0, 300, 70_001), { name: 'trial.csv', query: '?dryRun=true' })
  return sent.at(-1) ?? ''
}
