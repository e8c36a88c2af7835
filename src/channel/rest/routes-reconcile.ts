import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DifferenceKind } from '../../exchange/definition.ts'
import { DIFFERENCE_KINDS } from '../../exchange/words.ts'
import { Fault } from '../../fault/fault.ts'
import { allow, concerns, ownSubmissions, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import type { Ports } from './ports.ts'
import type { ReconciliationView } from './ports-reconcile.ts'
import { answer, download, PAGING, PLACE, pageOf, parameters, problems } from './schemas.ts'

const TAGS = ['reconciliation']
const READ_GRANTS = ['submit', 'read', 'release'] as const
const PARAMS = parameters({ tracking: PLACE.tracking })

interface One {
  readonly Params: { readonly tracking: string }
}

/** Reports of whole files that were held against the centre; they are sent as submissions with `reconcile`. */
export function reconcileRoutes(app: FastifyInstance, context: RestContext): void {
  listRoute(app, context)
  oneRoutes(app, context)
}

/** The reconciliation, when the caller may see it; any other is the same NOT_FOUND. */
async function reconciliationOf(request: FastifyRequest<One>, ports: Ports): Promise<ReconciliationView> {
  const who = whoOf(request)
  const { tracking } = request.params
  const found = await ports.reconciliations.find(tracking, ownSubmissions(who))
  if (found === null || !concerns(who, found.exchange) || !who.realms.includes(found.realm))
    throw new Fault('NOT_FOUND', { what: `reconciliation ${tracking}` })
  allow(request, ports, found.exchange, ...READ_GRANTS)
  return found
}

function listRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: { exchange?: string; limit: number; after?: string } }>(
    '/v1/reconciliations',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Reconciliations, the newest first',
        querystring: parameters({ ...PAGING, exchange: PLACE.exchange }),
        response: { 200: answer('A page.', pageOf('Reconciliation')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { exchange, limit, after = null } = request.query
      const who =
        exchange === undefined ? whoOf(request) : allow(request, ports, exchange, ...READ_GRANTS).who
      const partners = ownSubmissions(who)
      const page = await ports.reconciliations.list({ partners, exchange: exchange ?? null, limit, after })
      return {
        ...page,
        items: page.items.filter((one) => concerns(who, one.exchange) && who.realms.includes(one.realm)),
      }
    },
  )
}

function oneRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<One>(
    '/v1/reconciliations/:tracking',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The report of one reconciliation',
        params: PARAMS,
        response: {
          200: answer('How the file and the centre stand to each other.', { $ref: 'Reconciliation#' }),
          ...problems(401, 403, 404),
        },
      },
    },
    async (request) => reconciliationOf(request, ports),
  )
  app.get<One & { Querystring: { kind?: DifferenceKind; category?: string; limit: number; after?: string } }>(
    '/v1/reconciliations/:tracking/differences',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Its differences, in the order in which they are to be put right',
        params: PARAMS,
        querystring: parameters({
          ...PAGING,
          kind: { type: 'string', enum: DIFFERENCE_KINDS },
          category: { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,39}$' },
        }),
        response: { 200: answer('A page.', pageOf('RecordDifference')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { tracking } = await reconciliationOf(request, ports)
      const { kind = null, category = null, limit, after = null } = request.query
      return ports.reconciliations.differences(tracking, { kind, category, limit, after })
    },
  )
  app.get<One>(
    '/v1/reconciliations/:tracking/differences.csv',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'All of its differences as CSV',
        params: PARAMS,
        response: { 200: download('The file.', 'text/csv'), ...problems(401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { tracking } = await reconciliationOf(request, ports)
      return sendDownload(reply, await ports.reconciliations.csv(tracking))
    },
  )
}
