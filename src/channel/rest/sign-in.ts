import { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { SignIn } from './access.ts'
import type { ClientCertificate, RestIdentity } from './identity-port.ts'
import type { RestLog } from './log.ts'
import { RequestError } from './problem.ts'
import { byPerson, refuseForeign, sessionSecret } from './session-cookie.ts'

/**
 * Signs the caller in by bearer token or, without one, by the cookie of a browser session or a client certificate
 * bound to an account. What is sent and not good is never made up for by the next.
 */
export function signInHook(identity: RestIdentity): SignIn {
  return async (request) => {
    const header = request.headers.authorization
    if (header !== undefined) {
      const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(header)?.[1]
      if (token === undefined)
        throw new Fault('NOT_SIGNED_IN', { reason: 'The Authorization header must be "Bearer" and a token.' })
      request.who = await identity.authenticateBearer(token)
      stayWithin(request)
      return
    }
    const cookie = sessionSecret(request)
    if (cookie !== null) {
      refuseForeign(request)
      const { who, session } = await identity.authenticateSession(cookie, byPerson(request))
      request.who = who
      request.session = session
      stayWithin(request)
      if (session.next !== null && !FIRST_ROUTES.test(request.routeOptions.url ?? ''))
        throw new RequestError(
          403,
          'SECOND_FACTOR_REQUIRED',
          'Your organisation asks for a second factor: set it up first.',
          { next: session.next },
        )
      return
    }
    const certificate = clientCertificate(request)
    if (certificate !== null) request.who = await identity.authenticateCertificate(certificate)
    if (request.who === null)
      throw new Fault('NOT_SIGNED_IN', {
        reason: 'Send a bearer token or a client certificate bound to an account.',
      })
    stayWithin(request)
  }
}

/** What a person does who must set up a second factor before anything else. */
const FIRST_ROUTES = /^\/v1\/me(?:\/(?:second-factor|passkeys).*)?$/

/** The calls that an agent makes; an account that is an agent's alone may make no others. */
const AGENT_ROUTES = /^\/v1\/(?:agent\/.*|me|exchanges\/:exchange\/definition)$/

function stayWithin(request: FastifyRequest): void {
  const { channels } = request.who ?? {}
  if (channels === undefined || channels.includes('rest')) return
  if (!AGENT_ROUTES.test(request.routeOptions.url ?? ''))
    throw new Fault('NOT_ALLOWED', { reason: 'This account is for an agent, which has calls of its own.' })
}

function clientCertificate(request: FastifyRequest): ClientCertificate | null {
  const { socket } = request.raw
  if (!(socket instanceof TLSSocket)) return null
  const certificate = socket.getPeerCertificate()
  if (certificate.fingerprint256 === undefined) return null
  if (Date.parse(certificate.valid_to) < Date.now() || Date.parse(certificate.valid_from) > Date.now())
    throw new Fault('NOT_SIGNED_IN', { reason: 'The client certificate is not valid at this time.' })
  return {
    fingerprint: certificate.fingerprint256,
    subject: String(certificate.subject?.CN ?? ''),
    trusted: socket.authorized,
  }
}

/** Paths that anyone may fetch and that say nothing about anyone. */
const UNAUDITED = /^\/(?:health|openapi\.json|docs|\.well-known)(?:[/?]|$)/

/**
 * Calls by which agents ask and keep what they have, every few seconds. What comes of them (an attempt that is taken,
 * moves on, ends) is audited where it happens; refused ones are audited here.
 */
const AGENT_CALLS = /^\/v1\/agent\/(?:next|attempts\/:attempt(?:\/progress|\/upload)?)$/

/** Requests that asked in vain: of these nothing is kept. */
const inVain = new WeakSet<FastifyRequest>()

/** Says that a poll was answered with nothing: hundreds come every few seconds, and nobody was told anything. */
export function answeredInVain(request: FastifyRequest): void {
  inVain.add(request)
}

/**
 * Logs and audits every request when it has been answered. The function returned waits for what is not yet
 * written.
 */
export function auditRequests(
  app: FastifyInstance,
  identity: RestIdentity,
  log: RestLog,
): () => Promise<void> {
  const pending = new Set<Promise<void>>()
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? path)
    const fields = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      account: request.who?.account ?? null,
      partner: request.who?.partner ?? null,
    }
    const routine = (AGENT_CALLS.test(route) || inVain.has(request)) && reply.statusCode < 400
    if (routine) return
    log.info({ ...fields, ms: Math.round(reply.elapsedTime) }, 'http.answered')
    if (UNAUDITED.test(path)) return
    const entry = { ...fields, target: target(request), address: request.ip }
    const written = identity
      .audit(entry)
      .catch((error: unknown) => log.error({ requestId: request.id, err: error }, 'audit.failed'))
      .finally(() => pending.delete(written))
    pending.add(written)
  })
  return async () => {
    await Promise.all(pending)
  }
}

/** What the request was about: the parameters of its path, never of its query, which may hold data. */
function target(request: FastifyRequest): string {
  const params = request.params
  if (typeof params !== 'object' || params === null) return ''
  return Object.entries(params)
    .map(([name, value]) => `${name}=${String(value).slice(0, 80)}`)
    .join(' ')
}
