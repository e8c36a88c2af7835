import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may, type Who } from '../../identity/who.ts'
import { whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { Policy } from './identity-port.ts'
import { answer, parameters, problems } from './schemas.ts'

const TAGS = ['partners and accounts']
const OPEN = { type: 'object', additionalProperties: true }
const ITEMS = { type: 'object', properties: { items: { type: 'array', items: OPEN } } }
const partnerName = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' } as const
const shortText = { type: 'string', minLength: 1, maxLength: 200 } as const
const policies = {
  type: 'array',
  maxItems: 200,
  items: {
    type: 'object',
    required: ['exchange', 'grants'],
    additionalProperties: false,
    properties: {
      exchange: {
        type: 'string',
        pattern: '^(\\*|[a-z][a-z0-9-]{0,9})$',
        description: '`*`: every exchange.',
      },
      grants: {
        type: 'array',
        uniqueItems: true,
        items: {
          type: 'string',
          enum: ['submit', 'validate', 'read', 'close', 'delete', 'release', 'manage'],
        },
      },
    },
  },
} as const

/** Partners, their external identifiers, accounts and policies. Each needs `manage` on every exchange. */
export function adminRoutes(app: FastifyInstance, context: RestContext): void {
  partnerRoutes(app, context)
  identifierRoutes(app, context)
  accountRoutes(app, context)
  policyRoutes(app, context)
}

function administrator(request: FastifyRequest): Who {
  const who = whoOf(request)
  if (!who.centre || !may(who, 'manage', '*'))
    throw new Fault('NOT_ALLOWED', { reason: 'Only an administrator of the centre may do this.' })
  return who
}

function partnerRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get(
    '/v1/partners',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'All partners',
        response: { 200: answer('With their identifiers.', ITEMS), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return { items: await identity.registry.partners() }
    },
  )
  app.post<{ Body: { partner: string; title: string; profile?: 'deployed' | 'spec' } }>(
    '/v1/partners',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Register a partner',
        body: {
          type: 'object',
          required: ['partner', 'title'],
          additionalProperties: false,
          properties: {
            partner: partnerName,
            title: shortText,
            profile: {
              type: 'string',
              enum: ['deployed', 'spec'],
              description: 'How the SDCS paths answer it.',
            },
          },
          examples: [{ partner: 'alder-pd', title: 'Alder Police Department' }],
        },
        response: { 201: answer('Registered.', OPEN), ...problems(400, 401, 403, 409) },
      },
    },
    async (request, reply) => {
      const by = administrator(request)
      const { partner, title, profile } = request.body
      const made = await identity.registry.addPartner(by, { partner, title, profile: profile ?? null })
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
  readonly policies: readonly Policy[]
  readonly certificate?: string
}

function accountRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get<{ Querystring: { partner?: string } }>(
    '/v1/accounts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Accounts, of all partners or one',
        querystring: parameters({ partner: partnerName }),
        response: { 200: answer('Never with a secret.', ITEMS), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return { items: await identity.registry.accounts(request.query.partner ?? null) }
    },
  )
  app.post<{ Body: NewAccount }>(
    '/v1/accounts',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Open an account; its secret is shown this once',
        body: {
          type: 'object',
          required: ['name', 'partner', 'kind'],
          additionalProperties: false,
          properties: {
            name: shortText,
            partner: partnerName,
            kind: { type: 'string', enum: ['person', 'machine'] },
            realms: { type: 'array', items: { type: 'string', enum: ['live', 'test'] }, default: ['live'] },
            policies: { ...policies, default: [] },
            certificate: {
              type: 'string',
              maxLength: 200,
              description: 'SHA-256 fingerprint of a client certificate.',
            },
          },
          examples: [
            {
              name: 'records-system',
              partner: 'alder-pd',
              kind: 'machine',
              realms: ['live', 'test'],
              policies: [{ exchange: 'ripa', grants: ['submit', 'read'] }],
            },
          ],
        },
        response: { 201: answer('Opened.', OPEN), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const by = administrator(request)
      const { certificate, ...account } = request.body
      const made = await identity.registry.addAccount(by, { ...account, certificate: certificate ?? null })
      return reply.code(201).send(made)
    },
  )
}

function policyRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  const params = parameters({ account: shortText })
  app.put<{ Params: { account: string }; Body: { policies: readonly Policy[] } }>(
    '/v1/accounts/:account/policies',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Say what an account may do; replaces what it might before',
        params,
        body: {
          type: 'object',
          required: ['policies'],
          additionalProperties: false,
          properties: { policies },
        },
        response: { 200: answer('The account.', OPEN), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) =>
      identity.registry.setPolicies(administrator(request), request.params.account, request.body.policies),
  )
  app.delete<{ Params: { account: string } }>(
    '/v1/accounts/:account',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Close an account; its tokens stop working',
        params,
        response: { 204: { description: 'Closed.', type: 'null' }, ...problems(401, 403, 404) },
      },
    },
    async (request, reply) => {
      await identity.registry.closeAccount(administrator(request), request.params.account)
      return reply.code(204).send()
    },
  )
}
