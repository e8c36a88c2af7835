import type { FastifyInstance } from 'fastify'

/** Shapes of rule sets and of what they do. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const count = { type: 'integer', minimum: 0 } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const

const RULE_SET = {
  $id: 'RuleSet',
  description: 'A version of the rules for the records of one partner, or of all (`*`).',
  type: 'object',
  required: [
    'exchange',
    'partner',
    'version',
    'state',
    'effectiveAt',
    'reason',
    'madeBy',
    'madeAt',
    'withdrawnAt',
    'withdrawnBy',
    'withdrawnReason',
  ],
  properties: {
    exchange: text,
    partner: text,
    version: count,
    state: { type: 'string', enum: ['in-effect', 'coming', 'past', 'withdrawn'] },
    effectiveAt: time,
    reason: text,
    madeBy: text,
    madeAt: time,
    withdrawnAt: maybeTime,
    withdrawnBy: maybeText,
    withdrawnReason: maybeText,
    content: { ...text, description: 'The rules, YAML. Only where one version is asked for.' },
  },
  additionalProperties: true,
  examples: [
    {
      exchange: 'voter',
      partner: 'alder-county',
      version: 3,
      state: 'coming',
      effectiveAt: '2026-07-01T07:00:00.000Z',
      reason: 'New party codes from July on',
      madeBy: 'admin',
      madeAt: '2026-06-12T09:30:00.000Z',
      withdrawnAt: null,
      withdrawnBy: null,
      withdrawnReason: null,
    },
  ],
}

const RULE_PROBLEM = {
  $id: 'RuleProblem',
  description: 'A mistake in a rule set: where it is, and what to do about it.',
  type: 'object',
  properties: {
    path: { ...text, description: 'The keys down to it, such as `types.voter.filters[1].drop`.' },
    file: text,
    line: count,
    column: count,
    code: text,
    message: text,
    fix: text,
  },
  additionalProperties: true,
  examples: [
    {
      path: 'types.voter.fields.partty',
      file: 'rules of alder-county',
      line: 4,
      column: 7,
      code: 'UNKNOWN_NAME',
      message: "There is no field 'partty' here.",
      fix: "Did you mean 'party'?",
    },
  ],
}

const DIFFERENCE = {
  $id: 'Difference',
  description: 'One difference between two definitions.',
  type: 'object',
  required: ['place', 'change', 'before', 'after'],
  properties: {
    place: text,
    change: { type: 'string', enum: ['added', 'removed', 'changed'] },
    before: maybeText,
    after: maybeText,
  },
  additionalProperties: true,
}

const NOTE = {
  $id: 'Note',
  description: 'What a rule changed in a record.',
  type: 'object',
  properties: { path: text, rule: text, from: text, to: text },
  additionalProperties: true,
  examples: [{ path: 'party', rule: 'crosswalk party', from: 'DEM', to: 'democratic' }],
}

const TRIED = {
  $id: 'TriedRecord',
  description: 'What would become of a record; whether it is new or changed only the book can tell.',
  type: 'object',
  properties: {
    position: count,
    line: count,
    type: text,
    operation: text,
    key: maybeText,
    result: { type: 'string', enum: ['accepted', 'with-errors', 'rejected', 'filtered'] },
    body: { type: 'object', additionalProperties: true },
    notes: { type: 'array', items: { $ref: 'Note#' } },
    findings: { type: 'array', items: { $ref: 'Finding#' } },
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addRuleSchemas(app: FastifyInstance): void {
  for (const schema of [RULE_SET, RULE_PROBLEM, DIFFERENCE, NOTE, TRIED]) app.addSchema(schema)
}
