import type { FastifyInstance, FastifyRequest } from 'fastify'
import { insider, whoOf } from './access.ts'
import { wantsCsv } from './content.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import type { TransferListing } from './ports-bulk.ts'
import { answer, NAMES, PAGING, pageOf, parameters, problems } from './schemas.ts'

interface Query {
  readonly partner?: string
  readonly from?: string
  readonly before?: string
  readonly limit: number
  readonly after?: string
}

const time = { type: 'string', format: 'date-time' } as const

/** The transfer log of the file server: a partner sees its own lines, the centre all. */
export function transferRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Query }>(
    '/v1/transfers',
    {
      onRequest: signIn,
      schema: {
        tags: ['files'],
        summary: 'The transfer log: log-ins, uploads, downloads, renames, removals',
        description: 'With `Accept: text/csv` all lines as one CSV file, the oldest first.',
        querystring: parameters({
          partner: { ...NAMES.partner, description: 'Only of this partner.' },
          from: { ...time, description: 'From this moment on.' },
          before: { ...time, description: 'Before this moment.' },
          ...PAGING,
        }),
        response: { 200: linesAnswer(), ...problems(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const query = listingOf(request, request.query)
      if (wantsCsv(request.headers.accept)) return sendDownload(reply, ports.bulk.transfers.csv(query))
      const { limit, after = null } = request.query
      return ports.bulk.transfers.list({ ...query, limit, after })
    },
  )
}

function linesAnswer(): object {
  const json = answer('Newest first.', pageOf('Transfer')) as { content: object }
  return { ...json, content: { ...json.content, 'text/csv': { schema: { type: 'string' } } } }
}

function listingOf(request: FastifyRequest, { partner, from, before }: Query): TransferListing {
  const who = partner === undefined ? whoOf(request) : insider(request, partner)
  const iso = (text: string | undefined) => (text === undefined ? null : new Date(text).toISOString())
  return { partner: partner ?? (who.centre ? null : who.partner), from: iso(from), before: iso(before) }
}
