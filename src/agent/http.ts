import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http'
import { Agent, type RequestOptions, request as secureRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import type { NodeAddress } from './config.ts'
import { NodeError } from './node-error.ts'

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | AsyncIterable<Uint8Array>
  /** How long the node may be silent. */
  readonly silentMs: number
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** One request after another, over connections that stay open. Only ever outgoing, https but for this machine. */
export interface Http {
  /** Throws NodeError NODE_AWAY where there is no whole answer. */
  ask(ask: Ask): Promise<Answer>
  close(): void
}

/** A definition with all its code lists is some megabytes. */
const answerBytesMax = 128 * 2 ** 20
const lateMs = 1000

export function createHttp({ url, ca, proxy }: Pick<NodeAddress, 'url' | 'ca' | 'proxy'>): Http {
  const base = new URL(url)
  const secure = base.protocol === 'https:'
  const pool = { keepAlive: true, maxSockets: 8, ...(ca === null ? {} : { ca }) }
  const agent = secure
    ? proxy === null
      ? new Agent(pool)
      : new TunnelAgent(pool, new URL(proxy))
    : new PlainAgent(pool)
  return {
    async ask({ method, path, headers = {}, body, silentMs, signal }) {
      const options: RequestOptions = {
        method,
        agent,
        headers: { accept: 'application/json', 'user-agent': 'tributary-agent', ...headers },
        timeout: silentMs,
        ...(signal === undefined ? {} : { signal }),
      }
      const target = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base)
      const request = (secure ? secureRequest : plainRequest)(target, options)
      request.on('timeout', () => request.destroy(new Error(`it said nothing for ${silentMs / 1000} s`)))
      const answer = answerOf(request)
      const sent = send(request, body)
      try {
        // A node may answer before it has read everything (409); its answer counts, not the broken sending.
        await Promise.race([sent, answer])
        return await answer
      } catch (error) {
        signal?.throwIfAborted()
        return await lateAnswer(answer, away(base, error))
      } finally {
        answer.catch(() => {})
        sent.catch(() => {})
        if (!request.writableFinished) request.destroy()
      }
    },
    close: () => agent.destroy(),
  }
}

async function send(request: ClientRequest, body: Ask['body']): Promise<void> {
  if (body === undefined || typeof body === 'string') request.end(body)
  else await pipeline(body, request)
}

/** An answer that is on its way when sending breaks, or what broke it. */
async function lateAnswer(answer: Promise<Answer>, otherwise: Error): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(otherwise), lateMs)
  })
  try {
    return await Promise.race([answer, late])
  } catch {
    throw otherwise
  } finally {
    clearTimeout(timer)
  }
}

function answerOf(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      const pieces: Buffer[] = []
      let bytes = 0
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > answerBytesMax) request.destroy(new Error('its answer is too large'))
        else pieces.push(piece)
      })
      response.on('error', reject)
      response.on('end', () => {
        if (!response.complete) reject(new Error('its answer broke off'))
        else
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(pieces).toString('utf8'),
          })
      })
      response.on('close', () => reject(new Error('its answer broke off')))
    })
  })
}

function away(base: URL, error: unknown): NodeError {
  const reason =
    error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)
  return new NodeError('NODE_AWAY', 0, `The node at ${base.origin} does not answer (${reason}).`, null, error)
}

type Connected = (error: Error | null, stream: Duplex) => void

/** Connects through a web proxy (RFC 9110 §9.3.6); what passes it stays encrypted for the node alone. */
class TunnelAgent extends Agent {
  readonly #proxy: URL
  readonly #ca: string | undefined

  constructor(options: ConstructorParameters<typeof Agent>[0], proxy: URL) {
    super(options)
    this.#proxy = proxy
    this.#ca = options?.ca as string | undefined
  }

  override createConnection(options: RequestOptions, done?: Connected): Duplex | null | undefined {
    const { hostname, port, username, password } = this.#proxy
    const host = String(options.host)
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    const tunnel = plainRequest({
      host: hostname,
      port: Number(port) || 3128,
      method: 'CONNECT',
      path: `${host}:${options.port ?? 443}`,
      headers: {
        host: `${host}:${options.port ?? 443}`,
        ...(username === ''
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
      timeout: 30_000,
    })
    const fail = (error: Error) => done?.(error, undefined as unknown as Duplex)
    tunnel.on('timeout', () => tunnel.destroy(new Error('the proxy does not answer')))
    tunnel.on('error', fail)
    tunnel.on('connect', (response, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        fail(new Error(`the proxy answered ${response.statusCode}`))
        return
      }
      done?.(
        null,
        connectTls({ socket, servername: host, ...(this.#ca === undefined ? {} : { ca: this.#ca }) }),
      )
    })
    tunnel.end()
    return undefined
  }
}
