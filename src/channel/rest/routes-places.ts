import type { FastifyInstance } from 'fastify'
import type { GivenSettings } from '../../store/place-settings.ts'
import { administrator } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, parameters, problems } from './schemas.ts'
import { itemsOf, PLACE_SETTINGS } from './schemas-registry.ts'

const TAGS = ['places']
const NAME = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' } as const

interface PlaceBody {
  readonly partner: string
  readonly settings: GivenSettings
  readonly active?: boolean
}

const BODY = {
  type: 'object',
  required: ['partner', 'settings'],
  additionalProperties: false,
  properties: {
    partner: NAMES.partner,
    settings: {
      type: 'object',
      required: ['kind'],
      additionalProperties: false,
      properties: {
        ...PLACE_SETTINGS,
        secretAccessKey: {
          type: 'string',
          maxLength: 256,
          description: 'Never given back. Left out, it stays as it was.',
        },
      },
    },
    active: { type: 'boolean', description: 'Are files picked up from it? Left out, it stays as it was.' },
  },
  examples: [{ partner: 'alder-pd', settings: { kind: 'folder', path: '/mnt/alder' } }],
}

/** Where files of partners lie that are not in the file server's own trees. For the administrator. */
export function placeRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { places } = ports.registry
  const params = parameters({ place: NAME })
  app.get<{ Querystring: { partner?: string } }>(
    '/v1/places',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Places, of all partners or one',
        querystring: parameters({ partner: NAMES.partner }),
        response: { 200: answer('Never with a secret.', itemsOf('Place')), ...problems(400, 401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return { items: await places.list(request.query.partner ?? null) }
    },
  )
  app.put<{ Params: { place: string }; Body: PlaceBody }>(
    '/v1/places/:place',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make a place, change it, or put it in or out of use',
        description:
          'A secret that is left out stays as it was, as long as the service and the access key stay the same.',
        params,
        body: BODY,
        response: {
          200: answer('The place.', { $ref: 'Place#' }),
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request) => {
      const by = administrator(request)
      const { partner, settings, active = null } = request.body
      return places.put(by, { place: request.params.place, partner, settings, active })
    },
  )
  app.delete<{ Params: { place: string } }>(
    '/v1/places/:place',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a place, not its files',
        params,
        response: {
          204: { description: 'Done.', type: 'null' },
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      await places.remove(administrator(request), request.params.place)
      return reply.code(204).send()
    },
  )
}
