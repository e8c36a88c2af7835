import type { FastifyInstance } from 'fastify'

const text = { type: 'string' } as const
const number = { type: 'number', minimum: 0 } as const
const maybeRate = { type: ['number', 'null'], minimum: 0 } as const

const RATE = {
  findings: { ...number, description: 'How many.' },
  rate: { ...maybeRate, description: 'For each 1,000 records; null without records.' },
  median: { ...maybeRate, description: 'Of the other partners; null where fewer than three sent anything.' },
}
const rateNames = Object.keys(RATE)
const rate = { type: 'object', required: rateNames, properties: RATE }

const SCORECARD = {
  $id: 'Scorecard',
  description: "A partner's findings by rule and by month, beside the median of the others.",
  type: 'object',
  required: ['exchange', 'partner', 'from', 'to', 'received', 'all', 'months', 'rules'],
  properties: {
    exchange: text,
    partner: { type: ['string', 'null'], description: 'null: all together.' },
    from: { ...text, format: 'date' },
    to: { ...text, format: 'date' },
    received: { ...number, description: 'Records in this time.' },
    all: { ...rate, description: 'Of all rules.' },
    months: {
      type: 'array',
      description: 'Every month of the time, all rules together.',
      items: {
        type: 'object',
        required: ['month', 'received', ...rateNames],
        properties: { month: { ...text, examples: ['2026-03'] }, received: number, ...RATE },
      },
    },
    rules: {
      type: 'array',
      description: 'What was found at all, the most frequent first.',
      items: {
        type: 'object',
        required: ['code', 'severity', 'message', 'months', ...rateNames],
        properties: {
          code: text,
          severity: { type: 'string', enum: ['fatal', 'error', 'warning', 'info'] },
          message: { ...text, description: 'What it says of one of the records.' },
          ...RATE,
          months: { type: 'array', description: 'In the order of `months`.', items: rate },
        },
      },
    },
  },
}

/** Makes the shape of scorecards known to its route. */
export function addQualitySchemas(app: FastifyInstance): void {
  app.addSchema(SCORECARD)
}
