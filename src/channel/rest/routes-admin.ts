import type { FastifyInstance } from 'fastify'
import { type Channel, GRANTS, type Grant } from '../../identity/who.ts'
import { administrator, insider, office } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['partners and accounts']
const SECRET = {
  type: 'object',
  required: ['clientId', 'clientSecret'],
  properties: { clientId: { type: 'string' }, clientSecret: { type: 'string' } },
}
const ACCOUNT = { $ref: 'Account#' }
const { partner: partnerName, account: accountName } = NAMES
const shortText = { type: 'string', minLength: 1, maxLength: 200 } as const

/** Partners, their external identifiers, accounts and policies: for the centre; accounts also for a partner's own. */
export function adminRoutes(app: FastifyInstance, context: RestContext): void {
  partnerRoutes(app, context)
  identifierRoutes(app, context)
  accountRoutes(app, context)
  grantRoute(app, context)
  channelRoute(app, context)
  realmRoute(app, context)
  oneAccountRoutes(app, context)
}

const PARTNERS = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: { $ref: 'Partner#' },
    },
  },
}

function partnerRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/partners',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'All partners',
        response: { 200: answer('With their identifiers.', PARTNERS), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return { items: await identity.registry.partners() }
    },
  )
  app.post<{ Body: { name: string; title: string; profile?: 'deployed' | 'spec' } }>(
    '/v1/partners',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Register a partner',
        body: {
          type: 'object',
          required: ['name', 'title'],
          additionalProperties: false,
          properties: {
            name: partnerName,
            title: shortText,
            profile: {
              type: 'string',
              enum: ['deployed', 'spec'],
              description: 'How the SDCS paths answer it.',
            },
          },
          examples: [{ name: 'alder-pd', title: 'Alder Police Department' }],
        },
        response: { 201: answer('Registered.', { $ref: 'Partner#' }), ...problems(400, 401, 403, 409) },
      },
    },
    async (request, reply) => {
      const by = administrator(request)
      const { name, title, profile } = request.body
      const made = await identity.registry.addPartner(by, { name, title, profile: profile ?? null })
      return reply.code(201).send(made)
    },
  )
}

function identifierRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  const params = parameters({ partner: partnerName, scheme: shortText, value: shortText })
  const response = { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401, 403, 404, 409) }
  const url = '/v1/partners/:partner/identifiers/:scheme/:value'
  const options = (summary: string) => ({
    onRequest: signIn,
    schema: { tags: TAGS, summary, params, response },
  })
  app.put<{ Params: { partner: string; scheme: string; value: string } }>(
    url,
    options('Give a partner an external identifier (an ORI, say)'),
    async (request, reply) => {
      const { partner, scheme, value } = request.params
      await identity.registry.addIdentifier(administrator(request), partner, scheme, value)
      return reply.code(204).send()
    },
  )
  app.delete<{ Params: { partner: string; scheme: string; value: string } }>(
    url,
    options('Take an external identifier away'),
    async (request, reply) => {
      const { partner, scheme, value } = request.params
      await identity.registry.removeIdentifier(administrator(request), partner, scheme, value)
      return reply.code(204).send()
    },
  )
}

interface NewAccount {
  readonly name: string
  readonly partner: string
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
}

function accountRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get<{ Querystring: { partner?: string } }>(
    '/v1/accounts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Accounts, of all partners or one; to an administrator of a partner, its own',
        querystring: parameters({ partner: partnerName }),
        response: { 200: answer('Never with a secret.', itemsOf('Account')), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { centre, partner } = office(request)
      const asked = request.query.partner ?? (centre ? null : partner)
      if (asked !== null) insider(request, asked)
      return { items: await identity.registry.accounts(asked) }
    },
  )
  app.post<{ Body: NewAccount }>(
    '/v1/accounts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Open an account, which may do nothing yet',
        body: {
          type: 'object',
          required: ['name', 'partner', 'kind'],
          additionalProperties: false,
          properties: {
            name: accountName,
            partner: partnerName,
            kind: { type: 'string', enum: ['person', 'machine'] },
            realms: { type: 'array', items: { type: 'string', enum: ['live', 'test'] }, default: ['live'] },
          },
          examples: [{ name: 'alder-feed', partner: 'alder-pd', kind: 'machine', realms: ['live', 'test'] }],
        },
        response: { 201: answer('Opened.', ACCOUNT), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const by = office(request)
      return reply.code(201).send(await identity.registry.addAccount(by, request.body))
    },
  )
}

function grantRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.put<{ Params: { name: string; exchange: string }; Body: { grants: readonly Grant[] } }>(
    '/v1/accounts/:name/grants/:exchange',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Say what an account may do in an exchange; what is not named is taken away',
        params: parameters({ name: accountName, exchange: NAMES.exchangeOrAll }),
        body: {
          type: 'object',
          required: ['grants'],
          additionalProperties: false,
          properties: {
            grants: { type: 'array', uniqueItems: true, items: { type: 'string', enum: GRANTS } },
          },
          examples: [{ grants: ['submit', 'read'] }],
        },
        response: { 200: answer('The account.', ACCOUNT), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { name, exchange } = request.params
      return identity.registry.setGrants(office(request), name, exchange, request.body.grants)
    },
  )
}

function channelRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.put<{ Params: { name: string }; Body: { channels: readonly Channel[] } }>(
    '/v1/accounts/:name/channels',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary:
          'Say by which channels an account may come in: the API, the file server, as an agent, or none',
        params: parameters({ name: accountName }),
        body: {
          type: 'object',
          required: ['channels'],
          additionalProperties: false,
          properties: {
            channels: {
              type: 'array',
              uniqueItems: true,
              items: { type: 'string', enum: ['rest', 'sftp', 'agent'] },
            },
          },
          examples: [{ channels: ['rest', 'sftp'] }],
        },
        response: { 200: answer('The account.', ACCOUNT), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { name } = request.params
      return identity.registry.setChannels(office(request), name, request.body.channels)
    },
  )
}

function realmRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.put<{ Params: { name: string }; Body: Pick<NewAccount, 'realms'> }>(
    '/v1/accounts/:name/realms',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Say in which realms an account works; at the file server it sees the folders of these',
        params: parameters({ name: accountName }),
        body: {
          type: 'object',
          required: ['realms'],
          additionalProperties: false,
          properties: {
            realms: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: { type: 'string', enum: ['live', 'test'] },
            },
          },
          examples: [{ realms: ['live', 'test'] }],
        },
        response: { 200: answer('The account.', ACCOUNT), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { name } = request.params
      return identity.registry.setRealms(office(request), name, request.body.realms)
    },
  )
}

/** What is done with one account, by its name. */
function oneAccountRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  const params = parameters({ name: accountName })
  const done = { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401, 403, 404, 409) }
  app.post<{ Params: { name: string } }>(
    '/v1/accounts/:name/secret',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make a new secret, shown this once; the old one stops working',
        params,
        response: { 200: answer('Keep it where secrets are kept.', SECRET), ...problems(401, 403, 404) },
      },
    },
    async (request) => identity.registry.newSecret(office(request), request.params.name),
  )
  app.delete<{ Params: { name: string } }>(
    '/v1/accounts/:name',
    {
      onRequest: signIn,
      schema: { tags: TAGS, summary: 'Close an account; its tokens stop working', params, response: done },
    },
    async (request, reply) => {
      await identity.registry.closeAccount(office(request), request.params.name)
      return reply.code(204).send()
    },
  )
}
