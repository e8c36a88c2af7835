import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import type { Overlook } from '../../store/overview.ts'
import { ownSubmissions, realmOf, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Ports } from './ports.ts'
import { answer, PLACE, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['overview']

interface Asked {
  readonly realm?: Realm
  readonly exchange?: string
  readonly days: number
  readonly zone: string
}

const WHICH = { ...REALM, exchange: PLACE.exchange }

/** How things went by day, and what needs a person: across the exchanges that the caller takes part in. */
export function overviewRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Asked }>(
    '/v1/activity',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What was received, by day',
        querystring: parameters({
          ...WHICH,
          days: { type: 'integer', minimum: 1, maximum: 92, default: 30, description: 'Up to today.' },
          zone: {
            type: 'string',
            maxLength: 64,
            default: 'UTC',
            description: 'Time zone in which days begin (IANA name).',
          },
        }),
        response: {
          200: answer('Every day, also those without anything.', {
            type: 'object',
            required: ['from', 'to', 'items'],
            properties: {
              from: { type: 'string', format: 'date' },
              to: { type: 'string', format: 'date' },
              items: { type: 'array', items: { $ref: 'DayOfActivity#' } },
            },
          }),
          ...problems(400, 401, 403),
        },
      },
    },
    async (request) => {
      const { days, zone } = request.query
      return ports.overview.activity({ ...overlookOf(request, ports), days, zone: knownZone(zone) })
    },
  )
  app.get<{ Querystring: Asked }>(
    '/v1/attention',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What needs a person',
        querystring: parameters(WHICH),
        response: { 200: answer('By kind.', { $ref: 'Attention#' }), ...problems(401, 403) },
      },
    },
    async (request) => ports.overview.attention(overlookOf(request, ports)),
  )
}

function overlookOf(request: FastifyRequest<{ Querystring: Asked }>, ports: Ports): Overlook {
  const who = whoOf(request)
  const { realm, exchange } = request.query
  const exchanges = ports.definitions
    .list()
    .map((definition) => definition.exchange)
    .filter((name) => exchange === undefined || name === exchange)
    .filter((name) => may(who, 'submit', name) || may(who, 'read', name) || may(who, 'release', name))
  return { exchanges, realm: realmOf(who, realm), partners: ownSubmissions(who) }
}

function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new Fault('BAD_REQUEST', { reason: `"${zone.slice(0, 64)}" is not a time zone.` })
  }
}
