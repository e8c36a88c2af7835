import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { ticketSeconds } from '../../identity/tickets.ts'

const NAME = 'tributary_session'
const PENDING = 'tributary_pending'
const PENDING_COOKIE = new RegExp(`(?:^|;\\s*)${PENDING}=([A-Za-z0-9_-]{20,200})(?:;|$)`)
const COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{20,200})(?:;|$)`)

/** The secret in a browser's cookie, or null. */
export function sessionSecret(request: FastifyRequest): string | null {
  return COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? null
}

/** Scripts cannot read it, other sites' pages do not send it, and it ends with the browser. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${NAME}=${secret}; ${attributes(request)}`)
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${NAME}=; Max-Age=0; ${attributes(request)}`)
}

/** The secret of a sign-in that waits for its second factor, or null. */
export function pendingSecret(request: FastifyRequest): string | null {
  return PENDING_COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? null
}

export function setPendingCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${PENDING}=${secret}; Max-Age=600; ${attributes(request)}`)
}

export function clearPendingCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${PENDING}=; Max-Age=0; ${attributes(request)}`)
}

/** What a sign-in that has begun must remember, or null. */
export function ticketOf(request: FastifyRequest, name: TicketCookie): string | null {
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_.-]{20,3000})(?:;|$)`)
  return pattern.exec(request.headers.cookie ?? '')?.[1] ?? null
}

/** Keeps it for as long as the ticket is good. */
export function setTicket(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, ticket, path = '/', site = 'Strict' }: TicketShown,
): void {
  const seconds = ticket === '' ? 0 : ticketSeconds
  const safe = request.protocol === 'https' ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${name}=${ticket}; Max-Age=${seconds}; Path=${path}; HttpOnly; SameSite=${site}${safe}`,
  )
}

export type TicketCookie = 'tributary_passkey' | 'tributary_provider'

interface TicketShown {
  readonly name: TicketCookie
  /** '' takes it away. */
  readonly ticket: string
  readonly path?: string
  /** A provider sends the browser back from its own site: that cookie must come along. */
  readonly site?: 'Strict' | 'Lax'
}

function attributes(request: FastifyRequest): string {
  return `Path=/; HttpOnly; SameSite=Strict${request.protocol === 'https' ? '; Secure' : ''}`
}

/**
 * Refuses what another site could make a browser send in a person's name: a write needs the header that only our
 * own page can set, and must come from our own origin as the browser tells. Throws fault NOT_ALLOWED.
 */
export function refuseForeign(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { headers } = request
  const site = headers['sec-fetch-site']
  const own =
    headers['x-requested-with'] === 'tributary' &&
    (site === undefined || site === 'same-origin') &&
    (headers.origin === undefined ? site !== undefined : hostOf(headers.origin) === request.host)
  if (!own) throw new Fault('NOT_ALLOWED', { reason: 'With a cookie, only the console itself may do this.' })
}

/** The address of the console as this request's browser knows it. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** Did a person cause this request? Pages that refresh themselves say so, and streams go on by themselves. */
export function byPerson(request: FastifyRequest): boolean {
  return (
    request.headers['x-background'] === undefined && request.headers.accept?.includes('event-stream') !== true
  )
}
