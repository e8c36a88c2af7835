/** Shapes of what agents ask and tell. */

const count = { type: 'integer', minimum: 0 } as const
const exchange = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,9}$' } as const
const realm = { type: 'string', enum: ['live', 'test'] } as const

/** Identity of an attempt: the run's time and name, and its number. */
export const ATTEMPT_NAME = { type: 'string', pattern: '^[0-9]{14}-[a-z2-7]{10}-[0-9]{1,6}$' } as const

const question = {
  type: 'object',
  required: ['version', 'health', 'batches'],
  additionalProperties: false,
  properties: {
    version: { type: 'string', maxLength: 40 },
    health: {
      type: 'object',
      required: ['ok', 'freeBytes', 'sources', 'since'],
      additionalProperties: false,
      properties: {
        ok: { type: 'boolean' },
        freeBytes: count,
        sources: {
          type: 'array',
          maxItems: 50,
          items: {
            type: 'object',
            required: ['name', 'ok'],
            additionalProperties: false,
            properties: { name: { type: 'string', maxLength: 80 }, ok: { type: 'boolean' } },
          },
        },
        since: { type: 'string', format: 'date-time' },
      },
    },
    batches: {
      type: 'array',
      maxItems: 100,
      description: 'What the agent could do now; leave out what it is busy with.',
      items: {
        type: 'object',
        required: ['exchange', 'realm'],
        additionalProperties: false,
        properties: { exchange, realm },
      },
    },
    waitSeconds: { type: 'integer', minimum: 0, maximum: 50, default: 0 },
  },
}

const progress = {
  type: 'object',
  required: ['state', 'records', 'bytes'],
  additionalProperties: false,
  properties: {
    state: { type: 'string', enum: ['extracting', 'uploading'] },
    records: count,
    bytes: count,
    bytesOf: { type: ['integer', 'null'], minimum: 0, default: null },
  },
}

const upload = {
  type: 'object',
  required: ['bytes', 'sha256', 'fileName', 'contentType', 'records', 'marker'],
  additionalProperties: false,
  properties: {
    bytes: count,
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    fileName: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,200}$' },
    contentType: { type: 'string', maxLength: 100 },
    records: count,
    marker: {
      type: ['string', 'null'],
      maxLength: 20_000,
      description: 'Where the next extract of changes begins, in words of the agent; given back as `since`.',
    },
  },
}

const failure = {
  type: 'object',
  required: ['code', 'message', 'log', 'records', 'at'],
  additionalProperties: false,
  properties: {
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]{0,59}$' },
    message: { type: 'string', maxLength: 2000 },
    log: { type: 'string', maxLength: 2 ** 20, description: 'Diagnostics; no personal data.' },
    records: count,
    at: { type: 'string', format: 'date-time' },
  },
}

export const AGENT_BODIES = { question, progress, upload, failure } as const
