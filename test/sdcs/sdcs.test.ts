import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  clientOf,
  firstSignIn,
  type NodeProcess,
  signIn,
  startTributary,
} from '../servers/tributary.ts'

/** The SDCS profile on a real node with the stop data exchange: what an agency's own software meets. */

const ORI = 'CA0990100'
let folder = ''
let node: NodeProcess
let agency: Client
let centre: Client
let stop: Stop

type Stop = Record<string, unknown> & {
  LEARecordID: string
  SDate: string
  STime: string
  Officer: { UID: string }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sdcs-'))
  node = await startTributary({ TRIBUTARY_DATA: folder })
  centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
  await centre.json('POST', '/v1/partners', { body: { name: 'alder', title: 'Alder Police' } })
  await centre.request('PUT', `/v1/partners/alder/identifiers/ori/${ORI}`)
  await centre.json('POST', '/v1/accounts', {
    body: { name: 'alder-rms', partner: 'alder', kind: 'machine' },
  })
  await centre.json('PUT', '/v1/accounts/alder-rms/grants/ripa', {
    body: { grants: ['submit', 'read', 'close'] },
  })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    '/v1/accounts/alder-rms/secret',
  )
  agency = await signIn(node.url, secret.clientId, secret.clientSecret)
  stop = JSON.parse(
    await readFile(new URL('../../exchanges/ripa/cases/tc03/input.json', import.meta.url), 'utf8'),
  )
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

/** Recent, so that no stop is late. */
const [year = '', month = '', day = ''] = new Date(Date.now() - 7 * 86_400_000)
  .toISOString()
  .slice(0, 10)
  .split('-')
const lastWeek = `${month}/${day}/${year}`

/** The stop as another one: its own id and time. */
function another(id: string, minute: number, change: Partial<Stop> = {}): Stop {
  return {
    ...structuredClone(stop),
    LEARecordID: id,
    SDate: lastWeek,
    STime: `09:${String(minute).padStart(2, '0')}`,
    ...change,
  }
}

function call(method: string, body: Stop, headers: Record<string, string> = {}, client: Client = agency) {
  return client.request(method, '/sdcs/ripa/stop', {
    headers: {
      'content-type': 'application/json',
      ORI,
      LEARecordID: body.LEARecordID,
      OfficerUID: body.Officer.UID,
      StopDate: body.SDate,
      StopTime: body.STime,
      BrowserType: 'Chrome',
      ResourceType: 'JSON',
      CallingApplication: 'RMSWS',
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

const faulty = { SDur: '' }

test('a clean stop is answered 200 with its DOJRecordID, and the same stop again 409', async () => {
  const first = await call('POST', another('A1', 1))
  expect(first.status).toBe(200)
  expect(first.headers.get('DOJRecordID')).toMatch(/^[0-9a-f-]{36}$/)
  expect(await first.json()).toMatchObject({ MandatoryValidationFlag: true, LEARecordID: 'A1', Messages: [] })
  const again = await call('POST', another('A1', 1))
  expect(again.status).toBe(409)
  const body = (await again.json()) as { MandatoryValidationFlag: boolean; Messages: { Code: string }[] }
  expect(body.MandatoryValidationFlag).toBe(false)
  expect(body.Messages.map((message) => message.Code)).toEqual(['DV236'])
  expect(again.headers.get('DOJRecordID')).toBeNull()
})

test('another id for the same officer, date and time is 409 by the second check', async () => {
  await call('POST', another('B1', 2))
  const body = (await (await call('POST', another('B2', 2))).json()) as { Messages: { Code: string }[] }
  expect(body.Messages.map((message) => message.Code)).toEqual(['DV004'])
})

test('a stop with errors is 304 with a link to its findings, is corrected by PUT, and is closed to PUT then', async () => {
  const sent = await call('POST', another('C1', 3, faulty))
  expect(sent.status).toBe(304)
  const link = /<([^>]+)>/.exec(sent.headers.get('link') ?? '')?.[1] ?? ''
  const findings = (await (await agency.request('GET', new URL(link, node.url).pathname)).json()) as {
    Messages: { Field: string }[]
  }
  expect(findings.Messages.map((message) => message.Field)).toContain('SDur')
  expect((await call('PUT', another('C1', 3, { TX_Type: 'U' }))).status).toBe(200)
  expect((await call('PUT', another('C1', 3, { TX_Type: 'U' }))).status).toBe(405)
})

test('the deployed variant answers 200 with the findings in its body', async () => {
  const answer = await call('POST', another('D1', 4, faulty), { Prefer: 'sdcs-profile=deployed' })
  expect(answer.status).toBe(200)
  const body = (await answer.json()) as { Status: string; Messages: { Field: string }[] }
  expect(body.Messages.map((message) => message.Field)).toContain('SDur')
})

test('no further information available closes a stop with errors for good', async () => {
  expect((await call('POST', another('E1', 5, faulty))).status).toBe(304)
  expect((await call('PUT', another('E1', 5, { ...faulty, TX_Type: 'U', Is_NFIA: 'Y' }))).status).toBe(200)
  expect((await call('PUT', another('E1', 5, { TX_Type: 'U' }))).status).toBe(405)
})

test('a perception field cannot be changed by an update', async () => {
  expect((await call('POST', another('F1', 6, faulty))).status).toBe(304)
  const changed = JSON.parse(
    JSON.stringify(another('F1', 6, { TX_Type: 'U' })).replace(/"Age":"\d+"/, '"Age":"71"'),
  )
  expect((await call('PUT', changed)).status).toBe(400)
})

test('only the centre deletes, which frees both keys and keeps the history', async () => {
  const sent = await call('POST', another('G1', 7))
  const id = sent.headers.get('DOJRecordID') ?? ''
  expect((await agency.request('DELETE', `/v1/exchanges/ripa/stop/${id}`)).status).toBe(403)
  expect((await centre.request('DELETE', `/v1/exchanges/ripa/stop/${id}`)).status).toBe(200)
  expect((await call('POST', another('G1', 7))).status).toBe(200)
  const history = await centre.json<{ items: { status: string }[] }>(
    'GET',
    `/v1/exchanges/ripa/stop/${id}/history`,
  )
  expect(history.items.map((entry) => entry.status)).toEqual(['submitted', 'deleted'])
})

test('a foreign ORI, a missing header, a header that disagrees, a wrong verb and no token each have their code', async () => {
  const body = another('H1', 8)
  expect((await call('POST', { ...body, ORI: 'CA0880100' }, { ORI: 'CA0880100' })).status).toBe(401)
  expect((await call('POST', body, { StopTime: '' })).status).toBe(400)
  expect((await call('POST', body, { StopDate: '01/01/2024' })).status).toBe(400)
  expect((await call('PATCH', body)).status).toBe(404)
  expect((await call('POST', body, {}, clientOf(node.url, null))).status).toBe(401)
})
