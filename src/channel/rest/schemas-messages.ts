import type { FastifyInstance } from 'fastify'
import { MESSAGE_TYPES } from '../../match/messages.ts'
import { WORK_ITEM_STATES } from '../../store/work-items.ts'

/** Shapes of messages and work items. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const
const realm = { type: 'string', enum: ['live', 'test'] } as const
const object = { type: 'object', additionalProperties: true } as const

const MESSAGE = {
  $id: 'Message',
  description:
    'What a partner is told of its records. `status-change`: the centre changed where a record stands, or deleted it. `data-change`: the centre changed other fields. `transfer`: a record was given to another partner. `work-item`: something is to be settled.',
  type: 'object',
  properties: {
    number: { type: 'integer', description: "Counts up within a partner's messages of a realm." },
    exchange: text,
    type: { type: 'string', enum: MESSAGE_TYPES },
    recordType: maybeText,
    recordId: maybeText,
    key: maybeText,
    workItem: { ...maybeText, description: 'Id of the work item that it tells of.' },
    title: text,
    createdAt: time,
    clearedAt: maybeTime,
    clearedBy: maybeText,
    body: {
      ...object,
      description:
        'What happened: names of the fields that changed, never their values. Only of one message.',
    },
  },
  additionalProperties: true,
  examples: [
    {
      number: 41,
      exchange: 'voter',
      type: 'status-change',
      recordType: 'voter',
      recordId: '0199c7a2-5b6e-7c11-8f0a-3d9f5a1b2c3d',
      key: '01/4711',
      workItem: null,
      title: 'Voter 01/4711: Status is C now.',
      createdAt: '2026-03-02T12:00:01.000Z',
      clearedAt: null,
      clearedBy: null,
    },
  ],
}

const WORK_ITEM = {
  $id: 'WorkItem',
  description: 'Something the centre asks a partner to settle.',
  type: 'object',
  properties: {
    item: text,
    partner: text,
    exchange: text,
    realm,
    kind: text,
    recordType: maybeText,
    recordId: maybeText,
    key: maybeText,
    title: text,
    body: object,
    dueOn: { type: 'string', format: 'date', description: 'Last day, by the clock of the exchange.' },
    overdue: { type: 'boolean' },
    madeBy: text,
    madeAt: time,
    state: { type: 'string', enum: WORK_ITEM_STATES },
    reason: maybeText,
    answeredBy: maybeText,
    answeredAt: maybeTime,
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addMessageSchemas(app: FastifyInstance): void {
  for (const schema of [MESSAGE, WORK_ITEM])
    app.addSchema({
      ...schema,
      // The body is given with one message only.
      required: Object.keys(schema.properties).filter((name) => name !== 'body'),
    })
}
