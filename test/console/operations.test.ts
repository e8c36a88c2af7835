import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import {
  type At,
  type Browser,
  callStatus,
  faults,
  openBrowser,
  title,
  type Window,
  windowsOf,
} from './browser.ts'
import { ADMINISTRATOR, CLERK, OFFICER, PASSWORD } from './office.ts'
import { AGENCY_ADMINISTRATOR, JOB, type OperationsYard, openOperationsYard } from './operations-yard.ts'

/** Jobs, files, mail, the audit log and the node, as the people of the centre and of an agency use them. */

let folder = ''
let yard: OperationsYard
let browser: Browser
let at: At
let url = ''
let centre: Window
let agency: Window

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-operations-'))
  yard = await openOperationsYard(folder)
  url = yard.node.url
  browser = await openBrowser()
  at = windowsOf(browser, url, PASSWORD)
  centre = await at(ADMINISTRATOR, '/')
  agency = await at(AGENCY_ADMINISTRATOR, '/')
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await yard?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a job that fails is told on every page at once, acknowledged, tried again, and recovers', async () => {
  const { page } = centre
  await page.goto(`${url}/jobs`)
  await title(page, 'Jobs')
  await page.getByText('every day at 01:30').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('link', { name: 'Wells, every night' }).click()
  await title(page, 'Wells, every night')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Run now' }).click()
  await title(page, 'Run for Riverbend Police Department')
  const first = await yard.take()
  await page.goto(`${url}/submissions`)
  await title(page, 'Submissions')
  await yard.fail(first, 'The county database does not answer.')
  const strip = page.locator('.alert-strip')
  await strip.getByText('The county database does not answer.').waitFor()
  await strip.getByText('Next try').waitFor()
  expect(await faults(page)).toEqual([])
  await strip.getByRole('link', { name: `Job ${JOB} failed` }).click()
  await title(page, 'Run for Riverbend Police Department')
  await page.getByText('Attempt 1').waitFor()
  await page.getByRole('link', { name: 'Error log' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Acknowledge' }).first().click()
  await page.getByLabel('Note for the others, if you want').fill('The county restarts it.')
  await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
  await strip.waitFor({ state: 'detached' })
  await page.getByText('The county restarts it.').waitFor()
  await page.getByRole('button', { name: 'Try again now' }).click()
  await page.waitForURL((to) => !to.pathname.endsWith(first.replace(/-1$/, '')))
  await yard.bring(await yard.take(), 12)
  await page.locator('.page__actions').getByText('Done').waitFor()
  await page.getByRole('link', { name: 'What became of the records' }).waitFor()
  await page.locator('.figures').getByText('Received').waitFor()
  await page.goto(`${url}/jobs`)
  await title(page, 'Jobs')
  await page.getByText('nothing waits').waitFor()
  expect(await page.getByText('Does not go well').count()).toBe(0)
})

test('the calendar tells what ran, what is planned and when jobs rest; agents and sessions are listed', async () => {
  const { page } = centre
  await page.goto(`${url}/jobs/calendar?view=month`)
  await page.locator('.calendar__entry--planned').first().waitFor()
  await page.locator('.calendar__entry--failed').first().waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(`${url}/jobs/calendar?day=2026-01-01`)
  await page.getByText('Rest: New Year').waitFor()
  await page.goto(`${url}/jobs/agents`)
  await page.getByText('riverbend-agent').waitFor()
  await page.getByText('1.4.0').waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(`${url}/jobs/sessions?state=failed`)
  await page.getByRole('link', { name: 'Error log' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Result').selectOption('Timed out')
  await page.getByText('Nothing fits these filters.').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Error log' }).waitFor()
})

test('a job is paused with a reason and goes on', async () => {
  const { page } = centre
  await page.goto(`${url}/jobs/of/${JOB}`)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByLabel('Reason, if you want to give one').fill('The county moves its server.')
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
  await page.getByText('The county moves its server.').first().waitFor()
  await page.getByRole('button', { name: 'Let it go on' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
})

test('an agency starts its own job and sees its place in the queue; what is not its own is refused', async () => {
  const { page } = agency
  const entries = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  expect(await entries.allInnerTexts()).toEqual(expect.not.arrayContaining(['Audit log', 'System', 'Held']))
  await page.goto(`${url}/jobs/of/${JOB}`)
  await page.getByRole('button', { name: 'Run now' }).waitFor()
  expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Run now' }).click()
  await title(page, 'Run for Riverbend Police Department')
  await page.getByText('Place in the queue').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click()
  await page.locator('.page__actions').getByText('Cancelled').waitFor()
  expect(await callStatus(page, 'POST', `/v1/jobs/${JOB}/pause`)).toBe(403)
  expect(await callStatus(page, 'GET', '/v1/audit')).toBe(403)
  expect(await callStatus(page, 'POST', '/v1/audit/verify')).toBe(403)
  expect(await callStatus(page, 'GET', '/v1/system')).toBe(403)
  expect(await callStatus(page, 'GET', '/v1/status/bulk')).toBe(403)
  expect(await callStatus(page, 'POST', '/v1/alerts/1/acknowledge')).toBe(404)
  expect(await callStatus(page, 'GET', '/v1/partners/oak-county-so/files')).toBe(404)
})

test('a file that waits for its checksum is released with a reason; folders and transfers are seen', async () => {
  await yard.put('wells-march.json', 3)
  const { page } = centre
  await page.goto(`${url}/files`)
  await page.getByText('Held').first().waitFor()
  expect(await faults(page)).toEqual([])
  await page.locator('tbody th a').first().click()
  await title(page, 'Files of Riverbend Police Department')
  await page.getByText('wells-march.json').first().waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Release' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('The checksum was told by telephone.')
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
  await page.locator('td').getByText('Taken').waitFor()
  await page.goto(`${url}/files/folders?partner=riverbend-pd&path=%2Fwells`)
  await page.getByRole('link', { name: 'PROD/' }).click()
  await page.getByRole('link', { name: 'INPUT/' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(`${url}/files/transfers`)
  await page.getByText('wells-march.json').first().waitFor()
  expect(await faults(page)).toEqual([])
  // The clerk of the agency sees the file, and nothing to decide about it.
  const clerk = await at(CLERK, '/files')
  await clerk.page.locator('tbody th a').first().click()
  await clerk.page.getByText('wells-march.json').first().waitFor()
  expect(await clerk.page.getByRole('button', { name: 'Discard' }).count()).toBe(0)
})

test('a file that would delete much is held, and refused with a reason', async () => {
  await yard.refresh(40, 'all-wells.json')
  const tracking = await yard.refresh(3, 'few-wells.json')
  const { page } = centre
  await page.goto(`${url}/held`)
  await page.getByRole('link', { name: 'few-wells.json' }).waitFor()
  await page.getByText('Would be deleted').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel the submission' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Half of the wells are missing.')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the submission' }).click()
  await page.getByText('Nothing is held.').waitFor()
  await agency.page.goto(`${url}/submissions/${tracking}`)
  await agency.page.getByText('Half of the wells are missing.').waitFor()
})

test('a mail that was refused is sent again', async () => {
  const { contact } = await yard.centre.json<{ contact: number }>(
    'POST',
    '/v1/partners/riverbend-pd/contacts',
    {
      body: { address: 'records@riverbend.example', exchange: 'wells', frequency: 'weekly' },
    },
  )
  await yard.node.db.transact((tx) =>
    tx.rows(sql`
      insert into mail (mail, contact, partner, exchange, recipient, subject, text_body, html_body, state, attempts, created_at, next_at,
                        last_error)
      values ('m1', ${contact}::bigint, 'riverbend-pd', 'wells', 'records@riverbend.example', 'Wells: 3 records', '', '',
              'bounced', 2, now(), now(), '550 no such user')`),
  )
  const { page } = centre
  await page.goto(`${url}/mails?state=bounced`)
  await page.getByText('550 no such user').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('No mail fits these filters.').waitFor()
  expect(await callStatus(agency.page, 'POST', '/v1/mails/m1/retry')).toBe(403)
})

test('a question of the centre is refused with a reason by the agency', async () => {
  const item = { exchange: 'wells', partner: 'riverbend-pd', kind: 'closed', title: 'Is well W1 filled in?' }
  await yard.centre.json('POST', '/v1/work-items', { body: item })
  const { page } = agency
  await page.goto(`${url}/messages`)
  await page.getByText('Is well W1 filled in?').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('link', { name: 'Answer the question' }).click()
  await title(page, 'Questions')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Refuse' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('It still gives water.')
  await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click()
  await page.getByText('It still gives water.').waitFor()
})

test('the audit log is searched and verified in plain words', async () => {
  const { page } = centre
  await page.goto(`${url}/audit`)
  await title(page, 'Audit log')
  await page.getByLabel('Did what').fill('pause')
  await page.getByLabel('To what').fill(JOB)
  await page.getByRole('button', { name: 'Search' }).click()
  await page.waitForURL(/action=pause/)
  await page
    .locator('tbody tr', { hasText: `job=${JOB}` })
    .first()
    .waitFor()
  await expect.poll(() => page.locator('tbody tr', { hasText: AGENCY_ADMINISTRATOR }).count()).toBe(1)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Verify the log' }).click()
  await page.getByText('The log is as it was sealed').waitFor()
  await page.getByLabel('Show').selectOption('What was refused or failed')
  await page.locator('tbody').getByText('Not allowed').first().waitFor()
  await page.locator('tbody tr', { hasText: 'job paused' }).waitFor({ state: 'detached' })
})

test('the system tells how it stands', async () => {
  const { page } = centre
  await page.goto(`${url}/system`)
  await page.getByText('survives a killed process, not a power cut').waitFor()
  await page.getByText('The node works. Some things should be known.').waitFor()
  await page.getByText('Database size').waitFor()
  expect(await faults(page)).toEqual([])
})

test('no page had anything to complain of', () => {
  expect(centre.complaints).toEqual([])
})

test('an officer who may only read sees none of it', async () => {
  const { page } = await at(OFFICER, '/')
  const entries = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  expect(await entries.allInnerTexts()).toEqual(
    expect.not.arrayContaining(['Jobs', 'Files', 'Mail', 'Messages']),
  )
})
