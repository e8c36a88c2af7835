import type { FastifyInstance } from 'fastify'
import type { PartnerChange } from '../../store/partners.ts'
import { insider, office, officeOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'

const TAGS = ['partners and accounts']
const partnerParams = parameters({ partner: NAMES.partner })
const accountParams = parameters({ name: NAMES.account })
const onePartner = answer('The partner.', { $ref: 'Partner#' })
const oneAccount = answer('The account.', { $ref: 'Account#' })

interface OfAccount {
  readonly Params: { name: string }
}

/** One partner and one account: as they stand, and what is changed of them. */
export function peopleRoutes(app: FastifyInstance, context: RestContext): void {
  partnerRoutes(app, context)
  accountRoute(app, context)
  restRoutes(app, context)
  factorRoutes(app, context)
}

function partnerRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get<{ Params: { partner: string } }>(
    '/v1/partners/:partner',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One partner; its own people see it too',
        params: partnerParams,
        response: { 200: onePartner, ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { partner } = request.params
      insider(request, partner)
      return identity.registry.partner(partner)
    },
  )
  app.patch<{ Params: { partner: string }; Body: PartnerChange }>(
    '/v1/partners/:partner',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "Change a partner's title, time zone, or whether its people need a second factor",
        description:
          'What is left out stays. An administrator of the partner changes the time zone; the centre all. Whoever has no second factor when it is asked for sets one up at the next sign-in.',
        params: partnerParams,
        body: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: {
            title: { type: 'string', minLength: 1, maxLength: 200 },
            timeZone: { type: ['string', 'null'], maxLength: 60 },
            secondFactor: { type: 'boolean' },
          },
          examples: [{ timeZone: 'America/Los_Angeles', secondFactor: true }],
        },
        response: { 200: onePartner, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { partner } = request.params
      return identity.registry.changePartner(officeOf(request, partner), partner, request.body)
    },
  )
}

function accountRoute(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.get<OfAccount>(
    '/v1/accounts/:name',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One account, never with a secret',
        params: accountParams,
        response: { 200: oneAccount, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => identity.registry.account(office(request), request.params.name),
  )
}

function restRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  const options = (summary: string) => ({
    onRequest: signIn,
    schema: {
      tags: TAGS,
      summary,
      params: accountParams,
      response: { 200: oneAccount, ...problems(400, 401, 403, 404, 409) },
    },
  })
  app.post<OfAccount>(
    '/v1/accounts/:name/suspend',
    options('Let an account rest: it signs in no more, and its tokens and sessions are good no more'),
    async (request) => identity.registry.setSuspended(office(request), request.params.name, true),
  )
  app.post<OfAccount>(
    '/v1/accounts/:name/resume',
    options('Let a suspended account in again, with what it had'),
    async (request) => identity.registry.setSuspended(office(request), request.params.name, false),
  )
  app.post<OfAccount>(
    '/v1/accounts/:name/unlock',
    options('After many wrong passwords or codes: it need not wait'),
    async (request) => identity.registry.unlock(office(request), request.params.name),
  )
}

function factorRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  app.delete<OfAccount>(
    '/v1/accounts/:name/second-factor',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Take the second factor from an account whose person lost the means to use it',
        params: accountParams,
        response: { 200: oneAccount, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => identity.registry.resetSecondFactor(office(request), request.params.name),
  )
}
