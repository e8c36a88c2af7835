import type { FastifyInstance } from 'fastify'

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const position = { type: 'integer', minimum: 1 } as const
const fields = { type: 'array', items: text, description: 'The fields that tell duplicates.' } as const

const PAIR = {
  $id: 'DuplicatePair',
  description: 'Two stored records that are one by the fields that tell duplicates.',
  type: 'object',
  required: ['type', 'fields', 'first', 'second'],
  properties: { type: text, fields, first: { $ref: 'Record#' }, second: { $ref: 'Record#' } },
}

const REFUSED = {
  $id: 'RefusedDuplicate',
  description: 'A record that was not taken because it is stored under another key.',
  type: 'object',
  required: ['tracking', 'position', 'partner', 'key', 'code', 'message', 'receivedAt'],
  properties: {
    tracking: text,
    position,
    partner: text,
    key: maybeText,
    code: text,
    message: text,
    receivedAt: { ...text, format: 'date-time' },
  },
}

const REFUSED_PAIR = {
  $id: 'RefusedPair',
  description: 'A refused record beside the stored one; `stored` is null where that is not there any more.',
  type: 'object',
  required: ['type', 'fields', 'refused', 'stored'],
  properties: {
    type: text,
    fields,
    refused: {
      type: 'object',
      required: ['tracking', 'position', 'key', 'body', 'findings'],
      properties: {
        tracking: text,
        position,
        key: maybeText,
        body: { type: 'object', additionalProperties: true },
        findings: { type: 'array', items: { $ref: 'Finding#' } },
      },
    },
    stored: { oneOf: [{ $ref: 'Record#' }, { type: 'null' }] },
  },
}

/** Makes the shapes of duplicates known to their routes. */
export function addDuplicateSchemas(app: FastifyInstance): void {
  for (const schema of [PAIR, REFUSED, REFUSED_PAIR]) app.addSchema(schema)
}
