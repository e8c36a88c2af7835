import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { WORK_ITEM_STATES } from '../../store/work-items.ts'
import { allow, ownSubmissions, realmOf, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Ports } from './ports.ts'
import type { WorkItemState, WorkItemView } from './ports-messages.ts'
import { RequestError } from './problem.ts'
import { exchangesOf } from './routes-messages.ts'
import { answer, NAMES, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'

const TAGS = ['messages']
const SHAPE = { $ref: 'WorkItem#' }
const REASON = { type: 'string', minLength: 1, maxLength: 1000 } as const
const KIND = { type: 'string', pattern: '^[a-z][a-z0-9_]{0,39}$' } as const
const PARAMS = parameters({
  item: { type: 'string', pattern: '^[0-9a-f-]{36}$', description: 'Id of the work item.' },
})

interface Item {
  readonly Params: { readonly item: string }
}

/** Work items: the centre asks, the partner answers. */
export function workItemRoutes(app: FastifyInstance, context: RestContext): void {
  askRoute(app, context)
  readRoutes(app, context)
  answerRoutes(app, context)
}

interface Asked {
  readonly exchange: string
  readonly realm?: Realm
  readonly partner: string
  readonly kind: string
  readonly record?: { readonly type: string; readonly key: string } | null
  readonly title?: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly dueDays?: number | null
}

function centre(request: FastifyRequest, ports: Ports, exchange: string): Who {
  const { who } = allow(request, ports, exchange, 'manage')
  if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre makes work items.' })
  return who
}

function askRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<{ Body: Asked }>(
    '/v1/work-items',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Ask a partner to settle something',
        description: 'For the centre. The partner is told of it by a message.',
        body: {
          type: 'object',
          required: ['exchange', 'partner', 'kind'],
          additionalProperties: false,
          properties: {
            exchange: PLACE.exchange,
            realm: REALM.realm,
            partner: NAMES.partner,
            kind: { ...KIND, description: 'One of the kinds that the definition names, if it names any.' },
            record: {
              type: ['object', 'null'],
              required: ['type', 'key'],
              additionalProperties: false,
              properties: { type: PLACE.type, key: { type: 'string', minLength: 1, maxLength: 500 } },
            },
            title: { type: 'string', minLength: 1, maxLength: 300 },
            body: {
              type: 'object',
              additionalProperties: true,
              description: "What the partner must know, of the partner's own data only.",
            },
            dueDays: { type: ['integer', 'null'], minimum: 1, maximum: 365, description: 'Business days.' },
          },
          examples: [
            {
              exchange: 'voter',
              partner: 'alder-county',
              kind: 'death',
              record: { type: 'voter', key: '01/4711' },
              title: 'Reported dead by the state registrar',
            },
          ],
        },
        response: { 201: answer('The work item.', SHAPE), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { exchange, realm, partner, kind, record = null, title, body = {}, dueDays = null } = request.body
      const who = centre(request, ports, exchange)
      if (JSON.stringify(body).length > 20_000)
        throw new RequestError(413, 'TOO_LARGE', 'The body of a work item has 20,000 characters at most.')
      const known = ports.definitions.get(exchange).workItems?.[kind]?.title ?? kind
      const view = await ports.messages.ask(who, {
        exchange,
        realm: realmOf(who, realm),
        partner,
        kind,
        record,
        title: title ?? known,
        body,
        dueDays,
      })
      return reply.code(201).header('location', `/v1/work-items/${view.item}`).send(view)
    },
  )
}

interface Listing {
  readonly Querystring: {
    readonly exchange?: string
    readonly partner?: string
    readonly realm: Realm
    readonly state?: WorkItemState | 'overdue'
    readonly kind?: string
    readonly limit: number
    readonly after?: string
  }
}

function readRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<Listing>(
    '/v1/work-items',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Work items in the order in which they were made',
        querystring: parameters({
          ...REALM,
          ...PAGING,
          exchange: PLACE.exchange,
          partner: { ...NAMES.partner, description: 'The centre: only of this partner.' },
          state: { type: 'string', enum: [...WORK_ITEM_STATES, 'overdue'] },
          kind: KIND,
        }),
        response: { 200: answer('Work items.', pageOf('WorkItem')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const who = whoOf(request)
      const { exchange, partner, realm, state = null, kind = null, limit, after = null } = request.query
      const own = ownSubmissions(who)
      if (partner !== undefined && own?.includes(partner) === false)
        throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
      return ports.messages.workItems({
        partners: partner === undefined ? own : [partner],
        exchanges: exchangesOf(request, ports, exchange),
        realm: realmOf(who, realm),
        state,
        kind,
        limit,
        after,
      })
    },
  )
  app.get<Item>(
    '/v1/work-items/:item',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One work item',
        params: PARAMS,
        response: { 200: answer('The work item.', SHAPE), ...problems(401, 403, 404) },
      },
    },
    async (request) => itemOf(request, ports),
  )
}

/** The work item, when the caller may see it; any other is the same NOT_FOUND. */
async function itemOf(request: FastifyRequest<Item>, ports: Ports): Promise<WorkItemView> {
  const who = whoOf(request)
  const { item } = request.params
  const found = await ports.messages.workItem(item)
  const own = ownSubmissions(who)
  const exchanges = exchangesOf(request, ports, undefined)
  if (
    found === null ||
    own?.includes(found.partner) === false ||
    exchanges?.includes(found.exchange) === false ||
    !who.realms.includes(found.realm)
  )
    throw new Fault('NOT_FOUND', { what: `work item ${item}` })
  return found
}

function answerRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const response = { 200: answer('The work item.', SHAPE), ...problems(400, 401, 403, 404, 409) }
  app.post<Item & { Body: { answer: 'confirmed' | 'refused'; reason?: string | null } }>(
    '/v1/work-items/:item/answer',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Answer a work item',
        description:
          'Confirmed, or refused with the reason. Its message is cleared by it. An answer after the last day counts.',
        params: PARAMS,
        body: {
          type: 'object',
          required: ['answer'],
          additionalProperties: false,
          properties: {
            answer: { type: 'string', enum: ['confirmed', 'refused'] },
            reason: { ...REASON, type: ['string', 'null'], description: 'Needed where it is refused.' },
          },
          examples: [{ answer: 'refused', reason: 'Another person of the same name.' }],
        },
        response,
      },
    },
    async (request) => {
      const found = await itemOf(request, ports)
      const { who } = allow(request, ports, found.exchange, 'submit')
      const { answer: given, reason = null } = request.body
      if (given === 'refused' && reason === null)
        throw new RequestError(400, 'BAD_REQUEST', 'A refusal needs its reason.')
      return ports.messages.settle(who, found.item, given, reason)
    },
  )
  app.post<Item & { Body: { reason: string } }>(
    '/v1/work-items/:item/withdraw',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Withdraw a work item that is open',
        params: PARAMS,
        body: {
          type: 'object',
          required: ['reason'],
          additionalProperties: false,
          properties: { reason: REASON },
          examples: [{ reason: 'The wrong record.' }],
        },
        response,
      },
    },
    async (request) => {
      const found = await itemOf(request, ports)
      const who = centre(request, ports, found.exchange)
      return ports.messages.settle(who, found.item, 'withdrawn', request.body.reason)
    },
  )
}
