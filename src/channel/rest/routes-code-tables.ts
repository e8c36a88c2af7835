import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { allow, concerns, realmOf, whoOf } from './access.ts'
import { attachment } from './content.ts'
import type { RestContext } from './context.ts'
import type { CodeEdit } from './ports-codes.ts'
import { answer, download, NAMES, PLACE, parameters, problems, REALM } from './schemas.ts'
import { CODE_EDIT, CODE_TABLE_VERSION, CROSSWALK, CROSSWALK_CHANGE, UNMATCHED } from './schemas-codes.ts'

const TAGS = ['exchanges']
const bodyLimit = 2 * 2 ** 20
const LIST = { type: 'string', minLength: 1, maxLength: 100, description: 'Name of the code list.' } as const
const PARAMS = parameters({ exchange: PLACE.exchange, list: LIST })
const COUNTS = {
  type: 'object',
  required: ['values', 'added', 'removed', 'changed'],
  properties: Object.fromEntries(
    ['values', 'added', 'removed', 'changed'].map((name) => [name, { type: 'integer' }]),
  ),
}
const items = (schema: object) => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: schema } },
})

interface ListPlace {
  Params: { readonly exchange: string; readonly list: string }
}

/** What the centre does with code lists: edit, export, look back, see what did not match; and crosswalks. */
export function codeTableRoutes(app: FastifyInstance, context: RestContext): void {
  listRoutes(app, context)
  editRoute(app, context)
  crosswalkRoutes(app, context)
}

/** Every partner's records are held against lists and crosswalks: they are for the centre's managers. */
function manager(request: FastifyRequest, { ports }: RestContext, exchange: string): Who {
  const { who } = allow(request, ports, exchange, 'manage')
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre keeps code lists.' })
  return who
}

function listRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.get<ListPlace>(
    '/v1/codes/:exchange/:list/table.csv',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'A code list as CSV',
        description: 'In the columns that an import of it has: what is exported can be imported again.',
        params: PARAMS,
        response: { 200: download('The list.', 'text/csv'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const { exchange, list } = request.params
      if (!concerns(whoOf(request), exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
      return reply
        .header('content-disposition', attachment(`${exchange}-${list}.csv`))
        .type('text/csv; charset=utf-8')
        .send(ports.codeTables.csv(exchange, list))
    },
  )
  app.get<ListPlace>(
    '/v1/codes/:exchange/:list/versions',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What was imported and edited, the newest first',
        description: 'Up to 50 versions, each with what it changed in the one before.',
        params: PARAMS,
        response: { 200: answer('Versions.', items(CODE_TABLE_VERSION)), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange, list } = request.params
      manager(request, context, exchange)
      return { items: await ports.codeTables.versions(exchange, list) }
    },
  )
  app.get<ListPlace & { Querystring: { realm?: Realm } }>(
    '/v1/codes/:exchange/:list/unmatched',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Values that were sent and are no code of the list',
        description: 'Of the last 90 days: the hundred most frequent, each with who sent it.',
        params: PARAMS,
        querystring: parameters(REALM),
        response: { 200: answer('Values.', items(UNMATCHED)), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange, list } = request.params
      const realm = realmOf(manager(request, context, exchange), request.query.realm)
      return { items: await ports.codeTables.unmatched(exchange, list, realm) }
    },
  )
}

function editRoute(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.patch<ListPlace & { Body: Partial<CodeEdit> }>(
    '/v1/codes/:exchange/:list',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: TAGS,
        summary: 'Edit entries of a code list',
        description:
          'Puts and removes entries, each known by its code and its first day, and so makes a new version of the list. ' +
          'Only of lists that are imported; others change with the definition.',
        params: PARAMS,
        body: CODE_EDIT,
        response: { 200: answer('What changed.', COUNTS), ...problems(400, 401, 403, 404, 413) },
      },
    },
    async (request) => {
      const { exchange, list } = request.params
      const who = manager(request, context, exchange)
      const { put = [], remove = [] } = request.body
      return ports.codeTables.edit(who, exchange, list, { put, remove })
    },
  )
}

function crosswalkRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, signIn } = context
  app.get<{ Params: { exchange: string } }>(
    '/v1/crosswalks/:exchange',
    {
      onRequest: signIn,
      schema: {
        tags: ['rules'],
        summary: "What partners' codes mean in ours",
        params: parameters({ exchange: PLACE.exchange }),
        response: { 200: answer('By crosswalk and partner.', items(CROSSWALK)), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange } = request.params
      manager(request, context, exchange)
      return { items: await ports.codeTables.crosswalks(exchange) }
    },
  )
  app.put<{
    Params: { exchange: string; crosswalk: string; partner: string }
    Body: { map: Record<string, string>; effectiveAt?: string | null; reason: string }
  }>(
    '/v1/crosswalks/:exchange/:crosswalk/:partner',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: ['rules'],
        summary: 'Put what the codes of a partner mean',
        description:
          "Makes a new version of the partner's rule set in which this crosswalk has these codes and no others; what " +
          'else the rule set says stays. Codes that the definition states stay too, behind these.',
        params: parameters({
          exchange: PLACE.exchange,
          crosswalk: { type: 'string', minLength: 1, maxLength: 100 },
          partner: { ...NAMES.partner, pattern: '^(\\*|[a-z0-9][a-z0-9-]{0,63})$' },
        }),
        body: CROSSWALK_CHANGE,
        response: {
          201: answer('The version that was put.', { $ref: 'RuleSet#' }),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request, reply) => {
      const { exchange, crosswalk, partner } = request.params
      const who = manager(request, context, exchange)
      const { map, effectiveAt = null, reason } = request.body
      const change = { partner, map, effectiveAt, reason }
      return reply.code(201).send(await ports.codeTables.putCrosswalk(who, exchange, crosswalk, change))
    },
  )
}
