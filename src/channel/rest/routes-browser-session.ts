import type { FastifyInstance } from 'fastify'
import { whoOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import { RequestError } from './problem.ts'
import { answer, problems } from './schemas.ts'
import { clearSessionCookie, refuseForeign, sessionSecret, setSessionCookie } from './session-cookie.ts'

const TAGS = ['signing in']
const ME = { $ref: 'Me#' }

/** Signing in and out with a browser, and who the caller is. */
export function browserSessionRoutes(app: FastifyInstance, context: RestContext): void {
  openRoute(app, context)
  closeRoute(app, context)
  meRoute(app, context)
}

function openRoute(app: FastifyInstance, { identity, config }: RestContext): void {
  app.post<{ Body: { login: string; password: string } }>(
    '/v1/session',
    {
      preParsing: async (request) => boundSmallBody(request.raw, config.smallBodyMs),
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Sign in with a browser',
        description:
          'Sets a cookie that scripts cannot read. Every write with the cookie carries the header ' +
          '`X-Requested-With: tributary` and comes from this origin. A 403 with `next` says what must be done first: ' +
          '`password`, set a password of your own.',
        body: {
          type: 'object',
          required: ['login', 'password'],
          additionalProperties: false,
          properties: {
            login: { type: 'string', minLength: 1, maxLength: 128 },
            password: { type: 'string', minLength: 1, maxLength: 1024 },
          },
          examples: [{ login: 'data.officer', password: '…' }],
        },
        response: { 200: answer('Signed in.', ME), ...problems(400, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      refuseForeign(request)
      const { login, password } = request.body
      const opened = await identity.openSession({ account: login, secret: password, address: request.ip })
      if (!opened.open)
        throw new RequestError(
          403,
          'PASSWORD_ONE_TIME',
          'This password was good for one use: set your own.',
          {
            next: opened.next,
          },
        )
      const old = sessionSecret(request)
      if (old !== null) await identity.closeSession(old)
      setSessionCookie(request, reply, opened.secret)
      const { who, session } = opened
      return { ...who, partnerTitle: await identity.titleOf(who.partner), session: sessionShown(session) }
    },
  )
}

function closeRoute(app: FastifyInstance, { identity }: RestContext): void {
  app.delete(
    '/v1/session',
    {
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Sign out',
        response: { 204: { description: 'Signed out.', type: 'null' }, ...problems(403) },
      },
    },
    async (request, reply) => {
      refuseForeign(request)
      const secret = sessionSecret(request)
      if (secret !== null) await identity.closeSession(secret)
      clearSessionCookie(request, reply)
      return reply.code(204).send()
    },
  )
}

function meRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/me',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Who am I, and what may I do?',
        response: { 200: answer('The account and its grants.', ME), ...problems(401) },
      },
    },
    async (request) => {
      const who = whoOf(request)
      const session = request.session === null ? null : sessionShown(request.session)
      return { ...who, partnerTitle: await identity.titleOf(who.partner), session }
    },
  )
}

function sessionShown({ endsAt, idleMs }: { endsAt: number; idleMs: number }): object {
  return { endsAt: new Date(endsAt).toISOString(), idleSeconds: Math.round(idleMs / 1000) }
}
