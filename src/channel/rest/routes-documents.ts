import type { FastifyInstance } from 'fastify'
import { CONTENT_TYPES } from '../../decode/document-kind.ts'
import type { DocumentType, RecordType } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import type { Realm } from '../../store/model.ts'
import { allow, readableBooks, realmOf } from './access.ts'
import { alreadyHeld } from './content.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import type { RecordView } from './ports.ts'
import { RequestError } from './problem.ts'
import { typeOf } from './routes-records.ts'
import { download, PLACE, parameters, problems, SENDER } from './schemas.ts'

interface DocumentPlace {
  readonly Params: { exchange: string; type: string; key: string; field: string }
  readonly Querystring: { realm?: Realm; partner?: string }
}

/** Documents that are values of records: images and PDFs, as they were sent. */
export function documentRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<DocumentPlace>(
    '/v1/exchanges/:exchange/records/:type/:key/documents/:field',
    {
      onRequest: signIn,
      schema: {
        tags: ['records'],
        summary: 'A document of a record',
        description: 'The file as it was sent, of the record as it stands. The ETag is its SHA-256.',
        params: parameters({
          exchange: PLACE.exchange,
          type: PLACE.type,
          key: {
            type: 'string',
            maxLength: 500,
            description: 'The whole key; its parts joined by `/` (`%2F`).',
          },
          field: { type: 'string', maxLength: 40, description: 'Canonical name of the field.' },
        }),
        querystring: parameters({
          realm: SENDER.realm,
          partner: {
            type: 'string',
            maxLength: 64,
            description: 'Whose record, where several have one of that key.',
          },
        }),
        response: {
          200: download('The file, to be saved.', ...Object.values(CONTENT_TYPES)),
          ...problems(304, 400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { exchange, type: typeName, key, field } = request.params
      const { who, definition } = allow(request, ports, exchange, 'read')
      const type = typeOf(definition, typeName)
      const own = readableBooks(who, definition)
      const { partner } = request.query
      const partners = partner === undefined ? own : (own ?? [partner]).filter((one) => one === partner)
      const page = await ports.records.search({
        exchange,
        realm: realmOf(who, request.query.realm),
        partners,
        type: type.name,
        status: null,
        key,
        where: {},
        changedSince: null,
        limit: 2,
        after: null,
      })
      const [record, second] = page.items
      if (second !== undefined)
        throw new RequestError(
          400,
          'BAD_REQUEST',
          'Several partners have a record of this key; name the partner.',
        )
      const found = record === undefined ? null : documentIn(record, type, field)
      if (found === null) throw new Fault('NOT_FOUND', { what: `document ${field} of ${type.name} ${key}` })
      const etag = `"${found.sha256}"`
      reply.header('etag', etag).header('cache-control', 'private, no-cache')
      if (alreadyHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()
      const { bytes, stream } = await ports.records.document(found.sha256)
      const fileName = `${key.replaceAll('/', '-')}-${field}.${found.type}`
      return sendDownload(reply, { fileName, contentType: CONTENT_TYPES[found.type], bytes, stream })
    },
  )
}

/** The document in a field, null where the type has no such field, or the record nothing that could be kept in it. */
function documentIn(
  { body }: RecordView,
  { fields }: RecordType,
  name: string,
): { readonly sha256: string; readonly type: DocumentType } | null {
  const field = fields.find((one) => one.name === name && one.document !== null)
  const value = field === undefined ? undefined : (body as Readonly<Record<string, unknown>>)[name]
  if (typeof value !== 'object' || value === null || !('sha256' in value) || !('type' in value)) return null
  const { sha256, type } = value
  if (typeof sha256 !== 'string' || typeof type !== 'string' || !(type in CONTENT_TYPES)) return null
  return { sha256, type: type as DocumentType }
}
