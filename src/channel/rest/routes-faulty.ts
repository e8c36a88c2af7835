import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Realm } from '../../store/model.ts'
import { allow, readableBooks, realmOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Ports } from './ports.ts'
import type { FaultyQuery } from './ports-forms.ts'
import { type TypePlace, typeOf } from './routes-records.ts'
import { answer, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['records']
const PARAMS = parameters({ exchange: PLACE.exchange, type: PLACE.type })
const URL = '/v1/exchanges/:exchange/:type/with-errors'
const CODE = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.-]{1,60}$',
  description: 'Only records with this finding.',
} as const

interface Asked {
  readonly realm: Realm
  readonly code?: string
  readonly limit: number
  readonly after?: string
}

/** The records that stand with errors, as a work list. */
export function faultyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<TypePlace & { Querystring: Asked }>(
    URL,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Records that stand with errors, with their findings',
        description: 'Those that have waited longest come first.',
        params: PARAMS,
        querystring: parameters({ ...REALM, code: CODE, ...PAGING }),
        response: { 200: answer('A page.', pageOf('FaultyRecord')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { code = null, limit, after = null } = request.query
      return ports.forms.faulty.list({ ...which(request, ports), code, limit, after })
    },
  )
  app.get<TypePlace & { Querystring: Pick<Asked, 'realm'> }>(
    `${URL}/rules`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The rules that records stand with errors of',
        description: 'With the number of records of each, the most frequent first.',
        params: PARAMS,
        querystring: parameters(REALM),
        response: { 200: answer('The rules.', itemsOf('RuleWithErrors')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => ({ items: await ports.forms.faulty.rules(which(request, ports)) }),
  )
}

function which(
  request: FastifyRequest<TypePlace & { Querystring: Pick<Asked, 'realm'> }>,
  ports: Ports,
): FaultyQuery {
  const { exchange, type } = request.params
  const { who, definition } = allow(request, ports, exchange, 'read')
  return {
    exchange,
    type: typeOf(definition, type).name,
    realm: realmOf(who, request.query.realm),
    partners: readableBooks(who, definition),
  }
}
