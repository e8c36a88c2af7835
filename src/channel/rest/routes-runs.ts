import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may } from '../../identity/who.ts'
import { ATTEMPT_STATES, type AttemptState, RUN_STATES, type RunState } from '../../store/job-model.ts'
import { concerns, ownSubmissions, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import { jobOffice } from './routes-jobs.ts'
import { answer, download, NAMES, PAGING, PLACE, pageOf, parameters, problems } from './schemas.ts'
import { ATTEMPT_NAME } from './schemas-agent.ts'
import { JOB_NAME, RUN_NAME } from './schemas-jobs.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['jobs']

interface Listing {
  readonly limit: number
  readonly after?: string
  readonly partner?: string
  readonly exchange?: string
  readonly job?: string
}

const LISTING = { ...PAGING, partner: NAMES.partner, exchange: PLACE.exchange, job: JOB_NAME }

/** Runs of jobs, their attempts, and the agents that do them: the centre sees all, a partner its own. */
export function runRoutes(app: FastifyInstance, context: RestContext): void {
  runListRoutes(app, context)
  attemptRoutes(app, context)
  agentListRoute(app, context)
}

/** Throws NOT_FOUND for what belongs to another partner, or to an exchange that does not concern the caller. */
function assertVisible(
  request: FastifyRequest,
  { partner, exchange }: { readonly partner: string; readonly exchange: string },
  what: string,
): void {
  const who = whoOf(request)
  if ((!who.centre && who.partner !== partner) || !concerns(who, exchange))
    throw new Fault('NOT_FOUND', { what })
}

/** A listing as the ports take it, of what the caller may see. */
function listingOf(request: FastifyRequest, { limit, after, partner, exchange, job }: Listing) {
  const partners = ownSubmissions(whoOf(request))
  return {
    partners,
    partner: partner ?? null,
    exchange: exchange ?? null,
    job: job ?? null,
    limit,
    after: after ?? null,
  }
}

function runListRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { runs } = ports.jobs
  const params = parameters({ run: RUN_NAME })
  const one = { 200: answer('Where it stands.', { $ref: 'Run#' }), ...problems(400, 401, 403, 404, 409) }
  app.get<{ Querystring: Listing & { state?: RunState; open: boolean } }>(
    '/v1/runs',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Runs of jobs',
        querystring: parameters({
          ...LISTING,
          state: { type: 'string', enum: RUN_STATES },
          open: { type: 'boolean', default: false, description: 'Only those that are not over.' },
        }),
        response: { 200: answer('Newest first.', pageOf('Run')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { state = null, open } = request.query
      return runs.list({ ...listingOf(request, request.query), state, open })
    },
  )
  app.get<{ Params: { run: string } }>(
    '/v1/runs/:run',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One run, with its place in the queue and its attempts',
        params,
        response: { ...one, 200: answer('Where it stands.', { $ref: 'RunDetail#' }) },
      },
    },
    async (request) => {
      const { run } = request.params
      const found = await runs.find(run)
      assertVisible(request, found, `run ${run}`)
      return found
    },
  )
  app.post<{ Params: { run: string }; Body: { reason?: string } | null }>(
    '/v1/runs/:run/cancel',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Cancel a run whose file has not arrived',
        description: 'By the centre; a partner cancels what it started itself.',
        params,
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { reason: { type: 'string', maxLength: 500 } },
        },
        response: one,
      },
    },
    async (request) => {
      const { run } = request.params
      const found = await runs.find(run)
      assertVisible(request, found, `run ${run}`)
      const who = whoOf(request)
      const own = !who.centre && found.origin === 'partner' && may(who, 'submit', found.exchange)
      const by = own ? who : jobOffice(request, found.exchange)
      return runs.cancel(by, run, request.body?.reason ?? `Cancelled by ${who.name}.`)
    },
  )
}

function attemptRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { attempts } = ports.jobs
  const params = parameters({ attempt: ATTEMPT_NAME })
  app.get<{ Querystring: Listing & { state?: AttemptState; run?: string } }>(
    '/v1/attempts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Attempts of runs',
        querystring: parameters({
          ...LISTING,
          run: RUN_NAME,
          state: { type: 'string', enum: ATTEMPT_STATES },
        }),
        response: { 200: answer('Newest first.', pageOf('Attempt')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { state = null, run = null } = request.query
      return attempts.list({ ...listingOf(request, request.query), state, run })
    },
  )
  app.get<{ Params: { attempt: string } }>(
    '/v1/attempts/:attempt',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One attempt: its states, times, progress and reason',
        params,
        response: { 200: answer('The attempt.', { $ref: 'Attempt#' }), ...problems(401, 404) },
      },
    },
    async (request) => {
      const { attempt } = request.params
      const found = await attempts.find(attempt)
      assertVisible(request, found, `attempt ${attempt}`)
      return found
    },
  )
  app.get<{ Params: { attempt: string } }>(
    '/v1/attempts/:attempt/log',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What the agent wrote about its failure',
        params,
        response: { 200: download('The log.', 'text/plain'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const { attempt } = request.params
      assertVisible(request, await attempts.find(attempt), `attempt ${attempt}`)
      return sendDownload(reply, await attempts.log(attempt))
    },
  )
}

function agentListRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get(
    '/v1/agents',
    {
      onRequest: signIn,
      schema: {
        tags: ['agents'],
        summary: 'Agents: version, health, and when they last asked for work',
        response: { 200: answer('By partner.', itemsOf('Agent')), ...problems(401) },
      },
    },
    async (request) => ({ items: await ports.jobs.agents(ownSubmissions(whoOf(request))) }),
  )
}
