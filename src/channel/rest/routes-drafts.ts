import type { FastifyInstance } from 'fastify'
import type { DraftContent } from '../../store/drafts.ts'
import { allow, realmOf, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { typeOf } from './routes-records.ts'
import { answer, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['drafts']
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
const PARAMS = parameters({ draft: { type: 'string', pattern: UUID, description: 'A UUID; you make it.' } })
/** As large as a form can be filled in; documents do not go into drafts. */
const draftBytesMax = 512 * 2 ** 10

interface DraftPlace {
  readonly Params: { draft: string }
}

const BODY = {
  type: 'object',
  required: ['exchange', 'type', 'body'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', maxLength: 200, default: '' },
    exchange: PLACE.exchange,
    realm: REALM.realm,
    type: PLACE.type,
    recordId: { type: ['string', 'null'], pattern: UUID, default: null },
    body: { type: 'object', additionalProperties: true, description: 'In canonical names, as far as it is.' },
  },
  examples: [
    { title: 'A-1044', exchange: 'ripa', type: 'stop', body: { lea_record_id: 'A-1044', duration: '12' } },
  ],
}

/** Records that a person has begun: kept for 90 days, seen by nobody else, and submitted by no call of these. */
export function draftRoutes(app: FastifyInstance, context: RestContext): void {
  readRoutes(app, context)
  writeRoutes(app, context)
}

function readRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: { limit: number; after?: string } }>(
    '/v1/drafts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Your drafts, the latest first',
        querystring: parameters(PAGING),
        response: { 200: answer('A page, without content.', pageOf('DraftHead')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { limit, after = null } = request.query
      return ports.forms.drafts.list(whoOf(request), { limit, after })
    },
  )
  app.get<DraftPlace>(
    '/v1/drafts/:draft',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One of your drafts',
        params: PARAMS,
        response: { 200: answer('With its content.', { $ref: 'Draft#' }), ...problems(400, 401, 404) },
      },
    },
    async (request) => ports.forms.drafts.get(whoOf(request), request.params.draft),
  )
}

function writeRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.put<DraftPlace & { Body: DraftContent }>(
    '/v1/drafts/:draft',
    {
      onRequest: signIn,
      bodyLimit: draftBytesMax,
      schema: {
        tags: TAGS,
        summary: 'Save a draft',
        description:
          'It is checked by nothing and submitted by nothing; 90 days after the last save it is removed.',
        params: PARAMS,
        body: BODY,
        response: {
          200: answer('As it is kept.', { $ref: 'Draft#' }),
          ...problems(400, 401, 403, 404, 409, 413),
        },
      },
    },
    async (request) => {
      const { exchange, type, realm } = request.body
      const { who, definition } = allow(request, ports, exchange, 'submit')
      typeOf(definition, type)
      return ports.forms.drafts.put(who, request.params.draft, {
        ...request.body,
        realm: realmOf(who, realm),
      })
    },
  )
  app.delete<DraftPlace>(
    '/v1/drafts/:draft',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Throw a draft away',
        description: 'Also answered so where there is no such draft of yours.',
        params: PARAMS,
        response: { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401) },
      },
    },
    async (request, reply) => {
      await ports.forms.drafts.drop(whoOf(request), request.params.draft)
      return reply.code(204).send()
    },
  )
}
