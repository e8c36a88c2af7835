import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Outcome } from '../../exchange/parcel.ts'
import { OUTCOMES } from '../../exchange/parcel.ts'
import { Fault } from '../../fault/fault.ts'
import { ERROR_FORMATS, type ErrorFormat } from '../../feedback/error-formats.ts'
import { submissionOf } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import { eventStream } from './events.ts'
import { answer, download, PAGING, PLACE, pageOf, parameters, problems } from './schemas.ts'

const TAGS = ['reports']
const params = parameters({ tracking: PLACE.tracking })
const CODE_FOUND = {
  type: 'object',
  required: ['code', 'severity', 'count', 'message', 'field'],
  properties: {
    code: { type: 'string' },
    severity: { type: 'string', enum: ['fatal', 'error', 'warning', 'info'] },
    count: { type: 'integer' },
    message: { type: 'string', description: 'Of one of them.' },
    field: { type: 'string' },
  },
}
const whole = { type: 'integer', minimum: 0 } as const
const PREVIEW = {
  type: 'object',
  required: [
    'live',
    'create',
    'update',
    'unchanged',
    'reject',
    'remove',
    'cascade',
    'removeExamples',
    'deletionsHeld',
  ],
  properties: {
    live: { ...whole, description: 'Records that are there now.' },
    create: whole,
    update: whole,
    unchanged: whole,
    reject: whole,
    remove: { ...whole, description: 'Deleted for being absent.' },
    cascade: { ...whole, description: 'Deleted as they belong to those.' },
    removeExamples: { type: 'array', items: { type: 'string' } },
    deletionsHeld: { type: ['string', 'null'], description: 'Why nothing is deleted for being absent.' },
  },
  additionalProperties: true,
}
const REPORT_GRANTS = ['submit', 'read', 'release'] as const

interface Tracked {
  readonly Params: { tracking: string }
}
interface Paged {
  readonly limit: number
  readonly after?: string
}

/** Everything that can be fetched about one submission. */
export function reportRoutes(app: FastifyInstance, context: RestContext): void {
  entryRoutes(app, context)
  summaryRoutes(app, context)
  paperRoutes(app, context)
  downloadRoutes(app, context)
  eventRoute(app, context)
}

function entryRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<Tracked & { Querystring: Paged & { outcome?: Outcome } }>(
    '/v1/submissions/:tracking/outcomes',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What became of each record',
        params,
        querystring: parameters({ ...PAGING, outcome: { type: 'string', enum: OUTCOMES } }),
        response: {
          200: answer('In the order of the document.', pageOf('OutcomeEntry')),
          ...problems(401, 404),
        },
      },
    },
    async (request) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      const { outcome, limit, after } = request.query
      return ports.submissions.outcomes(tracking, { outcome: outcome ?? null, limit, after: after ?? null })
    },
  )
  app.get<Tracked & { Querystring: Paged & { code?: string } }>(
    '/v1/submissions/:tracking/findings',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'All findings',
        params,
        querystring: parameters({ ...PAGING, code: { type: 'string', maxLength: 64 } }),
        response: { 200: answer('Each with its position.', pageOf('FoundFinding')), ...problems(401, 404) },
      },
    },
    async (request) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      const { code, limit, after } = request.query
      return ports.submissions.findings(tracking, { code: code ?? null, limit, after: after ?? null })
    },
  )
}

function summaryRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const open = { type: 'object', additionalProperties: true }
  app.get<Tracked>(
    '/v1/submissions/:tracking/findings/summary',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Findings by code, most frequent first',
        params,
        response: {
          200: answer('One entry a code.', {
            type: 'object',
            required: ['items'],
            properties: { items: { type: 'array', items: CODE_FOUND } },
          }),
          ...problems(401, 404),
        },
      },
    },
    async (request) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      return { items: await ports.submissions.findingSummary(tracking) }
    },
  )
  app.get<Tracked>(
    '/v1/submissions/:tracking/preview',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What a held submission would do',
        params,
        response: { 200: answer('The counts and the limits they exceed.', PREVIEW), ...problems(401, 404) },
      },
    },
    async (request) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      return present(await ports.submissions.preview(tracking), 'preview: the submission is not held')
    },
  )
  app.get<{ Params: { tracking: string; position: number } }>(
    '/v1/submissions/:tracking/proof/:position',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "Proof of one record's outcome",
        description: 'The line of the session log and its path to the root that the receipt signs.',
        params: parameters({ tracking: PLACE.tracking, position: { type: 'integer', minimum: 1 } }),
        response: { 200: answer('Enough to verify offline.', open), ...problems(401, 404) },
      },
    },
    async (request) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      const { position } = request.params
      return present(await ports.submissions.proof(tracking, position), `record at position ${position}`)
    },
  )
}

function present<T>(value: T | null, what: string): T {
  if (value === null) throw new Fault('NOT_FOUND', { what })
  return value
}

function paperRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const response = { 200: download('A compact JWS.', 'application/jose'), ...problems(401, 404) }
  app.get<Tracked>(
    '/v1/submissions/:tracking/acknowledgement',
    {
      onRequest: signIn,
      schema: { tags: TAGS, summary: 'Signed paper: these bytes were taken in', params, response },
    },
    async (request, reply) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      return reply.type('application/jose').send(await ports.submissions.acknowledgement(tracking))
    },
  )
  app.get<Tracked>(
    '/v1/submissions/:tracking/receipt',
    {
      onRequest: signIn,
      schema: { tags: TAGS, summary: 'Signed paper: this is what was done', params, response },
    },
    async (request, reply) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      const receipt = present(
        await ports.submissions.receipt(tracking),
        'receipt yet: the submission is still open',
      )
      return reply.type('application/jose').send(receipt)
    },
  )
}

function downloadRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const files = [
    {
      name: 'error-file',
      summary: 'The rejected and faulty records, in the format that was sent',
      query: parameters({
        format: {
          type: 'string',
          enum: ERROR_FORMATS,
          description: 'Of a submission of files in several formats: the records of this one.',
        },
      }),
      get: (tracking: string, format: ErrorFormat | null) => ports.submissions.errorFile(tracking, format),
    },
    {
      name: 'session-log',
      summary: 'One line for every record (NDJSON, gzip)',
      query: parameters({}),
      get: (tracking: string) => ports.submissions.sessionLog(tracking),
    },
    {
      name: 'document',
      summary: 'The document as it was received',
      query: parameters({}),
      get: (tracking: string) => ports.submissions.document(tracking),
    },
  ]
  for (const { name, summary, query, get } of files)
    app.get<Tracked & { Querystring: { format?: ErrorFormat } }>(
      `/v1/submissions/:tracking/${name}`,
      {
        onRequest: signIn,
        schema: {
          tags: TAGS,
          summary,
          params,
          querystring: query,
          response: { 200: download('The file.', 'application/octet-stream'), ...problems(401, 404) },
        },
      },
      async (request, reply) => {
        const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
        return sendDownload(reply, await get(tracking, request.query.format ?? null))
      },
    )
}

function eventRoute(app: FastifyInstance, { ports, signIn, closing }: RestContext): void {
  app.get<Tracked>(
    '/v1/submissions/:tracking/events',
    {
      onRequest: signIn,
      compress: false,
      schema: {
        tags: ['submissions'],
        summary: 'Progress as server-sent events',
        description: '`progress` at each change, `closed` as the last one; the data is the submission.',
        params,
        response: { 200: download('Events.', 'text/event-stream'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const { tracking } = await submissionOf(request, ports, request.params.tracking, ...REPORT_GRANTS)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, closing])
      const events = Readable.from(eventStream(ports.submissions.watch(tracking, signal)))
      return reply.header('cache-control', 'no-store').type('text/event-stream').send(events)
    },
  )
}
