import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ProviderChange, ProviderView, WantedProvider } from '../../identity/providers.ts'
import { administrator, office } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'
import { originOf } from './session-cookie.ts'

const TAGS = ['partners and accounts']
const NAME = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' } as const
const params = parameters({ provider: NAME })
const linkParams = parameters({ name: NAMES.account, provider: NAME })
const oneProvider = answer('The provider.', { $ref: 'IdentityProvider#' })
const links = answer('The providers that serve the account.', itemsOf('ProviderLink'))

const SETTINGS = {
  title: { type: 'string', minLength: 1, maxLength: 100, pattern: '\\S' },
  issuer: { type: 'string', minLength: 8, maxLength: 500 },
  clientId: { type: 'string', minLength: 1, maxLength: 500 },
  clientSecret: {
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 2000,
    description: 'Never shown again. Null: a client without one.',
  },
  scopes: {
    type: 'array',
    maxItems: 20,
    items: { type: 'string', pattern: '^[!#-\\[\\]-~]{1,100}$' },
    description: '`openid` is always asked for.',
  },
  claim: {
    type: 'string',
    pattern: '^[A-Za-z0-9_.:/-]{1,100}$',
    description: 'What of a person says who they are, until their first sign-in.',
  },
  partner: {
    type: ['string', 'null'],
    maxLength: 63,
    description: "Whose people it serves; null: everybody's.",
  },
  provesSecondFactor: { type: 'boolean' },
} as const

interface OfProvider {
  readonly Params: { provider: string }
}

interface OfLink {
  readonly Params: { name: string; provider: string }
}

/** Providers of single sign-on, and which accounts sign in by them. */
export function providerRoutes(app: FastifyInstance, context: RestContext): void {
  listRoutes(app, context)
  changeRoutes(app, context)
  linkRoutes(app, context)
}

function shown({ identity }: RestContext, request: FastifyRequest, view: ProviderView): object {
  return { ...view, redirectUri: identity.providers.callback(view.name, originOf(request)) }
}

function listRoutes(app: FastifyInstance, context: RestContext): void {
  const { identity, signIn } = context
  app.get(
    '/v1/identity-providers',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Providers of single sign-on, by title',
        response: { 200: answer('100 at most.', itemsOf('IdentityProvider')), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      const items = await identity.providers.list()
      return { items: items.map((view) => shown(context, request, view)) }
    },
  )
  app.post<{ Body: WantedProvider }>(
    '/v1/identity-providers',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Add a provider of single sign-on (OpenID Connect)',
        description: 'It is asked what it is before it is kept; what is wrong is said. By `https` only.',
        body: {
          type: 'object',
          required: ['name', 'title', 'issuer', 'clientId'],
          additionalProperties: false,
          properties: { name: NAME, ...SETTINGS },
          examples: [
            {
              name: 'county',
              title: 'County account',
              issuer: 'https://login.example.org/realms/county',
              clientId: 'tributary',
              clientSecret: '…',
              scopes: ['openid', 'email'],
              claim: 'email',
              partner: null,
              provesSecondFactor: true,
            },
          ],
        },
        response: { 201: oneProvider, ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const view = await identity.providers.add(administrator(request), request.body)
      return reply.code(201).send(shown(context, request, view))
    },
  )
}

function changeRoutes(app: FastifyInstance, context: RestContext): void {
  const { identity, signIn } = context
  app.patch<OfProvider & { Body: ProviderChange }>(
    '/v1/identity-providers/:provider',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Change a provider; what is left out stays',
        description:
          'With another issuer or client the secret is given too, and with another issuer each person is found again by the claim.',
        params,
        body: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: SETTINGS,
          examples: [{ title: 'County account' }],
        },
        response: { 200: oneProvider, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const by = administrator(request)
      const view = await identity.providers.change(by, request.params.provider, request.body)
      return shown(context, request, view)
    },
  )
  app.delete<OfProvider>(
    '/v1/identity-providers/:provider',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a provider: nobody signs in by it any more',
        params,
        response: { 204: { description: 'Removed.', type: 'null' }, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      await identity.providers.remove(administrator(request), request.params.provider)
      return reply.code(204).send()
    },
  )
}

function linkRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get<{ Params: { name: string } }>(
    '/v1/accounts/:name/identity-providers',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'By which providers of single sign-on an account signs in, and may',
        params: parameters({ name: NAMES.account }),
        response: { 200: links, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => ({ items: await identity.providers.links(office(request), request.params.name) }),
  )
  app.put<OfLink & { Body: { person: string } }>(
    '/v1/accounts/:name/identity-providers/:provider',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Let an account sign in by a provider, as whom the provider names so',
        description:
          "The first sign-in of that person binds the provider's lasting name of them (`sub`), which counts alone then. Given anew, another person is bound anew.",
        params: linkParams,
        body: {
          type: 'object',
          required: ['person'],
          additionalProperties: false,
          properties: { person: { type: 'string', minLength: 1, maxLength: 200, pattern: '\\S' } },
          examples: [{ person: 'dana@alder.example' }],
        },
        response: { 200: links, ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { name, provider } = request.params
      return { items: await identity.providers.link(office(request), name, provider, request.body.person) }
    },
  )
  app.delete<OfLink>(
    '/v1/accounts/:name/identity-providers/:provider',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'An account signs in by this provider no more',
        params: linkParams,
        response: { 200: links, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { name, provider } = request.params
      return { items: await identity.providers.unlink(office(request), name, provider) }
    },
  )
}
