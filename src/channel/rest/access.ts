import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Definition } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import { administers } from '../../identity/office.ts'
import { type Grant, may, type Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import type { SessionView } from './identity-port.ts'
import type { Ports, SubmissionView } from './ports.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The signed-in caller; null on routes that ask nobody to sign in. */
    who: Who | null
    /** The browser session that signed the caller in; null for other ways. */
    session: SessionView | null
  }
}

/** Signs the caller in, or throws fault NOT_SIGNED_IN. */
export type SignIn = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** The caller of a route that signs callers in. */
export function whoOf(request: FastifyRequest): Who {
  if (request.who === null) throw new Fault('NOT_SIGNED_IN', { reason: 'Sign in first.' })
  return request.who
}

/** The caller, when it is an administrator of the centre. Throws NOT_ALLOWED. */
export function administrator(request: FastifyRequest): Who {
  const who = whoOf(request)
  if (!who.centre || !may(who, 'manage', '*'))
    throw new Fault('NOT_ALLOWED', { reason: 'Only an administrator of the centre may do this.' })
  return who
}

/** The caller, when it is an administrator of the centre or of its own partner. Throws NOT_ALLOWED. */
export function office(request: FastifyRequest): Who {
  const who = whoOf(request)
  if (!administers(who))
    throw new Fault('NOT_ALLOWED', {
      reason: 'Only an administrator of the partner or the centre may do this.',
    })
  return who
}

/** The caller, when it administers this partner. Throws NOT_FOUND (another's), NOT_ALLOWED. */
export function officeOf(request: FastifyRequest, partner: string): Who {
  insider(request, partner)
  return office(request)
}

/** The caller, when it belongs to the partner or to the centre; any other partner is NOT_FOUND to it. */
export function insider(request: FastifyRequest, partner: string): Who {
  const who = whoOf(request)
  if (!who.centre && who.partner !== partner) throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  return who
}

/** The caller, when granted that on the exchange. Throws NOT_FOUND for an unknown exchange, NOT_ALLOWED. */
export function allow(
  request: FastifyRequest,
  ports: Ports,
  exchange: string,
  ...anyOf: readonly Grant[]
): { readonly who: Who; readonly definition: Definition } {
  const who = whoOf(request)
  const definition = ports.definitions.get(exchange)
  if (!anyOf.some((grant) => may(who, grant, exchange)))
    throw new Fault('NOT_ALLOWED', { reason: `You may not ${anyOf.join(' or ')} in exchange ${exchange}.` })
  return { who, definition }
}

/** Is there anything at all this caller may do with the exchange? */
export function concerns(who: Who, exchange: string): boolean {
  return who.grants.some((entry) => entry.exchange === '*' || entry.exchange === exchange)
}

/** Partners whose submissions the caller may see; null: all. */
export function ownSubmissions(who: Who): readonly string[] | null {
  return who.centre ? null : [who.partner]
}

/** Partners whose records the caller may read; null: all. A book of the centre is read by all who may. */
export function readableBooks(who: Who, definition: Definition): readonly string[] | null {
  return who.centre || definition.owner === 'centre' ? null : [who.partner]
}

/** The realm asked for, when the account works in it. */
export function realmOf(who: Who, asked: Realm | undefined): Realm {
  const realm = asked ?? 'live'
  if (!who.realms.includes(realm))
    throw new Fault('NOT_ALLOWED', { reason: `This account does not work in the ${realm} realm.` })
  return realm
}

/** For whom a submission is sent: the caller's own partner, or at the centre any that is named. */
export function partnerOf(who: Who, asked: string | undefined): string {
  if (asked === undefined || asked === who.partner) return who.partner
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre sends for another partner.' })
  return asked
}

/**
 * The submission, when the caller may see it. One that does not exist, one of another partner and one in an
 * exchange the caller has nothing to do with are all the same NOT_FOUND.
 */
export async function submissionOf(
  request: FastifyRequest,
  ports: Ports,
  tracking: string,
  ...anyOf: readonly Grant[]
): Promise<SubmissionView> {
  const who = whoOf(request)
  const view = await ports.submissions.find(tracking, ownSubmissions(who))
  if (view === null || !concerns(who, view.exchange) || !who.realms.includes(view.realm))
    throw new Fault('NOT_FOUND', { what: `submission ${tracking.slice(0, 80)}` })
  allow(request, ports, view.exchange, ...anyOf)
  return view
}
