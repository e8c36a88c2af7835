import type { FastifyInstance } from 'fastify'
import { whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { CODE_BODY } from './routes-browser-session.ts'
import { answer, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'
import { sessionSecret } from './session-cookie.ts'

const TAGS = ['signing in']
const CODES = {
  type: 'object',
  required: ['recoveryCodes'],
  properties: { recoveryCodes: { type: 'array', items: { type: 'string' } } },
}

/** What a person does with their own account: browsers in which they are signed in, and the second factor. */
export function meRoutes(app: FastifyInstance, context: RestContext): void {
  sessionRoutes(app, context)
  factorRoute(app, context)
  enrolRoutes(app, context)
  codeRoutes(app, context)
}

function sessionRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/me/sessions',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Browsers in which one is signed in, the one used last first',
        response: { 200: answer('20 at most.', itemsOf('OwnSession')), ...problems(401) },
      },
    },
    async (request) => ({ items: await identity.sessionsOf(whoOf(request), sessionSecret(request)) }),
  )
  app.delete<{ Params: { session: string } }>(
    '/v1/me/sessions/:session',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Sign out in one of them',
        params: parameters({ session: { type: 'string', pattern: '^[0-9a-f]{16}$' } }),
        response: { 204: { description: 'Ended.', type: 'null' }, ...problems(400, 401, 404) },
      },
    },
    async (request, reply) => {
      await identity.endSession(whoOf(request), request.params.session)
      return reply.code(204).send()
    },
  )
}

function factorRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/me/second-factor',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Is there a second factor, and is one asked for?',
        response: { 200: answer('Without its secret.', { $ref: 'SecondFactor#' }), ...problems(401) },
      },
    },
    async (request) => identity.secondFactor.view(whoOf(request)),
  )
}

function enrolRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.post(
    '/v1/me/second-factor',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Begin to set up a second factor: the secret for an app (RFC 6238)',
        description: 'It counts once a first code has been sent to `/v1/me/second-factor/confirm`.',
        response: {
          200: answer('For the app, as text and as an address to be shown as a QR code.', {
            type: 'object',
            required: ['secret', 'uri'],
            properties: { secret: { type: 'string' }, uri: { type: 'string' } },
          }),
          ...problems(401, 409),
        },
      },
    },
    async (request) => identity.secondFactor.begin(whoOf(request)),
  )
  app.post<{ Body: { code: string } }>(
    '/v1/me/second-factor/confirm',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Confirm it by a first code; gives ten recovery codes, this once',
        body: CODE_BODY,
        response: {
          200: answer('Each is good once in place of a code.', CODES),
          ...problems(400, 401, 409, 429),
        },
      },
    },
    async (request) => ({
      recoveryCodes: await identity.secondFactor.confirm(whoOf(request), request.body.code),
    }),
  )
}

function codeRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.post<{ Body: { code: string } }>(
    '/v1/me/second-factor/recovery-codes',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'New recovery codes in place of the old',
        body: CODE_BODY,
        response: { 200: answer('Shown this once.', CODES), ...problems(400, 401, 429) },
      },
    },
    async (request) => ({
      recoveryCodes: await identity.secondFactor.renewCodes(whoOf(request), request.body.code),
    }),
  )
  app.post<{ Body: { code: string } }>(
    '/v1/me/second-factor/remove',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove the second factor, where it is not asked for',
        body: CODE_BODY,
        response: { 204: { description: 'Removed.', type: 'null' }, ...problems(400, 401, 409, 429) },
      },
    },
    async (request, reply) => {
      await identity.secondFactor.remove(whoOf(request), request.body.code)
      return reply.code(204).send()
    },
  )
}
