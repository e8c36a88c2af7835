import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Grant, Who } from '../../identity/who.ts'
import type { IntakeFile, IntakeFileState } from '../../store/intake-files.ts'
import type { IntakeState } from '../../store/intakes.ts'
import type { Realm } from '../../store/model.ts'
import { allow, concerns, insider, ownSubmissions, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import type { Ports } from './ports.ts'
import type { FileDecision, IntakeView } from './ports-bulk.ts'
import { answer, download, NAMES, PAGING, PLACE, pageOf, parameters, problems, REALM } from './schemas.ts'
import { FILE_STATES, INTAKE_STATES } from './schemas-bulk.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['files']
const READ_GRANTS = ['submit', 'read', 'release', 'manage'] as const
const intakeId = {
  type: 'string',
  pattern: '^[A-Za-z0-9-]{1,64}$',
  description: 'Id of the intake.',
} as const
const fileId = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Id of the file.' } as const
const params = parameters({ intake: intakeId })

interface OfIntake {
  readonly Params: { readonly intake: string }
}

/** Files picked up together, one by one, and what was sent back. A partner sees its own, the centre all. */
export function intakeRoutes(app: FastifyInstance, context: RestContext): void {
  listRoute(app, context)
  oneRoutes(app, context)
  reportRoutes(app, context)
  decisionRoutes(app, context)
}

/** The intake, when the caller may see it; any other is the same NOT_FOUND. */
async function intakeOf(request: FastifyRequest, ports: Ports, id: string): Promise<IntakeView> {
  const who = whoOf(request)
  const intake = await ports.bulk.intakes.find(id)
  if (intake === null || !sees(who, intake)) throw new Fault('NOT_FOUND', { what: `intake ${id}` })
  allow(request, ports, intake.exchange, ...READ_GRANTS)
  return intake
}

function sees(who: Who, { partner, exchange, realm }: IntakeView): boolean {
  const own = ownSubmissions(who)
  return (own === null || own.includes(partner)) && concerns(who, exchange) && who.realms.includes(realm)
}

interface Listing {
  readonly Querystring: {
    readonly partner?: string
    readonly exchange?: string
    readonly realm?: Realm
    readonly state?: IntakeState
    readonly limit: number
    readonly after?: string
  }
}

function listRoute(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<Listing>(
    '/v1/intakes',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Intakes: files that were picked up together',
        querystring: parameters({
          partner: { ...NAMES.partner, description: 'Only of this partner.' },
          exchange: PLACE.exchange,
          realm: { type: 'string', enum: ['live', 'test'], description: REALM.realm.description },
          state: { type: 'string', enum: INTAKE_STATES },
          ...PAGING,
        }),
        response: { 200: answer('Newest first.', pageOf('Intake')), ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { partner, exchange = null, realm = null, state = null, limit, after = null } = request.query
      const who = partner === undefined ? whoOf(request) : insider(request, partner)
      const partners = partner === undefined ? ownSubmissions(who) : [partner]
      return ports.bulk.intakes.list({ partners, exchange, realm, state, limit, after })
    },
  )
}

function oneRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<OfIntake>(
    '/v1/intakes/:intake',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One intake and how far it is',
        params,
        response: { 200: answer('Where it stands.', { $ref: 'Intake#' }), ...problems(401, 403, 404) },
      },
    },
    async (request) => intakeOf(request, ports, request.params.intake),
  )
  app.get<OfIntake & { Querystring: { state?: IntakeFileState; limit: number; after?: string } }>(
    '/v1/intakes/:intake/files',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Its files and what became of each',
        params,
        querystring: parameters({ state: { type: 'string', enum: FILE_STATES }, ...PAGING }),
        response: { 200: answer('In order of name.', pageOf('IntakeFile')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { intake } = await intakeOf(request, ports, request.params.intake)
      const { state = null, limit, after = null } = request.query
      return ports.bulk.intakes.files(intake, { state, limit, after })
    },
  )
}

function reportRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<OfIntake>(
    '/v1/intakes/:intake/reports',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'What was sent back: error files, processing log, summary, receipts',
        params,
        response: { 200: answer('In order of name.', itemsOf('IntakeReport')), ...problems(401, 403, 404) },
      },
    },
    async (request) => {
      const { intake } = await intakeOf(request, ports, request.params.intake)
      return { items: await ports.bulk.intakes.reports(intake) }
    },
  )
  app.get<{ Params: { intake: string; name: string } }>(
    '/v1/intakes/:intake/reports/:name',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One of them, as it lies in the output folder',
        params: parameters({
          intake: intakeId,
          name: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,200}$', description: 'Name of the report.' },
        }),
        response: { 200: download('The file.', 'application/octet-stream'), ...problems(401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { intake } = await intakeOf(request, ports, request.params.intake)
      return sendDownload(reply, await ports.bulk.intakes.report(intake, request.params.name))
    },
  )
}

interface Decision {
  readonly Params: { readonly file: string }
  readonly Body: { readonly reason?: string } | undefined
}

function decisionRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { intakes } = ports.bulk
  const decisions = [
    {
      name: 'rerun',
      summary: 'Have a file picked up once more, from its original in the archive',
      description: 'The centre, and the partner that sent it.',
      grants: ['submit'],
      act: intakes.rerun,
    },
    {
      name: 'hold',
      summary: 'Keep a file that was picked up from going on',
      description: 'The centre only, while its intake gathers.',
      grants: [],
      act: intakes.hold,
    },
    {
      name: 'release',
      summary: 'Let a held file go on, without the checksum that it waits for',
      description: 'The centre only, while its intake gathers.',
      grants: [],
      act: intakes.release,
    },
    {
      name: 'discard',
      summary: 'End a held file: it is reported and archived, and nothing of it is processed',
      description: 'The centre only, while its intake gathers.',
      grants: [],
      act: intakes.discard,
    },
  ] satisfies readonly {
    name: string
    summary: string
    description: string
    /** What one of the partner itself must be granted; none: it may not. */
    grants: readonly Grant[]
    act: (decision: FileDecision) => Promise<IntakeFile>
  }[]
  for (const { name, summary, description, grants, act } of decisions)
    app.post<Decision>(
      `/v1/intake-files/:file/${name}`,
      {
        onRequest: signIn,
        schema: {
          tags: TAGS,
          summary,
          description,
          params: parameters({ file: fileId }),
          body: {
            type: ['object', 'null'],
            additionalProperties: false,
            properties: { reason: { type: 'string', maxLength: 300 } },
            examples: [{ reason: 'The checksum was told by telephone.' }],
          },
          response: {
            200: answer('The file.', { $ref: 'IntakeFile#' }),
            ...problems(400, 401, 403, 404, 409),
          },
        },
      },
      async (request) => {
        const { file } = request.params
        await decidable(request, ports, file, grants)
        return act({ by: whoOf(request), file, reason: request.body?.reason?.trim() ?? '' })
      },
    )
}

/** Throws NOT_FOUND for a file that the caller may not see, NOT_ALLOWED for one it may not decide on. */
async function decidable(
  request: FastifyRequest,
  ports: Ports,
  id: string,
  ownGrants: readonly Grant[],
): Promise<void> {
  const who = whoOf(request)
  const file = await ports.bulk.intakes.file(id)
  const intake = file === null ? null : await ports.bulk.intakes.find(file.intake)
  if (intake === null || !sees(who, intake)) throw new Fault('NOT_FOUND', { what: `file ${id}` })
  if (who.centre) allow(request, ports, intake.exchange, 'release', 'manage')
  else if (ownGrants.length > 0) allow(request, ports, intake.exchange, ...ownGrants)
  else throw new Fault('NOT_ALLOWED', { reason: 'Only the centre decides on held files.' })
}
