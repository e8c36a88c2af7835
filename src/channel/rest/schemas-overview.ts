import type { FastifyInstance } from 'fastify'
import { OUTCOMES } from '../../exchange/parcel.ts'

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const

const DAY = {
  $id: 'DayOfActivity',
  description: 'What was received on one day, and what became of it.',
  type: 'object',
  required: ['day', 'submissions', 'received', ...OUTCOMES, 'withErrors'],
  properties: {
    day: { ...text, format: 'date' },
    submissions: count,
    received: count,
    ...Object.fromEntries(OUTCOMES.map((name) => [name, count])),
    withErrors: count,
  },
  additionalProperties: true,
}

const ALERT = {
  type: 'object',
  required: [
    'alert',
    'kind',
    'job',
    'exchange',
    'partner',
    'run',
    'attempt',
    'code',
    'message',
    'times',
    'lastAt',
  ],
  properties: {
    alert: count,
    kind: { type: 'string', enum: ['failed', 'timed-out', 'limit'] },
    job: text,
    exchange: text,
    partner: text,
    run: text,
    attempt: text,
    code: maybeText,
    message: text,
    times: count,
    lastAt: time,
    acknowledgedAt: maybeTime,
  },
  additionalProperties: true,
}

const TROUBLED = {
  type: 'object',
  required: ['tracking', 'exchange', 'partner', 'state', 'reason', 'fileName', 'receivedAt'],
  properties: {
    tracking: text,
    exchange: text,
    partner: text,
    state: { type: 'string', enum: ['held', 'incomplete', 'refused'] },
    reason: maybeText,
    fileName: text,
    receivedAt: time,
  },
}

const ATTENTION = {
  $id: 'Attention',
  description: 'What needs a person.',
  type: 'object',
  required: ['alerts', 'submissions', 'records', 'files', 'workItems', 'since'],
  properties: {
    alerts: { type: 'array', description: 'Jobs that do not go well.', items: ALERT },
    submissions: {
      type: 'array',
      description: 'Held for a person, refused, or broken off.',
      items: TROUBLED,
    },
    records: {
      type: 'array',
      description: 'Records that stand with errors.',
      items: {
        type: 'object',
        required: ['exchange', 'type', 'count', 'partners'],
        properties: { exchange: text, type: text, count, partners: count },
      },
    },
    files: {
      type: 'object',
      description: 'Files of the file server and places.',
      required: ['refused', 'held'],
      properties: { refused: count, held: count },
    },
    workItems: {
      type: 'object',
      required: ['count', 'dueOn'],
      properties: { count, dueOn: { ...maybeText, format: 'date' } },
    },
    since: { ...time, description: 'Refused and incomplete deliveries are told of since then.' },
  },
}

/** Makes the shapes of the overview known to its routes. */
export function addOverviewSchemas(app: FastifyInstance): void {
  for (const schema of [DAY, ATTENTION]) app.addSchema(schema)
}
