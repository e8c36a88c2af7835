import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may, type Who } from '../../identity/who.ts'
import { MESSAGE_TYPES, type MessageType } from '../../match/messages.ts'
import type { Realm } from '../../store/model.ts'
import { allow, partnerOf, realmOf, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Ports } from './ports.ts'
import { RequestError } from './problem.ts'
import { answer, PAGING, PLACE, parameters, problems, SENDER } from './schemas.ts'
import { answeredInVain } from './sign-in.ts'

const TAGS = ['messages']
const NUMBER = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const

interface Place {
  readonly realm: Realm
  readonly partner?: string
  readonly exchange?: string
}

/** A partner's queue of messages: oldest first, cleared by the partner. */
export function messageRoutes(app: FastifyInstance, context: RestContext): void {
  listRoute(app, context)
  oneRoute(app, context)
  clearRoute(app, context)
}

/** Exchanges whose messages the caller may see; null: all. */
export function exchangesOf(
  request: FastifyRequest,
  ports: Ports,
  exchange: string | undefined,
): readonly string[] | null {
  if (exchange !== undefined) {
    allow(request, ports, exchange, 'read', 'submit')
    return [exchange]
  }
  const who = whoOf(request)
  const reads = (name: string) => may(who, 'read', name) || may(who, 'submit', name)
  if (reads('*')) return null
  return who.grants.map((entry) => entry.exchange).filter(reads)
}

function queueOf(who: Who, { realm, partner }: Place): { readonly partner: string; readonly realm: Realm } {
  return { partner: partnerOf(who, partner), realm: realmOf(who, realm) }
}

function listRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{
    Querystring: Place & { type?: MessageType; cleared: boolean; after: number; limit: number }
  }>(
    '/v1/messages',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Messages that are not cleared, oldest first',
        description:
          'Headers only. Made for polling: with nothing to tell it answers an empty list. Read on with the ' +
          'number of the last message as `after`, and clear what was dealt with.',
        querystring: parameters({
          ...SENDER,
          exchange: PLACE.exchange,
          type: { type: 'string', enum: MESSAGE_TYPES },
          cleared: { type: 'boolean', default: false, description: 'Those that were cleared instead.' },
          after: { ...NUMBER, minimum: 0, default: 0, description: 'Only messages after this number.' },
          limit: PAGING.limit,
        }),
        response: {
          200: answer('Messages.', {
            type: 'object',
            properties: {
              items: { type: 'array', items: { $ref: 'Message#' } },
              next: {
                type: ['integer', 'null'],
                description: 'Give it as `after` for the next; null where this was all.',
              },
            },
          }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { type = null, cleared, after, limit, exchange } = request.query
      const exchanges = exchangesOf(request, ports, exchange)
      const queue = queueOf(whoOf(request), request.query)
      const items = await ports.messages.list({ ...queue, exchanges, type, cleared, after, limit })
      if (items.length === 0) answeredInVain(request)
      return { items, next: items.length < limit ? null : (items.at(-1)?.number ?? null) }
    },
  )
}

function oneRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Params: { number: number }; Querystring: Place }>(
    '/v1/messages/:number',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One message with its body',
        params: parameters({ number: NUMBER }),
        querystring: parameters(SENDER),
        response: { 200: answer('The message.', { $ref: 'Message#' }), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { number } = request.params
      const exchanges = exchangesOf(request, ports, undefined)
      const found = await ports.messages.find(queueOf(whoOf(request), request.query), number)
      if (found === null || exchanges?.includes(found.exchange) === false)
        throw new Fault('NOT_FOUND', { what: `message ${number}` })
      return found
    },
  )
}

function clearRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<{ Querystring: Place; Body: { numbers?: number[]; upTo?: number } }>(
    '/v1/messages/clear',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Clear messages',
        description: 'By number, or all up to a number. A message that was cleared before stays so.',
        querystring: parameters({ ...SENDER, exchange: PLACE.exchange }),
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            numbers: { type: 'array', items: NUMBER, minItems: 1, maxItems: 1000 },
            upTo: NUMBER,
          },
          examples: [{ numbers: [41, 42] }, { upTo: 42 }],
        },
        response: {
          200: answer('How many were cleared by this call.', {
            type: 'object',
            properties: { cleared: { type: 'integer' } },
          }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { numbers, upTo } = request.body
      if ((numbers === undefined) === (upTo === undefined))
        throw new RequestError(400, 'BAD_REQUEST', 'Give either `numbers` or `upTo`.')
      const who = whoOf(request)
      const exchanges = exchangesOf(request, ports, request.query.exchange)
      const which = upTo === undefined ? { numbers: numbers ?? [] } : { upTo }
      const cleared = await ports.messages.clear(who, queueOf(who, request.query), exchanges, which)
      return { cleared }
    },
  )
}
