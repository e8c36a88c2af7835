import type { FastifyInstance } from 'fastify'

/** Shapes of what came by files and what was sent back. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const
const realm = { type: 'string', enum: ['live', 'test'] } as const
const counts = { type: 'object', additionalProperties: count } as const

export const INTAKE_STATES = ['gathering', 'checking', 'processing', 'reporting', 'done'] as const
export const FILE_STATES = ['taken', 'refused', 'held', 'submitted', 'done', 'discarded'] as const

const INTAKE = {
  $id: 'Intake',
  description: 'Files picked up together (or calls collected together): one set of reports, one mail.',
  type: 'object',
  properties: {
    intake: text,
    partner: text,
    exchange: text,
    realm,
    place: { ...text, description: 'Empty: the folders of the file server.' },
    kind: { type: 'string', enum: ['files', 'calls'] },
    state: { type: 'string', enum: INTAKE_STATES },
    openedAt: time,
    gatheredAt: maybeTime,
    closedAt: maybeTime,
    lastError: { ...maybeText, description: 'Why it does not get on.' },
    files: count,
    bytes: count,
    byState: { ...counts, description: 'Files by state.' },
    total: { ...count, description: 'Records in the files that were processed.' },
    success: count,
    errors: { ...count, description: 'Records with errors, rejected ones included.' },
    calls: count,
  },
  additionalProperties: true,
  examples: [
    {
      intake: '20260301081500-RIPA-K3VQ7T2A',
      partner: 'alder-pd',
      exchange: 'ripa',
      realm: 'live',
      place: '',
      kind: 'files',
      state: 'done',
      openedAt: '2026-03-01T08:15:00.000Z',
      gatheredAt: '2026-03-01T08:15:31.000Z',
      closedAt: '2026-03-01T08:15:33.000Z',
      lastError: null,
      files: 2,
      bytes: 81_234,
      byState: { done: 1, refused: 1 },
      total: 40,
      success: 38,
      errors: 2,
      calls: 0,
    },
  ],
}

const FILE = {
  $id: 'IntakeFile',
  description: 'One file that was picked up, and what became of it.',
  type: 'object',
  properties: {
    intake: text,
    file: { ...text, description: 'Identity of this upload.' },
    name: text,
    folder: text,
    bytes: count,
    contentBytes: { type: ['integer', 'null'], description: 'Size of what was sealed in it.' },
    sha256: maybeText,
    modifiedAt: time,
    takenAt: time,
    account: text,
    state: { type: 'string', enum: FILE_STATES },
    code: { ...maybeText, description: 'Why it was refused or is held.' },
    reason: maybeText,
    tracking: { ...maybeText, description: 'The submission that its records are in.' },
    member: { ...text, description: 'Its name there, when it is one of many.' },
    format: maybeText,
    total: count,
    success: count,
    errors: count,
    processedAt: maybeTime,
    archived: { ...maybeText, description: 'Its name in the archive folder while it is there.' },
  },
  additionalProperties: true,
}

const REPORT = {
  $id: 'IntakeReport',
  description: 'One file that was sent back.',
  type: 'object',
  properties: {
    intake: text,
    name: text,
    kind: { type: 'string', enum: ['errors', 'log', 'log-csv', 'summary-csv', 'summary-xml', 'receipt'] },
    contentType: text,
    sha256: text,
    size: count,
    writtenAt: { ...maybeTime, description: 'When it was put into the output folder.' },
  },
  additionalProperties: true,
}

const ENTRY = {
  $id: 'TreeEntry',
  description: "What lies in a folder of a partner's tree.",
  type: 'object',
  properties: {
    name: text,
    kind: { type: 'string', enum: ['folder', 'file'] },
    bytes: { type: ['integer', 'null'] },
    modifiedAt: maybeTime,
    incomplete: { type: 'boolean', description: 'An upload that is going on, or broke off.' },
  },
  additionalProperties: true,
}

const TRANSFER = {
  $id: 'Transfer',
  description: 'One line of the transfer log of the file server.',
  type: 'object',
  properties: {
    transfer: count,
    at: time,
    partner: maybeText,
    account: maybeText,
    login: text,
    address: text,
    action: { type: 'string', enum: ['login', 'upload', 'download', 'rename', 'remove'] },
    path: text,
    bytes: count,
    ms: count,
    result: text,
  },
  additionalProperties: true,
}

const open = { type: 'object', additionalProperties: true } as const

const STATUS = {
  $id: 'BulkStatus',
  description: 'How folders, intakes, places and the mail queue stand.',
  type: 'object',
  properties: {
    lastScanAt: { ...maybeTime, description: 'When this node last looked at all folders.' },
    intakes: { ...counts, description: 'Those that are not done, by state.' },
    files: { ...counts, description: 'Files in them, by state.' },
    troubles: { type: 'array', items: open, description: 'Intakes that do not get on, and why.' },
    waiting: { type: 'array', items: open, description: 'Files that were not picked up yet, by mailbox.' },
    places: { type: 'array', items: open },
    mail: {
      type: 'object',
      properties: {
        queued: count,
        paused: { ...count, description: 'Of the queued ones: to addresses that were refused.' },
        bounced: count,
        givenUp: count,
        oldest: maybeTime,
      },
      additionalProperties: true,
    },
  },
  additionalProperties: true,
}

const serverKeys = {
  type: 'array',
  items: { type: 'object', properties: { kind: text, fingerprint: text, publicKey: text } },
} as const

const FILE_SERVER = {
  $id: 'FileServer',
  description: 'Where the file server is and what you find there.',
  type: 'object',
  properties: {
    available: { type: 'boolean' },
    host: maybeText,
    port: { type: ['integer', 'null'] },
    fingerprints: { type: 'array', items: text, description: 'Of its keys, as clients show them.' },
    keys: { ...serverKeys, description: 'Those keys.' },
    nextKeys: {
      ...serverKeys,
      description: 'Keys that will take their place: let your program know them too.',
    },
    account: { ...text, description: 'Of whom the rest is said.' },
    mayConnect: { type: 'boolean', description: 'May the account sign in to it?' },
    folders: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          exchange: text,
          realm,
          input: { type: 'array', items: text },
          output: text,
          archive: text,
        },
        additionalProperties: true,
      },
    },
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addBulkSchemas(app: FastifyInstance): void {
  for (const schema of [INTAKE, FILE, REPORT, ENTRY, TRANSFER, STATUS, FILE_SERVER])
    app.addSchema({ ...schema, required: Object.keys(schema.properties) })
}
