import type { FastifyInstance } from 'fastify'
import { foldersOf } from '../../exchange/file-name.ts'
import { administrator, concerns, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, problems } from './schemas.ts'

const TAGS = ['files']

/** How the bulk channels stand, for operators, and where the file server is, for everybody. */
export function statusRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get(
    '/v1/status/bulk',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'How folders, intakes, places and the mail queue stand',
        description: 'For the administrator.',
        response: { 200: answer('As it is now.', { $ref: 'BulkStatus#' }), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return ports.bulk.status()
    },
  )
  app.get(
    '/v1/file-server',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Where the file server is, its keys, and the folders of your exchanges',
        response: { 200: answer('How to connect.', { $ref: 'FileServer#' }), ...problems(401) },
      },
    },
    async (request) => {
      const who = whoOf(request)
      const server = ports.bulk.fileServer()
      const folders = ports.definitions
        .list()
        .filter(({ exchange }) => concerns(who, exchange))
        .flatMap(({ exchange, files }) =>
          who.realms.map((realm) => ({ exchange, realm, ...foldersOf(files, realm) })),
        )
      const { host = null, port = null, fingerprints = [] } = server ?? {}
      return { available: server !== null, host, port, fingerprints, folders }
    },
  )
}
