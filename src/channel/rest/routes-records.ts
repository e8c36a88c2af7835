import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Definition, RecordType } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { allow, readableBooks, realmOf } from './access.ts'
import { alreadyHeld, etagOf } from './content.ts'
import type { RestContext } from './context.ts'
import type { Ports, RecordView } from './ports.ts'
import { queryOf, SEARCH, type Search } from './record-search.ts'
import { answer, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['records']
const TYPE_PARAMS = parameters({ exchange: PLACE.exchange, type: PLACE.type })
const ID_PARAMS = parameters({ exchange: PLACE.exchange, type: PLACE.type, id: PLACE.id })
const OPEN = { type: 'object', additionalProperties: true }

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const VERSION = {
  type: 'object',
  required: [
    'version',
    'operation',
    'status',
    'submission',
    'position',
    'partner',
    'account',
    'byCentre',
    'reason',
    'at',
    'body',
  ],
  properties: {
    version: { type: 'integer' },
    changeNo: { type: 'integer' },
    operation: text,
    status: { type: 'string', enum: ['submitted', 'submitted-with-errors', 'closed', 'deleted'] },
    submission: { ...text, description: 'Tracking number of the submission that made it.' },
    position: { type: 'integer', description: 'Place of the record in that.' },
    partner: { ...maybeText, description: 'Who sent it.' },
    account: { ...maybeText, description: 'Name of the account that sent it.' },
    channel: maybeText,
    byCentre: { type: 'boolean', description: "The centre sent it, in the partner's name." },
    reason: { ...maybeText, description: 'Why, where that was said.' },
    at: { ...text, format: 'date-time' },
    body: { ...OPEN, description: 'Empty where it was deleted.' },
  },
  additionalProperties: true,
}

export interface TypePlace {
  readonly Params: { exchange: string; type: string }
}
export interface RecordPlace {
  readonly Params: { exchange: string; type: string; id: string }
}

/** Reading what is stored: one record, its history, a search, and what was deleted. */
export function recordRoutes(app: FastifyInstance, context: RestContext): void {
  searchRoute(app, context)
  deletedRoute(app, context)
  oneRoutes(app, context)
}

/** The record type of this name. Throws fault NOT_FOUND. */
export function typeOf(definition: Definition, name: string): RecordType {
  const type = definition.types.find((one) => one.name === name)
  if (type === undefined)
    throw new Fault('NOT_FOUND', { what: `record type ${name} in exchange ${definition.exchange}` })
  return type
}

/** The record, when it is of this type and the caller may see it; otherwise always the same NOT_FOUND. */
export async function recordOf(
  ports: Ports,
  who: Who,
  definition: Definition,
  place: RecordPlace['Params'],
  asOf: string | null = null,
): Promise<RecordView> {
  const found = await ports.records.find(place.exchange, place.id, readableBooks(who, definition), asOf)
  if (found === null || found.type !== place.type || !who.realms.includes(found.realm))
    throw new Fault('NOT_FOUND', { what: `record ${place.id}` })
  return found
}

function searchRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<TypePlace & { Querystring: Search }>(
    '/v1/exchanges/:exchange/:type',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Search records',
        description:
          'By key, status, change number and any searchable field of the type, whose name is then the ' +
          'parameter. `Link` with `rel="next"` leads to the next page.',
        params: TYPE_PARAMS,
        querystring: {
          type: 'object',
          properties: {
            ...PAGING,
            ...SEARCH,
          },
          additionalProperties: { type: 'string', maxLength: 500 },
        },
        response: { 200: answer('A page.', pageOf('Record')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { who, definition } = allow(request, ports, request.params.exchange, 'read')
      const query = queryOf(who, definition, typeOf(definition, request.params.type), request.query)
      const page = await ports.records.search(query)
      if (page.next !== null) reply.header('link', `<${nextPage(request, page.next)}>; rel="next"`)
      return page
    },
  )
}

function nextPage(request: FastifyRequest, after: string): string {
  const [path = '', query = ''] = request.url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('after', after)
  return `${path}?${parameters.toString()}`
}

function deletedRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<TypePlace & { Querystring: { since: number; limit: number; realm: Realm } }>(
    '/v1/exchanges/:exchange/:type/deleted',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What was deleted since a change number',
        params: TYPE_PARAMS,
        querystring: parameters({
          since: { type: 'integer', minimum: 0, default: 0 },
          limit: PAGING.limit,
          ...REALM,
        }),
        response: {
          200: answer('In the order of the changes; go on from the last `changeNo`.', {
            type: 'object',
            properties: { items: { type: 'array', items: OPEN } },
          }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { exchange, type } = request.params
      const { since, limit, realm } = request.query
      const { who, definition } = allow(request, ports, exchange, 'read')
      typeOf(definition, type)
      const items = await ports.records.deletedSince({
        exchange,
        realm: realmOf(who, realm),
        partners: readableBooks(who, definition),
        changeNo: since,
        limit,
      })
      return { items }
    },
  )
}

function oneRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<RecordPlace & { Querystring: { asOf?: string } }>(
    '/v1/exchanges/:exchange/:type/:id',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One record, now or as it was',
        params: ID_PARAMS,
        querystring: parameters({
          asOf: { type: 'string', format: 'date-time', description: 'The record as it stood at this time.' },
        }),
        response: {
          200: answer('The ETag is its version.', { $ref: 'Record#' }),
          ...problems(304, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { who, definition } = allow(request, ports, request.params.exchange, 'read')
      const { asOf } = request.query
      const instant = asOf === undefined ? null : new Date(asOf).toISOString()
      const record = await recordOf(ports, who, definition, request.params, instant)
      const etag = etagOf(record.version)
      reply.header('etag', etag).header('cache-control', 'private, no-cache')
      if (alreadyHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()
      return record
    },
  )
  app.get<RecordPlace>(
    '/v1/exchanges/:exchange/:type/:id/history',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Every version of a record',
        params: ID_PARAMS,
        response: {
          200: answer('Oldest first.', {
            type: 'object',
            required: ['items'],
            properties: { items: { type: 'array', items: VERSION } },
          }),
          ...problems(401, 403, 404),
        },
      },
    },
    async (request) => {
      const { exchange, type, id } = request.params
      const { who, definition } = allow(request, ports, exchange, 'read')
      typeOf(definition, type)
      const items = await ports.records.history(exchange, id, readableBooks(who, definition))
      // A deleted record can still be asked for its past, so emptiness alone means there is none.
      if (items.length === 0) throw new Fault('NOT_FOUND', { what: `record ${id}` })
      return { items }
    },
  )
}
