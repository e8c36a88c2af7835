import type { FastifyInstance } from 'fastify'
import type { Finding, RawTree } from '../../exchange/parcel.ts'
import { allow, partnerOf } from './access.ts'
import { wantsXml } from './content.ts'
import type { RestContext } from './context.ts'
import { rawBody, recordBytesMax, takeRawBodies } from './routes-changes.ts'
import { type TypePlace, typeOf } from './routes-records.ts'
import { answer, PLACE, parameters, problems, SENDER } from './schemas.ts'
import { xmlDocument } from './xml-text.ts'

interface ValidateQuery {
  readonly checks: 'fields' | 'relations' | 'both'
  readonly names?: 'native' | 'wire'
  readonly partner?: string
}

const VALIDATE_DOC = {
  tags: ['records'],
  summary: 'Validate one record, storing nothing',
  description:
    'Field checks, relations between fields, or both. The answer is JSON or XML, as `Accept` asks; ' +
    'without it, like the body.',
  params: parameters({ exchange: PLACE.exchange, type: PLACE.type }),
  querystring: parameters({
    checks: { type: 'string', enum: ['fields', 'relations', 'both'], default: 'both' },
    names: { type: 'string', enum: ['native', 'wire'] },
    partner: SENDER.partner,
  }),
  consumes: ['application/json', 'application/xml'],
  body: { description: 'The record, as JSON or XML.' },
  response: {
    200: answer('The record as sent, as understood, and all its findings.', {
      type: 'object',
      properties: {
        valid: { type: 'boolean', description: 'Neither fatal findings nor errors.' },
        checks: { type: 'string' },
        version: { type: 'string' },
        record: { type: 'object', additionalProperties: true },
        body: { type: 'object', additionalProperties: true },
        findings: { type: 'array', items: { $ref: 'Finding#' } },
      },
    }),
    ...problems(400, 401, 403, 404, 413, 415),
  },
}

/** Validation alone: the record comes back with its findings, and nothing is stored. */
export function validateRoutes(app: FastifyInstance, context: RestContext): void {
  const { ports, config, signIn } = context
  app.register(async (inner) => {
    takeRawBodies(inner, recordBytesMax(context), config.smallBodyMs)
    inner.post<TypePlace & { Querystring: ValidateQuery }>(
      '/v1/exchanges/:exchange/:type/validate',
      {
        onRequest: signIn,
        schema: VALIDATE_DOC,
      },
      async (request, reply) => {
        const { exchange, type } = request.params
        const { who, definition } = allow(request, ports, exchange, 'validate', 'submit')
        const { checks, names, partner } = request.query
        const body = rawBody(request, names)
        const judged = await ports.submit.validate({
          exchange,
          type: typeOf(definition, type).name,
          partner: partnerOf(who, partner),
          checks,
          ...body,
        })
        const valid = !judged.findings.some((one) => one.severity === 'fatal' || one.severity === 'error')
        if (!wantsXml(request.headers.accept, body.format === 'xml'))
          return reply.send({ valid, checks, ...judged })
        return reply.type('application/xml; charset=utf-8').send(
          xmlDocument('Validation', {
            Valid: valid,
            Checks: checks,
            Version: judged.version,
            Record: judged.record,
            Findings: { Finding: judged.findings.map(findingTree) },
          }),
        )
      },
    )
  })
}

function findingTree(finding: Finding): RawTree {
  return {
    Code: finding.code,
    Severity: finding.severity,
    Path: finding.path,
    Field: finding.field,
    Item: finding.item,
    Message: finding.message,
    Value: finding.value,
  }
}
