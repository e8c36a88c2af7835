import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Who } from '../../identity/who.ts'
import { whoOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import type { RestIdentity, SessionAnswer, SessionView } from './identity-port.ts'
import { RequestError } from './problem.ts'
import { answer, problems } from './schemas.ts'
import {
  clearPendingCookie,
  clearSessionCookie,
  pendingSecret,
  refuseForeign,
  sessionSecret,
  setPendingCookie,
  setSessionCookie,
} from './session-cookie.ts'

const TAGS = ['signing in']
const ME = { $ref: 'Me#' }

/** A code of an app, or a recovery code, as people type it. */
export const CODE_BODY = {
  type: 'object',
  required: ['code'],
  additionalProperties: false,
  properties: { code: { type: 'string', minLength: 6, maxLength: 40 } },
  examples: [{ code: '123456' }],
} as const

/** Signing in and out with a browser, and who the caller is. */
export function browserSessionRoutes(app: FastifyInstance, context: RestContext): void {
  openRoute(app, context)
  codeRoute(app, context)
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
          '`password`, set a password of your own; `second-factor`, send the code of your app, or a recovery code, to ' +
          '`/v1/session/second-factor`, or sign in with a passkey; `methods` says which of these the account has.',
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
      const opened = await identity.openSession({ account: login, secret: password, ...placeOf(request) })
      if (opened.open) return opens(identity, request, reply, opened)
      if (opened.next === 'password')
        throw new RequestError(
          403,
          'PASSWORD_ONE_TIME',
          'This password was good for one use: set your own.',
          { next: opened.next },
        )
      const { next, methods } = opened
      setPendingCookie(request, reply, opened.pending)
      const asked = methods.includes('totp')
        ? 'Send the code of your second factor.'
        : 'Sign in with your passkey.'
      throw new RequestError(403, 'SECOND_FACTOR', asked, { next, methods })
    },
  )
}

function codeRoute(app: FastifyInstance, { identity, config }: RestContext): void {
  app.post<{ Body: { code: string } }>(
    '/v1/session/second-factor',
    {
      preParsing: async (request) => boundSmallBody(request.raw, config.smallBodyMs),
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Go on with signing in: the code of an app, or a recovery code; each is good once',
        description:
          'Within ten minutes of the password. After several wrong codes none is taken for a while.',
        body: CODE_BODY,
        response: { 200: answer('Signed in.', ME), ...problems(400, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      refuseForeign(request)
      const pending = pendingSecret(request)
      if (pending === null)
        throw new RequestError(401, 'NOT_SIGNED_IN', 'That took too long. Sign in again from the start.')
      const opened = await identity.openSessionWithCode(pending, request.body.code, placeOf(request))
      clearPendingCookie(request, reply)
      return opens(identity, request, reply, opened)
    },
  )
}

/** Where a browser asks from. */
export function placeOf(request: FastifyRequest): { address: string; browser: string } {
  return { address: request.ip, browser: request.headers['user-agent'] ?? '' }
}

/** A session takes the place of the one that this browser had. */
export async function replaceSession(
  identity: RestIdentity,
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
): Promise<void> {
  const old = sessionSecret(request)
  if (old !== null) await identity.closeSession(old)
  setSessionCookie(request, reply, secret)
}

/** Opens a session and says who is signed in. */
export async function opens(
  identity: RestIdentity,
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, who, session }: Extract<SessionAnswer, { open: true }>,
): Promise<object> {
  await replaceSession(identity, request, reply, secret)
  return meOf(identity, who, session)
}

async function meOf(identity: RestIdentity, who: Who, session: SessionView | null): Promise<object> {
  return {
    ...who,
    partnerTitle: await identity.titleOf(who.partner),
    session: session === null ? null : sessionShown(session),
    next: session?.next ?? null,
  }
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
      return meOf(identity, whoOf(request), request.session)
    },
  )
}

function sessionShown({ endsAt, idleMs }: { endsAt: number; idleMs: number }): object {
  return { endsAt: new Date(endsAt).toISOString(), idleSeconds: Math.round(idleMs / 1000) }
}
