import type { FastifyInstance } from 'fastify'
import type { Definition } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import { type Interactive, interactiveOf, namespaceOf } from '../../publish/interactive.ts'
import { interactiveSchema } from '../../publish/interactive-schema.ts'
import { concerns, whoOf } from './access.ts'
import { attachment, bodyFormat } from './content.ts'
import type { RestContext } from './context.ts'
import { sendFault } from './interactive-answer.ts'
import { readCall } from './interactive-call.ts'
import { OPERATIONS } from './interactive-operations.ts'
import { problemOf, RequestError } from './problem.ts'
import { recordBytesMax, takeRawBodies } from './routes-changes.ts'
import { download, PLACE, parameters, problems } from './schemas.ts'

const TAGS = ['interactive XML']
const PARAMS = parameters({ exchange: PLACE.exchange })

interface Place {
  readonly Params: { readonly exchange: string }
}

const CALL_DOC = {
  tags: TAGS,
  summary: 'One call in XML, answered in XML',
  description:
    'Lookup, Enter, Update, CorrectStatus, Messages or ClearMessages, as the exchange offers them. The schema of ' +
    'calls, answers and faults is at `interactive.xsd`. A record that is not stored is answered with 422 and the ' +
    'findings; whatever else goes wrong is a Fault in XML with the status it has everywhere.',
  params: PARAMS,
  consumes: ['application/xml', 'text/xml'],
  body: { description: 'The call.' },
  response: {
    200: download('The answer.', 'application/xml'),
    422: download('The record was not stored: the answer says why.', 'application/xml'),
    default: download('A fault.', 'application/xml'),
  },
}

/** Synchronous calls in XML for single records and messages, through the same river as files. */
export function interactiveRoutes(app: FastifyInstance, context: RestContext): void {
  schemaRoute(app, context)
  app.register(async (inner) => {
    takeRawBodies(inner, recordBytesMax(context), context.config.smallBodyMs)
    inner.setErrorHandler((error, request, reply) => {
      const { exchange } = request.params as Place['Params']
      const known = context.ports.definitions.list().find((one) => one.exchange === exchange)
      const namespace = namespaceOf(exchange, known?.formats.xml.namespace ?? null)
      const answer = problemOf(error, request.id)
      if (answer.problem.status >= 500)
        context.log.error({ requestId: request.id, code: answer.problem.code, err: error }, 'http.failed')
      return sendFault(reply, namespace, answer)
    })
    inner.post<Place>(
      '/v1/exchanges/:exchange/interactive',
      { onRequest: context.signIn, schema: CALL_DOC },
      async (request, reply) => {
        const definition = context.ports.definitions.get(request.params.exchange)
        const interactive = offered(definition)
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        if (bodyFormat(request.headers['content-type']) !== 'xml')
          throw new RequestError(415, 'UNSUPPORTED_MEDIA', 'Send application/xml.')
        const call = await readCall(bytes, definition, interactive)
        const asked = { context, request, reply, definition, interactive, call, bytes }
        return OPERATIONS[call.name](asked)
      },
    )
  })
}

function offered(definition: Definition): Interactive {
  const interactive = interactiveOf(definition)
  if (interactive === null)
    throw new Fault('NOT_FOUND', {
      what: `interactive interface of ${definition.exchange}: its records are called like calls`,
    })
  return interactive
}

function schemaRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<Place>(
    '/v1/exchanges/:exchange/interactive.xsd',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'XML Schema of the calls, made from the definition',
        params: PARAMS,
        response: { 200: download('The schema.', 'application/xml'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const { exchange } = request.params
      const definition = ports.definitions.get(exchange)
      if (!concerns(whoOf(request), exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
      const text = interactiveSchema(definition, offered(definition))
      return reply
        .header('content-disposition', attachment(`${exchange}-interactive.xsd`))
        .type('application/xml; charset=utf-8')
        .send(text)
    },
  )
}
