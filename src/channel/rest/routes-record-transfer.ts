import type { FastifyInstance } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Realm } from '../../store/model.ts'
import { allow, realmOf } from './access.ts'
import type { RestContext } from './context.ts'
import { typeOf } from './routes-records.ts'
import { answer, PLACE, parameters, problems, REALM } from './schemas.ts'

interface Place {
  readonly Params: { exchange: string; type: string; key: string }
  readonly Body: { from: string; to: string; realm?: Realm; reason: string }
}

const PARTNER = { type: 'string', minLength: 1, maxLength: 100 } as const

/** The centre gives a record to another owner. */
export function recordTransferRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<Place>(
    '/v1/exchanges/:exchange/records/:type/:key/transfer',
    {
      onRequest: signIn,
      schema: {
        tags: ['records'],
        summary: 'Give a record, with its history, to another owner',
        description:
          'For the centre only. What belongs to the record (references with `on_delete: cascade`) goes with it; a ' +
          'reference with `on_delete: restrict` forbids it. What the record itself refers to is looked up among the ' +
          'records of the new owner. Both owners find a submission that says so among theirs.',
        params: parameters(
          {
            exchange: PLACE.exchange,
            type: PLACE.type,
            key: {
              type: 'string',
              maxLength: 500,
              description: 'The key, its parts joined by `/` (as `%2F`).',
            },
          },
          ['exchange', 'type', 'key'],
        ),
        body: parameters(
          {
            from: { ...PARTNER, description: 'Whose record it is.' },
            to: { ...PARTNER, description: 'Whose it becomes.' },
            ...REALM,
            reason: { type: 'string', minLength: 1, maxLength: 1000 },
          },
          ['from', 'to', 'reason'],
        ),
        response: {
          200: answer('Done: tracking numbers in both books, and how many others went with it.', {
            type: 'object',
            properties: {
              left: { type: 'string' },
              came: { type: 'string' },
              recordId: { type: 'string' },
              key: { type: 'string' },
              others: { type: 'integer' },
            },
          }),
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request) => {
      const { exchange, type, key } = request.params
      const { who, definition } = allow(request, ports, exchange, 'manage')
      if (!who.centre)
        throw new Fault('NOT_ALLOWED', { reason: 'Only the centre gives records to another owner.' })
      typeOf(definition, type)
      const { from, to, reason } = request.body
      const realm = realmOf(who, request.body.realm)
      return ports.records.transfer({ who, exchange, realm, type, key, from, to, reason })
    },
  )
}
