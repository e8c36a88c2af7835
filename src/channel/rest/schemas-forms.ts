import type { FastifyInstance } from 'fastify'

const text = { type: 'string' } as const
const time = { type: 'string', format: 'date-time' } as const

const HEAD = {
  draft: { ...text, format: 'uuid' },
  title: text,
  exchange: text,
  realm: { type: 'string', enum: ['live', 'test'] },
  type: text,
  recordId: { type: ['string', 'null'], description: 'The stored record that it is to correct.' },
  createdAt: time,
  updatedAt: time,
  removedOn: { ...text, format: 'date', description: 'When it is removed, unless it is saved again.' },
} as const

const DRAFT_HEAD = {
  $id: 'DraftHead',
  description: 'A record that you have begun and not sent.',
  type: 'object',
  required: Object.keys(HEAD),
  properties: HEAD,
}

const DRAFT = {
  $id: 'Draft',
  description: 'A record that you have begun and not sent, with its content so far.',
  type: 'object',
  required: [...Object.keys(HEAD), 'body'],
  properties: { ...HEAD, body: { type: 'object', additionalProperties: true } },
}

const FAULTY = {
  $id: 'FaultyRecord',
  description: 'A record that stands with errors.',
  type: 'object',
  required: ['recordId', 'partner', 'key', 'version', 'submission', 'position', 'updatedAt', 'findings'],
  properties: {
    recordId: text,
    partner: text,
    key: text,
    version: { type: 'integer', minimum: 1 },
    submission: { ...text, description: 'Tracking number of what it came with.' },
    position: { type: 'integer', minimum: 1 },
    updatedAt: time,
    findings: { type: 'array', items: { $ref: 'Finding#' } },
  },
}

const RULE = {
  $id: 'RuleWithErrors',
  description: 'A rule that records stand with errors of.',
  type: 'object',
  required: ['code', 'field', 'message', 'records'],
  properties: {
    code: text,
    field: text,
    message: { ...text, description: 'An example.' },
    records: { type: 'integer', minimum: 1 },
  },
}

/** Makes the shapes known to the routes of work lists and drafts. */
export function addFormsSchemas(app: FastifyInstance): void {
  for (const schema of [DRAFT_HEAD, DRAFT, FAULTY, RULE]) app.addSchema(schema)
}
