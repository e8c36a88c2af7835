import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Realm } from '../../store/model.ts'
import { allow, realmOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Ports } from './ports.ts'
import type { DuplicateFilter } from './ports-duplicates.ts'
import { answer, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['records']
const ABOUT = 'For the centre. Duplicates are told by the fields that the exchange names for that.'

interface Asked {
  readonly exchange: string
  readonly realm?: Realm
  readonly partner?: string
  readonly limit: number
  readonly after?: string
}

const QUERY = parameters(
  {
    exchange: PLACE.exchange,
    ...REALM,
    partner: { type: 'string', maxLength: 100, description: 'Only of this one.' },
    ...PAGING,
    limit: { ...PAGING.limit, maximum: 100, default: 20 },
  },
  ['exchange'],
)

/** What stands twice, and what was refused for standing already. */
export function duplicateRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Asked }>(
    '/v1/duplicates',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Stored records that are one, in pairs',
        description: ABOUT,
        querystring: QUERY,
        response: { 200: answer('A page.', pageOf('DuplicatePair')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => ports.duplicates.stored(filterOf(request, ports)),
  )
  app.get<{ Querystring: Asked }>(
    '/v1/duplicates/refused',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Records that were refused as duplicates, the latest first',
        description: ABOUT,
        querystring: QUERY,
        response: { 200: answer('A page.', pageOf('RefusedDuplicate')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => ports.duplicates.refused(filterOf(request, ports)),
  )
  app.get<{ Params: { tracking: string; position: number } }>(
    '/v1/duplicates/refused/:tracking/:position',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'A refused record beside the stored one',
        description: ABOUT,
        params: parameters({
          tracking: PLACE.tracking,
          position: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
        }),
        response: { 200: answer('Both.', { $ref: 'RefusedPair#' }), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { tracking, position } = request.params
      const found = await ports.submissions.find(tracking, null)
      if (found === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking.slice(0, 80)}` })
      centreOf(request, ports, found.exchange)
      return ports.duplicates.pair(found.exchange, tracking, position)
    },
  )
}

/** Throws NOT_ALLOWED for anybody but the centre's people who may read the exchange. */
function centreOf(request: FastifyRequest, ports: Ports, exchange: string) {
  const { who } = allow(request, ports, exchange, 'read')
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre looks for duplicates.' })
  return who
}

function filterOf(request: FastifyRequest<{ Querystring: Asked }>, ports: Ports): DuplicateFilter {
  const { exchange, realm, partner = null, limit, after = null } = request.query
  const who = centreOf(request, ports, exchange)
  return { exchange, realm: realmOf(who, realm), partner, limit, after }
}
