import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { allow, concerns, whoOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import { answer, PLACE, parameters, problems } from './schemas.ts'

const TAGS = ['exchanges']
const OPEN = { type: 'object', additionalProperties: true }
const text = { type: 'string' } as const
const day = { type: ['string', 'null'], format: 'date' } as const
const CODE = {
  type: 'object',
  required: ['code', 'label', 'from', 'until'],
  properties: { code: text, label: text, from: day, until: day },
}
const LIST_VIEW = {
  type: 'object',
  required: ['list', 'title', 'values', 'imported', 'importedAt', 'fields'],
  properties: {
    list: text,
    title: text,
    values: { type: 'integer' },
    imported: { type: 'boolean', description: 'Kept as data, and not stated by the definition.' },
    importedAt: { type: ['string', 'null'], format: 'date-time' },
    fields: { type: 'array', items: text, description: 'Paths that begin with the record type.' },
  },
}
const itemsOf = (items: object, more: object = {}) => ({
  type: 'object',
  required: ['items', ...Object.keys(more)],
  properties: { items: { type: 'array', items }, ...more },
})
const LIST = { type: 'string', minLength: 1, maxLength: 100, description: 'Name of the code list.' } as const
/** A code table is read whole; the largest published ones are some hundred kilobytes. */
const tableBytesMax = 32 * 2 ** 20

interface ListPlace {
  Params: { exchange: string; list: string }
}

/** Code lists: which there are, what they hold, and importing those that others publish. */
export function codeRoutes(app: FastifyInstance, context: RestContext): void {
  readRoutes(app, context)
  app.register(async (inner) => importRoute(inner, context))
}

/** Throws NOT_FOUND for an exchange the caller has nothing to do with. */
function takesPart(request: FastifyRequest, exchange: string): void {
  if (!concerns(whoOf(request), exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
}

function readRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Params: { exchange: string } }>(
    '/v1/codes/:exchange',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The code lists of an exchange',
        params: parameters({ exchange: PLACE.exchange }),
        response: {
          200: answer('Name, title, size, and the fields that use it.', itemsOf(LIST_VIEW)),
          ...problems(401, 404),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      takesPart(request, exchange)
      const used = ports.codeTables.usedBy(exchange)
      const lists = await ports.codes.lists(exchange)
      return { items: lists.map((list) => ({ ...list, fields: used[list.list] ?? [] })) }
    },
  )
  app.get<ListPlace & { Querystring: { search?: string; limit: number; after?: string } }>(
    '/v1/codes/:exchange/:list',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The codes of a list',
        params: parameters({ exchange: PLACE.exchange, list: LIST }),
        querystring: parameters({
          search: { type: 'string', maxLength: 100, description: 'Text that code or label must hold.' },
          limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
          after: { type: 'string', maxLength: 200 },
        }),
        response: {
          200: answer('Codes with labels and dates.', itemsOf(CODE, { next: { type: ['string', 'null'] } })),
          ...problems(400, 401, 404),
        },
      },
    },
    async (request) => {
      const { exchange, list } = request.params
      takesPart(request, exchange)
      const { search = null, limit, after = null } = request.query
      return ports.codes.values(exchange, list, { search, limit, after })
    },
  )
}

function importRoute(app: FastifyInstance, { ports, signIn, config }: RestContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: tableBytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('preParsing', async (request) => boundSmallBody(request.raw, config.idleMs))
  app.put<ListPlace>(
    '/v1/codes/:exchange/:list',
    {
      bodyLimit: tableBytesMax,
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Import a code list',
        description:
          'A CSV file with the columns that the definition names. It replaces the list as a whole.',
        params: parameters({ exchange: PLACE.exchange, list: LIST }),
        consumes: ['text/csv'],
        body: { description: 'The CSV file.' },
        response: { 200: answer('What changed.', OPEN), ...problems(400, 401, 403, 404, 413) },
      },
    },
    async (request) => {
      const { exchange, list } = request.params
      const { who } = allow(request, ports, exchange, 'manage')
      // Every partner's records are held against the list.
      if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre imports code lists.' })
      const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      return ports.codes.import(who, exchange, list, strictText(content))
    },
  )
}

/** A wrong encoding must not turn into other letters in silence. */
function strictText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Fault('BAD_REQUEST', { reason: 'The file is not UTF-8.' })
  }
}
