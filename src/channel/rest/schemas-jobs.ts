import type { FastifyInstance } from 'fastify'
import { ATTEMPT_STATES, RUN_STATES } from '../../store/job-model.ts'

/** Shapes of jobs, runs, attempts, calendars, alerts, agents and sessions. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const
const realm = { type: 'string', enum: ['live', 'test'] } as const
const extract = {
  type: 'string',
  enum: ['full', 'changes'],
  description: 'Everything, or what changed since the last attempt that was done.',
} as const
const origin = { type: 'string', enum: ['schedule', 'now', 'partner'] } as const
const daytime = { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' } as const
const partnerName = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' } as const
const exchangeName = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,9}$' } as const

export const JOB_NAME = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,59}$' } as const
export const RUN_NAME = { type: 'string', pattern: '^[0-9]{14}-[a-z2-7]{10}$' } as const

const hours = {
  type: ['object', 'null'],
  required: ['from', 'until'],
  additionalProperties: false,
  properties: { from: daytime, until: daytime },
} as const

const RULE = {
  title: { type: 'string', minLength: 1, maxLength: 200 },
  exchange: exchangeName,
  realm: { ...realm, default: 'live' },
  partners: {
    type: ['array', 'null'],
    default: null,
    minItems: 1,
    maxItems: 1000,
    uniqueItems: true,
    items: partnerName,
    description: 'Null: every partner with an account for an agent that may submit to the exchange.',
  },
  extract,
  cron: {
    type: ['string', 'null'],
    maxLength: 200,
    default: null,
    description: 'Minute, hour, day of month, month, day of week; null: it runs only when told to.',
  },
  zone: { type: 'string', maxLength: 60, description: 'Of the schedule, the window and the calendar.' },
  calendar: {
    type: ['string', 'null'],
    maxLength: 60,
    default: null,
    description: 'Days on which it rests.',
  },
  window: {
    ...hours,
    default: null,
    description: 'Only then is work handed out; past midnight is possible.',
  },
  priority: { type: 'integer', minimum: 0, maximum: 1000, default: 100, description: 'Higher goes first.' },
  arriveMinutes: {
    type: 'integer',
    minimum: 1,
    maximum: 10_080,
    default: 240,
    description: 'From being taken until the file is here; and from being offered until it is taken.',
  },
  retryMinutes: { type: 'integer', minimum: 1, maximum: 10_080, default: 30 },
  retryLimit: {
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 3,
    description: 'Attempts after the first.',
  },
  missed: {
    type: 'string',
    enum: ['once', 'skip'],
    default: 'once',
    description: 'Occurrences that passed while no node ran: made up for by one run, or left out.',
  },
  ownStart: {
    type: ['object', 'null'],
    default: null,
    required: ['perDayMax', 'atOnceMax'],
    additionalProperties: false,
    description: 'When and how often partners may start it themselves; null: never.',
    properties: {
      hours: { ...hours, default: null },
      perDayMax: { type: 'integer', minimum: 1, maximum: 1000 },
      atOnceMax: { type: 'integer', minimum: 1, maximum: 1000, description: 'Of all partners together.' },
    },
  },
} as const

const EXAMPLE = {
  title: 'Voters, every night',
  exchange: 'voter',
  realm: 'live',
  partners: null,
  extract: 'changes',
  cron: '30 1 * * *',
  zone: 'America/Los_Angeles',
  calendar: 'elections',
  window: { from: '22:00', until: '05:00' },
  priority: 100,
  arriveMinutes: 240,
  retryMinutes: 30,
  retryLimit: 3,
  missed: 'once',
  ownStart: { hours: { from: '08:00', until: '18:00' }, perDayMax: 3, atOnceMax: 10 },
}

/** What an office states of a job. */
export const JOB_BODY = {
  type: 'object',
  required: ['title', 'exchange', 'extract', 'zone'],
  additionalProperties: false,
  properties: RULE,
  examples: [EXAMPLE],
} as const

const JOB = {
  $id: 'Job',
  description: 'What agents are asked to extract and send, and when.',
  type: 'object',
  properties: {
    job: text,
    ...RULE,
    paused: { type: 'boolean' },
    pauseReason: maybeText,
    nextDue: maybeTime,
    changedAt: time,
    changedBy: text,
  },
  additionalProperties: true,
  examples: [{ job: 'voters-nightly', ...EXAMPLE }],
}

const RUN = {
  $id: 'Run',
  description: 'One occurrence of a job for one partner.',
  type: 'object',
  properties: {
    run: text,
    job: text,
    exchange: text,
    realm,
    partner: text,
    extract,
    origin,
    startedBy: maybeText,
    dueAt: time,
    state: { type: 'string', enum: RUN_STATES },
    reason: { ...maybeText, description: 'Why it waits, failed, or was cancelled.' },
    attempts: count,
    nextAt: { ...maybeTime, description: 'When its next attempt is offered.' },
    place: { type: ['integer', 'null'], description: 'Where it stands among all that wait.' },
    createdAt: time,
    changedAt: time,
    closedAt: maybeTime,
  },
  additionalProperties: true,
}

const ATTEMPT = {
  $id: 'Attempt',
  description: 'One try of a run, with the time of each state.',
  type: 'object',
  properties: {
    attempt: text,
    run: text,
    job: text,
    exchange: text,
    realm,
    partner: text,
    extract,
    origin,
    number: count,
    state: { type: 'string', enum: ATTEMPT_STATES },
    code: maybeText,
    reason: maybeText,
    account: { ...maybeText, description: 'Login of the agent that took it.' },
    offeredAt: time,
    takenAt: maybeTime,
    extractingAt: maybeTime,
    uploadingAt: maybeTime,
    receivedAt: maybeTime,
    processingAt: maybeTime,
    closedAt: maybeTime,
    arriveBy: time,
    records: count,
    bytes: count,
    bytesOf: { type: ['integer', 'null'] },
    tracking: { ...maybeText, description: 'The submission that its file became.' },
    errorLog: { ...maybeText, description: 'SHA-256 of the log of its failure.' },
  },
  additionalProperties: true,
}

const RUN_DETAIL = {
  ...RUN,
  $id: 'RunDetail',
  description: 'One run with its attempts.',
  properties: {
    ...RUN.properties,
    history: { type: 'array', items: { $ref: 'Attempt#' }, description: 'Its attempts, the first first.' },
  },
}

/** Days of rest, and what they are called. */
export const CALENDAR_BODY = {
  type: 'object',
  required: ['title', 'exceptions'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    exceptions: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['from', 'until', 'reason'],
        additionalProperties: false,
        properties: {
          from: { type: 'string', format: 'date' },
          until: { type: 'string', format: 'date', description: 'The last day, included.' },
          reason: { type: 'string', minLength: 1, maxLength: 200 },
        },
      },
    },
  },
  examples: [
    {
      title: 'Elections',
      exceptions: [{ from: '2026-10-20', until: '2026-11-10', reason: 'General election freeze' }],
    },
  ],
} as const

const CALENDAR = {
  $id: 'Calendar',
  description: 'Days on which jobs rest.',
  type: 'object',
  properties: { calendar: text, ...CALENDAR_BODY.properties, changedAt: time },
  additionalProperties: true,
}

const ALERT = {
  $id: 'Alert',
  description: 'A job that does not go well for a partner. Open until it goes well again.',
  type: 'object',
  properties: {
    alert: count,
    kind: {
      type: 'string',
      enum: ['failed', 'timed-out', 'limit'],
      description: '`limit`: its attempts are spent; it waits for its next occurrence.',
    },
    job: text,
    exchange: text,
    realm,
    partner: text,
    run: text,
    attempt: text,
    code: maybeText,
    message: text,
    times: count,
    raisedAt: time,
    lastAt: time,
    acknowledgedAt: maybeTime,
    acknowledgedBy: maybeText,
    note: maybeText,
    resolvedAt: maybeTime,
    resolution: maybeText,
    nextAt: {
      ...maybeTime,
      description: "When it is tried again, by another attempt or the job's next occurrence.",
    },
    change: { ...count, description: 'Its place in the order of changes.' },
  },
  additionalProperties: true,
}

const AGENT = {
  $id: 'Agent',
  description: 'What an agent last told of itself.',
  type: 'object',
  properties: {
    account: text,
    login: text,
    partner: text,
    version: text,
    health: { type: 'object', additionalProperties: true },
    batches: { type: 'array', items: { type: 'object', additionalProperties: true } },
    address: text,
    firstSeenAt: time,
    seenAt: time,
    silent: { type: 'boolean', description: 'It did not ask for work for some minutes.' },
  },
  additionalProperties: true,
}

const COUNTED = {
  received: count,
  accepted: { ...count, description: 'created + updated + unchanged + deleted' },
  rejected: { ...count, description: 'Filtered ones included.' },
  created: count,
  updated: count,
  unchanged: count,
  deleted: count,
  filtered: count,
  translated: count,
}

const SESSION = {
  $id: 'Session',
  description: 'What was sent once, or should have been: an attempt of a job, or another submission.',
  type: 'object',
  properties: {
    session: { ...text, description: "The attempt's name, or the tracking number." },
    kind: { type: 'string', enum: ['attempt', 'submission'] },
    exchange: text,
    realm,
    partner: text,
    account: maybeText,
    channel: text,
    job: maybeText,
    run: maybeText,
    number: { type: ['integer', 'null'] },
    extract: text,
    state: text,
    result: { type: ['string', 'null'], enum: ['done', 'failed', 'timed-out', 'cancelled', null] },
    code: maybeText,
    reason: maybeText,
    at: time,
    startedAt: maybeTime,
    endedAt: maybeTime,
    seconds: { type: ['number', 'null'] },
    bytes: count,
    ...COUNTED,
    removed: count,
    withErrors: count,
    tracking: maybeText,
    errorLog: maybeText,
    log: { ...maybeText, description: 'Where its log is: of the records, or of the failure.' },
  },
  additionalProperties: true,
}

const TREND = {
  $id: 'Trend',
  description: 'What came in one period by one partner in one exchange.',
  type: 'object',
  properties: {
    period: { type: 'string', format: 'date' },
    partner: text,
    exchange: text,
    sessions: count,
    done: count,
    failed: count,
    timedOut: count,
    cancelled: count,
    ...COUNTED,
    bytes: count,
    seconds: { type: ['number', 'null'], description: 'Of those that were done, on the average.' },
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addJobSchemas(app: FastifyInstance): void {
  for (const schema of [JOB, RUN, ATTEMPT, RUN_DETAIL, CALENDAR, ALERT, AGENT, SESSION, TREND])
    app.addSchema({ ...schema, required: Object.keys(schema.properties) })
}
