import type { FastifyInstance } from 'fastify'
import { OUTCOMES } from '../../exchange/parcel.ts'
import { GRANTS } from '../../identity/who.ts'

/** The shapes of the native API, in JSON Schema. Routes name them; the OpenAPI document is made from them. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const
const statusName = {
  type: ['string', 'null'],
  enum: ['submitted', 'submitted-with-errors', 'closed', 'deleted', null],
}
const realm = { type: 'string', enum: ['live', 'test'] } as const
const outcome = { type: 'string', enum: OUTCOMES } as const

const PROBLEM = {
  $id: 'Problem',
  description: 'What went wrong (RFC 9457). `code` is stable and meant for programs.',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    code: text,
    retry: { type: 'string', enum: ['never', 'later'] },
    errors: { type: 'array', items: { type: 'object', properties: { pointer: text, detail: text } } },
  },
  additionalProperties: true,
  examples: [
    {
      type: 'urn:tributary:problem:NOT_FOUND',
      title: 'Not found',
      status: 404,
      detail: 'There is no exchange stops.',
      instance: 'urn:request:5d1d8f1c-6f0a-4d0e-9e0e-2f8f3a0b8f11',
      code: 'NOT_FOUND',
      retry: 'never',
    },
  ],
}

const FINDING = {
  $id: 'Finding',
  description: 'One problem found in one record.',
  type: 'object',
  properties: {
    code: text,
    severity: { type: 'string', enum: ['fatal', 'error', 'warning', 'info'] },
    path: { ...text, description: 'Where in the record, with 1-based item numbers.' },
    field: { ...text, description: 'The name the field has on the wire.' },
    item: { type: ['integer', 'null'] },
    message: text,
    value: { ...maybeText, description: 'As sent, cut to 200 characters.' },
  },
  additionalProperties: true,
  examples: [
    {
      code: 'F012R',
      severity: 'error',
      path: 'items[2].colour',
      field: 'Colour',
      item: 2,
      message: 'Colour is required.',
      value: null,
    },
  ],
}

const FOUND = {
  ...FINDING,
  $id: 'FoundFinding',
  description: 'One problem found in one record of a submission.',
  properties: {
    ...FINDING.properties,
    position: { ...count, description: '1-based place of the record in the submission.' },
    key: maybeText,
  },
  examples: FINDING.examples.map((one) => ({ ...one, position: 17, key: 'A000000017' })),
}

const COUNTS = {
  $id: 'Counts',
  description:
    '`received` is the sum of the six outcomes; what was not taken is `rejected` and `filtered` together. `removed` and `cascaded` are effects, counted apart; `translated` are the records that a rule changed, whatever became of them.',
  type: 'object',
  properties: {
    received: count,
    ...Object.fromEntries(OUTCOMES.map((name) => [name, count])),
    removed: count,
    cascaded: count,
    withErrors: count,
    translated: count,
  },
  additionalProperties: true,
}

const corrections = {
  type: 'array',
  items: { type: 'object', properties: { tracking: text, records: count }, additionalProperties: true },
}

const SUBMISSION = {
  $id: 'Submission',
  description: 'One delivery, where it stands and what it did.',
  type: 'object',
  properties: {
    tracking: text,
    exchange: text,
    realm,
    partner: text,
    account: text,
    channel: text,
    state: {
      type: 'string',
      enum: ['queued', 'surveying', 'held', 'processing', 'completed', 'incomplete', 'refused', 'cancelled'],
    },
    reason: maybeText,
    scope: { type: 'string', enum: ['incremental', 'refresh'] },
    dryRun: { type: 'boolean' },
    reconcile: { type: 'boolean', description: 'There, and true, for a reconciliation.' },
    fileName: text,
    format: maybeText,
    documentSha256: text,
    documentBytes: count,
    repeats: { ...maybeText, description: 'Tracking number of an earlier submission of the same bytes.' },
    receivedAt: time,
    startedAt: maybeTime,
    closedAt: maybeTime,
    counts: { $ref: 'Counts#' },
    progress: {
      type: 'object',
      properties: { records: count, share: { type: ['number', 'null'], minimum: 0, maximum: 1 } },
    },
    definitionHash: text,
    rules: {
      type: 'array',
      description: 'Rule sets that were in effect for the sender when it was received.',
      items: { type: 'object', properties: { partner: text, version: count }, additionalProperties: true },
    },
    corrects: {
      ...corrections,
      description: 'Submissions whose records this one corrects, as the markers of their error files say.',
    },
    correctedBy: { ...corrections, description: 'Submissions with corrected records of this one.' },
    acknowledgement: {
      ...text,
      description: 'Signed paper (compact JWS), given when a document is taken in.',
    },
  },
  additionalProperties: true,
}

const OUTCOME = {
  $id: 'OutcomeEntry',
  description: 'What the submission did to one record.',
  type: 'object',
  properties: {
    position: { ...count, description: '1-based place of the record in the submission.' },
    line: count,
    member: text,
    type: text,
    key: maybeText,
    recordId: maybeText,
    operation: text,
    outcome,
    status: statusName,
    findings: { type: 'array', items: { $ref: 'Finding#' } },
    notes: {
      type: 'array',
      description: 'What rules changed in it before it was judged.',
      items: { $ref: 'Note#' },
    },
  },
  additionalProperties: true,
}

const RECORD = {
  $id: 'Record',
  description: 'One stored record; its ETag is its version.',
  type: 'object',
  properties: {
    recordId: text,
    exchange: text,
    realm,
    type: text,
    partner: text,
    key: text,
    status: statusName,
    statusLabel: text,
    version: count,
    changeNo: count,
    definitionVersion: text,
    body: { type: 'object', additionalProperties: true },
    findings: { type: 'array', items: { $ref: 'Finding#' } },
    submission: text,
    position: count,
    createdAt: time,
    updatedAt: time,
  },
  additionalProperties: true,
}

const RESULT = {
  $id: 'RecordResult',
  description: 'The answer to one record sent by itself.',
  type: 'object',
  properties: {
    tracking: text,
    repeated: { type: 'boolean', description: 'The first answer to this idempotency key, again.' },
    position: count,
    recordId: maybeText,
    key: maybeText,
    outcome,
    status: statusName,
    statusLabel: maybeText,
    version: { type: ['integer', 'null'] },
    findings: { type: 'array', items: { $ref: 'Finding#' } },
    body: { type: 'object', additionalProperties: true },
  },
  additionalProperties: true,
}

const TOKEN = {
  $id: 'Token',
  description: 'A signed bearer token and how long it is good for.',
  type: 'object',
  properties: { access_token: text, token_type: text, expires_in: count },
  additionalProperties: true,
  examples: [{ access_token: 'eyJhbGciOi…', token_type: 'Bearer', expires_in: 900 }],
}

const ME = {
  $id: 'Me',
  description: 'Who is signed in, and what this account may do.',
  type: 'object',
  required: [
    'account',
    'name',
    'partner',
    'partnerTitle',
    'centre',
    'kind',
    'realms',
    'grants',
    'session',
    'next',
  ],
  properties: {
    account: text,
    name: text,
    partner: text,
    partnerTitle: maybeText,
    centre: { type: 'boolean', description: "Belongs to the centre: sees every partner's data." },
    kind: { type: 'string', enum: ['person', 'machine'] },
    realms: { type: 'array', items: realm },
    channels: { type: 'array', items: { type: 'string', enum: ['rest', 'sftp', 'agent'] } },
    grants: {
      type: 'array',
      items: {
        type: 'object',
        required: ['exchange', 'grants'],
        properties: {
          exchange: { ...text, description: '`*`: every exchange.' },
          grants: {
            type: 'array',
            items: {
              type: 'string',
              enum: GRANTS,
            },
          },
        },
      },
    },
    session: {
      type: ['object', 'null'],
      description: 'Of a browser: when it ends, and after how long without use.',
      required: ['endsAt', 'idleSeconds'],
      properties: { endsAt: time, idleSeconds: count },
    },
    next: {
      type: ['string', 'null'],
      enum: ['second-factor', null],
      description: 'What must be done before anything else is possible.',
    },
  },
  additionalProperties: true,
}

/** A shape of which every member is always there, but for those named. */
function whole<T extends { readonly properties: object }>(schema: T, ...sometimes: readonly string[]): T {
  const required = Object.keys(schema.properties).filter((name) => !sometimes.includes(name))
  return { ...schema, required }
}

/** Makes the shapes known to the routes as `Name#`. */
export function addSchemas(app: FastifyInstance): void {
  for (const schema of [PROBLEM, TOKEN, ME]) app.addSchema(schema)
  for (const schema of [FINDING, FOUND, COUNTS, OUTCOME, RECORD, RESULT]) app.addSchema(whole(schema))
  app.addSchema(whole(SUBMISSION, 'acknowledgement'))
}

const REASONS: Readonly<Record<number, string>> = {
  304: 'The version held is the current one.',
  400: 'The request is wrong; `errors` says where.',
  401: 'Nobody is signed in, or the token is no longer good.',
  403: 'The account may not do this.',
  404: 'There is no such thing, or it is not yours.',
  409: 'It contradicts what is stored, or the state it is in.',
  412: 'The record has changed since the version named in If-Match.',
  413: 'The body is larger than the node takes.',
  415: 'The node does not take this kind of content.',
  422: 'The record was not stored; `findings` says why.',
  429: 'Too many wrong passwords; try again in a few minutes.',
  503: 'The lane or the database is busy; `Retry-After` says when to come again.',
}

/** The error answers of a route: the ones named and those any route may give. */
export function problems(...statuses: readonly number[]): Readonly<Record<string, unknown>> {
  const problem = { 'application/problem+json': { schema: { $ref: 'Problem#' } } }
  const answers = statuses.map((status) => [
    String(status),
    { description: REASONS[status] ?? 'It failed.', ...(status < 400 ? {} : { content: problem }) },
  ])
  return {
    ...Object.fromEntries(answers),
    default: { description: 'Anything else that can go wrong.', content: problem },
  }
}

/** A JSON answer of this shape. */
export function answer(description: string, schema: object): object {
  return { description, content: { 'application/json': { schema } } }
}

export function pageOf(name: string): object {
  return {
    type: 'object',
    required: ['items', 'next'],
    properties: {
      items: { type: 'array', items: { $ref: `${name}#` } },
      next: { ...maybeText, description: 'Give it as `after` for the next page; null on the last.' },
    },
  }
}

/** A plain download. */
export function download(description: string, ...types: readonly string[]): object {
  return {
    description,
    content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }])),
  }
}

export const PAGING = {
  limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Items on a page.' },
  after: { type: 'string', maxLength: 500, description: 'The `next` of the page before.' },
} as const

/** An object schema of path or query parameters, all known by name. */
export function parameters(properties: object, required: readonly string[] = []): object {
  return { type: 'object', additionalProperties: false, required, properties }
}

export const PLACE = {
  exchange: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,9}$', description: 'Name of the exchange.' },
  type: { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,39}$', description: 'Record type of the exchange.' },
  id: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'The stable id of a record.' },
  tracking: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Tracking number.' },
} as const

/** Names that an administrator gives or uses. */
export const NAMES = {
  partner: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' },
  account: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$' },
  exchangeOrAll: {
    type: 'string',
    pattern: '^(\\*|[a-z][a-z0-9-]{0,9})$',
    description: '`*`: every exchange.',
  },
} as const

/** Realm and partner, on every route that writes. */
export const SENDER = {
  realm: { ...realm, default: 'live', description: 'Live data or test data; they never mix.' },
  partner: { type: 'string', maxLength: 64, description: 'The centre only: for whom it is sent.' },
} as const

export const REALM = { realm: SENDER.realm } as const
