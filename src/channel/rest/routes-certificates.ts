import type { FastifyInstance } from 'fastify'
import { office } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'

const TAGS = ['partners and accounts']
const FINGERPRINT = { type: 'string', pattern: '^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$' } as const

interface OfCertificate {
  readonly Params: { readonly name: string; readonly fingerprint: string }
}

/** Client certificates that sign an account in, known by their SHA-256 fingerprints. */
export function certificateRoutes(app: FastifyInstance, { identity, signIn }: RestContext): void {
  const url = '/v1/accounts/:name/certificates'
  const params = parameters({ name: NAMES.account, fingerprint: FINGERPRINT })
  const done = { 204: { description: 'Done.', type: 'null' }, ...problems(400, 401, 403, 404, 409) }
  app.get<{ Params: { name: string } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Client certificates that sign an account in',
        params: parameters({ name: NAMES.account }),
        response: {
          200: answer('Their SHA-256 fingerprints, in small letters without colons.', {
            type: 'object',
            required: ['items'],
            properties: { items: { type: 'array', items: { type: 'string' } } },
            examples: [{ items: ['5f'.repeat(32)] }],
          }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request) => ({
      items: await identity.registry.certificates(office(request), request.params.name),
    }),
  )
  app.put<OfCertificate>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Bind a client certificate to an account, by its SHA-256 fingerprint',
        params,
        response: done,
      },
    },
    async (request, reply) => {
      const { name, fingerprint } = request.params
      await identity.registry.bindCertificate(office(request), name, fingerprint)
      return reply.code(204).send()
    },
  )
  app.delete<OfCertificate>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Take a client certificate from an account; it signs in no more',
        params,
        response: done,
      },
    },
    async (request, reply) => {
      const { name, fingerprint } = request.params
      await identity.registry.unbindCertificate(office(request), name, fingerprint)
      return reply.code(204).send()
    },
  )
}
