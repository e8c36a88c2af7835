import { createServer as createPlain, type Server } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createHttp } from '../../src/agent/http.ts'
import { makeCertificate } from '../rest/certificate.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const silentMs = 5000
const get = { method: 'GET', path: '/v1/me', silentMs } as const

test('https by an authority of one’s own, and by no other; also through a proxy that never reads along', async () => {
  const { key, cert } = makeCertificate('localhost', new Date(Date.now() + 86_400_000))
  const secure = createServer({ key, cert }, (_, response) =>
    response.end('{"ok":true}'),
  ) as unknown as Server
  const port = await listening(secure)
  const asked: (string | undefined)[] = []
  const passed: string[] = []
  const proxy = createPlain((_, response) => response.writeHead(405).end())
  proxy.on('connect', (request, socket, head) => {
    asked.push(request.url, request.headers['proxy-authorization'])
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      through.write(head)
      socket.on('data', (text: Buffer) => passed.push(text.toString('latin1')))
      through.pipe(socket).pipe(through)
    })
    through.on('error', () => {})
    socket.on('error', () => {})
  })
  const proxyPort = await listening(proxy)
  const url = `https://localhost:${port}`
  const direct = createHttp({ url, ca: cert, proxy: null })
  expect(await direct.ask(get)).toMatchObject({ status: 200, text: '{"ok":true}' })
  direct.close()
  const stranger = createHttp({ url, ca: null, proxy: null })
  await expect(stranger.ask(get)).rejects.toMatchObject({ code: 'NODE_AWAY' })
  stranger.close()
  const tunnelled = createHttp({
    url,
    ca: cert,
    proxy: `http://me:pass%20word@127.0.0.1:${proxyPort}`,
  })
  expect(await tunnelled.ask(get)).toMatchObject({ status: 200 })
  expect(await tunnelled.ask(get)).toMatchObject({ status: 200 })
  // One tunnel serves both questions.
  expect(asked).toEqual([`localhost:${port}`, `Basic ${Buffer.from('me:pass word').toString('base64')}`])
  expect(passed.join('')).not.toContain('/v1/me')
  tunnelled.close()
  const strangerBehind = createHttp({ url, ca: null, proxy: `http://127.0.0.1:${proxyPort}` })
  await expect(strangerBehind.ask(get)).rejects.toMatchObject({ code: 'NODE_AWAY' })
  strangerBehind.close()
  const noProxy = createHttp({ url, ca: cert, proxy: `http://127.0.0.1:${port}` })
  await expect(noProxy.ask(get)).rejects.toMatchObject({ code: 'NODE_AWAY' })
  noProxy.close()
})

async function* manyBytes(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at += 1) yield Buffer.alloc(64 * 1024, 1)
}

test('an answer that comes before everything was sent counts', async () => {
  const port = await listening(
    createPlain((request, response) => {
      request.once('data', () => {
        response.writeHead(409, { 'content-type': 'application/problem+json', connection: 'close' })
        response.end('{"code":"UPLOAD_OFFSET"}', () => request.destroy())
      })
    }),
  )
  const http = createHttp({ url: `http://127.0.0.1:${port}`, ca: null, proxy: null })
  const answer = await http.ask({ method: 'PATCH', path: '/x', body: manyBytes(500), silentMs })
  expect(answer).toMatchObject({ status: 409, text: '{"code":"UPLOAD_OFFSET"}' })
  http.close()
})

test('silence, a broken answer and a failing body are told as such', async () => {
  const port = await listening(
    createPlain((request, response) => {
      if (request.url === '/silent') return
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => response.destroy(), 50)
    }),
  )
  const http = createHttp({ url: `http://127.0.0.1:${port}`, ca: null, proxy: null })
  await expect(http.ask({ ...get, path: '/silent', silentMs: 200 })).rejects.toMatchObject({
    code: 'NODE_AWAY',
    status: 0,
  })
  await expect(http.ask({ ...get, path: '/half' })).rejects.toMatchObject({ code: 'NODE_AWAY' })
  const failure = new Error('the file is gone')
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('x')
    throw failure
  }
  await expect(
    http.ask({ method: 'PATCH', path: '/silent', body: failing(), silentMs }),
  ).rejects.toMatchObject({ cause: failure })
  const ended = new AbortController()
  const asking = http.ask({ ...get, path: '/silent', signal: ended.signal })
  ended.abort()
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
  http.close()
})
