import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WantedInvitation } from '../../identity/invitations.ts'
import { insider, office, officeOf } from './access.ts'
import { boundSmallBody } from './bodies.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, PAGING, pageOf, parameters, problems } from './schemas.ts'
import { GIVEN } from './schemas-people.ts'
import { originOf } from './session-cookie.ts'

const TAGS = ['partners and accounts']
const made = { $ref: 'Invitation#' }
const params = parameters({ invitation: { type: 'string', format: 'uuid' } })
const secret = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'What follows the # of the link.',
}

interface OfInvitation {
  readonly Params: { invitation: string }
}

/** Inviting people to set a password of their own. */
export function invitationRoutes(app: FastifyInstance, context: RestContext): void {
  listRoute(app, context)
  inviteRoute(app, context)
  oneRoutes(app, context)
  acceptRoutes(app, context)
}

function listRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: { partner?: string; limit: number; after?: string } }>(
    '/v1/invitations',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Invitations and where they stand, the newest first',
        querystring: parameters({ partner: NAMES.partner, ...PAGING }),
        response: { 200: answer('A page of them.', pageOf('Invitation')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { centre, partner: own } = office(request)
      const { partner = centre ? null : own, limit, after = null } = request.query
      if (partner !== null) insider(request, partner)
      return ports.people.invitations.list({ partner, limit, after })
    },
  )
}

function inviteRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<{ Body: WantedInvitation }>(
    '/v1/invitations',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Invite a person, who sets a password by a link that is good once, for 72 hours',
        description:
          'A mail brings the link; when the node has no mail server it is in the answer, this once. The account is made when the password is set. Nobody gives more than they have.',
        body: {
          type: 'object',
          required: ['name', 'partner', 'address', 'realms', 'grants'],
          additionalProperties: false,
          properties: {
            name: NAMES.account,
            partner: NAMES.partner,
            address: { type: 'string', minLength: 3, maxLength: 254 },
            realms: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: { type: 'string', enum: ['live', 'test'] },
            },
            grants: GIVEN,
          },
          examples: [
            {
              name: 'dana.clerk',
              partner: 'alder-pd',
              address: 'dana@alder.example',
              realms: ['live'],
              grants: [{ exchange: 'ripa', grants: ['submit', 'validate', 'read'] }],
            },
          ],
        },
        response: { 201: answer('Invited.', made), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const by = officeOf(request, request.body.partner)
      return reply.code(201).send(await ports.people.invitations.invite(by, request.body, originOf(request)))
    },
  )
}

function oneRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<OfInvitation>(
    '/v1/invitations/:invitation/resend',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Send a new link, good for 72 hours; the old one is good no more',
        params,
        response: { 200: answer('Sent again.', made), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) =>
      ports.people.invitations.resend(office(request), request.params.invitation, originOf(request)),
  )
  app.delete<OfInvitation>(
    '/v1/invitations/:invitation',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Withdraw an invitation; its link is good no more',
        params,
        response: { 204: { description: 'Withdrawn.', type: 'null' }, ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await ports.people.invitations.withdraw(office(request), request.params.invitation)
      return reply.code(204).send()
    },
  )
}

function acceptRoutes(app: FastifyInstance, { ports, config }: RestContext): void {
  const preParsing = async (request: FastifyRequest) => boundSmallBody(request.raw, config.smallBodyMs)
  app.post<{ Body: { secret: string } }>(
    '/v1/invitations/look',
    {
      preParsing,
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Whom a link invites, for the page that it leads to',
        body: {
          type: 'object',
          required: ['secret'],
          additionalProperties: false,
          properties: { secret },
        },
        response: {
          200: answer('The account that will be made.', {
            type: 'object',
            required: ['name', 'partnerTitle', 'expiresAt'],
            properties: {
              name: { type: 'string' },
              partnerTitle: { type: 'string' },
              expiresAt: { type: 'string', format: 'date-time' },
            },
          }),
          ...problems(400, 404),
        },
      },
    },
    async (request) => ports.people.invitations.look(request.body.secret),
  )
  app.post<{ Body: { secret: string; password: string } }>(
    '/v1/invitations/accept',
    {
      preParsing,
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Set a password and make the account; the link is good no more',
        body: {
          type: 'object',
          required: ['secret', 'password'],
          additionalProperties: false,
          properties: { secret, password: { type: 'string', minLength: 1, maxLength: 1024 } },
        },
        response: {
          201: answer('Made: sign in with this name.', {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' } },
          }),
          ...problems(400, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const { secret: given, password } = request.body
      return reply.code(201).send(await ports.people.invitations.accept(given, password))
    },
  )
}
