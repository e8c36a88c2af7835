import { afterAll, beforeAll, expect, test } from 'vitest'
import { Fault } from '../../src/fault/fault.ts'
import { FINDING } from './ports.ts'
import { type Served, serve } from './serve.ts'

let node: Served
beforeAll(async () => {
  node = await serve()
})
afterAll(() => node.server.close())

const json = { 'content-type': 'application/json' }

interface Loose {
  readonly [name: string]: unknown
  readonly items: readonly Loose[]
}
const read = async (response: Response) => (await response.json()) as Loose

test('a document is taken as it comes and answered with 202, a place to follow it and an acknowledgement', async () => {
  const response = await node.ask('/v1/exchanges/ripa/submissions?scope=refresh&dryRun=true&realm=test', {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      'x-file-name': '..%2F..%2Fetc%2Fst%C3%B6ps.csv',
      'idempotency-key': 'delivery-1',
    },
    body: 'a|b\n1|2\n',
  })
  expect(response.status).toBe(202)
  const body = await read(response)
  expect(response.headers.get('location')).toBe(`/v1/submissions/${body.tracking}`)
  expect(body.acknowledgement).toBe(`e30.${body.tracking}.sig`)
  expect(node.ports.documents.at(-1)).toMatchObject({
    text: 'a|b\n1|2\n',
    fileName: 'stöps.csv',
    scope: 'refresh',
    dryRun: true,
    realm: 'test',
    partner: 'alder',
    idempotencyKey: 'delivery-1',
    contentType: 'text/csv',
  })
})

test('a JSON document is streamed too, never parsed by the channel, and may have no content type', async () => {
  const body = '[{"broken": '
  for (const headers of [json, {}] as Record<string, string>[]) {
    const response = await node.ask('/v1/exchanges/ripa/submissions', {
      method: 'POST',
      headers,
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(202)
    expect(node.ports.documents.at(-1)?.text).toBe(body)
  }
})

test('only the centre sends for another partner, and only in realms of the account', async () => {
  const post = { method: 'POST', body: 'x' }
  expect((await node.ask('/v1/exchanges/ripa/submissions?partner=birch', post)).status).toBe(403)
  expect(
    (await node.ask('/v1/exchanges/ripa/submissions?partner=birch', { ...post, as: 'centre' })).status,
  ).toBe(202)
  expect(node.ports.documents.at(-1)?.partner).toBe('birch')
  expect((await node.ask('/v1/exchanges/ripa/stop?realm=test', { as: 'reader' })).status).toBe(403)
})

test('another partner’s submission cannot be told from one that does not exist', async () => {
  const sent = await read(await node.ask('/v1/exchanges/ripa/submissions', { method: 'POST', body: 'x' }))
  for (const path of [
    '',
    '/outcomes',
    '/findings',
    '/document',
    '/events',
    '/receipt',
    '/preview',
    '/proof/1',
  ]) {
    const theirs = await node.ask(`/v1/submissions/${sent.tracking}${path}`, { as: 'birch' })
    const none = await node.ask(`/v1/submissions/T999999${path}`, { as: 'birch' })
    expect([theirs.status, none.status]).toEqual([404, 404])
    const [one, other] = [await read(theirs), await read(none)]
    expect(String(one.detail).replace(String(sent.tracking), '')).toBe(
      String(other.detail).replace('T999999', ''),
    )
  }
  const cancelled = await node.ask(`/v1/submissions/${sent.tracking}/cancel`, { method: 'POST', as: 'birch' })
  expect(cancelled.status).toBe(404)
})

test('a submission’s reports are all there, and a paper that is not yet is 404', async () => {
  const { tracking } = await read(
    await node.ask('/v1/exchanges/ripa/submissions', { method: 'POST', body: 'x' }),
  )
  const get = (path: string) => node.ask(`/v1/submissions/${tracking}${path}`)
  expect((await read(await get(''))).state).toBe('queued')
  expect((await read(await get('/findings?code=DV013&limit=5'))).next).toBe('more')
  expect((await read(await get('/findings/summary'))).items[0]).toMatchObject({ code: 'DV013', count: 2 })
  expect((await read(await get('/outcomes'))).items).toEqual([])
  expect(await (await get('/acknowledgement')).text()).toBe(`e30.${tracking}.sig`)
  expect((await get('/receipt')).status).toBe(404)
  expect((await get('/preview')).status).toBe(404)
  expect((await get('/proof/1')).status).toBe(200)
  expect((await get('/proof/2')).status).toBe(404)
  expect((await get('/outcomes?limit=100000')).status).toBe(400)
  const file = await get('/error-file')
  expect(file.headers.get('content-disposition')).toBe(
    `attachment; filename="st_ps _errors_.csv"; filename*=UTF-8''st%C3%B6ps%20%22errors%22.csv`,
  )
  expect(await file.text()).toBe('a|b\n1|2\n')
})

test('progress comes as server-sent events and ends with the submission', async () => {
  const { tracking } = await read(
    await node.ask('/v1/exchanges/ripa/submissions', { method: 'POST', body: 'x' }),
  )
  const response = await node.ask(`/v1/submissions/${tracking}/events`)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(response.headers.get('content-encoding')).toBeNull()
  const text = await response.text()
  expect(text).toContain('event: progress\ndata: {')
  expect(text.trimEnd().split('\n').at(-2)).toBe('event: closed')
})

test('a release needs its grant, a cancellation is passed on with its reason', async () => {
  const { tracking } = await read(
    await node.ask('/v1/exchanges/ripa/submissions', { method: 'POST', body: 'x' }),
  )
  expect((await node.ask(`/v1/submissions/${tracking}/release`, { method: 'POST' })).status).toBe(403)
  expect(
    (await node.ask(`/v1/submissions/${tracking}/release`, { method: 'POST', as: 'centre' })).status,
  ).toBe(200)
  const cancelled = await node.ask(`/v1/submissions/${tracking}/cancel`, {
    method: 'POST',
    headers: json,
    body: '{"reason":"The wrong file."}',
  })
  expect(await read(cancelled)).toMatchObject({ state: 'cancelled', reason: 'The wrong file.' })
})

test('the centre alone gives a record to another owner, and says why', async () => {
  const give = (as: string, body: object, type = 'stop') =>
    node.ask(`/v1/exchanges/ripa/records/${type}/CA0990100%2FA-1/transfer`, {
      method: 'POST',
      as,
      headers: json,
      body: JSON.stringify(body),
    })
  const request = { from: 'alder', to: 'birch', reason: 'Moved.' }
  expect((await give('alder', request)).status).toBe(403)
  expect((await give('centre', { from: 'alder', to: 'birch' })).status).toBe(400)
  expect((await give('centre', request, 'nothing')).status).toBe(404)
  const done = await give('centre', request)
  expect(done.status).toBe(200)
  expect(await read(done)).toMatchObject({ left: 'a', came: 'b', others: 0 })
  expect(node.ports.queries.at(-1)).toMatchObject({
    exchange: 'ripa',
    realm: 'live',
    type: 'stop',
    key: 'CA0990100/A-1',
    ...request,
  })
})

test('one record is answered in the same call: created, with its place and ETag', async () => {
  const response = await node.ask('/v1/exchanges/ripa/stop', {
    method: 'POST',
    headers: json,
    body: '{"a":1}',
  })
  const body = await read(response)
  expect(response.status).toBe(201)
  expect(response.headers.get('location')).toBe(`/v1/exchanges/ripa/stop/${body.recordId}`)
  expect(response.headers.get('etag')).toBe('"1"')
  expect(node.ports.ones.at(-1)).toMatchObject({ format: 'json', names: 'native', operation: null })
  expect(Buffer.from(node.ports.ones.at(-1)?.bytes ?? []).toString()).toBe('{"a":1}')
  const xml = { 'content-type': 'text/xml; charset=utf-8', 'idempotency-key': 'seen-before' }
  const again = await node.ask('/v1/exchanges/ripa/stop', { method: 'POST', headers: xml, body: '<a/>' })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(node.ports.ones.at(-1)).toMatchObject({ format: 'xml', names: 'wire' })
})

test('a record that was not stored is a problem with its findings: 422, or 409 when it contradicts what is stored', async () => {
  const fatal = { ...FINDING, severity: 'fatal' as const }
  const post = () => node.ask('/v1/exchanges/ripa/stop', { method: 'POST', headers: json, body: '{}' })
  node.ports.verdicts.push({ outcome: 'rejected', findings: [fatal] })
  const refused = await post()
  expect(refused.status).toBe(422)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(await read(refused)).toMatchObject({
    code: 'RECORD_REJECTED',
    outcome: 'rejected',
    findings: [fatal],
  })
  node.ports.verdicts.push({ outcome: 'rejected', findings: [{ ...fatal, code: 'DV236' }] })
  expect((await post()).status).toBe(409)
})

test('a busy lane is 503 with Retry-After, and the operator’s troubles show nothing but the request id', async () => {
  const post = () => node.ask('/v1/exchanges/ripa/stop', { method: 'POST', headers: json, body: '{}' })
  node.ports.verdicts.push({ error: new Fault('LANE_BUSY', { book: 'alder' }) })
  const busy = await post()
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '2'])
  node.ports.verdicts.push({ error: new Fault('DATABASE_AWAY', { reason: 'postgres://secret@db' }) })
  const away = await post()
  expect(away.status).toBe(503)
  expect(await away.text()).not.toContain('secret')
  node.ports.verdicts.push({ error: new TypeError('cannot read /home/me/secret.ts') })
  const failed = await post()
  expect(failed.status).toBe(500)
  const text = await failed.text()
  expect(text).not.toMatch(/secret|\.ts|at /)
  expect(text).toContain(failed.headers.get('x-request-id') ?? 'no id')
  expect(node.logged.some((line) => line.includes('secret.ts'))).toBe(true)
})

test('a stored record is read with its version as ETag, and not sent again to a client that has it', async () => {
  const made = await read(
    await node.ask('/v1/exchanges/ripa/stop', { method: 'POST', headers: json, body: '{}' }),
  )
  const path = `/v1/exchanges/ripa/stop/${made.recordId}`
  const response = await node.ask(path)
  expect([response.status, response.headers.get('etag')]).toEqual([200, '"1"'])
  const held = await node.ask(path, { headers: { 'if-none-match': 'W/"1", "x"' } })
  expect([held.status, await held.text()]).toEqual([304, ''])
  expect((await node.ask(path, { as: 'birch' })).status).toBe(404)
  expect((await node.ask(`${path}/history`, { as: 'birch' })).status).toBe(404)
  expect((await read(await node.ask(`${path}/history`))).items).toHaveLength(1)
  expect((await node.ask(`${path}?asOf=2024-02-14T00:00:00Z`)).status).toBe(200)
  expect((await node.ask(`${path}?asOf=yesterday`)).status).toBe(400)
})

test('changes by id carry the operation, the expected version and the id', async () => {
  const made = await read(
    await node.ask('/v1/exchanges/ripa/stop', { method: 'POST', headers: json, body: '{}' }),
  )
  const path = `/v1/exchanges/ripa/stop/${made.recordId}`
  const change = (
    method: string,
    more: Record<string, string> = {},
    suffix = '',
    body: string | null = '{}',
  ) => node.ask(path + suffix, { method, headers: { ...json, ...more }, body })
  await change('PUT', { 'if-match': '"3"' })
  expect(node.ports.ones.at(-1)).toMatchObject({
    operation: 'replace',
    expectedVersion: 3,
    recordId: made.recordId,
  })
  await change('PATCH', { 'content-type': 'application/merge-patch+json' })
  expect(node.ports.ones.at(-1)?.operation).toBe('merge')
  await change('POST', {}, '/close', null)
  expect(node.ports.ones.at(-1)?.operation).toBe('close')
  expect((await change('DELETE', {}, '', null)).status).toBe(403)
  expect((await node.ask(path, { method: 'DELETE', as: 'centre' })).status).toBe(201)
  expect(node.ports.ones.at(-1)).toMatchObject({ operation: 'delete', partner: 'alder' })
  const inTest = await read(
    await node.ask('/v1/exchanges/ripa/stop?realm=test', { method: 'POST', headers: json, body: '{}' }),
  )
  await node.ask(`/v1/exchanges/ripa/stop/${inTest.recordId}`, { method: 'PUT', headers: json, body: '{}' })
  expect(node.ports.ones.at(-1)?.realm).toBe('test')
  node.ports.verdicts.push({ error: new Fault('PRECONDITION', { reason: 'It has changed.' }) })
  expect((await change('PUT', { 'if-match': '"1"' })).status).toBe(412)
  expect((await change('PUT', { 'if-match': 'three' })).status).toBe(400)
  expect((await node.ask(path, { method: 'PUT', headers: json, body: '{}', as: 'birch' })).status).toBe(404)
})

test('a search names searchable fields only, and leads to its next page', async () => {
  const page = await node.ask(
    '/v1/exchanges/ripa/stop?ori=CA0990100&status=submitted&changedSince=5&limit=10',
  )
  expect(page.status).toBe(200)
  expect(node.ports.queries.at(-1)).toMatchObject({
    where: { ori: 'CA0990100' },
    partners: ['alder'],
    status: 'submitted',
    changedSince: 5,
    limit: 10,
  })
  expect(page.headers.get('link')).toBe(
    '</v1/exchanges/ripa/stop?ori=CA0990100&status=submitted&changedSince=5&limit=10&after=page+2%26more>; rel="next"',
  )
  const wrong = await node.ask('/v1/exchanges/ripa/stop?officer_uid=1')
  expect(wrong.status).toBe(400)
  expect((await read(wrong)).detail).toContain('searchable: ori, stop_date')
  expect((await node.ask('/v1/exchanges/ripa/stop/deleted?since=7')).status).toBe(200)
  expect(node.ports.queries.at(-1)).toMatchObject({ changeNo: 7, partners: ['alder'] })
})

test('validation answers in JSON or XML as asked, and otherwise like the body', async () => {
  const validate = (type: string, accept?: string) =>
    node.ask('/v1/exchanges/ripa/stop/validate?checks=fields', {
      method: 'POST',
      headers: { 'content-type': type, ...(accept === undefined ? {} : { accept }) },
      body: type.includes('xml') ? '<a/>' : '{}',
    })
  const plain = await validate('application/json')
  expect(await read(plain)).toMatchObject({ valid: false, checks: 'fields', findings: [FINDING] })
  const xml = await validate('application/json', 'application/xml')
  expect(xml.headers.get('content-type')).toContain('application/xml')
  const text = await xml.text()
  expect(text).toContain('<Note>a &lt; b &amp; &quot;c&quot;</Note><List><Item>1</Item><Item>2</Item></List>')
  expect(text).toContain('<Finding><Code>DV013</Code>')
  expect((await validate('text/xml', '*/*')).headers.get('content-type')).toContain('application/xml')
  expect(
    (await validate('text/xml', 'application/json;q=0.9, text/xml;q=0.1')).headers.get('content-type'),
  ).toContain('application/json')
  expect((await validate('text/csv')).status).toBe(415)
})

test('exchanges are shown to those who take part in them', async () => {
  expect((await read(await node.ask('/v1/exchanges'))).items.map((one) => one.exchange)).toEqual(['ripa'])
  expect((await node.ask('/v1/exchanges/other')).status).toBe(404)
  expect((await read(await node.ask('/v1/exchanges/ripa'))).records).toHaveLength(1)
  expect((await node.ask('/v1/exchanges/nothing')).status).toBe(404)
})

test('code lists are read by those who take part, and imported by the centre alone', async () => {
  expect((await read(await node.ask('/v1/codes/ripa'))).items).toHaveLength(1)
  expect((await node.ask('/v1/codes/ripa', { as: 'stranger' })).status).toBe(404)
  expect((await read(await node.ask('/v1/codes/ripa/city?search=one&limit=5'))).items).toHaveLength(1)
  expect(node.ports.queries.at(-1)).toEqual({ search: 'one', limit: 5, after: null })
  const put = (as: string, body: string | Uint8Array<ArrayBuffer>) =>
    node.ask('/v1/codes/ripa/city', { method: 'PUT', as, headers: { 'content-type': 'text/csv' }, body })
  expect((await put('alder', 'name\nA\n')).status).toBe(403)
  expect(await read(await put('centre', 'name\nÄ\nB\n'))).toMatchObject({ values: 2 })
  expect((await put('centre', Uint8Array.of(0x41, 0xff))).status).toBe(400)
})

test('administration is for the administrator', async () => {
  expect((await node.ask('/v1/partners')).status).toBe(403)
  expect((await node.ask('/v1/partners', { as: 'centre' })).status).toBe(200)
  const add = (body: string) =>
    node.ask('/v1/partners', { method: 'POST', as: 'centre', headers: json, body })
  expect((await add('{"name":"alder","title":"Alder"}')).status).toBe(409)
  const wrong = await add('{"name":"alder","title":"Alder","extra":1}')
  expect((await read(wrong)).detail).toContain('unknown member "extra"')
  const put = await node.ask('/v1/partners/alder/identifiers/ori/CA0990100', { method: 'PUT', as: 'centre' })
  expect(put.status).toBe(204)
  const admin = (method: string, path: string, body?: object) =>
    node.ask(`/v1/accounts/${path}`, {
      method,
      as: 'centre',
      ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) }),
    })
  const granted = await admin('PUT', 'alder-feed/grants/*', { grants: ['read'] })
  expect((await read(granted)).grants).toEqual([{ exchange: '*', grants: ['read'] }])
  expect((await admin('PUT', 'alder-feed/grants/ripa', { grants: ['everything'] })).status).toBe(400)
  expect(await read(await admin('POST', 'alder-feed/secret'))).toEqual({
    clientId: 'alder-feed',
    clientSecret: 'new',
  })
  const fingerprint = Array.from({ length: 32 }, () => 'ab').join(':')
  expect((await admin('PUT', `alder-feed/certificates/${fingerprint}`)).status).toBe(204)
  expect(node.identity.certificates.get(fingerprint)).toBe('alder-feed')
  expect((await admin('PUT', 'alder-feed/certificates/abc')).status).toBe(400)
  expect((await admin('DELETE', 'alder-feed')).status).toBe(204)
  expect((await node.ask('/v1/accounts/alder-feed', { method: 'DELETE' })).status).toBe(403)
})

test('every request is audited with who asked, what for, and how it ended', async () => {
  node.identity.audited.length = 0
  await node.ask('/v1/exchanges/ripa/stop?ori=CA0990100')
  await node.ask('/v1/me', { as: 'nobody' })
  await node.ask('/health', { as: null })
  await expect.poll(() => node.identity.audited.length).toBe(2)
  expect(node.identity.audited[0]).toMatchObject({
    account: 'alder-rms',
    partner: 'alder',
    method: 'GET',
    route: '/v1/exchanges/:exchange/:type',
    target: 'exchange=ripa type=stop',
    status: 200,
  })
  expect(node.identity.audited[1]).toMatchObject({ account: null, status: 401 })
})

test('what checks the requests of every route can be compiled', async () => {
  const whole = await serve({}, true)
  expect((await whole.ask('/health', { as: null })).status).toBe(200)
  await whole.server.close()
})

test('the API describes itself: OpenAPI 3.1 with every route summed up, and a page for people', async () => {
  const document = (await (await node.ask('/openapi.json', { as: null })).json()) as {
    openapi: string
    paths: Record<string, Record<string, { summary?: string; tags?: string[]; responses?: object }>>
    components: { schemas: object }
  }
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Problem', 'Finding', 'Record']),
  )
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy()
      expect(operation.tags, `${method} ${path}`).toHaveLength(1)
      expect(Object.keys(operation.responses ?? {}).length, `${method} ${path}`).toBeGreaterThan(1)
    }
  expect(Object.keys(document.paths)).toContain('/sdcs/{exchange}/{type}')
  const page = await node.ask('/docs', { as: null })
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
})
