import type { FastifyInstance } from 'fastify'
import { DIFFERENCE_KINDS } from '../../exchange/words.ts'

/** Shapes of reconciliations. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const kind = { type: 'string', enum: DIFFERENCE_KINDS } as const

const RECONCILIATION = {
  $id: 'Reconciliation',
  description:
    "A partner's whole file held against what the centre has. `only-partner`: in the file alone; `only-centre`: at the centre alone; `different`: in both, with other contents; `repeated`: more than once in the file.",
  type: 'object',
  properties: {
    tracking: text,
    exchange: text,
    realm: text,
    partner: text,
    account: text,
    state: text,
    reason: maybeText,
    fileName: text,
    receivedAt: { type: 'string', format: 'date-time' },
    closedAt: { type: ['string', 'null'], format: 'date-time' },
    counts: { $ref: 'Counts#' },
    report: {
      type: ['object', 'null'],
      description: 'Null until it is completed.',
      properties: {
        met: {
          type: 'boolean',
          description: 'Every category is within its tolerance, and every key could be read.',
        },
        unreadable: { ...count, description: 'Records of the file whose key could not be read.' },
        refused: { ...count, description: 'Records of the file that the centre would not take.' },
        fixOrder: { type: 'array', items: kind },
        categories: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              category: text,
              title: text,
              types: { type: 'array', items: text },
              partner: count,
              centre: count,
              same: count,
              differences: { type: 'object', additionalProperties: count },
              total: count,
              allowed: count,
              met: { type: 'boolean' },
            },
            additionalProperties: true,
          },
        },
      },
      additionalProperties: true,
    },
  },
  additionalProperties: true,
}

const DIFFERENCE = {
  $id: 'RecordDifference',
  description: 'One record in which the file and the centre differ. Names of fields, never their values.',
  type: 'object',
  properties: {
    kind,
    category: text,
    type: text,
    key: text,
    recordId: maybeText,
    position: { type: ['integer', 'null'], description: 'Place of the record in the file.' },
    fields: { type: 'array', items: text },
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addReconcileSchemas(app: FastifyInstance): void {
  for (const schema of [RECONCILIATION, DIFFERENCE]) app.addSchema(schema)
}
