import type { FastifyInstance } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { allow } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, PLACE, parameters, problems } from './schemas.ts'

const bodyLimit = 2 * 2 ** 20
const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const EXPRESSION = { type: 'string', minLength: 1, maxLength: 10_000 } as const
const RESULTS = ['holds', 'fails', 'skipped'] as const

/** A rule as it is being written, and records to hold it against. */
export interface RuleTrial {
  /** Record type; left out: the first. */
  readonly type: string | null
  /** CEL. */
  readonly rule: string
  readonly when: string | null
  readonly each: string | null
  readonly data: string
  readonly fileName: string
  /** Records shown at most; all are counted. */
  readonly limit: number
}

/** What came of it. */
export interface RuleTrialResult {
  /** What is wrong with the rule itself; nothing was tried then. */
  readonly problem: {
    readonly part: 'rule' | 'when' | 'each'
    readonly message: string
    /** Counted from 1. */
    readonly line: number
    readonly column: number
  } | null
  readonly counts: Readonly<Record<'received' | (typeof RESULTS)[number], number>>
  readonly records: readonly {
    readonly position: number
    readonly key: string | null
    /** `skipped`: its condition is not met, its list is empty, or a field that it reads could not be read. */
    readonly result: (typeof RESULTS)[number]
    /** Where it fails: items of a list by their number. */
    readonly places: readonly string[]
    /** What else would be found in the record. */
    readonly findings: readonly { readonly code: string; readonly message: string }[]
  }[]
}

interface Asked {
  Params: { readonly exchange: string }
  Body: {
    readonly rule: string
    readonly data: string
    readonly type?: string
    readonly when?: string | null
    readonly each?: string | null
    readonly fileName?: string
    readonly limit?: number
  }
}

const RESULT = {
  type: 'object',
  required: ['problem', 'counts', 'records'],
  properties: {
    problem: {
      type: ['object', 'null'],
      description: 'What is wrong with the rule itself; nothing was tried then.',
      required: ['part', 'message', 'line', 'column'],
      properties: {
        part: { type: 'string', enum: ['rule', 'when', 'each'] },
        message: text,
        line: count,
        column: count,
      },
    },
    counts: {
      type: 'object',
      required: ['received', ...RESULTS],
      properties: Object.fromEntries(['received', ...RESULTS].map((name) => [name, count])),
    },
    records: {
      type: 'array',
      items: {
        type: 'object',
        required: ['position', 'key', 'result', 'places', 'findings'],
        properties: {
          position: count,
          key: { type: ['string', 'null'] },
          result: {
            type: 'string',
            enum: RESULTS,
            description:
              '`skipped`: its condition is not met, its list is empty, or a field that it reads could not be read.',
          },
          places: { type: 'array', items: text, description: 'Where it fails.' },
          findings: {
            type: 'array',
            description: 'What else would be found in the record.',
            items: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: text, message: text },
            },
          },
        },
      },
    },
  },
}

/** One rule tried on pasted records, before it is written into a definition. */
export function ruleTrialRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.post<Asked>(
    '/v1/exchanges/:exchange/rules/try',
    {
      onRequest: signIn,
      bodyLimit,
      schema: {
        tags: ['rules'],
        summary: 'Try one rule on pasted records, without storing anything',
        description:
          'The rule is CEL and must hold, as `check` of a rule in the definition. What is wrong with it is told with ' +
          'line and column.',
        params: parameters({ exchange: PLACE.exchange }),
        body: {
          type: 'object',
          required: ['rule', 'data'],
          additionalProperties: false,
          properties: {
            rule: { ...EXPRESSION, description: 'CEL; must hold.' },
            when: { ...EXPRESSION, type: ['string', 'null'], description: 'CEL; only where this holds.' },
            each: {
              type: ['string', 'null'],
              maxLength: 200,
              description: 'A list whose items are tried one by one, as `it`.',
            },
            type: PLACE.type,
            data: { type: 'string', maxLength: 1_000_000, description: 'Records as they would be sent.' },
            fileName: { type: 'string', maxLength: 200 },
            limit: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
          },
          examples: [{ rule: 'record.duration > 0', data: '[{ "duration": "12" }]' }],
        },
        response: { 200: answer('What came of it.', RESULT), ...problems(400, 401, 403, 404, 413) },
      },
    },
    async (request) => {
      const { exchange } = request.params
      const { who } = allow(request, ports, exchange, 'manage')
      if (!who.centre) throw new Fault('NOT_ALLOWED', { reason: 'Only the centre changes rules.' })
      const { rule, data, type = null, when = null, each = null, fileName = '', limit = 50 } = request.body
      return ports.ruleTrial(who, exchange, { rule, data, type, when, each, fileName, limit })
    },
  )
}
