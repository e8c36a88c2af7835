import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proxyList } from '../../src/channel/rest/config.ts'
import { makeCertificate } from './certificate.ts'
import { serve } from './serve.ts'

/** Certificates, proxies, and going down gracefully. */

let folder = ''
const file = (name: string) => join(folder, name)

const DAY_MS = 86_400_000

function certificate(name: string, days: number): void {
  const { cert, key } = makeCertificate(name, new Date(Date.now() + days * DAY_MS))
  writeFileSync(file(`${name}.crt`), cert)
  writeFileSync(file(`${name}.key`), key)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-rest-'))
  for (const name of ['first', 'second', 'client']) certificate(name, 2)
  certificate('expired', -1)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function subject(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.end()
    })
    socket.on('error', reject)
  })
}

function getMe(
  port: number,
  client: string | null,
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const own =
    client === null
      ? {}
      : { cert: readFileSync(file(`${client}.crt`)), key: readFileSync(file(`${client}.key`)) }
  return new Promise((resolve, reject) => {
    const options = {
      port,
      host: '127.0.0.1',
      path: '/v1/me',
      rejectUnauthorized: false,
      agent: false as const,
      headers,
      ...own,
    }
    request(options, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve([response.statusCode ?? 0, text]))
    })
      .on('error', reject)
      .end()
  })
}

test('plain HTTP that other machines could reach is refused, unless a proxy is declared', async () => {
  await expect(serve({ host: '0.0.0.0' })).rejects.toThrow(/plain HTTP on 0\.0\.0\.0.*certificate/s)
  const behind = await serve({ host: '0.0.0.0', behindProxy: ['10.1.0.0/16', '::1'] })
  const response = await fetch(`http://127.0.0.1:${behind.port}/health`)
  expect(response.status).toBe(200)
  await behind.server.close()
  await expect(serve({ host: '0.0.0.0', behindProxy: ['the proxy'] })).rejects.toThrow(
    /neither an IP address/,
  )
  const listed = proxyList(['10.1.0.0/16', '::1'])
  expect(['10.1.2.3', '::ffff:10.1.2.3', '10.2.0.1', '::1', 'x'].map(listed)).toEqual([
    true,
    true,
    false,
    true,
    false,
  ])
})

test('the certificate is reloaded without a restart, asked for or when its files change, and a bad one leaves the old in use', async () => {
  copyFileSync(file('first.crt'), file('used.crt'))
  copyFileSync(file('first.key'), file('used.key'))
  const node = await serve({ tls: { cert: file('used.crt'), key: file('used.key'), clientCa: null } })
  expect(await subject(node.port)).toBe('first')
  copyFileSync(file('second.crt'), file('used.crt'))
  await expect(node.server.reloadCertificate()).rejects.toThrow(/cannot be used together/)
  expect(await subject(node.port)).toBe('first')
  copyFileSync(file('second.key'), file('used.key'))
  await node.server.reloadCertificate()
  expect(await subject(node.port)).toBe('second')
  copyFileSync(file('first.key'), file('used.key'))
  copyFileSync(file('first.crt'), file('used.crt'))
  await expect.poll(() => subject(node.port), { timeout: 15_000, interval: 500 }).toBe('first')
  await node.server.close()
  writeFileSync(file('used.crt'), 'not a certificate')
  const tls = { cert: file('used.crt'), key: file('used.key'), clientCa: null }
  await expect(serve({ tls })).rejects.toThrow(/cannot be used together/)
}, 30_000)

test('a client certificate signs in the account it is bound to; others, expired ones and none do not', async () => {
  const node = await serve({
    tls: { cert: file('first.crt'), key: file('first.key'), clientCa: file('client.crt') },
  })
  for (const name of ['client', 'expired']) {
    const { fingerprint256 } = new X509Certificate(readFileSync(file(`${name}.crt`)))
    node.identity.certificates.set(fingerprint256, 'alder')
  }
  const [status, text] = await getMe(node.port, 'client')
  expect([status, JSON.parse(text).account]).toEqual([200, 'alder-rms'])
  expect((await getMe(node.port, 'second'))[0]).toBe(401)
  expect((await getMe(node.port, 'expired'))[0]).toBe(401)
  expect((await getMe(node.port, null))[0]).toBe(401)
  expect((await getMe(node.port, 'client', { authorization: 'Bearer nobody' }))[0]).toBe(401)
  await node.server.close()
})

test('closing ends open event streams and refuses what comes late with 503', async () => {
  const node = await serve({ closeMs: 2_000 })
  const sent = await node.ask('/v1/exchanges/ripa/submissions', {
    method: 'POST',
    headers: { 'x-file-name': 'endless' },
    body: 'x',
  })
  const stream = await node.ask(`${sent.headers.get('location')}/events`)
  const reader = stream.body?.getReader()
  await reader?.read()
  await node.server.close()
  const late = await node.server.app.inject('/v1/me').catch((error: Error) => error)
  expect(late instanceof Error || late.statusCode === 503).toBe(true)
  await reader?.cancel().catch(() => undefined)
})
