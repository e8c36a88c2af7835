import type { NodeAddress } from './config.ts'
import { type Answer, type Ask, createHttp, type Http } from './http.ts'
import { NodeError } from './node-error.ts'
import type { Job, NodeCalls } from './protocol.ts'

const quickMs = 60_000
/** Making what was uploaded durable, and checking its hash, takes as long as the file is large. */
const completeMs = 30 * 60_000

/** The calls of the agent's protocol, as one account. */
export function createNodeCalls(address: NodeAddress): NodeCalls {
  const http = createHttp(address)
  const { call, post } = createCaller(address, http)
  const of = (attempt: string) => `/v1/agent/attempts/${encodeURIComponent(attempt)}`
  return {
    next: (greeting, signal) =>
      post<Job>('/v1/agent/next', greeting, quickMs + greeting.waitSeconds * 1000, signal),
    progress: async (attempt, progress) =>
      (await post<{ leaseSeconds: number }>(`${of(attempt)}/progress`, progress)) ?? { leaseSeconds: 0 },
    announce: async (attempt, upload) =>
      (await post<{ offset: number }>(`${of(attempt)}/upload`, upload))?.offset ?? 0,
    async send(attempt, offset, bytes, signal) {
      const answer = await call({
        method: 'PATCH',
        path: `${of(attempt)}/upload`,
        headers: { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) },
        body: bytes,
        silentMs: quickMs,
        signal,
      })
      return parsed<{ offset: number }>(answer).offset
    },
    async complete(attempt) {
      const answer = await post<{ tracking: string; deletable: boolean }>(
        `${of(attempt)}/upload/complete`,
        {},
        completeMs,
      )
      return answer ?? { tracking: '', deletable: false }
    },
    state: async (attempt) => parsed(await call({ method: 'GET', path: of(attempt), silentMs: quickMs })),
    fail: async (attempt, failure) => {
      await post(`${of(attempt)}/failure`, failure)
    },
    definition: async (exchange) => {
      const path = `/v1/exchanges/${encodeURIComponent(exchange)}/definition`
      return parsed(await call({ method: 'GET', path, silentMs: quickMs }))
    },
    me: async () => parsed(await call({ method: 'GET', path: '/v1/me', silentMs: quickMs })),
    close: () => http.close(),
  }
}

interface Caller {
  call(ask: Ask): Promise<Answer>
  /** Null where the node answers nothing (204). */
  post<T>(path: string, body: unknown, silentMs?: number, signal?: AbortSignal): Promise<T | null>
}

/** Calls with a token, which is fetched when there is none or it has ended. */
function createCaller(address: NodeAddress, http: Http): Caller {
  let token: { readonly text: string; readonly until: number } | null = null

  async function signedIn(): Promise<string> {
    if (token !== null && Date.now() < token.until) return token.text
    const credentials = `${encodeURIComponent(address.clientId)}:${encodeURIComponent(address.clientSecret)}`
    const answer = await http.ask({
      method: 'POST',
      path: '/v1/oauth/token',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      silentMs: quickMs,
    })
    if (answer.status === 400 || answer.status === 401)
      throw new NodeError(
        'NODE_DENIED',
        401,
        `The node does not accept the account ${address.clientId} with its secret.`,
      )
    if (answer.status !== 200) throw problemOf(answer)
    const given = parsed<{ access_token?: string; expires_in?: number }>(answer)
    if (given.access_token === undefined) throw badAnswer(answer)
    token = {
      text: given.access_token,
      until: Date.now() + Math.max(30, (given.expires_in ?? 60) - 30) * 1000,
    }
    return token.text
  }

  async function call(ask: Ask, again = true): Promise<Answer> {
    const authorization = `Bearer ${await signedIn()}`
    const answer = await http.ask({ ...ask, headers: { ...ask.headers, authorization } })
    if (answer.status < 300) return answer
    // A token may end early; bytes that streamed are gone, so that call fails and is made anew.
    if (answer.status === 401) token = null
    if (answer.status === 401 && again && (ask.body === undefined || typeof ask.body === 'string'))
      return call(ask, false)
    throw problemOf(answer)
  }

  async function post<T>(
    path: string,
    body: unknown,
    silentMs = quickMs,
    signal?: AbortSignal,
  ): Promise<T | null> {
    const answer = await call({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      silentMs,
      ...(signal === undefined ? {} : { signal }),
    })
    return answer.status === 204 || answer.text === '' ? null : parsed<T>(answer)
  }

  return { call: (ask) => call(ask), post }
}

/** The node's problem details (RFC 9457). */
function problemOf(answer: Answer): NodeError {
  let problem: { code?: unknown; detail?: unknown; title?: unknown; error?: unknown } = {}
  try {
    problem = JSON.parse(answer.text) as typeof problem
  } catch {
    // A proxy on the way speaks HTML.
  }
  const wait = Number(answer.headers['retry-after'])
  const told = problem.detail ?? problem.title
  return new NodeError(
    typeof problem.code === 'string' ? problem.code : `HTTP_${answer.status}`,
    answer.status,
    typeof told === 'string' ? told : `The node answered ${answer.status}.`,
    Number.isFinite(wait) && wait > 0 ? wait : null,
  )
}

function parsed<T>(answer: Answer): T {
  try {
    return JSON.parse(answer.text) as T
  } catch {
    throw badAnswer(answer)
  }
}

function badAnswer({ status }: Answer): NodeError {
  return new NodeError('NODE_ANSWER', status, 'The answer is not that of a node. Is the address right?')
}
