import type { FastifyInstance } from 'fastify'
import { OUTCOMES } from '../../exchange/parcel.ts'

/** Shapes of new versions of definitions. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const

function whole<T extends object>(properties: T) {
  return { type: 'object', required: Object.keys(properties), properties }
}

const list = (items: object) => ({ type: 'array', items })
const maybe = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] })

const PROBLEM = whole({ file: text, line: count, column: count, code: text, message: text, fix: text })
const TALLY = whole(Object.fromEntries(['received', ...OUTCOMES, 'withErrors'].map((name) => [name, count])))
const FATE = maybe(whole({ outcome: { type: 'string', enum: OUTCOMES }, codes: list(text) }))

const RESULT = whole({
  submissions: { ...count, description: 'Documents dealt with so far.' },
  records: count,
  different: { ...count, description: 'Records of which another thing would become.' },
  before: { ...TALLY, description: 'By what is in force.' },
  after: { ...TALLY, description: 'By the version.' },
  rules: {
    ...list(
      whole({
        code: text,
        field: text,
        severity: { type: 'string', enum: ['fatal', 'error', 'warning', 'info'] },
        message: text,
        before: count,
        after: count,
      }),
    ),
    description: 'Those that spoke another number of times, the greatest changes first.',
  },
  examples: {
    ...list(
      whole({ tracking: text, position: count, type: text, key: maybeText, before: FATE, after: FATE }),
    ),
    description: 'The first 200 records of which another thing would become; null: there is no such record.',
  },
  unread: {
    ...list(whole({ tracking: text, before: maybeText, after: maybeText })),
    description: 'Documents that one of the two could not read to its end, and why.',
  },
})

const SHADOW = maybe(
  whole({
    state: { type: 'string', enum: ['running', 'done', 'failed', 'broken-off'] },
    realm: { type: 'string', enum: ['live', 'test'] },
    wanted: { ...count, description: 'Documents that it takes.' },
    askedBy: text,
    askedAt: time,
    endedAt: maybeTime,
    failure: maybeText,
    againstHash: text,
    result: RESULT,
  }),
)

const CANDIDATE = {
  ...whole({
    candidate: count,
    exchange: text,
    fileName: text,
    hash: { ...text, description: 'Of the definition; empty where the files make none.' },
    state: { type: 'string', enum: ['wrong', 'checked', 'coming', 'in-force', 'past', 'withdrawn'] },
    problems: list(PROBLEM),
    uploadedBy: text,
    uploadedAt: time,
    shadow: SHADOW,
    activateAt: maybeTime,
    activatedBy: maybeText,
    reason: maybeText,
    withdrawnAt: maybeTime,
    withdrawnBy: maybeText,
    withdrawnReason: maybeText,
  }),
  $id: 'Candidate',
  description: 'A definition that was uploaded to take the place of the one in force.',
}

/** Makes the shapes known to the routes as `Name#`. */
export function addCandidateSchemas(app: FastifyInstance): void {
  app.addSchema(CANDIDATE)
}
