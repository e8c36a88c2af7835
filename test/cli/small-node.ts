import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SubmissionView } from '../../src/channel/rest/ports.ts'

/** One request as the command sent it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Answer = (request: Seen, response: ServerResponse) => void

export interface SmallNode {
  readonly url: string
  readonly seen: Seen[]
  close(): Promise<void>
}

/**
 * A web server that speaks the node's API as far as a test says, for what a whole node does not do on
 * demand: break, refuse, be slow. The commands against a real node are in test/flow.
 * @param routes `POST /v1/…` → the answer; the token route is there already
 */
export async function startSmallNode(routes: Readonly<Record<string, Answer>>): Promise<SmallNode> {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    seen.push(one)
    const name = `${one.method} ${one.path.split('?')[0]}`
    const answer = name === 'POST /v1/oauth/token' ? (routes[name] ?? giveToken) : routes[name]
    if (answer === undefined) problem(response, 404, 'NOT_FOUND', `There is no ${one.path}.`)
    else answer(one, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function giveToken({ headers, body }: Seen, response: ServerResponse): void {
  const right = `Basic ${Buffer.from('feed:s3cret').toString('base64')}`
  if (headers.authorization === right && body === 'grant_type=client_credentials')
    json(response, { access_token: 'token-1', token_type: 'Bearer', expires_in: 900 })
  else json(response, { error: 'invalid_client' }, 401)
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

export function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ status, code, detail, title: 'It failed' }))
}

/** A submission in some state. */
export function submission(more: Partial<SubmissionView> = {}): SubmissionView {
  return {
    tracking: '1-abc',
    exchange: 'visits',
    realm: 'live',
    partner: 'north',
    account: 'feed',
    channel: 'rest',
    state: 'completed',
    reason: null,
    scope: 'incremental',
    dryRun: false,
    fileName: 'visits.csv',
    format: 'csv',
    documentSha256: 'e3b0',
    documentBytes: 12,
    repeats: null,
    receivedAt: '2026-03-01T08:00:00.000Z',
    startedAt: null,
    closedAt: null,
    counts: {
      received: 3,
      created: 2,
      updated: 0,
      unchanged: 1,
      deleted: 0,
      rejected: 0,
      filtered: 0,
      removed: 0,
      cascaded: 0,
      withErrors: 0,
      translated: 0,
    },
    progress: { records: 3, share: 1 },
    definitionHash: 'd1',
    rules: [],
    corrects: [],
    correctedBy: [],
    ...more,
  }
}
