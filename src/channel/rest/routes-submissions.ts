import type { FastifyInstance } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm, SubmissionState } from '../../store/model.ts'
import { allow, ownSubmissions, partnerOf, realmOf, submissionOf, whoOf } from './access.ts'
import { bodyBytes } from './bodies.ts'
import { fileName, idempotencyKey } from './content.ts'
import type { RestContext } from './context.ts'
import type { SubmissionSearch } from './ports.ts'
import { answer, NAMES, PAGING, PLACE, pageOf, parameters, problems, SENDER } from './schemas.ts'

const TAGS = ['submissions']
const SHAPE = { $ref: 'Submission#' }
const STATES = [
  'queued',
  'surveying',
  'held',
  'processing',
  'completed',
  'incomplete',
  'refused',
  'cancelled',
]

interface Send {
  readonly scope: 'incremental' | 'refresh'
  readonly dryRun: boolean
  readonly reconcile: boolean
  readonly realm: Realm
  readonly partner?: string
}
interface Listing {
  readonly limit: number
  readonly after?: string
  readonly state?: SubmissionState
  readonly realm?: Realm
  readonly partner?: string
  readonly kind?: 'documents' | 'records'
  readonly withErrors?: boolean
  readonly from?: string
  readonly until?: string
  readonly text?: string
}

const time = { type: 'string', format: 'date-time' } as const
const FILTERS = {
  state: { type: 'string', enum: STATES },
  realm: { type: 'string', enum: ['live', 'test'], description: 'Left out: both.' },
  partner: { ...NAMES.partner, description: 'The centre only: those of this partner.' },
  kind: {
    type: 'string',
    enum: ['documents', 'records'],
    description: 'Documents of many records, or records that were sent one by one.',
  },
  withErrors: {
    type: 'boolean',
    default: false,
    description: 'Only those with records that were rejected or stored with errors.',
  },
  from: { ...time, description: 'Received at this time or later.' },
  until: { ...time, description: 'Received before this time.' },
  text: { type: 'string', maxLength: 100, description: 'Part of a tracking number or of a file name.' },
} as const

const SEND_DOC = {
  tags: TAGS,
  summary: 'Send a document',
  description:
    'The body is the document itself: CSV, JSON, NDJSON, XML, XLSX or XLS, plain or in a ZIP or gzip file. ' +
    'It is kept unchanged before the answer is given, then processed in its turn. Sent again with the ' +
    'same `Idempotency-Key`, it is answered with the first submission. `dryRun` gives outcome counts and ' +
    'findings and changes nothing.',
  params: parameters({ exchange: PLACE.exchange }),
  querystring: parameters({
    scope: {
      type: 'string',
      enum: ['incremental', 'refresh'],
      default: 'incremental',
      description: '`refresh`: the document is everything there is; what it leaves out is deleted.',
    },
    dryRun: { type: 'boolean', default: false },
    reconcile: {
      type: 'boolean',
      default: false,
      description:
        'The document is everything there is, and is only held against what the centre has: see /v1/reconciliations.',
    },
    ...SENDER,
  }),
  headers: {
    type: 'object',
    properties: {
      'x-file-name': { type: 'string', description: 'Name of the file, percent-encoded.' },
      'idempotency-key': { type: 'string', description: 'One delivery, one key.' },
    },
  },
  consumes: [
    'application/octet-stream',
    'text/csv',
    'application/json',
    'application/xml',
    'application/zip',
  ],
  body: { description: 'The document.' },
  response: {
    202: answer('Safely held; `Location` is where to follow it.', SHAPE),
    ...problems(400, 401, 403, 404, 409, 413, 503),
  },
}

/** Sending documents, listing submissions, following one, releasing and cancelling it. */
export function submissionRoutes(app: FastifyInstance, context: RestContext): void {
  app.register(async (inner) => sendRoute(inner, context))
  listRoutes(app, context)
  decisionRoutes(app, context)
}

function sendRoute(app: FastifyInstance, { ports, config, signIn }: RestContext): void {
  // The document is any bytes at all: nothing here reads, gathers or decodes them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.post<{ Params: { exchange: string }; Querystring: Send }>(
    '/v1/exchanges/:exchange/submissions',
    {
      bodyLimit: config.documentBytesMax,
      onRequest: signIn,
      schema: SEND_DOC,
      validatorCompiler: bodyUnread(app),
    },
    async (request, reply) => {
      const { exchange } = request.params
      const { scope, dryRun, reconcile, realm, partner } = request.query
      const { who } = allow(request, ports, exchange, 'submit')
      const view = await ports.submit.document({
        who,
        exchange,
        realm: realmOf(who, realm),
        partner: partnerOf(who, partner),
        channel: 'rest',
        fileName: fileName(request.headers),
        contentType: request.headers['content-type'] ?? null,
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
        ...(reconcile ? { scope: 'refresh', dryRun: true, reconcile } : { scope, dryRun }),
        bytes: bodyBytes(request.raw, { bytesMax: config.documentBytesMax, idleMs: config.idleMs }),
      })
      const acknowledgement = await ports.submissions.acknowledgement(view.tracking)
      return reply
        .code(202)
        .header('location', `/v1/submissions/${view.tracking}`)
        .send({ ...view, acknowledgement })
    },
  )
}

/** Validates parameters as everywhere, and leaves a streamed body alone. */
function bodyUnread(app: FastifyInstance): NonNullable<FastifyInstance['validatorCompiler']> {
  return (part) => {
    if (part.httpPart === 'body') return () => true
    const compile = app.validatorCompiler
    return compile === undefined ? () => true : compile(part)
  }
}

function listRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const querystring = parameters({ ...PAGING, ...FILTERS })
  const response = { 200: answer('Newest first.', pageOf('Submission')), ...problems(401, 403, 404) }
  app.get<{ Querystring: Listing }>(
    '/v1/submissions',
    {
      onRequest: signIn,
      schema: { tags: TAGS, summary: 'Submissions of all exchanges', querystring, response },
    },
    async (request) => {
      return ports.submissions.list(searchOf(whoOf(request), null, request.query))
    },
  )
  app.get<{ Params: { exchange: string }; Querystring: Listing }>(
    '/v1/exchanges/:exchange/submissions',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Submissions of one exchange',
        params: parameters({ exchange: PLACE.exchange }),
        querystring,
        response,
      },
    },
    async (request) => {
      const { exchange } = request.params
      const { who } = allow(request, ports, exchange, 'submit', 'read', 'release')
      return ports.submissions.list(searchOf(who, exchange, request.query))
    },
  )
  app.get<{ Params: { tracking: string } }>(
    '/v1/submissions/:tracking',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One submission, with live progress',
        params: parameters({ tracking: PLACE.tracking }),
        response: { 200: answer('Where it stands.', SHAPE), ...problems(401, 404) },
      },
    },
    async (request) => submissionOf(request, ports, request.params.tracking, 'submit', 'read', 'release'),
  )
}

function searchOf(who: Who, exchange: string | null, query: Listing): SubmissionSearch {
  const { partner, limit, withErrors = false } = query
  if (partner !== undefined && !who.centre && partner !== who.partner)
    throw new Fault('NOT_ALLOWED', { reason: 'Only the centre looks at those of other partners.' })
  return {
    partners: partner === undefined ? ownSubmissions(who) : [partner],
    exchange,
    realm: query.realm ?? null,
    state: query.state ?? null,
    kind: query.kind ?? null,
    withErrors,
    from: query.from ?? null,
    until: query.until ?? null,
    text: query.text ?? null,
    limit,
    after: query.after ?? null,
  }
}

function decisionRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const params = parameters({ tracking: PLACE.tracking })
  const response = { 200: answer('Where it stands now.', SHAPE), ...problems(400, 401, 403, 404, 409) }
  app.post<{ Params: { tracking: string } }>(
    '/v1/submissions/:tracking/release',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Release a held submission',
        description:
          'It is surveyed again first, and held again if it would now do more than its preview said.',
        params,
        response,
      },
    },
    async (request) => {
      const { tracking } = request.params
      await submissionOf(request, ports, tracking, 'release')
      return ports.submit.release(whoOf(request), tracking)
    },
  )
  app.post<{ Params: { tracking: string }; Body: { reason?: string } | undefined }>(
    '/v1/submissions/:tracking/cancel',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Cancel a submission that has not begun to change anything',
        params,
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { reason: { type: 'string', maxLength: 500 } },
          examples: [{ reason: 'The wrong file.' }],
        },
        response,
      },
    },
    async (request) => {
      const { tracking } = request.params
      await submissionOf(request, ports, tracking, 'submit', 'release')
      return ports.submit.cancel(whoOf(request), tracking, request.body?.reason ?? 'Cancelled by the sender.')
    },
  )
}
