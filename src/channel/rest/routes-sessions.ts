import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Realm } from '../../store/model.ts'
import type { Session, SessionFilter, SessionResult } from '../../store/sessions.ts'
import { ownSubmissions, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { itemStream } from './events.ts'
import { jobOffice } from './routes-jobs.ts'
import { answer, download, NAMES, PAGING, PLACE, pageOf, parameters, problems } from './schemas.ts'
import { JOB_NAME } from './schemas-jobs.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['sessions']
const time = { type: 'string', format: 'date-time' } as const

interface Wanted {
  readonly partner?: string
  readonly exchange?: string
  readonly realm?: Realm
  readonly kind?: 'attempt' | 'submission'
  readonly result?: SessionResult
  readonly job?: string
  readonly from?: string
  readonly until?: string
}

const WANTED = {
  partner: NAMES.partner,
  exchange: PLACE.exchange,
  realm: { type: 'string', enum: ['live', 'test'] },
  kind: { type: 'string', enum: ['attempt', 'submission'] },
  result: { type: 'string', enum: ['done', 'failed', 'timed-out', 'cancelled'] },
  job: JOB_NAME,
  from: { ...time, description: 'From this moment on.' },
  until: { ...time, description: 'Before this moment.' },
} as const

/** What was sent, how it went, how that changes, and what does not go well. The centre sees all, a partner its own. */
export function sessionRoutes(app: FastifyInstance, context: RestContext): void {
  listRoutes(app, context)
  alertRoutes(app, context)
  alertStream(app, context)
}

function filterOf(request: FastifyRequest, wanted: Wanted): SessionFilter {
  const { partner, exchange, realm, kind, result, job, from, until } = wanted
  return {
    partners: ownSubmissions(whoOf(request)),
    partner: partner ?? null,
    exchange: exchange ?? null,
    realm: realm ?? null,
    kind: kind ?? null,
    result: result ?? null,
    job: job ?? null,
    from: from ?? null,
    until: until ?? null,
  }
}

/** Where a session's log is: of its records once there are any, or of its failure. */
function withLog(session: Session): Session & { readonly log: string | null } {
  const { tracking, errorLog } = session
  const failure = errorLog === null ? null : `/v1/attempts/${session.session}/log`
  return { ...session, log: tracking === null ? failure : `/v1/submissions/${tracking}/log` }
}

function listRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Wanted & { limit: number; after?: string } }>(
    '/v1/sessions',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Who sent what, when, how long it took, and what became of it',
        description: 'Attempts of jobs, successful or not, and submissions that came by other channels.',
        querystring: parameters({ ...PAGING, ...WANTED }),
        response: { 200: answer('Newest first.', pageOf('Session')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { limit, after = null } = request.query
      const { items, next } = await ports.jobs.sessions(filterOf(request, request.query), { limit, after })
      return { items: items.map(withLog), next }
    },
  )
  app.get<{ Querystring: Wanted & { by: 'day' | 'week' | 'month'; zone: string } }>(
    '/v1/trends',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Sums of sessions by day, week or month, partner and exchange',
        description: 'Without `from`: of the last 31 days, 26 weeks or 24 months.',
        querystring: parameters({
          ...WANTED,
          by: { type: 'string', enum: ['day', 'week', 'month'], default: 'day' },
          zone: { type: 'string', maxLength: 60, default: 'UTC', description: 'Whose days they are.' },
        }),
        response: { 200: answer('In order of time.', itemsOf('Trend')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { by, zone } = request.query
      return { items: await ports.jobs.trends({ ...filterOf(request, request.query), by, zone }) }
    },
  )
}

function alertRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { alerts } = ports.jobs
  app.get<{ Querystring: { limit: number; after?: string; exchange?: string; job?: string; open: boolean } }>(
    '/v1/alerts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Jobs that do not go well',
        querystring: parameters({
          ...PAGING,
          exchange: PLACE.exchange,
          job: JOB_NAME,
          open: { type: 'boolean', default: false, description: 'Only those that are not resolved.' },
        }),
        response: { 200: answer('Newest first.', pageOf('Alert')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { limit, after = null, exchange = null, job = null, open } = request.query
      const partners = ownSubmissions(whoOf(request))
      return alerts.list({ partners, exchange, job, open, limit, after })
    },
  )
  app.post<{ Params: { alert: number }; Body: { note?: string } | null }>(
    '/v1/alerts/:alert/acknowledge',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Say that you look after it',
        params: parameters({ alert: { type: 'integer', minimum: 1 } }),
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { note: { type: 'string', maxLength: 1000 } },
          examples: [{ note: 'The county changes its firewall tonight.' }],
        },
        response: { 200: answer('The alert.', { $ref: 'Alert#' }), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { alert } = request.params
      const who = whoOf(request)
      const found = await alerts.find(alert)
      if (!who.centre) throw new Fault('NOT_FOUND', { what: `alert ${alert}` })
      return alerts.acknowledge(jobOffice(request, found.exchange), alert, request.body?.note ?? null)
    },
  )
}

function alertStream(app: FastifyInstance, { ports, signIn, closing }: RestContext): void {
  app.get(
    '/v1/alerts/stream',
    {
      onRequest: signIn,
      compress: false,
      schema: {
        tags: TAGS,
        summary: 'Alerts as server-sent events',
        description:
          'First those that are open, then each change; with `Last-Event-ID` each change since that one. The event is `raised`, `acknowledged` or `resolved`.',
        response: { 200: download('Events.', 'text/event-stream'), ...problems(400, 401) },
      },
    },
    async (request, reply) => {
      const partners = ownSubmissions(whoOf(request))
      const last = request.headers['last-event-id']
      const after = typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : null
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const changes = ports.jobs.alerts.watch(partners, after, AbortSignal.any([gone.signal, closing]))
      const events = itemStream(changes, (alert) => ({
        id: alert.change,
        event:
          alert.resolvedAt !== null ? 'resolved' : alert.acknowledgedAt !== null ? 'acknowledged' : 'raised',
        last: false,
      }))
      return reply.header('cache-control', 'no-store').type('text/event-stream').send(Readable.from(events))
    },
  )
}
