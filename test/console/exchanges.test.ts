import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
import { type Browser, callStatus, faults, openBrowser, type Window, windowsOf } from './browser.ts'
import { definitionArchive } from './definition-archive.ts'
import { ADMINISTRATOR, CLERK, openOffice, PASSWORD, sendFile, stopsFile } from './office.ts'

/** Exchanges as people read them, and as the centre changes them. */

let folder = ''
let node: NodeProcess
let centre: Client
let browser: Browser
let clerk: Window
let office: Window

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exchanges-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  await sendFile(node.url, stopsFile(60, 0.3).replaceAll('|ALDER FLAT|', '|NOWHERE|'), { name: 'march.csv' })
  browser = await openBrowser()
  const at = windowsOf(browser, node.url, PASSWORD)
  clerk = await at(CLERK, '/')
  office = await at(ADMINISTRATOR, '/', { width: 360, height: 740 })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

const part = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'This exchange' }).getByRole('link', { name, exact: true })

test('a clerk reads an exchange: what it is, its fields, codes, rules, lifecycle and papers', async () => {
  const { page, complaints } = clerk
  await page.getByRole('link', { name: 'Exchanges', exact: true }).click()
  await page.getByRole('link', { name: 'Stop data (AB 953, RIPA)' }).click()
  await page.getByText('POST /v1/exchanges/ripa/submissions').waitFor()
  expect(await faults(page)).toEqual([])
  await part(page, 'Fields').click()
  await page.getByLabel('Name, label or place').fill('gender')
  const gender = page.getByRole('link', { name: /^Code of gender\b/ }).first()
  await gender.waitFor()
  await page.waitForURL(/text=gender/)
  expect(await faults(page)).toEqual([])
  await gender.click()
  await page.getByText('Male, cisgender man or boy').waitFor()
  expect(await faults(page)).toEqual([])
  await page.goBack()
  expect(await page.getByLabel('Name, label or place').inputValue()).toBe('gender')
  await part(page, 'Codes').click()
  await page.getByRole('link', { name: 'Cities' }).waitFor()
  expect(await faults(page)).toEqual([])
  await part(page, 'Rules').click()
  await page.getByRole('columnheader', { name: 'Must hold' }).waitFor()
  await page.getByLabel('Severity').selectOption('fatal')
  await page.waitForURL(/severity=fatal/)
  expect(await faults(page)).toEqual([])
  await part(page, 'Lifecycle').click()
  await page.getByRole('columnheader', { name: 'When the record there is' }).waitFor()
  expect(await faults(page)).toEqual([])
  await part(page, 'Downloads').click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Template XLSX' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('ripa-stop.xlsx')
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK')
  expect(await faults(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('what the centre does with definitions is not shown to others, and not possible', async () => {
  const { page } = clerk
  await page.goto(`${node.url}/exchanges/ripa`)
  await part(page, 'Downloads').waitFor()
  for (const name of ['Crosswalks', 'Try a rule', 'New version'])
    expect(await part(page, name).count()).toBe(0)
  const status = (method: string, path: string, body?: object) => callStatus(page, method, path, body)
  const at = '/v1/exchanges/ripa/candidates'
  const reason = { reason: 'No' }
  expect(await status('GET', at)).toBe(403)
  expect(await status('POST', at)).toBe(403)
  expect(await status('POST', `${at}/1/shadow`, {})).toBe(403)
  expect(await status('POST', `${at}/1/activate`, reason)).toBe(403)
  expect(await status('POST', `${at}/1/withdraw`, reason)).toBe(403)
  expect(await status('GET', `${at}/1/differences`)).toBe(403)
  expect(await status('PATCH', '/v1/codes/ripa/city', { put: [] })).toBe(403)
  expect(await status('GET', '/v1/codes/ripa/city/versions')).toBe(403)
  expect(await status('GET', '/v1/codes/ripa/city/unmatched')).toBe(403)
  expect(await status('GET', '/v1/crosswalks/ripa')).toBe(403)
  expect(await status('PUT', '/v1/crosswalks/ripa/x/riverbend-pd', { map: {}, ...reason })).toBe(403)
  expect(await status('POST', '/v1/exchanges/ripa/rules/try', { rule: 'true', data: '{}' })).toBe(403)
  expect(await status('GET', '/v1/exchanges/voter/reference.md')).toBe(404)
})

test('the centre edits a code list, sees what did not match, and what was done before', async () => {
  const { page, complaints } = office
  await page.goto(`${node.url}/exchanges/ripa/codes/city`)
  await page.getByRole('button', { name: 'Add a code' }).click()
  await page.getByLabel('Code', { exact: true }).fill('NOWHERE')
  await page.getByLabel('Last day').fill('2030-12-31')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByLabel('Code or meaning').fill('nowhere')
  await page.getByRole('cell', { name: '2030-12-31' }).waitFor()
  const history = page.locator('.section', { hasText: 'Imports and edits' })
  await history.getByText('administrator').waitFor()
  await page.getByRole('heading', { name: 'Sent, but no code of this list' }).waitFor()
  expect(await faults(page)).toEqual([])
  const { items } = await centre.json<{ items: { value: string; partners: string[] }[] }>(
    'GET',
    '/v1/codes/ripa/city/unmatched',
  )
  expect(items).toContainEqual(expect.objectContaining({ value: 'NOWHERE', partners: ['riverbend-pd'] }))
  const exported = await (await centre.request('GET', '/v1/codes/ripa/city/table.csv')).text()
  expect(exported).toContain('NOWHERE,2030-12-31')
  const again = await centre.json('PUT', '/v1/codes/ripa/city', {
    headers: { 'content-type': 'text/csv' },
    body: exported,
  })
  expect(again).toMatchObject({ added: 0, removed: 0, changed: 0 })
  const dated = { put: [{ code: 'A', label: 'A', from: '2026-01-01', until: null }] }
  expect((await centre.request('PATCH', '/v1/codes/ripa/city', { body: dated })).status).toBe(400)
  expect((await centre.request('PATCH', '/v1/codes/ripa/gender', { body: { put: [] } })).status).toBe(400)
  expect(complaints).toEqual([])
})

test('a crosswalk of a partner is kept as a version of its rule set', async () => {
  const { page, complaints } = office
  await page.goto(`${node.url}/exchanges/voter/crosswalks?name=party`)
  await page.getByLabel('Partner').selectOption('Riverbend Police Department')
  await page.getByText('Nothing is stated for this partner by itself.').waitFor()
  const party = await centre.json<{ items: { code: string }[] }>('GET', '/v1/codes/voter/party?limit=1')
  const ours = party.items[0]?.code ?? ''
  await page.getByLabel('Codes', { exact: true }).fill(`D = ${ours}\nwrong`)
  await page.getByText('These lines are no pair of codes: 2').waitFor()
  await page.getByLabel('Codes', { exact: true }).fill(`D = ${ours}`)
  await page.getByLabel('Reason').fill('Codes of their new system')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('In effect', { exact: true }).waitFor()
  expect(await faults(page)).toEqual([])
  const path = '/v1/rules/voter/riverbend-pd/1'
  const { content } = await centre.json<{ content: string }>('GET', path)
  expect(content).toContain(`D: ${ours}`)
  expect(complaints).toEqual([])
})

test('a rule is tried on pasted records, and what is wrong with it is told with its place', async () => {
  const { page, complaints } = office
  await page.goto(`${node.url}/exchanges/ripa/try`)
  await page.getByRole('button', { name: 'Start from an example' }).click()
  await expect.poll(() => page.locator('#data').inputValue()).not.toBe('')
  await page.getByLabel('Rule', { exact: true }).fill('record.duration > 5 &&\n  record.durration < 9')
  await page.getByRole('button', { name: 'Try the rule' }).click()
  await page.getByRole('heading', { name: /Rule: line 2, column \d+/ }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Rule', { exact: true }).fill('record.duration < 5')
  await page.getByRole('button', { name: 'Try the rule' }).click()
  await page.locator('.state', { hasText: 'Fails' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Only where').fill('record.duration > 5000')
  await page.getByRole('button', { name: 'Try the rule' }).click()
  await page.locator('.state', { hasText: 'Not held against it' }).waitFor()
  expect(complaints).toEqual([])
})

async function upload(page: Page, name: string, put: (text: string) => string): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, await definitionArchive('ripa', 'types/stop.yaml', put))
  await page.goto(`${node.url}/exchanges/ripa/versions`)
  await page.getByLabel('ZIP archive').setInputFiles(path)
  await page.getByRole('button', { name: 'Upload and check' }).click()
  await page.getByRole('heading', { name }).waitFor()
}

test('a new version is checked, compared, run in shadow, put in force, and outlives a restart', async () => {
  const { page, complaints } = office
  await upload(page, 'wrong.zip', (text) => text.replace('range: [1, 1440]', 'ranje: [1, 1440]'))
  await page.locator('.note', { hasText: 'One problem keeps it from taking effect.' }).waitFor()
  await page.getByRole('rowheader', { name: 'types/stop.yaml' }).waitFor()
  expect(await faults(page)).toEqual([])
  await upload(page, 'shorter.zip', (text) => text.replace('range: [1, 1440]', 'range: [1, 15]'))
  await page.getByRole('cell', { name: '15', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Run in shadow' }).click()
  await page.getByText(/Another thing would become of \d+ of 60 records in 1 documents/).waitFor()
  await page.getByRole('rowheader', { name: /^F008N/ }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Reason').fill('As agreed in spring')
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByText('In force since').waitFor()
  expect(await faults(page)).toEqual([])
  expect(await durationMax()).toBe(15)
  expect(complaints).toEqual([])
  await page.goto(`${node.url}/exchanges/ripa/versions`)
  await page.getByRole('link', { name: 'shorter.zip' }).waitFor()
  expect(await faults(page)).toEqual([])

  await node.kill()
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await signInByApi(node.url, ADMINISTRATOR, PASSWORD)
  expect(await durationMax()).toBe(15)
  const withdrawn = await centre.json('POST', '/v1/exchanges/ripa/candidates/2/withdraw', {
    body: { reason: 'Not as agreed after all' },
  })
  expect(withdrawn).toMatchObject({ state: 'withdrawn' })
  expect(await durationMax()).toBe(1440)
}, 120_000)

/** What the definition in force says of how long a stop may last. */
async function durationMax(): Promise<number | undefined> {
  const { types } = await centre.json<{ types: { fields: { name: string; max: number }[] }[] }>(
    'GET',
    '/v1/exchanges/ripa/definition',
  )
  return types[0]?.fields.find(({ name }) => name === 'duration')?.max
}
