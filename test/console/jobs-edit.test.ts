import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
import { ADMINISTRATOR, CLERK, PASSWORD } from './office.ts'
import { AGENCY_ADMINISTRATOR, JOB, type OperationsYard, openOperationsYard } from './operations-yard.ts'

/** Rules of jobs, days of rest, places and client certificates, as the centre's administrator sets them up and nobody else does. */

let folder = ''
let yard: OperationsYard
let browser: Browser
let at: At
let url = ''
let centre: Window

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-jobs-edit-'))
  yard = await openOperationsYard(folder)
  url = yard.node.url
  const administer = { body: { grants: ['administer'] } }
  await yard.centre.json('PUT', `/v1/accounts/${AGENCY_ADMINISTRATOR}/grants/*`, administer)
  browser = await openBrowser()
  at = windowsOf(browser, url, PASSWORD)
  centre = await at(ADMINISTRATOR, '/')
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await yard?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a job is made: the schedule in words, what is refused beside its field, the next ten times', async () => {
  const { page } = centre
  await page.goto(`${url}/jobs`)
  await page.getByRole('link', { name: 'New job' }).click()
  await title(page, 'New job')
  expect(await faults(page)).toEqual([])
  await page.getByLabel('What it is called').fill('Wells of Riverbend, weekly')
  await page.getByLabel('Short name').fill(JOB)
  await page.getByLabel('Exchange', { exact: true }).selectOption('wells')
  await page.getByLabel('Agents send').selectOption('Everything')
  await page.getByLabel('These partners').check()
  await page.getByLabel('Schedule', { exact: true }).fill('0 3 * * 0')
  await page.getByText('It runs Sunday, 03:00.').waitFor()
  await page.getByLabel('Time zone').fill('America/Los_Angles')
  await page.getByLabel('Days of rest').selectOption('Holidays')
  await page.getByLabel('From', { exact: true }).fill('22:00')
  await page.getByLabel('Until', { exact: true }).fill('05:00')
  await page.getByLabel('Priority').fill('150')
  await page.getByLabel('Time-out, in minutes').fill('90')
  await page.getByLabel('Attempts after the first').fill('2')
  await page.getByLabel('Minutes between attempts').fill('15')
  await page.getByLabel('Partners may start it themselves').check()
  await page.getByLabel('Times a day, each partner').fill('2')
  const make = page.getByRole('button', { name: 'Make the job' })
  await make.click()
  await page.getByText('Choose one partner at least.').waitFor()
  await page.getByRole('checkbox', { name: 'Riverbend Police Department' }).check()
  // A job of that name is not overwritten.
  await make.click()
  await page.getByText('There is a job of this name already.').waitFor()
  await page.getByLabel('Short name').fill('wells-weekly')
  await make.click()
  const wrong = page.locator('#rule-zone-wrong')
  await wrong.getByText('America/Los_Angles is no time zone').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('rule-zone')
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Time zone').fill('America/Los_Angeles')
  await page.getByLabel('Schedule', { exact: true }).fill('every sunday')
  await page.getByLabel('Schedule', { exact: true }).press('Enter')
  await page.locator('#rule-cron-wrong').getByText('is no schedule').waitFor()
  await page.getByLabel('Schedule', { exact: true }).fill('0 3 * * 0')
  await page.getByLabel('Schedule', { exact: true }).press('Enter')
  await title(page, 'Wells of Riverbend, weekly')
  await expect.poll(() => page.locator('.plain-list li').count()).toBe(10)
  expect(await faults(page)).toEqual([])
  expect(await yard.centre.json('GET', '/v1/jobs/wells-weekly')).toMatchObject({
    exchange: 'wells',
    realm: 'live',
    partners: ['riverbend-pd'],
    extract: 'full',
    cron: '0 3 * * 0',
    calendar: 'holidays',
    window: { from: '22:00', until: '05:00' },
    priority: 150,
    arriveMinutes: 90,
    retryLimit: 2,
    retryMinutes: 15,
    ownStart: { hours: null, perDayMax: 2, atOnceMax: 10 },
  })
})

test('a rule is changed and keeps what was not touched; a job is removed after a question', async () => {
  const { page } = centre
  const before = await yard.centre.json<object>('GET', '/v1/jobs/wells-weekly')
  await page.goto(`${url}/jobs/of/wells-weekly`)
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await title(page, 'Change the job')
  await page.getByText('The exchange and the kind of data of a job never change.').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Schedule', { exact: true }).fill('')
  await page.getByLabel('Partners may start it themselves').uncheck()
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await title(page, 'Wells of Riverbend, weekly')
  await page.getByText('only when told to').first().waitFor()
  const after = await yard.centre.json<object>('GET', '/v1/jobs/wells-weekly')
  const changed = { cron: null, ownStart: null, nextDue: null, changedAt: expect.any(String) }
  expect(after).toEqual({ ...before, ...changed })
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByText('What waits of it is cancelled.').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await title(page, 'Jobs')
  await page.getByRole('link', { name: 'Wells of Riverbend, weekly' }).waitFor({ state: 'detached' })
})

test('days of rest are added, a wrong end is told, and a calendar that is used is not removed', async () => {
  const { page } = centre
  await page.goto(`${url}/jobs/calendar`)
  await page.getByRole('link', { name: 'Days of rest' }).click()
  await title(page, 'Days of rest')
  await page.getByRole('link', { name: 'Wells, every night' }).waitFor()
  await page.locator('summary', { hasText: 'New calendar' }).click()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('What it is called').first().fill('Elections')
  await page.getByLabel('Short name').fill('elections')
  await page.getByLabel('First day').first().fill('2028-10-20')
  await page.getByLabel('Last day, included').first().fill('2028-10-10')
  await page.getByLabel('Why').first().fill('General election')
  const make = page.getByRole('button', { name: 'Make the calendar' })
  await make.click()
  await page.getByText('A rest from 2028-10-20 cannot end on 2028-10-10.').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Last day, included').first().fill('2028-11-10')
  await make.click()
  await page.getByText('Oct 20 – Nov 10, 2028').waitFor()
  const holidays = page.locator('section', { hasText: 'New Year' })
  await holidays.getByText('Change', { exact: true }).click()
  await holidays.getByRole('button', { name: 'Add days' }).click()
  await holidays.getByLabel('First day').last().fill('2028-07-04')
  await holidays.getByLabel('Why').last().fill('Independence Day')
  expect(await faults(page)).toEqual([])
  await holidays.getByRole('button', { name: 'Save' }).click()
  await holidays.locator('.people__list').getByText('Independence Day').waitFor()
  expect(await yard.centre.json('GET', '/v1/calendars/holidays')).toMatchObject({
    exceptions: [
      { from: '2026-01-01', until: '2026-01-01', reason: 'New Year' },
      { from: '2028-07-04', until: '2028-07-04', reason: 'Independence Day' },
    ],
  })
  await holidays.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Job wells-nightly uses the calendar holidays.').waitFor()
  const elections = page.locator('section', { hasText: 'General election' })
  await elections.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await elections.waitFor({ state: 'detached' })
})

test('a place is added, changed without its secret, switched off and removed', async () => {
  const { page } = centre
  await page.goto(`${url}/files`)
  await page.getByRole('link', { name: 'Places' }).click()
  await page.getByText('There is no place yet.').waitFor()
  await page.locator('summary', { hasText: 'Add a place' }).click()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Partner').selectOption('Riverbend Police Department')
  await page.getByLabel('Short name').fill('riverbend')
  await page.getByRole('textbox', { name: 'Folder' }).fill('mnt/riverbend')
  const add = page.getByRole('button', { name: 'Add a place' })
  await add.click()
  await page.locator('#new-place-path-wrong').getByText('is an absolute path').waitFor()
  await page.getByLabel('Kind').selectOption('Bucket (S3)')
  expect(await faults(page)).toEqual([])
  // Nobody listens there.
  await page.getByLabel('Address of the service').fill('http://127.0.0.1:9')
  await page.getByLabel('Bucket', { exact: true }).fill('riverbend-files')
  await page.getByLabel('Access key ID').fill('AKRIVERBEND')
  await page.getByLabel('Secret access key').fill('never-shown-again')
  await add.click()
  await page.getByText('riverbend-files · http://127.0.0.1:9').waitFor()
  expect(await page.content()).not.toContain('never-shown-again')
  const section = page.locator('section', { hasText: 'riverbend-files' })
  await section.locator('summary', { hasText: 'Change' }).click()
  await section.getByText('Empty: it stays as it is.').waitFor()
  expect(await section.getByLabel('Secret access key').inputValue()).toBe('')
  await section.getByLabel('Prefix').fill('out')
  expect(await faults(page)).toEqual([])
  await section.getByRole('button', { name: 'Save' }).click()
  await page.getByText('riverbend-files/out · http://127.0.0.1:9').waitFor()
  // Another key asks for its secret.
  await section.getByLabel('Access key ID').fill('AKOTHER')
  await section.getByRole('button', { name: 'Save' }).click()
  await section.getByText('The secret access key of a bucket is missing or wrong.').waitFor()
  await section.getByRole('button', { name: 'Switch off' }).click()
  await section.getByText('Switched off').waitFor()
  expect(await yard.centre.json('GET', '/v1/places')).toMatchObject({
    items: [{ place: 'riverbend', active: false, settings: { prefix: 'out', accessKeyId: 'AKRIVERBEND' } }],
  })
  await section.getByRole('button', { name: 'Switch on' }).click()
  await section.getByRole('button', { name: 'Switch off' }).waitFor()
  await section.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('There is no place yet.').waitFor()
})

test('a machine’s account is given a client certificate, and it is taken away', async () => {
  const { page } = centre
  await page.goto(`${url}/accounts/riverbend-agent`)
  await page.getByText('No certificate signs this account in.').waitFor()
  await page.getByText('Add a certificate').click()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('SHA-256 fingerprint').fill(Array(32).fill('5F').join(':'))
  await page.getByRole('button', { name: 'Add', exact: true }).last().click()
  await page.getByText('5f'.repeat(32)).first().waitFor()
  expect(await faults(page)).toEqual([])
  const certificates = page.locator('section', { hasText: 'Client certificates' })
  await certificates.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No certificate signs this account in.').waitFor()
})

test('no page had anything to complain of', () => {
  // What the node refused on purpose, the browser notes as well.
  expect(centre.complaints.filter((one) => !/status of 40[09]/.test(one))).toEqual([])
})

test('an agency’s people see none of it, and are refused', async () => {
  for (const login of [CLERK, AGENCY_ADMINISTRATOR]) {
    const { page } = await at(login, '/jobs')
    await page.getByRole('link', { name: 'Wells, every night' }).waitFor()
    expect(await page.getByRole('link', { name: 'New job' }).count()).toBe(0)
    await page.goto(`${url}/jobs/of/${JOB}`)
    await page.getByRole('button', { name: 'Run now' }).waitFor()
    expect(await page.getByRole('link', { name: 'Change', exact: true }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0)
    await page.goto(`${url}/jobs/calendar`)
    await title(page, 'Calendar of jobs')
    expect(await page.getByRole('link', { name: 'Days of rest' }).count()).toBe(0)
    await page.goto(`${url}/files`)
    await page.getByRole('link', { name: 'Transfers' }).waitFor()
    expect(await page.getByRole('link', { name: 'Places' }).count()).toBe(0)
    const rule = { title: 'x', exchange: 'wells', extract: 'full', zone: 'UTC' }
    const place = { partner: 'riverbend-pd', settings: { kind: 'folder', path: '/mnt/x' } }
    const status = (method: string, path: string, body?: object) => callStatus(page, method, path, body)
    expect(await status('PUT', `/v1/jobs/${JOB}`, rule)).toBe(403)
    expect(await status('DELETE', `/v1/jobs/${JOB}`)).toBe(403)
    expect(await status('PUT', '/v1/calendars/holidays', { title: 'x', exceptions: [] })).toBe(403)
    expect(await status('DELETE', '/v1/calendars/holidays')).toBe(403)
    expect(await status('GET', '/v1/places')).toBe(403)
    expect(await status('PUT', '/v1/places/x', place)).toBe(403)
    expect(await status('DELETE', '/v1/places/x')).toBe(403)
    // An administrator of an agency looks after the machines of its own; of another's there is none.
    const certificates = `/v1/accounts/riverbend-agent/certificates`
    expect(await status('GET', certificates)).toBe(login === CLERK ? 403 : 200)
    expect([403, 404]).toContain(await status('GET', `/v1/accounts/${ADMINISTRATOR}/certificates`))
  }
})
