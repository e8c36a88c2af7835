import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RULE_SET_CHARS_MAX } from '../../exchange/overlay.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import { allow, concerns, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, PLACE, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['rules']
/** A rule set of half a million characters, with pasted data beside it. */
const bodyLimit = 3 * 2 ** 20
const PARTNER = {
  type: 'string',
  pattern: '^(\\*|[a-z0-9][a-z0-9-]{0,63})$',
  description: 'Name of the partner; `*`: for all.',
} as const
const VERSION = { type: 'integer', minimum: 1, maximum: 1_000_000 } as const
const CONTENT = {
  type: 'string',
  maxLength: RULE_SET_CHARS_MAX,
  description: 'The rules, YAML or JSON.',
} as const
const REASON = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: 'Why, for those who come later.',
} as const
const EXCHANGE = parameters({ exchange: PLACE.exchange })
const ONE = parameters({ exchange: PLACE.exchange, partner: PARTNER, version: VERSION })
const PROBLEMS = { type: 'array', items: { $ref: 'RuleProblem#' } } as const
const DIFFERENCES = { type: 'array', items: { $ref: 'Difference#' } } as const

interface OnePlace {
  Params: { exchange: string; partner: string; version: number }
}

/** Rule sets: versions, what they do, putting and withdrawing them. */
export function ruleRoutes(app: FastifyInstance, context: RestContext): void {
  readRoutes(app, context)
  compareRoute(app, context)
  putRoutes(app, context)
  tryRoutes(app, context)
}

/** The caller who may see the rules of that partner: the centre's manager, or the partner itself. */
function reader(request: FastifyRequest, exchange: string): Who {
  const who = whoOf(request)
  if (!concerns(who, exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
  return who
}

/** Rules say what becomes of others' records: they are for the centre's managers of the exchange. */
function manager(request: FastifyRequest, { ports }: RestContext, exchange: string): Who {
  const { who } = allow(request, ports, exchange, 'manage')
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre changes rules.' })
  return who
}

function seesAll(who: Who): boolean {
  return who.centre
}

function readRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Params: { exchange: string }; Querystring: { partner?: string } }>(
    '/v1/rules/:exchange',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Versions of rule sets',
        description: 'The centre sees all; a partner sees its own and those for all.',
        params: EXCHANGE,
        querystring: parameters({ partner: PARTNER }),
        response: {
          200: answer('By partner, newest first.', itemsOf('RuleSet')),
          ...problems(400, 401, 404),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      const who = reader(request, exchange)
      ports.definitions.get(exchange)
      const { partner } = request.query
      const visible = seesAll(who) ? null : ['*', who.partner]
      if (partner !== undefined && visible?.includes(partner) === false)
        throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
      return { items: await ports.rules.list(exchange, partner === undefined ? visible : [partner]) }
    },
  )
  app.get<OnePlace>(
    '/v1/rules/:exchange/:partner/:version',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One version with its rules',
        params: ONE,
        response: { 200: answer('The version.', { $ref: 'RuleSet#' }), ...problems(401, 404) },
      },
    },
    async (request) => {
      const { exchange, partner, version } = request.params
      const who = reader(request, exchange)
      if (!seesAll(who) && partner !== '*' && partner !== who.partner)
        throw new Fault('NOT_FOUND', { what: `rule set ${partner} ${version} in ${exchange}` })
      return ports.rules.find(exchange, partner, version)
    },
  )
}

function compareRoute(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.get<{
    Params: { exchange: string; partner: string }
    Querystring: { before: number; after: number }
  }>(
    '/v1/rules/:exchange/:partner/compare',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What differs between two versions',
        description:
          'Differences between the definitions that they make of the one in force. Version 0 is that definition without rules.',
        params: parameters({ exchange: PLACE.exchange, partner: PARTNER }),
        querystring: parameters({ before: { ...VERSION, minimum: 0 }, after: { ...VERSION, minimum: 0 } }, [
          'before',
          'after',
        ]),
        response: {
          200: answer('Differences, or why one no longer fits.', {
            type: 'object',
            properties: { problems: PROBLEMS, differences: DIFFERENCES },
            additionalProperties: true,
          }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { exchange, partner } = request.params
      manager(request, context, exchange)
      return ports.rules.compare(exchange, partner, request.query.before, request.query.after)
    },
  )
}

function putRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.put<{
    Params: { exchange: string; partner: string }
    Body: { effectiveAt?: string | null; reason: string; content: string }
  }>(
    '/v1/rules/:exchange/:partner',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: TAGS,
        summary: 'Put a new version',
        description:
          'It is checked against the definition as a whole and takes effect at the time it names, for what is received from then on. What was received before is judged by the rules of its time.',
        params: parameters({ exchange: PLACE.exchange, partner: PARTNER }),
        body: {
          type: 'object',
          required: ['reason', 'content'],
          additionalProperties: false,
          properties: {
            effectiveAt: {
              type: ['string', 'null'],
              format: 'date-time',
              description: 'When it takes effect; left out: at once.',
            },
            reason: REASON,
            content: CONTENT,
          },
          examples: [
            {
              effectiveAt: '2026-07-01T00:00:00-07:00',
              reason: 'New party codes from July on',
              content: 'crosswalks: { party: { map: { DEM: democratic } } }',
            },
          ],
        },
        response: {
          201: answer('The version that was put.', { $ref: 'RuleSet#' }),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request, reply) => {
      const { exchange, partner } = request.params
      const who = manager(request, context, exchange)
      const { effectiveAt = null, reason, content } = request.body
      const view = await ports.rules.put(who, exchange, { partner, effectiveAt, reason, content })
      return reply
        .code(201)
        .header('location', `/v1/rules/${exchange}/${encodeURIComponent(partner)}/${view.version}`)
        .send(view)
    },
  )
  app.post<OnePlace & { Body: { reason: string } }>(
    '/v1/rules/:exchange/:partner/:version/withdraw',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Withdraw a version that has not taken effect',
        description: 'One that has taken effect stays; put another in its place.',
        params: ONE,
        body: {
          type: 'object',
          required: ['reason'],
          additionalProperties: false,
          properties: { reason: REASON },
        },
        response: { 200: answer('The version.', { $ref: 'RuleSet#' }), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { exchange, partner, version } = request.params
      const who = manager(request, context, exchange)
      return ports.rules.withdraw(who, exchange, partner, version, request.body.reason)
    },
  )
}

function tryRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.post<{ Params: { exchange: string }; Body: { partner: string; content: string } }>(
    '/v1/rules/:exchange/check',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: TAGS,
        summary: 'Check rules without keeping them',
        params: EXCHANGE,
        body: {
          type: 'object',
          required: ['partner', 'content'],
          additionalProperties: false,
          properties: { partner: PARTNER, content: CONTENT },
        },
        response: {
          200: answer('Every problem; without any, what they change.', {
            type: 'object',
            properties: { problems: PROBLEMS, changes: DIFFERENCES },
            additionalProperties: true,
          }),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      manager(request, context, exchange)
      return ports.rules.check(exchange, request.body.partner, request.body.content)
    },
  )
  app.post<{
    Params: { exchange: string }
    Body: { partner: string; content?: string | null; data: string; fileName?: string; limit?: number }
  }>(
    '/v1/rules/:exchange/try',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: TAGS,
        summary: 'Try rules on pasted records, without storing anything',
        params: EXCHANGE,
        body: {
          type: 'object',
          required: ['partner', 'data'],
          additionalProperties: false,
          properties: {
            partner: PARTNER,
            content: { ...CONTENT, type: ['string', 'null'], description: 'Left out: the rules in effect.' },
            data: { type: 'string', maxLength: 1_000_000, description: 'Records as they would be sent.' },
            fileName: { type: 'string', maxLength: 200, description: 'What their file would be called.' },
            limit: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
          },
        },
        response: {
          200: answer('What the rules make of each record.', {
            type: 'object',
            properties: {
              problems: PROBLEMS,
              definition: { type: ['string', 'null'] },
              rules: { type: 'array', items: { type: 'object', additionalProperties: true } },
              counts: { type: 'object', additionalProperties: { type: 'integer' } },
              records: { type: 'array', items: { $ref: 'TriedRecord#' } },
            },
            additionalProperties: true,
          }),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      manager(request, context, exchange)
      const { partner, content = null, data, fileName = '', limit = 50 } = request.body
      return ports.rules.try(exchange, { partner, content, data, fileName, limit })
    },
  )
}
