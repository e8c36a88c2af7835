import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Severity } from '../../src/exchange/definition.ts'
import type { Finding } from '../../src/exchange/parcel.ts'
import { Fault } from '../../src/fault/fault.ts'
import { FINDING, type Verdict } from './ports.ts'
import { type Served, serve } from './serve.ts'

/** Each row of docs/decisions/0101-sdcs-response-codes.md, over real HTTP, in JSON and in XML. */

let node: Served
beforeAll(async () => {
  node = await serve()
})
afterAll(() => node.server.close())
beforeEach(() => {
  node.ports.verdicts.length = 0
})

const STOP = {
  LEARecordID: 'A1',
  ORI: 'CA0990100',
  TX_Type: 'I',
  BatchID: '',
  SDate: '02/14/2024',
  STime: '14:05',
  Officer: { UID: 'ABC123456', Proxy: 'P1' },
}

const HEADERS = {
  ORI: 'CA0990100',
  LEARecordID: 'A1',
  OfficerUID: 'ABC123456',
  StopDate: '02/14/2024',
  StopTime: '14:05:00',
  BrowserType: 'Firefox',
  ResourceType: 'JSON',
  CallingApplication: 'RMSWS',
}

const NAMES = [
  'MandatoryValidationFlag',
  'Status',
  'BatchID',
  'LEARecordID',
  'ORI',
  'OfficerUID',
  'Proxy',
  'StopDate',
  'StopTime',
]

interface Call {
  readonly method?: string
  readonly as?: string | null
  readonly stop?: object
  readonly body?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly verdict?: Verdict
  readonly path?: string
}

type Format = 'json' | 'xml'

interface Body {
  readonly MandatoryValidationFlag: boolean
  readonly Status: string
  readonly Messages: readonly { Code: string; Field: string; Message: string; PersonNumber: number | null }[]
  readonly [name: string]: unknown
}

function xmlOf(tree: object): string {
  return Object.entries(tree)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'object' ? xmlOf(value as object) : String(value)}</${name}>`,
    )
    .join('')
}

async function call(
  format: Format,
  { method = 'POST', as, stop, body, headers, verdict, path }: Call,
): Promise<Response> {
  if (verdict !== undefined) node.ports.verdicts.push(verdict)
  const tree = { ...STOP, ...(method === 'PUT' ? { TX_Type: 'U' } : {}), ...stop }
  const sent: Record<string, string | null> = {
    'content-type': `application/${format}`,
    ...HEADERS,
    ResourceType: format.toUpperCase(),
    ...headers,
  }
  const text =
    body ?? (format === 'json' ? JSON.stringify(tree) : `<StopDataRecord>${xmlOf(tree)}</StopDataRecord>`)
  return node.ask(path ?? '/sdcs/ripa/stop', {
    method,
    ...(as === undefined ? {} : { as }),
    headers: Object.fromEntries(
      Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== null),
    ),
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: text }),
  })
}

/** The body in one shape, whichever format it came in; refuses any other shape. */
async function bodyOf(response: Response, format: Format): Promise<Body> {
  const text = await response.text()
  expect(response.headers.get('content-type')).toContain(`application/${format}`)
  expect(text).not.toMatch(/\bat .*\.ts|stack|urn:tributary/)
  if (format === 'json') {
    const body = JSON.parse(text) as Body
    const names = Object.keys(body)
    expect(names.slice(0, NAMES.length)).toEqual(NAMES)
    expect(names.at(-1)).toBe('Messages')
    return body
  }
  const element = (name: string, from = text) =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(from)?.[1] ?? null
  expect(text).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<StopDataResponse><MandatoryValidationFlag>/,
  )
  const entries = [...text.matchAll(/<Entry>(.*?)<\/Entry>/g)].map(([, entry = '']) => ({
    Code: element('Code', entry) ?? '',
    Field: element('Field', entry) ?? '',
    Message: element('Message', entry) ?? '',
    PersonNumber: element('PersonNumber', entry) === '' ? null : Number(element('PersonNumber', entry)),
  }))
  return {
    ...Object.fromEntries([...NAMES, 'DOJRecordID'].map((name) => [name, element(name)])),
    MandatoryValidationFlag: element('MandatoryValidationFlag') === 'true',
    Status: element('Status') ?? '',
    Messages: entries,
  }
}

function finding(code: string, severity: Severity = 'fatal', item: number | null = null): Finding {
  return { ...FINDING, code, severity, item }
}

const rejected = (code: string): Verdict => ({ outcome: 'rejected', findings: [finding(code)] })
const withErrors: Verdict = {
  outcome: 'created',
  status: 'submitted-with-errors',
  findings: [finding('DV039', 'error', 2)],
}

interface Row extends Call {
  readonly cause: string
  readonly status: number
  /** Code and field of the first message. */
  readonly code?: string
  readonly field?: string
  /** It says when to come again. */
  readonly later?: boolean
}

const ROWS: readonly Row[] = [
  { cause: 'stored without errors by POST', status: 200 },
  { cause: 'stored without errors by PUT', status: 200, method: 'PUT', verdict: { outcome: 'updated' } },
  {
    cause: 'stored with warnings only',
    status: 200,
    verdict: { outcome: 'created', findings: [finding('W', 'warning')] },
    code: 'W',
  },
  {
    cause: 'closed by PUT with Is_NFIA',
    status: 200,
    method: 'PUT',
    stop: { Is_NFIA: 'Y' },
    verdict: { outcome: 'updated', status: 'closed' },
  },
  { cause: 'stored with errors by POST', status: 304, verdict: withErrors },
  {
    cause: 'stored with errors by PUT',
    status: 304,
    method: 'PUT',
    verdict: { ...withErrors, outcome: 'updated' },
  },
  ...[
    ['F003', 401],
    ['F003W', 401],
    ['F001', 400],
    ['DV007', 400],
    ['DV013', 400],
    ['F007', 400],
    ['DV236', 409],
    ['DV004', 409],
    ['F004', 400],
    ['VERSION_NONE', 400],
    ['ANY_OTHER', 400],
  ].map(([code, status]) => ({
    cause: `POST refused by ${code}`,
    status: Number(status),
    verdict: rejected(String(code)),
    code: String(code),
  })),
  ...[
    ['R03A', 400],
    ['R03C', 400],
    ['R03B', 405],
    ['R16', 400],
  ].map(([code, status]) => ({
    cause: `PUT refused by ${code}`,
    status: Number(status),
    method: 'PUT',
    verdict: rejected(String(code)),
    code: String(code),
  })),
  { cause: 'an empty body', status: 400, body: '', code: 'FILE_EMPTY' },
  { cause: 'a body that is neither JSON nor XML', status: 400, body: 'a|b|c', code: 'FILE_MALFORMED' },
  { cause: 'a truncated body', status: 400, body: '{"ORI": "CA09', code: 'FILE_' },
  ...['GET', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => ({
    cause: `the verb ${method}`,
    status: 404,
    method,
    ...(method === 'HEAD' ? {} : { code: 'VERB_INVALID' }),
  })),
  { cause: 'no ORI header', status: 401, headers: { ORI: null }, code: 'HEADER_MISSING', field: 'ORI' },
  ...[
    'LEARecordID',
    'OfficerUID',
    'StopDate',
    'StopTime',
    'BrowserType',
    'ResourceType',
    'CallingApplication',
  ].map((field) => ({
    cause: `no ${field} header`,
    status: 400,
    headers: { [field]: null },
    code: 'HEADER_MISSING',
    field,
  })),
  {
    cause: 'an ORI header that disagrees with the body',
    status: 400,
    stop: { ORI: 'CA0990200' },
    code: 'HEADER_DISAGREES',
    field: 'ORI',
  },
  ...[
    ['LEARecordID', 'A2'],
    ['OfficerUID', 'ABC123457'],
    ['StopDate', '02/15/2024'],
    ['StopTime', '14:06'],
  ].map(([field = '', value = '']) => ({
    cause: `a ${field} header that disagrees with the body`,
    status: 400,
    headers: { [field]: value },
    code: 'HEADER_DISAGREES',
    field,
  })),
  { cause: 'a foreign ORI header', status: 401, headers: { ORI: 'CA0990200' }, code: 'F003W', field: 'ORI' },
  { cause: 'an unknown ORI header', status: 401, headers: { ORI: 'XX' }, code: 'F003W', field: 'ORI' },
  { cause: 'no DOJRecordID header', status: 200, method: 'PUT', verdict: { outcome: 'updated' } },
  { cause: 'POST with TX_Type U', status: 400, stop: { TX_Type: 'U' }, code: 'F004', field: 'TX_Type' },
  {
    cause: 'PUT with TX_Type I',
    status: 400,
    method: 'PUT',
    stop: { TX_Type: 'I' },
    code: 'F004',
    field: 'TX_Type',
  },
  { cause: 'Is_NFIA on an insert', status: 400, stop: { Is_NFIA: 'Y' }, code: 'F004', field: 'Is_NFIA' },
  { cause: 'no token', status: 401, as: null, code: 'NOT_SIGNED_IN' },
  { cause: 'a token that is not good', status: 401, as: 'altered', code: 'NOT_SIGNED_IN' },
  { cause: 'a caller who may not submit', status: 403, as: 'reader', code: 'NOT_ALLOWED' },
  {
    cause: 'a failure on our side',
    status: 500,
    verdict: { error: new Error('boom at x.ts') },
    code: 'SYSERR',
  },
  {
    cause: 'a database that is away',
    status: 500,
    verdict: { error: new Fault('DATABASE_AWAY', { reason: 'secret' }) },
    later: true,
    code: 'SYSERR',
  },
  {
    cause: 'a lane that stays busy',
    status: 503,
    verdict: { error: new Fault('LANE_BUSY', { book: 'alder' }) },
    later: true,
    code: 'SYSERR',
  },
  { cause: 'a body that is too large', status: 400, body: ' '.repeat(2 ** 20 + 1), code: 'TOO_LARGE' },
  { cause: 'an exchange without the profile', status: 404, path: '/sdcs/other/stop', code: 'NOT_FOUND' },
  { cause: 'a path that does not exist', status: 404, path: '/sdcs/ripa', code: 'NOT_FOUND' },
]

for (const format of ['json', 'xml'] as const)
  test.each(ROWS.map((row) => [row.cause, row] as const))(
    `SDCS in ${format}: %s has exactly one code`,
    async (_, row) => {
      const response = await call(format, row)
      expect(response.status).toBe(row.status)
      if (row.status === 304 || row.method === 'HEAD') {
        expect(await response.text()).toBe('')
        return
      }
      const body = await bodyOf(response, format)
      const stored = row.status === 200
      expect([body.MandatoryValidationFlag, body.Status]).toEqual([stored, stored ? 'success' : 'failed'])
      expect(body.Messages[0]?.Code ?? '').toContain(row.code ?? '')
      if (row.field !== undefined) expect(body.Messages[0]?.Field).toBe(row.field)
      expect(typeof body.DOJRecordID === 'string').toBe(stored)
      expect(response.headers.has('dojrecordid')).toBe(stored)
      expect(response.headers.has('retry-after')).toBe(row.later === true)
      expect(response.headers.get('allow')).toBe(row.status === 405 ? 'POST, PUT' : null)
    },
  )

test('the worst finding decides: 401 before 400, 400 before 409, 409 before 405', async () => {
  const codes = ['R03B', 'DV236', 'DV013', 'F003']
  for (const [count, status] of [
    [1, 405],
    [2, 409],
    [3, 400],
    [4, 401],
  ] as const) {
    const findings = codes.slice(0, count).map((code) => finding(code))
    const response = await call('json', { method: 'PUT', verdict: { outcome: 'rejected', findings } })
    expect(response.status).toBe(status)
  }
})

test('the checks run in order: verb, token, grant, ORI header, other headers, body, header against body', async () => {
  const all = { headers: { ORI: null, LEARecordID: null }, body: 'not JSON' }
  expect((await call('json', { ...all, method: 'DELETE', as: null })).status).toBe(404)
  expect((await call('json', { ...all, as: null })).status).toBe(401)
  expect((await call('json', { ...all, as: 'reader' })).status).toBe(403)
  const steps: readonly [Call, string][] = [
    [all, 'ORI'],
    [{ ...all, headers: { LEARecordID: null } }, 'LEARecordID'],
    [{ body: 'not JSON', headers: { LEARecordID: 'A2' } }, ''],
    [{ headers: { LEARecordID: 'A2' } }, 'LEARecordID'],
  ]
  for (const [step, field] of steps)
    expect((await bodyOf(await call('json', step), 'json')).Messages[0]?.Field).toBe(field)
})

test('the answer repeats what table 6 asks for in headers, and the record’s own values in the body', async () => {
  const response = await call('json', {})
  const body = await bodyOf(response, 'json')
  expect(body).toMatchObject({
    LEARecordID: 'A1',
    ORI: 'CA0990100',
    OfficerUID: 'ABC123456',
    Proxy: 'P1',
    BatchID: '',
    StopDate: '02/14/2024',
    StopTime: '14:05',
    Messages: [],
  })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ori: 'CA0990100',
    learecordid: 'A1',
    officeruid: 'ABC123456',
    stopdate: '02/14/2024',
    stoptime: '14:05',
    browsertype: 'Firefox',
    resourcetype: 'JSON',
    dojrecordid: body.DOJRecordID,
  })
})

test('a 304 has no body but a link to the findings, which come in the shape of the profile', async () => {
  const response = await call('json', { verdict: withErrors })
  expect(response.headers.get('dojrecordid')).toMatch(/^R\d+$/)
  const path = /^<(\/sdcs\/ripa\/stop\/findings\/T\d+)>; rel="describedby"$/.exec(
    response.headers.get('link') ?? '',
  )?.[1]
  const findings = await node.ask(path ?? '')
  expect(findings.status).toBe(200)
  expect(await bodyOf(findings, 'json')).toMatchObject({
    MandatoryValidationFlag: true,
    Status: 'failed',
    LEARecordID: 'A1',
    Messages: [{ Code: 'DV039', Field: 'SDate', PersonNumber: 2 }],
  })
  const xml = await node.ask(path ?? '', { headers: { accept: 'application/xml' } })
  expect((await bodyOf(xml, 'xml')).Messages).toHaveLength(1)
  const foreign = await node.ask(path ?? '', { as: 'birch' })
  expect([foreign.status, (await bodyOf(foreign, 'json')).Messages[0]?.Code]).toEqual([404, 'NOT_FOUND'])
})

test('the verb decides what is done, and Is_NFIA closes', async () => {
  await call('json', {})
  expect(node.ports.ones.at(-1)).toMatchObject({
    operation: 'create',
    channel: 'sdcs',
    names: 'wire',
    partner: 'alder',
  })
  await call('json', { method: 'PUT' })
  expect(node.ports.ones.at(-1)).toMatchObject({ operation: 'replace', recordId: null })
  await call('xml', { method: 'PUT', stop: { Is_NFIA: 'Y' } })
  expect(node.ports.ones.at(-1)).toMatchObject({ operation: 'close', format: 'xml' })
  await call('json', { stop: { TX_Type: 'Q' } })
  expect(node.ports.ones.at(-1)?.operation).toBeNull()
})

test('a DOJRecordID in the header must be a record of the agency, and the one the body names', async () => {
  const made = (await call('json', {})).headers.get('dojrecordid')
  await call('json', { method: 'PUT', headers: { DOJRecordID: made } })
  expect(node.ports.ones.at(-1)?.recordId).toBe(made)
  await call('json', { method: 'PUT', headers: { DOJRecordID: made }, stop: { DOJRecordID: made } })
  expect(node.ports.ones.at(-1)?.recordId).toBeNull()
  for (const DOJRecordID of ['R999999', 'nonsense']) {
    const unknown = await call('json', { method: 'PUT', headers: { DOJRecordID } })
    expect([unknown.status, (await bodyOf(unknown, 'json')).Messages[0]?.Code]).toEqual([400, 'R03C'])
  }
  const response = await call('json', {
    method: 'PUT',
    headers: { DOJRecordID: 'R7' },
    stop: { DOJRecordID: 'R8' },
  })
  expect(response.status).toBe(400)
  expect((await bodyOf(response, 'json')).Messages[0]?.Field).toBe('DOJRecordID')
})

test('the centre sends for the agency that holds the ORI', async () => {
  await call('json', { as: 'centre', headers: { ORI: 'CA0990200' }, stop: { ORI: 'CA0990200' } })
  expect(node.ports.ones.at(-1)?.partner).toBe('birch')
})

test('the format of the answer is what Accept asks for, else that of the request', async () => {
  const json = { headers: { accept: 'application/json' } }
  expect((await call('xml', json)).headers.get('resourcetype')).toBe('JSON')
  expect((await call('xml', { headers: { accept: '*/*' } })).headers.get('resourcetype')).toBe('XML')
  expect((await call('json', { headers: { accept: 'text/xml' } })).headers.get('resourcetype')).toBe('XML')
  expect(
    (await call('json', { headers: { accept: 'nonsense;;;q=x, ,/' } })).headers.get('resourcetype'),
  ).toBe('JSON')
  const contradiction = await call('xml', { headers: { ResourceType: 'JSON' } })
  expect(contradiction.status).toBe(400)
})

test('as deployed: PUT for everything, headers optional, 200 with a body for all that reached the checks', async () => {
  const bare = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, null]))
  const byRegistration = { as: 'old', headers: bare, method: 'PUT', stop: { ORI: 'CA0990300', TX_Type: 'I' } }
  const byRequest = {
    headers: { ...bare, prefer: 'sdcs-profile=deployed' },
    method: 'PUT',
    stop: { TX_Type: 'I' },
  }
  for (const way of [byRegistration, byRequest]) {
    const good = await call('json', way)
    expect(good.status).toBe(200)
    expect(node.ports.ones.at(-1)?.operation).toBeNull()
    const faulty = await call('json', { ...way, verdict: withErrors })
    expect(faulty.status).toBe(200)
    expect(await bodyOf(faulty, 'json')).toMatchObject({ MandatoryValidationFlag: true, Status: 'failed' })
    const fatal = await call('json', { ...way, verdict: rejected('DV236') })
    expect(fatal.status).toBe(200)
    expect(await bodyOf(fatal, 'json')).toMatchObject({ MandatoryValidationFlag: false, Status: 'failed' })
    expect((await call('json', { ...way, body: '{' })).status).toBe(200)
    expect((await call('json', { ...way, verdict: { error: new Error('boom') } })).status).toBe(500)
  }
  const disagreeing = await call('json', {
    ...byRequest,
    headers: { ...byRequest.headers, LEARecordID: 'A2' },
  })
  expect([disagreeing.status, (await bodyOf(disagreeing, 'json')).Messages[0]?.Field]).toEqual([
    200,
    'LEARecordID',
  ])
  expect(disagreeing.headers.get('preference-applied')).toBe('sdcs-profile=deployed')
  expect((await call('json', { ...byRequest, as: null })).status).toBe(401)
  expect((await call('json', { ...byRegistration, headers: { prefer: 'sdcs-profile=spec' } })).status).toBe(
    401,
  )
})

test('values that no header can carry, and hostile ones, harm neither headers nor XML', async () => {
  const stop = { LEARecordID: 'A1\r\nSet-Cookie: x=1', Officer: { UID: '<b>&amp;\u0000' } }
  const headers = {
    LEARecordID: null,
    OfficerUID: null,
    prefer: 'sdcs-profile=deployed',
    accept: 'application/xml',
  }
  const response = await call('json', { stop, headers })
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(response.headers.get('learecordid')).toBeNull()
  expect(await response.text()).toContain('<OfficerUID>&lt;b&gt;&amp;amp;\ufffd</OfficerUID>')
})
