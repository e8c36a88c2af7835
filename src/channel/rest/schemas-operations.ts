import type { FastifyInstance } from 'fastify'

/** Shapes of the audit log and of the node itself. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const

/** An object of which every property is given. */
function whole<P extends object>(properties: P) {
  return { type: 'object', required: Object.keys(properties), properties } as const
}

const LINE = {
  $id: 'AuditLine',
  description: 'One line of the audit log: who did what, when, and how it ended.',
  ...whole({
    entry: count,
    at: time,
    account: { ...maybeText, description: 'The id of the account; null where nobody was signed in.' },
    login: { ...maybeText, description: 'Its name.' },
    partner: maybeText,
    action: { ...text, description: 'A call of this API, or what happened, in words.' },
    target: { ...text, description: 'What it was about.' },
    status: { ...count, description: 'As HTTP has it: from 400 on it was refused or did not work.' },
    request: { ...text, description: 'Number of the request, as problems and the log of the node have it.' },
    address: text,
    sealed: { type: 'boolean', description: 'A seal covers it.' },
  }),
  examples: [
    {
      entry: 4711,
      at: '2026-03-02T08:15:00.000Z',
      account: '0b0f6a52-7a7e-4f6d-9d0c-1f5d3c1b2a90',
      login: 'olive.office',
      partner: 'centre',
      action: 'POST /v1/jobs/:job/pause',
      target: 'job=voters-nightly',
      status: 200,
      request: '5d1d8f1c-6f0a-4d0e-9e0e-2f8f3a0b8f11',
      address: '10.0.0.7',
      sealed: true,
    },
  ],
}

const VERDICT = {
  $id: 'AuditVerdict',
  description: 'Is the audit log as it was sealed?',
  ...whole({
    ok: { type: 'boolean' },
    seals: { ...count, description: 'That were checked and found good.' },
    entries: { ...count, description: 'Lines that they cover.' },
    unsealed: { ...count, description: 'Lines of the last moments that no seal covers yet.' },
    head: { ...text, description: 'Note it elsewhere: a log that is cut short later is found out by it.' },
    bad: {
      ...whole({ seal: count, entry: { type: ['integer', 'null'] }, reason: text }),
      type: ['object', 'null'],
      description: 'The first thing that is not as it was sealed.',
    },
  }),
}

const health = {
  type: 'string',
  enum: ['good', 'warn', 'bad'],
  description: '`bad` needs somebody now, `warn` is to be known.',
}

const SYSTEM = {
  $id: 'System',
  description: 'The node, and what it stands on.',
  ...whole({
    version: text,
    runtime: text,
    startedAt: time,
    uptimeSeconds: count,
    database: whole({
      kind: { type: 'string', enum: ['postgres', 'pglite'] },
      durable: { type: 'boolean', description: 'What is stored survives a power cut.' },
      bytes: count,
    }),
    disk: {
      ...whole({ freeBytes: count, totalBytes: count }),
      type: ['object', 'null'],
      description: 'Where the data folder is; null: it cannot be told.',
    },
    queued: { ...count, description: 'Pieces of work that wait for a worker.' },
    mail: whole({
      sending: { type: 'boolean', description: 'A mail server is set.' },
      queued: count,
      paused: count,
      bounced: count,
      givenUp: count,
      oldest: maybeTime,
    }),
    fileServer: { ...whole({ host: text, port: count }), type: ['object', 'null'] },
    intakes: whole({ open: count, stuck: count, lastScanAt: maybeTime }),
    jobs: whole({ openAlerts: count, acknowledged: count, silentAgents: count, agents: count }),
    exchanges: {
      type: 'array',
      items: whole({ exchange: text, title: text, version: text, hash: text }),
    },
    checks: {
      type: 'array',
      description: 'What is looked at, and how it stands.',
      items: whole({
        check: {
          type: 'string',
          enum: ['database', 'disk', 'queue', 'mail', 'file-server', 'intakes', 'jobs', 'agents'],
        },
        health,
        state: { ...text, description: 'A word for how it stands.' },
        count: { type: ['integer', 'null'] },
      }),
    },
  }),
}

/** Makes the shapes known to the routes as `Name#`. */
export function addOperationsSchemas(app: FastifyInstance): void {
  for (const schema of [LINE, VERDICT, SYSTEM]) app.addSchema(schema)
}
