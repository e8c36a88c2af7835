import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Definition } from '../../exchange/definition.ts'
import { foldersOf } from '../../exchange/file-name.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import { administrator, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { RestIdentity } from './identity-port.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'

const TAGS = ['files']

/** How the bulk channels stand, for operators, and where the file server is, for everybody. */
export function statusRoutes(app: FastifyInstance, { ports, identity, signIn }: RestContext): void {
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
  app.get<{ Querystring: { account?: string } }>(
    '/v1/file-server',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Where the file server is, its keys, and the folders that you find there',
        querystring: parameters({
          account: { ...NAMES.account, description: 'The administrator only: as this account finds it.' },
        }),
        response: {
          200: answer('How to connect.', { $ref: 'FileServer#' }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const who = await visitor(request, identity, request.query.account)
      const server = ports.bulk.fileServer()
      const { host = null, port = null, fingerprints = [], keys = [] } = server ?? {}
      const known = server === null ? [] : await ports.registry.hostKeys.list()
      return {
        available: server !== null,
        host,
        port,
        fingerprints,
        keys,
        nextKeys: known
          .filter(({ fingerprint, state }) => state !== 'retired' && !fingerprints.includes(fingerprint))
          .map(({ kind, fingerprint, publicKey }) => ({ kind, fingerprint, publicKey })),
        account: who.name,
        mayConnect: who.channels?.includes('sftp') === true,
        folders: foldersFor(who, ports.definitions.list()),
      }
    },
  )
}

/** Of whom something is asked: the caller, or, by the administrator, an account that is named. */
async function visitor(
  request: FastifyRequest,
  identity: RestIdentity,
  account: string | undefined,
): Promise<Pick<Who, 'name' | 'realms' | 'grants' | 'channels'>> {
  if (account === undefined) return whoOf(request)
  administrator(request)
  const accounts = await identity.registry.accounts(null)
  const found = accounts.find(({ name }) => name.toLowerCase() === account.toLowerCase())
  if (found === undefined) throw new Fault('NOT_FOUND', { what: `account ${account}` })
  return found
}

/** The folders of the exchanges that somebody sends to or reads, as at the file server. */
function foldersFor({ grants, realms }: Pick<Who, 'realms' | 'grants'>, definitions: readonly Definition[]) {
  const sees = (exchange: string) =>
    grants.some(
      (entry) =>
        (entry.exchange === '*' || entry.exchange === exchange) &&
        (entry.grants.includes('submit') || entry.grants.includes('read')),
    )
  return definitions
    .filter(({ exchange }) => sees(exchange))
    .flatMap(({ exchange, files }) =>
      realms.map((realm) => ({ exchange, realm, ...foldersOf(files, realm) })),
    )
}
