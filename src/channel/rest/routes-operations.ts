import type { FastifyInstance } from 'fastify'
import { administrator } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, PAGING, pageOf, parameters, problems } from './schemas.ts'

const TAGS = ['operations']
const time = { type: 'string', format: 'date-time' } as const
const words = { type: 'string', minLength: 1, maxLength: 100 } as const

interface Search {
  readonly who?: string
  readonly partner?: string
  readonly action?: string
  readonly target?: string
  readonly from?: string
  readonly until?: string
  readonly kind: 'all' | 'changes' | 'refused'
  readonly limit: number
  readonly after?: string
}

/** The audit log and the node itself, for administrators of the centre. */
export function operationsRoutes(app: FastifyInstance, context: RestContext): void {
  auditRoutes(app, context)
  systemRoute(app, context)
}

function auditRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Search }>(
    '/v1/audit',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Who did what, the newest first',
        description: 'For administrators of the centre. Looking at it is a line of its own.',
        querystring: parameters({
          who: { ...words, description: 'Part of an account name, or the id of an account.' },
          partner: NAMES.partner,
          action: { ...words, description: 'Part of what was done: `jobs`, `POST`, `signed in`.' },
          target: { ...words, description: 'Part of what it was done to: a name, a tracking number.' },
          from: { ...time, description: 'From this moment on.' },
          until: { ...time, description: 'Before this moment.' },
          kind: {
            type: 'string',
            enum: ['all', 'changes', 'refused'],
            default: 'all',
            description:
              '`changes`: not what only read. `refused`: what was not let through or did not work.',
          },
          ...PAGING,
        }),
        response: { 200: answer('Newest first.', pageOf('AuditLine')), ...problems(400, 401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      const { who, partner, action, target, from, until, kind, limit, after } = request.query
      return ports.audit.search(
        {
          who: who ?? null,
          partner: partner ?? null,
          action: action ?? null,
          target: target ?? null,
          from: from ?? null,
          until: until ?? null,
          kind,
        },
        { limit, after: after ?? null },
      )
    },
  )
  app.post<{ Body: { head?: string } | null }>(
    '/v1/audit/verify',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Is the audit log as it was sealed?',
        description:
          'Reads all of it: every seal must follow the one before, be signed by this node, and cover its lines as they are. With `head` the log must also still hold the seal that was noted then.',
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { head: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          examples: [{}],
        },
        response: { 200: answer('What was found.', { $ref: 'AuditVerdict#' }), ...problems(400, 401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return ports.audit.verify(request.body?.head ?? null)
    },
  )
}

function systemRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get(
    '/v1/system',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary:
          'The node: version, database, disk, queues, mail, file server, exchanges, and how they stand',
        description: 'For administrators of the centre.',
        response: { 200: answer('As it is now.', { $ref: 'System#' }), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      return ports.system.view()
    },
  )
}
