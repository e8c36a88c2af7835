import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFault } from '../../fault/fault.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import type { IssuedToken } from './identity-port.ts'
import { problemOf, RequestError } from './problem.ts'
import { answer, problems } from './schemas.ts'

const TAGS = ['signing in']
const OPEN = { type: 'object', additionalProperties: true }
const secretText = { type: 'string', minLength: 1, maxLength: 1024 } as const
const accountText = { type: 'string', minLength: 1, maxLength: 128 } as const
const FREE = { security: [] }

interface TokenForm {
  readonly grant_type?: string
  readonly client_id?: string
  readonly client_secret?: string
}

/** Signing in, changing a password, the public keys, and whether the node is up. */
export function identityRoutes(app: FastifyInstance, context: RestContext): void {
  app.register(async (inner) => {
    inner.addHook('preParsing', async (request) => boundSmallBody(request.raw, context.config.smallBodyMs))
    inner.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 8192 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    oauthRoute(inner, context)
    passwordRoutes(inner, context)
  })
  openRoutes(app, context)
}

function oauthRoute(app: FastifyInstance, { identity }: RestContext): void {
  app.post<{ Body: TokenForm | undefined }>(
    '/v1/oauth/token',
    {
      schema: {
        tags: TAGS,
        ...FREE,
        summary: 'A token for a machine (OAuth 2.0 client credentials)',
        description:
          'Name and secret as HTTP Basic credentials, or as `client_id` and `client_secret` in the form. ' +
          'An error is problem details that also carry the `error` of RFC 6749.',
        consumes: ['application/x-www-form-urlencoded', 'application/json'],
        body: {
          type: ['object', 'null'],
          properties: {
            grant_type: { type: 'string', const: 'client_credentials' },
            client_id: accountText,
            client_secret: secretText,
            scope: { type: 'string' },
          },
          examples: [{ grant_type: 'client_credentials', client_id: 'records-system', client_secret: '…' }],
        },
        response: { 200: answer('Use it as a bearer token.', { $ref: 'Token#' }), ...problems(400, 401) },
      },
    },
    async (request, reply) => {
      const form = request.body ?? {}
      if (form.grant_type !== 'client_credentials')
        throw new RequestError(400, 'UNSUPPORTED_GRANT', 'grant_type must be client_credentials.', {
          error: 'unsupported_grant_type',
        })
      const basic = basicCredentials(request)
      const account = basic?.account ?? form.client_id
      const secret = basic?.secret ?? form.client_secret
      if (account === undefined || secret === undefined)
        throw new RequestError(400, 'BAD_REQUEST', 'Send client_id and client_secret.', {
          error: 'invalid_request',
        })
      try {
        return sendToken(reply, await identity.issueToken({ account, secret, address: request.ip }))
      } catch (error) {
        if (!isFault(error, 'NOT_SIGNED_IN')) throw error
        const { problem } = problemOf(error, request.id)
        reply.header('www-authenticate', 'Basic realm="tributary"')
        throw new RequestError(401, 'NOT_SIGNED_IN', problem.detail, { error: 'invalid_client' })
      }
    },
  )
}

function basicCredentials(request: FastifyRequest): { account: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) return null
  // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
  return { account: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, '%20'))
  } catch {
    return text
  }
}

function sendToken(reply: FastifyReply, issued: IssuedToken): FastifyReply {
  return reply.header('cache-control', 'no-store').send({
    access_token: issued.token,
    token_type: 'Bearer',
    expires_in: issued.expiresInSeconds,
    ...(issued.mustChangePassword ? { must_change_password: true } : {}),
  })
}

function passwordRoutes(app: FastifyInstance, { identity }: RestContext): void {
  app.post<{ Body: { account: string; password: string; code?: string } }>(
    '/v1/authenticate',
    {
      schema: {
        tags: TAGS,
        ...FREE,
        summary: 'A token for a name and a password',
        description: 'An account with a second factor sends its code too.',
        body: {
          type: 'object',
          required: ['account', 'password'],
          additionalProperties: false,
          properties: { account: accountText, password: secretText, code: { type: 'string', maxLength: 40 } },
          examples: [{ account: 'data.officer', password: '…' }],
        },
        response: { 200: answer('Use it as a bearer token.', { $ref: 'Token#' }), ...problems(400, 401) },
      },
    },
    async (request, reply) => {
      const { account, password, code } = request.body
      const credentials = { account, secret: password, address: request.ip }
      return sendToken(
        reply,
        await identity.issueToken(code === undefined ? credentials : { ...credentials, code }),
      )
    },
  )
  app.post<{ Body: { account: string; password: string; newPassword: string } }>(
    '/v1/password',
    {
      schema: {
        tags: TAGS,
        ...FREE,
        summary: 'Change a password, a one-time one included',
        body: {
          type: 'object',
          required: ['account', 'password', 'newPassword'],
          additionalProperties: false,
          properties: { account: accountText, password: secretText, newPassword: secretText },
        },
        response: { 204: { description: 'Changed.', type: 'null' }, ...problems(400, 401) },
      },
    },
    async (request, reply) => {
      const { account, password, newPassword } = request.body
      await identity.changePassword({ account, secret: password, newPassword, address: request.ip })
      return reply.code(204).send()
    },
  )
}

function openRoutes(app: FastifyInstance, { identity, ports }: RestContext): void {
  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        tags: TAGS,
        ...FREE,
        summary: 'Public keys that verify tokens, acknowledgements and receipts',
        response: { 200: answer('A JSON Web Key Set.', OPEN), ...problems() },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(await identity.publicKeys()),
  )
  app.get(
    '/health',
    {
      schema: {
        tags: ['node'],
        ...FREE,
        summary: 'Is the node up, and does it keep what it is given?',
        response: {
          200: answer('Ready.', OPEN),
          503: answer('Not ready.', OPEN),
        },
      },
    },
    async (_request, reply) => {
      const health = await ports.health()
      return reply.code(health.ready ? 200 : 503).send(health)
    },
  )
}
