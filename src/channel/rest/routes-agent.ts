import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may } from '../../identity/who.ts'
import type { Announced } from '../../store/job-model.ts'
import { concerns, partnerOf, whoOf } from './access.ts'
import { bodyBytes } from './bodies.ts'
import type { RestContext } from './context.ts'
import type { AgentCaller, AgentFailure, AgentProgress, AgentQuestion } from './ports-agent.ts'
import { RequestError } from './problem.ts'
import { answer, PLACE, parameters, problems, SENDER } from './schemas.ts'
import { AGENT_BODIES, ATTEMPT_NAME } from './schemas-agent.ts'

const TAGS = ['agents']
const OPEN = { type: 'object', additionalProperties: true } as const
const OFFSET = { type: 'object', properties: { offset: { type: 'integer', minimum: 0 } } } as const
const LEASE = { type: 'object', properties: { leaseSeconds: { type: 'integer' } } } as const
/** A failure's log is 1 MiB at most, and longer as JSON. */
const failureBytesMax = 7 * 2 ** 20

interface OfAttempt {
  readonly Params: { readonly attempt: string }
}

/** What the program beside a partner's database asks and tells. Its account needs the channel `agent`. */
export function agentRoutes(app: FastifyInstance, context: RestContext): void {
  workRoutes(app, context)
  uploadRoutes(app, context)
  app.register(async (inner) => pieceRoute(inner, context))
  definitionRoute(app, context)
}

/** The caller, when it is an agent. Throws NOT_ALLOWED. */
function agentOf(request: FastifyRequest): AgentCaller {
  const who = whoOf(request)
  if (who.channels?.includes('agent') !== true)
    throw new Fault('NOT_ALLOWED', { reason: `The account ${who.name} was not given the channel agent.` })
  return { who, address: request.ip }
}

function workRoutes(app: FastifyInstance, { ports, signIn, closing }: RestContext): void {
  const { agent } = ports
  const params = parameters({ attempt: ATTEMPT_NAME })
  app.post<{ Body: AgentQuestion }>(
    '/v1/agent/next',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Ask for work',
        description:
          'Tells how the agent is and what it could do, and waits up to `waitSeconds` for an attempt. What is handed out is kept for `leaseSeconds`, and longer with each word of its progress.',
        body: AGENT_BODIES.question,
        response: {
          200: answer('An attempt, now taken.', OPEN),
          204: { description: 'Nothing to do.', type: 'null' },
          ...problems(400, 401, 403, 503),
        },
      },
    },
    async (request, reply) => {
      const caller = agentOf(request)
      const batches = request.body.batches.filter(
        ({ exchange, realm }) =>
          may(caller.who, 'submit', exchange) &&
          caller.who.realms.includes(realm) &&
          ports.definitions.list().some((one) => one.exchange === exchange),
      )
      const gone = new AbortController()
      const leave = () => gone.abort()
      reply.raw.once('close', leave)
      const job = await agent
        .next(caller, { ...request.body, batches }, AbortSignal.any([gone.signal, closing]))
        .finally(() => reply.raw.off('close', leave))
      return job === null ? reply.code(204).send() : job
    },
  )
  app.post<OfAttempt & { Body: AgentProgress }>(
    '/v1/agent/attempts/:attempt/progress',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Tell how far an attempt is, and keep it',
        params,
        body: AGENT_BODIES.progress,
        response: { 200: answer('It is kept for so long.', LEASE), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => agent.progress(agentOf(request), request.params.attempt, request.body),
  )
  app.get<OfAttempt>(
    '/v1/agent/attempts/:attempt',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What became of an attempt',
        params,
        response: { 200: answer('State, reason and counts.', OPEN), ...problems(401, 403, 404) },
      },
    },
    async (request) => agent.result(agentOf(request), request.params.attempt),
  )
  app.post<OfAttempt & { Body: AgentFailure }>(
    '/v1/agent/attempts/:attempt/failure',
    {
      onRequest: signIn,
      bodyLimit: failureBytesMax,
      schema: {
        tags: TAGS,
        summary: 'Tell that an attempt failed, with its log',
        description: 'Also late: the log is attached to the attempt, which takes its reason.',
        params,
        body: AGENT_BODIES.failure,
        response: {
          200: answer('Where the attempt stands.', OPEN),
          ...problems(400, 401, 403, 404, 409, 413),
        },
      },
    },
    async (request) => {
      const caller = agentOf(request)
      await agent.fail(caller, request.params.attempt, request.body)
      return agent.result(caller, request.params.attempt)
    },
  )
}

function uploadRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { agent } = ports
  const params = parameters({ attempt: ATTEMPT_NAME })
  app.post<OfAttempt & { Body: Announced }>(
    '/v1/agent/attempts/:attempt/upload',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Announce an upload, or ask where it stands',
        description: 'With another `sha256` than before it begins anew.',
        params,
        body: AGENT_BODIES.upload,
        response: { 200: answer('So much is here.', OFFSET), ...problems(400, 401, 403, 404, 409, 413) },
      },
    },
    async (request) => ({
      offset: await agent.begin(agentOf(request), request.params.attempt, request.body),
    }),
  )
  app.post<OfAttempt>(
    '/v1/agent/attempts/:attempt/upload/complete',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The upload is whole',
        description:
          'Its hash is checked and its bytes are made durable; they become a submission of their own. Repeated, it gives the same answer. After it the temporary file can be deleted.',
        params,
        body: { type: ['object', 'null'], additionalProperties: true },
        response: { 200: answer('Safely held.', OPEN), ...problems(400, 401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const tracking = await agent.complete(agentOf(request), request.params.attempt)
      const acknowledgement = await ports.submissions.acknowledgement(tracking)
      return { tracking, acknowledgement, deletable: true }
    },
  )
}

function pieceRoute(app: FastifyInstance, { ports, signIn, config }: RestContext): void {
  // The body is any bytes at all: nothing here reads, gathers or decodes them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.patch<OfAttempt>(
    '/v1/agent/attempts/:attempt/upload',
    {
      bodyLimit: config.documentBytesMax,
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Send bytes of the upload',
        params: parameters({ attempt: ATTEMPT_NAME }),
        consumes: ['application/octet-stream'],
        response: {
          200: answer('So much is here now.', OFFSET),
          ...problems(400, 401, 403, 404, 409, 413, 507),
        },
      },
    },
    async (request) => {
      const header = request.headers['upload-offset']
      if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
        throw new RequestError(400, 'BAD_REQUEST', 'Upload-Offset must say at which byte the piece begins.')
      const bytes = bodyBytes(request.raw, { bytesMax: config.documentBytesMax, idleMs: config.idleMs })
      const { attempt } = request.params
      const { offset, differs } = await ports.agent.append(agentOf(request), attempt, Number(header), bytes)
      if (differs)
        throw new RequestError(409, 'UPLOAD_OFFSET', `The upload stands at byte ${offset}.`, { offset })
      return { offset }
    },
  )
}

function definitionRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Params: { exchange: string }; Querystring: { partner?: string } }>(
    '/v1/exchanges/:exchange/definition',
    {
      onRequest: signIn,
      schema: {
        tags: ['exchanges'],
        summary: 'The compiled definition, to check records with the same code as the node',
        description: 'With the rules that are in effect for your partner, and its `hash`.',
        params: parameters({ exchange: PLACE.exchange }),
        querystring: parameters({
          partner: { ...SENDER.partner, description: 'With whose rules; the centre may name any partner.' },
        }),
        response: { 200: answer('The definition.', OPEN), ...problems(401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const who = whoOf(request)
      const { exchange } = request.params
      if (!concerns(who, exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
      const definition = await ports.agent.definition(exchange, partnerOf(who, request.query.partner))
      return reply.header('etag', `"${definition.hash}"`).send(definition)
    },
  )
}
