import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callbackPath } from '../../identity/provider-address.ts'
import { withNote } from '../../identity/return-path.ts'
import type { RestContext } from './context.ts'
import { placeOf, replaceSession } from './routes-browser-session.ts'
import { answer, parameters, problems } from './schemas.ts'
import { originOf, setPendingCookie, setTicket, ticketOf } from './session-cookie.ts'

const TAGS = ['signing in']
const params = parameters({ provider: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' } })
const SENT = { description: 'Sends the browser on.', type: 'null' } as const

interface OfProvider {
  readonly Params: { provider: string }
}

/** Signing in by a provider of single sign-on: the browser goes there, and comes back. */
export function providerSignInRoutes(app: FastifyInstance, context: RestContext): void {
  offeredRoute(app, context)
  startRoute(app, context)
  callbackRoute(app, context)
}

function offeredRoute(app: FastifyInstance, { identity }: RestContext): void {
  app.get(
    '/v1/session/providers',
    {
      schema: {
        tags: TAGS,
        security: [],
        summary: 'By which providers of single sign-on one may sign in',
        response: {
          200: answer('Names and titles.', {
            type: 'object',
            required: ['items'],
            properties: {
              items: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['name', 'title'],
                  properties: { name: { type: 'string' }, title: { type: 'string' } },
                },
              },
            },
          }),
          ...problems(),
        },
      },
    },
    async () => ({ items: await identity.providers.offered() }),
  )
}

function startRoute(app: FastifyInstance, { identity }: RestContext): void {
  app.get<OfProvider & { Querystring: { to?: string } }>(
    '/v1/session/providers/:provider/start',
    {
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Go to a provider to sign in; a browser opens this address',
        description:
          'Sets a cookie by which the browser is known again when it comes back, within five minutes.',
        params,
        querystring: parameters({
          to: {
            type: 'string',
            maxLength: 2000,
            description: 'Path of the console to go on to; another site is not gone to.',
          },
        }),
        response: { 302: SENT, ...problems(400, 404) },
      },
    },
    async (request, reply) => {
      const { provider } = request.params
      const begun = await identity.providers.begin(provider, request.query.to, originOf(request))
      if (!begun.ok) return reply.redirect(withNote(begun.to, { 'sign-in': begun.why }))
      keep(request, reply, begun.ticket)
      return reply.redirect(begun.address)
    },
  )
}

function callbackRoute(app: FastifyInstance, { identity }: RestContext): void {
  app.get<OfProvider>(
    '/v1/session/providers/:provider/callback',
    {
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Come back from a provider: opens the session, or says on the sign-in page what went wrong',
        description:
          'To be registered at the provider. Goes on to the path asked for; with `sign-in` in its query where a second factor is asked for next, or nobody was signed in.',
        params,
        response: { 302: SENT, ...problems(400) },
      },
    },
    async (request, reply) => {
      const { provider } = request.params
      const ticket = ticketOf(request, 'tributary_provider')
      const query = /\?.*$/.exec(request.url)?.[0] ?? ''
      const came = { query, ticket, origin: originOf(request) }
      const end = await identity.providers.finish(provider, came, placeOf(request))
      keep(request, reply, '')
      if (!end.ok) return reply.redirect(withNote(end.to, { 'sign-in': end.why }))
      const { answer: opened, to } = end
      if (opened.open) {
        await replaceSession(identity, request, reply, opened.secret)
        return reply.redirect(to)
      }
      if (opened.next === 'password') return reply.redirect(withNote(to, { 'sign-in': 'password' }))
      setPendingCookie(request, reply, opened.pending)
      const note = { 'sign-in': opened.next, methods: opened.methods.join(' ') }
      return reply.redirect(withNote(to, note))
    },
  )
}

/** The provider's redirect comes from another site, so that a stricter cookie would stay behind. */
function keep(request: FastifyRequest<OfProvider>, reply: FastifyReply, ticket: string): void {
  const path = callbackPath(request.params.provider)
  setTicket(request, reply, { name: 'tributary_provider', ticket, path, site: 'Lax' })
}
