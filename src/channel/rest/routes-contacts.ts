import type { FastifyInstance } from 'fastify'
import { FREQUENCIES, type Frequency } from '../../store/due-time.ts'
import { insider, officeOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['mail']
const NUMBER = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const

interface OneContact {
  readonly Params: { readonly partner: string; readonly contact: number }
}

interface ContactBody {
  readonly exchange: string
  readonly address: string
  readonly frequency: Frequency
}

const BODY = {
  type: 'object',
  required: ['address'],
  additionalProperties: false,
  properties: {
    exchange: { ...NAMES.exchangeOrAll, default: '*' },
    address: { type: 'string', minLength: 3, maxLength: 400 },
    frequency: {
      type: 'string',
      enum: FREQUENCIES,
      default: 'at-once',
      description: 'Daily and weekly ones are told in the morning, on the clock of the exchange.',
    },
  },
  examples: [{ exchange: 'ripa', address: 'records@alder.example', frequency: 'daily' }],
}

/** Who is written to about a partner's deliveries. The partner may see them, the administrator changes them. */
export function contactRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { contacts } = ports.registry
  const url = '/v1/partners/:partner/contacts'
  const params = parameters({ partner: NAMES.partner })
  app.get<{ Params: { partner: string } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "Who is written to about a partner's deliveries, and which addresses were refused",
        params,
        response: { 200: answer('The contacts.', itemsOf('Contact')), ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { partner } = request.params
      insider(request, partner)
      return { items: await contacts.list(partner) }
    },
  )
  app.post<{ Params: { partner: string }; Body: ContactBody }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Add a contact, or change how often one is written to',
        params,
        body: BODY,
        response: {
          201: answer('The contact.', { $ref: 'Contact#' }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const { partner } = request.params
      const by = officeOf(request, partner)
      return reply.code(201).send(await contacts.put(by, { partner, ...request.body }))
    },
  )
  oneContactRoutes(app, { url, contacts, signIn })
}

function oneContactRoutes(
  app: FastifyInstance,
  {
    url,
    contacts,
    signIn,
  }: Pick<RestContext, 'signIn'> & {
    readonly url: string
    readonly contacts: RestContext['ports']['registry']['contacts']
  },
): void {
  const params = parameters({ partner: NAMES.partner, contact: NUMBER })
  app.delete<OneContact>(
    `${url}/:contact`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a contact, with what is still to be sent to it',
        params,
        response: { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { partner, contact } = request.params
      await contacts.remove(officeOf(request, partner), partner, contact)
      return reply.code(204).send()
    },
  )
  app.post<OneContact>(
    `${url}/:contact/clear-bounce`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Say that a refused address works again; what waits for it is sent',
        params,
        response: {
          200: answer('The contact.', { $ref: 'Contact#' }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { partner, contact } = request.params
      return contacts.clearBounce(officeOf(request, partner), partner, contact)
    },
  )
}
