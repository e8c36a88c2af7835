import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DEFAULT_LIMITS, limitsOf } from '../../decode/limits.ts'
import type { Definition, Operation, RecordType } from '../../exchange/definition.ts'
import type { Grant } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { allow, partnerOf, realmOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import { bodyFormat, etagOf, expectedVersion, idempotencyKey } from './content.ts'
import type { RestContext } from './context.ts'
import type { OneRecordResult } from './ports.ts'
import { makeProblem, RequestError, sendProblem } from './problem.ts'
import { NO_BODY, REASON_BODY, reasonBody } from './reason-body.ts'
import { type RecordPlace, recordOf, type TypePlace, typeOf } from './routes-records.ts'
import { answer, PLACE, parameters, problems, SENDER } from './schemas.ts'

const TAGS = ['records']
const RESULT = { $ref: 'RecordResult#' }
const TYPE_PARAMS = parameters({ exchange: PLACE.exchange, type: PLACE.type })
const ID_PARAMS = parameters({ exchange: PLACE.exchange, type: PLACE.type, id: PLACE.id })
const NAMES = {
  type: 'string',
  enum: ['native', 'wire'],
  description: "Names in the body: this API's own (JSON, the default) or those of the exchange (XML always).",
} as const
const QUERY = parameters({ ...SENDER, names: NAMES })
const HEADERS = {
  type: 'object',
  properties: {
    'if-match': {
      type: 'string',
      description: 'ETag of the version you read; 412 when it is no longer current.',
    },
    'idempotency-key': { type: 'string', description: 'Sent again with the same key, it is done once.' },
  },
} as const

interface ChangeQuery {
  readonly realm: Realm
  readonly partner?: string
  readonly names?: 'native' | 'wire'
}

/** Takes bodies as bytes: they are kept as a document before anything reads them. */
export function takeRawBodies(app: FastifyInstance, bytesMax: number, smallBodyMs: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('preParsing', async (request) => boundSmallBody(request.raw, smallBodyMs))
}

/** The body of the call as bytes and how to read it. Throws 415 for what is neither JSON nor XML. */
export function rawBody(
  request: FastifyRequest,
  names: 'native' | 'wire' | undefined,
): { readonly bytes: Uint8Array; readonly format: 'json' | 'xml'; readonly names: 'native' | 'wire' } {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (request.headers['content-encoding'] !== undefined && request.headers['content-encoding'] !== 'identity')
    throw new RequestError(415, 'UNSUPPORTED_MEDIA', 'A single record is sent uncompressed.')
  const format = bodyFormat(request.headers['content-type'])
  if (format === null)
    throw new RequestError(415, 'UNSUPPORTED_MEDIA', 'Send application/json or application/xml.')
  return { bytes, format, names: format === 'xml' ? 'wire' : (names ?? 'native') }
}

/** The largest body of one record: that of the exchange whose records hold the largest documents. */
export function recordBytesMax({ ports, config }: RestContext): number {
  const more = ports.definitions
    .list()
    .map((definition) => limitsOf(definition).recordBytesMax - DEFAULT_LIMITS.recordBytesMax)
  return config.recordBytesMax + Math.max(0, ...more)
}

/** Changing one record in one call, with the outcome and all findings in the answer. */
export function changeRoutes(app: FastifyInstance, context: RestContext): void {
  app.register(async (inner) => {
    takeRawBodies(inner, recordBytesMax(context), context.config.smallBodyMs)
    createRoute(inner, context)
    for (const change of CHANGES) changeRoute(inner, context, change)
  })
}

const RECORD_BODY = { description: 'The record, as JSON or XML.' }

function createRoute(app: FastifyInstance, context: RestContext): void {
  app.post<TypePlace & { Querystring: ChangeQuery }>(
    '/v1/exchanges/:exchange/:type',
    {
      onRequest: context.signIn,
      schema: {
        tags: TAGS,
        summary: 'Send one record',
        description: 'Its own operation field decides what is done with it; without one it is created.',
        params: TYPE_PARAMS,
        querystring: QUERY,
        headers: HEADERS,
        consumes: ['application/json', 'application/xml'],
        body: RECORD_BODY,
        response: {
          200: answer('Done; nothing new was made.', RESULT),
          201: answer('Created; `Location` and `ETag` are the new record’s.', RESULT),
          ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
        },
      },
    },
    async (request, reply) => {
      const { exchange } = request.params
      const { who, definition } = allow(request, context.ports, exchange, 'submit')
      const type = typeOf(definition, request.params.type)
      const result = await context.ports.submit.one({
        who,
        exchange,
        realm: realmOf(who, request.query.realm),
        partner: partnerOf(who, request.query.partner),
        channel: 'rest',
        type: type.name,
        operation: null,
        recordId: null,
        expectedVersion: expectedVersion(request.headers['if-match']),
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
        ...rawBody(request, request.query.names),
      })
      return sendResult(request, reply, definition, type, result)
    },
  )
}

interface Change {
  readonly method: 'PUT' | 'PATCH' | 'DELETE' | 'POST'
  readonly url: string
  readonly operation: Operation
  readonly grant: Grant
  readonly summary: string
  readonly body: boolean
}

const CHANGES: readonly Change[] = [
  {
    method: 'PUT',
    url: '',
    operation: 'replace',
    grant: 'submit',
    summary: 'Replace a record',
    body: true,
  },
  {
    method: 'PATCH',
    url: '',
    operation: 'merge',
    grant: 'submit',
    summary: 'Change some fields of a record (JSON merge patch, RFC 7396)',
    body: true,
  },
  {
    method: 'DELETE',
    url: '',
    operation: 'delete',
    grant: 'delete',
    summary: 'Delete a record; its history stays',
    body: false,
  },
  {
    method: 'POST',
    url: '/close',
    operation: 'close',
    grant: 'close',
    summary: 'Close a record: nothing more will be known',
    body: false,
  },
  {
    method: 'POST',
    url: '/rename',
    operation: 'rename',
    grant: 'submit',
    summary: 'Give a record another key (a JSON merge patch that says it); its former key still finds it',
    body: true,
  },
]

function changeRoute(app: FastifyInstance, context: RestContext, change: Change): void {
  app.route<RecordPlace & { Querystring: ChangeQuery }>({
    method: change.method,
    url: `/v1/exchanges/:exchange/:type/:id${change.url}`,
    onRequest: context.signIn,
    schema: {
      tags: TAGS,
      summary: change.summary,
      params: ID_PARAMS,
      querystring: parameters({ partner: SENDER.partner, ...(change.body ? { names: NAMES } : {}) }),
      headers: HEADERS,
      ...(change.body
        ? {
            consumes: [
              change.operation === 'merge' || change.operation === 'rename'
                ? 'application/merge-patch+json'
                : 'application/json',
            ],
            body: RECORD_BODY,
          }
        : change.operation === 'delete'
          ? { consumes: ['application/json'], body: REASON_BODY }
          : {}),
      response: {
        200: answer('Done.', RESULT),
        ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const { exchange, id } = request.params
      const { who, definition } = allow(request, context.ports, exchange, change.grant)
      const type = typeOf(definition, request.params.type)
      const current = await recordOf(context.ports, who, definition, request.params)
      const result = await context.ports.submit.one({
        who,
        exchange,
        // A record is changed in the realm it lives in, whatever the call says.
        realm: current.realm,
        // The record names its book; a centre that changes it acts for the partner whose book it is.
        partner: who.centre
          ? (request.query.partner ?? current.partner)
          : partnerOf(who, request.query.partner),
        channel: 'rest',
        type: type.name,
        operation: change.operation,
        recordId: id,
        expectedVersion: expectedVersion(request.headers['if-match']),
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
        ...(change.body
          ? rawBody(request, request.query.names)
          : change.operation === 'delete'
            ? reasonBody(request)
            : NO_BODY),
      })
      return sendResult(request, reply, definition, type, result)
    },
  })
}

function sendResult(
  request: FastifyRequest,
  reply: FastifyReply,
  definition: Definition,
  type: RecordType,
  result: OneRecordResult,
): FastifyReply {
  if (result.repeated) reply.header('idempotency-replayed', 'true')
  if (result.outcome === 'rejected') return sendRejected(request, reply, type, result)
  if (result.version !== null) reply.header('etag', etagOf(result.version))
  if (result.outcome === 'created')
    reply.header('location', `/v1/exchanges/${definition.exchange}/${type.name}/${result.recordId}`)
  return reply.code(result.outcome === 'created' ? 201 : 200).send(result)
}

/** Refused for what is stored already: 409, or 412 when it changed since it was read; for its content: 422. */
function sendRejected(
  request: FastifyRequest,
  reply: FastifyReply,
  type: RecordType,
  result: OneRecordResult,
): FastifyReply {
  const { exists, closed, duplicates } = type.identity
  const conflicts = new Set([exists.code, closed.code, 'IN_USE', ...duplicates.map((one) => one.code)])
  const fatal = result.findings.filter((one) => one.severity === 'fatal')
  const changed = fatal.some((one) => one.code === 'VERSION_CHANGED')
  const status = changed ? 412 : fatal.some((one) => conflicts.has(one.code)) ? 409 : 422
  const detail = fatal.map((one) => `${one.code}: ${one.message}`).join(' ')
  const { tracking, repeated, position, recordId, key, outcome, findings } = result
  const more = { tracking, repeated, position, recordId, key, outcome, findings }
  const problem = makeProblem(
    status,
    'RECORD_REJECTED',
    detail || 'The record was not stored.',
    request.id,
    more,
  )
  return sendProblem(reply, { problem, headers: {}, unexpected: false })
}
