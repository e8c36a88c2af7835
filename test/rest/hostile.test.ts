import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, serve } from './serve.ts'

/** What a hostile or broken client gets: a quick, plain refusal, and never a stack trace. */

let node: Served
beforeAll(async () => {
  node = await serve({ smallBodyMs: 400, idleMs: 400, documentBytesMax: 1_000_000, recordBytesMax: 100_000 })
})
afterAll(() => node.server.close())

interface Refusal {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly instance: string
}

/** Checks that this is a problem and nothing more, and gives it. */
async function problem(response: Response): Promise<Refusal> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const text = await response.text()
  expect(text).not.toMatch(/node_modules|\.ts:|\n\s+at |stack/)
  const body = JSON.parse(text) as Refusal
  expect(body.status).toBe(response.status)
  expect(body.instance).toBe(`urn:request:${response.headers.get('x-request-id')}`)
  return body
}

/** Writes text to a bare connection and collects the answer until the server closes it. */
async function bare(text: string, hold?: (socket: Socket) => void): Promise<string> {
  const socket = connect(node.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(text)
  hold?.(socket)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

test('an unknown path is 404 and a wrong method 405 with Allow, both as problems', async () => {
  for (const path of [
    '/',
    '/v1',
    '/v2/exchanges',
    '/v1/exchanges/ripa/stop/R1/nothing',
    '/%00',
    '/v1/../../etc/passwd',
  ])
    expect((await problem(await node.ask(path))).status).toBe(404)
  const wrong = await node.ask('/v1/exchanges', { method: 'DELETE' })
  expect([wrong.headers.get('allow'), (await problem(wrong)).status]).toEqual(['GET, HEAD', 405])
  expect((await problem(await node.ask('/v1/exchanges/%zz/stop'))).status).toBe(400)
  expect((await problem(await node.ask(`/v1/exchanges/${'x'.repeat(3000)}`))).status).toBe(414)
})

test('tokens that are missing, altered, malformed or of another scheme are 401 and say how to sign in', async () => {
  for (const authorization of [
    null,
    'Bearer nobody',
    'Bearer ',
    'bearer a b',
    'Basic YTpi',
    'Bearer \u00e9',
    '=',
  ]) {
    const headers: Record<string, string> = authorization === null ? {} : { authorization }
    const response = await node.ask('/v1/exchanges', { as: null, headers })
    expect((await problem(response)).code).toBe('NOT_SIGNED_IN')
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="tributary"',
    ])
  }
})

test('nothing is told about an exchange, record type or id before the caller has signed in', async () => {
  for (const path of [
    '/v1/exchanges/nothing',
    '/v1/exchanges/ripa/stop/R1',
    '/v1/submissions/T1',
    '/v1/partners',
  ])
    expect((await problem(await node.ask(path, { as: null }))).status).toBe(401)
})

test('a client without the grant is 403, with an exchange it has nothing to do with too', async () => {
  const headers = { 'content-type': 'application/json' }
  const post = { method: 'POST', headers, body: '{}' }
  expect((await problem(await node.ask('/v1/exchanges/ripa/stop', { ...post, as: 'reader' }))).status).toBe(
    403,
  )
  expect((await problem(await node.ask('/v1/exchanges/ripa/stop', { as: 'stranger' }))).status).toBe(403)
})

test('signing in with OAuth or a password, and every way it can be wrong', async () => {
  const form = (body: string, headers: Record<string, string> = {}) =>
    node.ask('/v1/oauth/token', {
      method: 'POST',
      as: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    })
  const good = await form('grant_type=client_credentials&client_id=alder&client_secret=right+secret')
  expect(await good.json()).toEqual({ access_token: 'alder', token_type: 'Bearer', expires_in: 900 })
  expect(good.headers.get('cache-control')).toBe('no-store')
  const basic = `Basic ${Buffer.from('alder:right+secret').toString('base64')}`
  expect((await form('grant_type=client_credentials', { authorization: basic })).status).toBe(200)
  const wrong = await form('grant_type=client_credentials&client_id=alder&client_secret=x')
  expect(wrong.headers.get('www-authenticate')).toContain('Basic')
  expect(await problem(wrong)).toMatchObject({ status: 401, error: 'invalid_client' })
  expect(await problem(await form('grant_type=password'))).toMatchObject({ status: 400 })
  expect(await problem(await form('grant_type=client_credentials'))).toMatchObject({
    error: 'invalid_request',
  })
  const plain = (body: object) =>
    node.ask('/v1/authenticate', {
      method: 'POST',
      as: null,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect(await (await plain({ account: 'old', password: 'right secret' })).json()).toMatchObject({
    must_change_password: true,
  })
  expect((await problem(await plain({ account: 'old', password: 'x' }))).status).toBe(401)
  expect((await problem(await plain({ account: ['old'], password: {} }))).status).toBe(400)
})

test('bad, deep and poisoned JSON is 400 and quotes nothing of the body', async () => {
  const bodies = [
    '{"account": "secret-name", ',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '{"__proto__": {"admin": true}, "account": "a", "password": "b"}',
    '{"constructor": {"prototype": {}}, "account": "a", "password": "b"}',
    '',
    'null',
    '\u0000',
  ]
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json' }
    const response = await node.ask('/v1/authenticate', { method: 'POST', as: null, headers, body })
    const { status, detail } = await problem(response)
    expect(status).toBe(400)
    expect(detail).not.toContain('secret-name')
  }
})

test('content of a kind that is not taken is 415', async () => {
  const post = (type: string, more: Record<string, string> = {}) =>
    node.ask('/v1/exchanges/ripa/stop', {
      method: 'POST',
      headers: { 'content-type': type, ...more },
      body: '{}',
    })
  for (const type of ['text/csv', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense'])
    expect((await problem(await post(type))).status).toBe(415)
  expect((await problem(await post('application/json', { 'content-encoding': 'gzip' }))).status).toBe(415)
  const login = { method: 'POST', as: null, headers: { 'content-type': 'text/xml' }, body: '<a/>' }
  expect((await problem(await node.ask('/v1/authenticate', login))).status).toBe(415)
})

test('a body beyond the limit is 413, whether its length was declared or not', async () => {
  const record = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: 'x'.repeat(100_001),
  }
  expect((await problem(await node.ask('/v1/exchanges/ripa/stop', record))).status).toBe(413)
  const declared = { method: 'POST', body: 'x'.repeat(1_000_001) }
  expect((await problem(await node.ask('/v1/exchanges/ripa/submissions', declared))).status).toBe(413)
  const body = new Blob(['x'.repeat(1_000_001)]).stream()
  const streamed = { method: 'POST', body, duplex: 'half' } as RequestInit
  expect((await problem(await node.ask('/v1/exchanges/ripa/submissions', streamed))).status).toBe(413)
  expect(node.ports.documents).toHaveLength(0)
})

test('headers beyond the limit are 431', async () => {
  const answer = await bare(`GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Bomb: ${'x'.repeat(40_000)}\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  expect(answer).toContain('application/problem+json')
})

test('bytes that are not HTTP are 400, an unknown verb 404, and on the SDCS paths both have its shape', async () => {
  expect(await bare('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"BAD_REQUEST"/s)
  expect(await bare('SNATCH /v1/me HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /)
  const sdcs = await bare('SNATCH /sdcs/ripa/stop HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(sdcs).toMatch(
    /^HTTP\/1\.1 404 .*"MandatoryValidationFlag":false,"Status":"failed".*"Code":"VERB_INVALID"/s,
  )
})

test('two lengths, or a length and chunks, are refused: no request can be smuggled', async () => {
  const start = 'POST /v1/authenticate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  expect(await bare(`${start}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`)).toMatch(/^HTTP\/1\.1 400 /)
  expect(
    await bare(`${start}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
  ).toMatch(/^HTTP\/1\.1 400 /)
})

test('a client that sends headers or a body too slowly is cut off with 408', async () => {
  expect(await bare('GET /v1/me HTTP/1.1\r\nHost')).toMatch(/^HTTP\/1\.1 408 /)
  const start =
    'Host: x\r\nAuthorization: Bearer alder\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{'
  for (const path of ['/v1/exchanges/ripa/stop', '/v1/exchanges/ripa/submissions', '/v1/authenticate'])
    expect(await bare(`POST ${path} HTTP/1.1\r\n${start}`), path).toMatch(
      /^HTTP\/1\.1 408 .*REQUEST_TIMEOUT/s,
    )
  expect(await bare(`POST /sdcs/ripa/stop HTTP/1.1\r\n${start}`)).toMatch(/^HTTP\/1\.1 400 .*"Messages":\[/s)
}, 30_000)

test('a document whose connection breaks before its end is not taken', async () => {
  const before = node.ports.documents.length
  await bare(
    'POST /v1/exchanges/ripa/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alder\r\nContent-Length: 50\r\n\r\nhalf',
    (socket) => setTimeout(() => socket.destroy(), 100),
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(node.ports.documents.length).toBe(before)
})

test('a client that goes on sending after it was refused still gets its answer', async () => {
  const endless = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      controller.enqueue(new TextEncoder().encode('x'.repeat(1000)))
    },
  })
  const request = { method: 'POST', as: 'nobody', body: endless, duplex: 'half' } as RequestInit
  expect((await problem(await node.ask('/v1/exchanges/ripa/submissions', request))).status).toBe(401)
})

test('any Accept header gets an answer, JSON unless XML is wanted more', async () => {
  for (const accept of ['*/*', 'text/html', 'application/xml', 'a/b;q=2, ;;;', '\u00ff', 'x'.repeat(8_000)])
    expect((await node.ask('/v1/me', { headers: { accept } })).status).toBe(200)
})

test('answers are compressed when the client takes it, and every one carries the security headers', async () => {
  const response = await node.ask('/openapi.json', { as: null, headers: { 'accept-encoding': 'gzip' } })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(response.headers.get('vary')).toContain('accept-encoding')
  const refused = await node.ask('/v1/me', { as: null })
  for (const { headers } of [response, refused]) {
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-request-id')).toBeTruthy()
  }
  const odd = await node.ask('/v1/me', {
    headers: { 'accept-encoding': 'nonsense', 'x-request-id': 'mine-123' },
  })
  expect([odd.status, odd.headers.get('x-request-id')]).toEqual([200, 'mine-123'])
  const unsafe = await node.ask('/v1/me', { headers: { 'x-request-id': 'a"><script>' } })
  expect(unsafe.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a failing health check is a problem like any other', async () => {
  node.ports.failure = new TypeError('cannot read /secret/path.ts')
  const response = await node.ask('/health', { as: null })
  node.ports.failure = null
  expect((await problem(response)).code).toBe('UNEXPECTED')
})
