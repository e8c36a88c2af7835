import type { FastifyInstance } from 'fastify'
import { allow } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import { EXPORT_FORMATS, type ExportFormat } from './ports.ts'
import { queryOf, SEARCH, type Search } from './record-search.ts'
import { type TypePlace, typeOf } from './routes-records.ts'
import { download, PLACE, parameters, problems } from './schemas.ts'

interface ExportQuery extends Search {
  readonly format: ExportFormat
}

/** What a search finds, as a file. */
export function recordExportRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<TypePlace & { Querystring: ExportQuery }>(
    '/v1/exchanges/:exchange/:type/export',
    {
      onRequest: signIn,
      schema: {
        tags: ['records'],
        summary: 'Download the records that a search finds',
        description:
          'Takes the parameters of the search, without its paging. The file has the names and columns in which ' +
          'records are sent, and says of none what to do with it.',
        params: parameters({ exchange: PLACE.exchange, type: PLACE.type }),
        querystring: {
          type: 'object',
          properties: {
            format: { type: 'string', enum: EXPORT_FORMATS, default: 'csv' },
            ...SEARCH,
          },
          additionalProperties: { type: 'string', maxLength: 500 },
        },
        response: {
          200: download('The file.', 'text/csv', 'application/json', 'application/xml'),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { who, definition } = allow(request, ports, request.params.exchange, 'read')
      const { format, ...search } = request.query
      const query = queryOf(who, definition, typeOf(definition, request.params.type), search)
      return sendDownload(reply, await ports.records.export(query, format))
    },
  )
}
