import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may } from '../../identity/who.ts'
import { insider, whoOf } from './access.ts'
import { bodyBytes } from './bodies.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import type { Ports } from './ports.ts'
import type { TreePlace } from './ports-bulk.ts'
import { answer, download, NAMES, PAGING, pageOf, parameters, problems } from './schemas.ts'

const TAGS = ['files']
const path = {
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  description: 'As the partner sees it: `/PROD/INPUT/stops.csv`.',
} as const
const params = parameters({ partner: NAMES.partner })

interface OfTree {
  readonly Params: { readonly partner: string }
  readonly Querystring: { readonly path: string }
}

/**
 * A partner's tree of the file server, by the API. Somebody of the partner sees the folders that it may see there;
 * an operator of the centre those of the exchanges that it manages, and may also put and remove files.
 */
export function treeRoutes(app: FastifyInstance, context: RestContext): void {
  listRoute(app, context)
  getRoute(app, context)
  removeRoute(app, context)
  app.register(async (inner) => putRoute(inner, context))
}

function placeOf(request: FastifyRequest, partner: string, path: string): TreePlace {
  return { by: insider(request, partner), address: request.ip, partner, path }
}

/** Throws NOT_ALLOWED for anybody but those who manage an exchange at the centre. */
function operator(request: FastifyRequest, ports: Ports): void {
  const who = whoOf(request)
  const manages = ports.definitions.list().some(({ exchange }) => may(who, 'manage', exchange))
  if (!who.centre || !manages)
    throw new Fault('NOT_ALLOWED', { reason: 'Only those who manage an exchange at the centre may do this.' })
}

function listRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<OfTree & { Querystring: { path: string; limit: number; after?: string } }>(
    '/v1/partners/:partner/files',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "What lies in a folder of a partner's tree",
        params,
        querystring: parameters({ path: { ...path, default: '/' }, ...PAGING }),
        response: {
          200: answer('Folders, then files by name.', pageOf('TreeEntry')),
          ...problems(400, 401, 404),
        },
      },
    },
    async (request) => {
      const { path: asked, limit, after = null } = request.query
      const place = placeOf(request, request.params.partner, asked)
      return ports.bulk.tree.list(place, { limit, after })
    },
  )
}

const url = '/v1/partners/:partner/files/content'
const querystring = parameters({ path }, ['path'])

function getRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<OfTree>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "A file of a partner's tree",
        params,
        querystring,
        response: { 200: download('Its bytes.', 'application/octet-stream'), ...problems(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const place = placeOf(request, request.params.partner, request.query.path)
      return sendDownload(reply, await ports.bulk.tree.get(place))
    },
  )
}

function removeRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.delete<OfTree>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a file from an input or output folder',
        description: 'For those who manage an exchange at the centre.',
        params,
        querystring,
        response: { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const place = placeOf(request, request.params.partner, request.query.path)
      operator(request, ports)
      await ports.bulk.tree.remove(place)
      return reply.code(204).send()
    },
  )
}

function putRoute(app: FastifyInstance, { ports, signIn, config }: RestContext): void {
  // The file is any bytes at all: nothing here reads, gathers or decodes them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.put<OfTree>(
    url,
    {
      bodyLimit: config.documentBytesMax,
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Put a file into an input folder, as if the partner had uploaded it',
        description:
          'For those who manage an exchange at the centre. The file is there whole or not at all, and takes the ' +
          'place of one of the same name.',
        params,
        querystring,
        consumes: ['application/octet-stream'],
        response: {
          201: answer('It lies there, to be picked up.', { $ref: 'TreeEntry#' }),
          ...problems(400, 401, 403, 404, 413),
        },
      },
    },
    async (request, reply) => {
      const place = placeOf(request, request.params.partner, request.query.path)
      operator(request, ports)
      const bytes = bodyBytes(request.raw, { bytesMax: config.documentBytesMax, idleMs: config.idleMs })
      return reply.code(201).send(await ports.bulk.tree.put(place, bytes))
    },
  )
}
