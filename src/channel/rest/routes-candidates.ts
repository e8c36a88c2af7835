import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { allow, realmOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import { fileName } from './content.ts'
import type { RestContext } from './context.ts'
import { answer, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['exchanges']
const archiveBytesMax = 32 * 2 ** 20
const PARAMS = parameters({
  exchange: PLACE.exchange,
  candidate: { type: 'integer', minimum: 1, maximum: 2_000_000_000, description: 'Number of the version.' },
})
const REASON = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: 'Why, for those who come later.',
}
const VIEW = { $ref: 'Candidate#' } as const
const TIME = { type: ['string', 'null'], format: 'date-time' } as const

interface One {
  Params: { readonly exchange: string; readonly candidate: number }
}

/** New versions of a definition: uploaded, checked, compared, tried in shadow, activated. The centre's alone. */
export function candidateRoutes(app: FastifyInstance, context: RestContext): void {
  readRoutes(app, context)
  app.register(async (inner) => uploadRoute(inner, context))
  shadowRoute(app, context)
  decideRoutes(app, context)
}

function manager(request: FastifyRequest, { ports }: RestContext, exchange: string): Who {
  const { who } = allow(request, ports, exchange, 'manage')
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre changes definitions.' })
  return who
}

function readRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.get<{ Params: { exchange: string } }>(
    '/v1/exchanges/:exchange/candidates',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Versions that were uploaded, the newest first',
        description: 'Up to a hundred.',
        params: parameters({ exchange: PLACE.exchange }),
        response: {
          200: answer('Versions.', {
            type: 'object',
            required: ['items'],
            properties: { items: { type: 'array', items: VIEW } },
          }),
          ...problems(401, 403, 404),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      manager(request, context, exchange)
      return { items: await ports.candidates.list(exchange) }
    },
  )
  app.get<One>(
    '/v1/exchanges/:exchange/candidates/:candidate',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One version: its problems, and what its run in shadow found',
        params: PARAMS,
        response: { 200: answer('The version.', VIEW), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange, candidate } = request.params
      manager(request, context, exchange)
      return ports.candidates.find(exchange, candidate)
    },
  )
  app.get<One & { Querystring: { limit: number; after?: string } }>(
    '/v1/exchanges/:exchange/candidates/:candidate/differences',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What differs from the definition in force',
        params: PARAMS,
        querystring: parameters(PAGING),
        response: { 200: answer('Differences.', pageOf('Difference')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange, candidate } = request.params
      manager(request, context, exchange)
      const { limit, after = null } = request.query
      return ports.candidates.differences(exchange, candidate, { limit, after })
    },
  )
}

function uploadRoute(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn, config } = context
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: archiveBytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('preParsing', async (request) => boundSmallBody(request.raw, config.idleMs))
  app.post<{ Params: { exchange: string } }>(
    '/v1/exchanges/:exchange/candidates',
    {
      bodyLimit: archiveBytesMax,
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Upload a new version',
        description:
          "A ZIP archive of a definition's folder, named by `X-File-Name`. It is checked as a whole, together with the " +
          'imported code lists, the rule sets that stand and the other exchanges; nothing is in force by this.',
        params: parameters({ exchange: PLACE.exchange }),
        consumes: ['application/zip'],
        body: { description: 'The archive.' },
        response: {
          201: answer('The version, with every problem.', VIEW),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request, reply) => {
      const { exchange } = request.params
      const who = manager(request, context, exchange)
      const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const view = await ports.candidates.upload(who, exchange, fileName(request.headers), content)
      return reply
        .code(201)
        .header('location', `/v1/exchanges/${exchange}/candidates/${view.candidate}`)
        .send(view)
    },
  )
}

function shadowRoute(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.post<One & { Body: { realm?: Realm; last?: number; from?: string | null; until?: string | null } }>(
    '/v1/exchanges/:exchange/candidates/:candidate/shadow',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Run it in shadow against past documents',
        description:
          'Judges the documents of past submissions by the version and by what is in force, holds both against what is ' +
          'stored, and tells what would change by rule and by record. Nothing else is affected. It goes on by itself; ' +
          '`shadow` of the version tells how far it is.',
        params: PARAMS,
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...REALM,
            last: {
              type: 'integer',
              minimum: 1,
              maximum: 500,
              default: 20,
              description: 'Of the newest so many.',
            },
            from: { ...TIME, description: 'Received from then on.' },
            until: { ...TIME, description: 'Received before.' },
          },
          examples: [{ last: 20 }],
        },
        response: { 202: answer('It has begun.', VIEW), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const { exchange, candidate } = request.params
      const who = manager(request, context, exchange)
      const { realm, last = 20, from = null, until = null } = request.body
      const wanted = { realm: realmOf(who, realm), last, from, until }
      return reply.code(202).send(await ports.candidates.shadow(who, exchange, candidate, wanted))
    },
  )
}

function decideRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.post<One & { Body: { at?: string | null; reason: string } }>(
    '/v1/exchanges/:exchange/candidates/:candidate/activate',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Put it in force, now or at a time',
        description:
          'From then on it takes the place of the definition in the folder of exchanges, until another version is ' +
          'activated or it is withdrawn. What was received before is judged by the definition of its time.',
        params: PARAMS,
        body: {
          type: 'object',
          required: ['reason'],
          additionalProperties: false,
          properties: { at: { ...TIME, description: 'Left out: at once.' }, reason: REASON },
          examples: [{ at: '2026-07-01T00:00:00-07:00', reason: 'The rules of the new fiscal year' }],
        },
        response: { 200: answer('The version.', VIEW), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { exchange, candidate } = request.params
      const who = manager(request, context, exchange)
      const { at = null, reason } = request.body
      return ports.candidates.activate(who, exchange, candidate, { at, reason })
    },
  )
  app.post<One & { Body: { reason: string } }>(
    '/v1/exchanges/:exchange/candidates/:candidate/withdraw',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Withdraw a version that is in force or is to be',
        description:
          'What was in force before it is so again: another version, or the definition in the folder.',
        params: PARAMS,
        body: {
          type: 'object',
          required: ['reason'],
          additionalProperties: false,
          properties: { reason: REASON },
        },
        response: { 200: answer('The version.', VIEW), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { exchange, candidate } = request.params
      const who = manager(request, context, exchange)
      return ports.candidates.withdraw(who, exchange, candidate, request.body.reason)
    },
  )
}
