import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PasskeySignature } from '../../identity/passkey-sign-in.ts'
import type { PasskeyAnswer } from '../../identity/passkeys.ts'
import { whoOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import { RequestError } from './problem.ts'
import { opens, placeOf } from './routes-browser-session.ts'
import { answer, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'
import {
  clearPendingCookie,
  originOf,
  pendingSecret,
  refuseForeign,
  setTicket,
  ticketOf,
} from './session-cookie.ts'

const TAGS = ['signing in']
const OPTIONS = answer('What the browser hands to the device, as WebAuthn writes it in JSON.', {
  type: 'object',
  required: ['challenge'],
  properties: { challenge: { type: 'string' } },
  additionalProperties: true,
})
const TEXT = { type: 'string', maxLength: 20_000 } as const

/** What a device answers, as WebAuthn writes it in JSON. */
const ANSWER = {
  type: 'object',
  required: ['id', 'rawId', 'type', 'response'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 1400 },
    rawId: { type: 'string', minLength: 1, maxLength: 1400 },
    type: { type: 'string', enum: ['public-key'] },
    response: { type: 'object', required: ['clientDataJSON'], properties: { clientDataJSON: TEXT } },
  },
  additionalProperties: true,
} as const

/** Passkeys: signing in with one, and one's own. */
export function passkeyRoutes(app: FastifyInstance, context: RestContext): void {
  signInRoutes(app, context)
  ownRoutes(app, context)
  addRoutes(app, context)
}

function signInRoutes(app: FastifyInstance, { identity, config }: RestContext): void {
  const preParsing = async (request: FastifyRequest) => boundSmallBody(request.raw, config.smallBodyMs)
  app.post(
    '/v1/session/passkey/options',
    {
      preParsing,
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Begin to sign in with a passkey: what the browser asks the device',
        description: 'Sets a cookie by which the answer is known again, for five minutes.',
        response: { 200: OPTIONS, ...problems(400, 403) },
      },
    },
    async (request, reply) => {
      refuseForeign(request)
      return keep(request, reply, await identity.passkeys.ask(originOf(request)))
    },
  )
  app.post<{ Body: PasskeySignature }>(
    '/v1/session/passkey',
    {
      preParsing,
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Sign in with a passkey; no name and no code is needed',
        description:
          'The body is what the device answered. Whoever must still set a password of their own is refused.',
        body: ANSWER,
        response: { 200: answer('Signed in.', { $ref: 'Me#' }), ...problems(400, 401, 403) },
      },
    },
    async (request, reply) => {
      refuseForeign(request)
      const ticket = ticketGiven(request, reply)
      const given = { ticket, answer: request.body, ...placeOf(request) }
      const opened = await identity.passkeys.open(originOf(request), given)
      if (!opened.open) throw new Error('a passkey needs no second factor')
      if (pendingSecret(request) !== null) clearPendingCookie(request, reply)
      return opens(identity, request, reply, opened)
    },
  )
}

function ownRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/me/passkeys',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "One's own passkeys",
        response: { 200: answer('20 at most.', itemsOf('Passkey')), ...problems(401) },
      },
    },
    async (request) => ({ items: await identity.passkeys.list(whoOf(request)) }),
  )
  app.delete<{ Params: { passkey: string } }>(
    '/v1/me/passkeys/:passkey',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a passkey; not the last second factor where the partner asks for one',
        params: parameters({ passkey: { type: 'string', format: 'uuid' } }),
        response: { 204: { description: 'Removed.', type: 'null' }, ...problems(400, 401, 404, 409) },
      },
    },
    async (request, reply) => {
      await identity.passkeys.remove(whoOf(request), request.params.passkey)
      return reply.code(204).send()
    },
  )
}

function addRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.post(
    '/v1/me/passkeys/options',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Begin to add a passkey: what the browser asks the device',
        description: 'Sets a cookie by which the answer is known again, for five minutes.',
        response: { 200: OPTIONS, ...problems(400, 401, 409) },
      },
    },
    async (request, reply) => {
      return keep(request, reply, await identity.passkeys.begin(whoOf(request), originOf(request)))
    },
  )
  app.post<{ Body: { title: string; answer: PasskeyAnswer } }>(
    '/v1/me/passkeys',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Add the passkey that the device made; it counts as a second factor',
        body: {
          type: 'object',
          required: ['title', 'answer'],
          additionalProperties: false,
          properties: {
            title: { type: 'string', minLength: 1, maxLength: 60, pattern: '\\S' },
            answer: ANSWER,
          },
        },
        response: { 201: answer('Added.', { $ref: 'Passkey#' }), ...problems(400, 401, 409) },
      },
    },
    async (request, reply) => {
      const ticket = ticketGiven(request, reply)
      const given = { ticket, title: request.body.title.trim(), answer: request.body.answer }
      return reply.code(201).send(await identity.passkeys.add(whoOf(request), originOf(request), given))
    },
  )
}

function keep<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { options, ticket }: { readonly options: T; readonly ticket: string },
): T {
  setTicket(request, reply, { name: 'tributary_passkey', ticket })
  return options
}

/** The ticket, which is taken away: it is good for one answer. */
function ticketGiven(request: FastifyRequest, reply: FastifyReply): string {
  const ticket = ticketOf(request, 'tributary_passkey')
  if (ticket === null) throw new RequestError(401, 'NOT_SIGNED_IN', 'That took too long. Begin again.')
  setTicket(request, reply, { name: 'tributary_passkey', ticket: '' })
  return ticket
}
