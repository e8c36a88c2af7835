import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { may, type Who } from '../../identity/who.ts'
import type { Calendar, Job, JobRule } from '../../store/job-model.ts'
import { administrator, concerns, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import type { JobPorts } from './ports-jobs.ts'
import { answer, NAMES, PLACE, parameters, problems } from './schemas.ts'
import { CALENDAR_BODY, JOB_BODY, JOB_NAME } from './schemas-jobs.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['jobs']
const JOB = { $ref: 'Job#' }
const REASON = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { reason: { type: 'string', maxLength: 500 } },
} as const

interface OfJob {
  readonly Params: { readonly job: string }
}
interface OfCalendar {
  readonly Params: { readonly calendar: string }
}

/** Jobs and calendars: stated by the centre, seen by those whom they concern. */
export function jobRoutes(app: FastifyInstance, context: RestContext): void {
  readRoutes(app, context)
  ruleRoutes(app, context)
  pauseRoutes(app, context)
  startRoutes(app, context)
  calendarRoutes(app, context)
}

/** The caller, when it belongs to the centre and manages the exchange. Throws NOT_ALLOWED. */
export function jobOffice(request: FastifyRequest, exchange: string): Who {
  const who = whoOf(request)
  if (!who.centre || !may(who, 'manage', exchange))
    throw new Fault('NOT_ALLOWED', { reason: `Only the centre manages jobs of exchange ${exchange}.` })
  return who
}

/** Does a job concern the caller? To a partner, one that is not for it does not exist. */
function seesJob(who: Who, { exchange, partners, realm }: Job): boolean {
  if (!concerns(who, exchange) || !who.realms.includes(realm)) return false
  return who.centre || partners === null || partners.includes(who.partner)
}

/** A job that the caller may see. Throws NOT_FOUND. */
async function jobOf(request: FastifyRequest, jobs: JobPorts, name: string): Promise<Job> {
  const job = await jobs.find(name)
  const who = whoOf(request)
  if (!seesJob(who, job)) throw new Fault('NOT_FOUND', { what: `job ${name}` })
  return shown(who, job)
}

/** A partner need not know who else a job is for. */
function shown(who: Who, job: Job): Job {
  return who.centre || job.partners === null ? job : { ...job, partners: [who.partner] }
}

function readRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { jobs } = ports
  const params = parameters({ job: JOB_NAME })
  app.get<{ Querystring: { exchange?: string } }>(
    '/v1/jobs',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Jobs that concern you',
        querystring: parameters({ exchange: PLACE.exchange }),
        response: { 200: answer('By name.', itemsOf('Job')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const who = whoOf(request)
      const all = await jobs.list(request.query.exchange ?? null)
      return { items: all.filter((job) => seesJob(who, job)).map((job) => shown(who, job)) }
    },
  )
  app.get<OfJob>(
    '/v1/jobs/:job',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One job',
        params,
        response: { 200: answer('Its rule, and when it is next.', JOB), ...problems(401, 404) },
      },
    },
    async (request) => jobOf(request, jobs, request.params.job),
  )
  app.get<OfJob & { Querystring: { count: number } }>(
    '/v1/jobs/:job/occurrences',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The next occurrences of its schedule, days of rest left out',
        params,
        querystring: parameters({ count: { type: 'integer', minimum: 1, maximum: 100, default: 10 } }),
        response: {
          200: answer('Times.', {
            type: 'object',
            properties: { items: { type: 'array', items: { type: 'string', format: 'date-time' } } },
          }),
          ...problems(400, 401, 404),
        },
      },
    },
    async (request) => {
      const { job } = await jobOf(request, jobs, request.params.job)
      return { items: await jobs.occurrences(job, request.query.count) }
    },
  )
}

function ruleRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { jobs } = ports
  const params = parameters({ job: JOB_NAME })
  app.put<OfJob & { Body: Omit<JobRule, 'job'> }>(
    '/v1/jobs/:job',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make a job, or change its rule',
        description: 'What is left out takes its default. The exchange and the realm of a job never change.',
        params,
        body: JOB_BODY,
        response: { 200: answer('The job.', JOB), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const by = jobOffice(request, request.body.exchange)
      const { ownStart } = request.body
      const policy = ownStart === null ? null : { ...ownStart, hours: ownStart.hours ?? null }
      return jobs.save(by, { ...request.body, job: request.params.job, ownStart: policy })
    },
  )
  app.delete<OfJob>(
    '/v1/jobs/:job',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a job',
        description: 'What waits of it is cancelled; its runs and sessions stay known.',
        params,
        response: { 204: { description: 'Done.', type: 'null' }, ...problems(401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { job, exchange } = await jobOf(request, jobs, request.params.job)
      await jobs.remove(jobOffice(request, exchange), job)
      return reply.code(204).send()
    },
  )
}

function pauseRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { jobs } = ports
  const params = parameters({ job: JOB_NAME })
  const response = { 200: answer('The job.', JOB), ...problems(400, 401, 403, 404) }
  app.post<OfJob & { Body: { reason?: string } | null }>(
    '/v1/jobs/:job/pause',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Pause a job',
        description: 'Nothing of it is offered any more; what agents have goes on.',
        params,
        body: REASON,
        response,
      },
    },
    async (request) => {
      const { job, exchange } = await jobOf(request, jobs, request.params.job)
      return jobs.pause(jobOffice(request, exchange), job, request.body?.reason ?? null)
    },
  )
  app.post<OfJob>(
    '/v1/jobs/:job/resume',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Let a paused job go on, with its next occurrence',
        params,
        body: REASON,
        response,
      },
    },
    async (request) => {
      const { job, exchange } = await jobOf(request, jobs, request.params.job)
      return jobs.resume(jobOffice(request, exchange), job)
    },
  )
}

function startRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { jobs } = ports
  app.post<OfJob & { Body: { partner?: string; force?: boolean } | null }>(
    '/v1/jobs/:job/runs',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Run a job now',
        description:
          'By the centre: for one partner or all, window or not; `force`: also on a day of rest. By a partner: for itself, as far as the policy of the job lets it; it ranks below all other work, and waits while the node is loaded. A run that waits already is answered as it is, with its place among all that wait.',
        params: parameters({ job: JOB_NAME }),
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { partner: NAMES.partner, force: { type: 'boolean', default: false } },
          examples: [{ partner: 'alder' }],
        },
        response: { 200: answer('The runs.', itemsOf('Run')), ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { job, exchange } = await jobOf(request, jobs, request.params.job)
      const who = whoOf(request)
      const { partner = null, force = false } = request.body ?? {}
      if (who.centre) {
        const by = jobOffice(request, exchange)
        return { items: await jobs.runNow(by, { job, partner, force }) }
      }
      if (!may(who, 'submit', exchange))
        throw new Fault('NOT_ALLOWED', { reason: `You may not submit in exchange ${exchange}.` })
      if (partner !== null && partner !== who.partner)
        throw new Fault('NOT_FOUND', { what: `job ${job} for ${partner}` })
      return { items: [await jobs.startOwn(who, job)] }
    },
  )
}

function calendarRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { calendars } = ports.jobs
  const params = parameters({ calendar: JOB_NAME })
  const one = { 200: answer('The calendar.', { $ref: 'Calendar#' }), ...problems(400, 401, 403, 404) }
  app.get(
    '/v1/calendars',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Calendars',
        response: { 200: answer('By name.', itemsOf('Calendar')), ...problems(401) },
      },
    },
    async () => ({ items: await calendars.list() }),
  )
  app.get<OfCalendar>(
    '/v1/calendars/:calendar',
    { onRequest: signIn, schema: { tags: TAGS, summary: 'One calendar', params, response: one } },
    async (request) => calendars.find(request.params.calendar),
  )
  app.put<OfCalendar & { Body: Pick<Calendar, 'title' | 'exceptions'> }>(
    '/v1/calendars/:calendar',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make a calendar, or change its days; jobs that use it follow',
        params,
        body: CALENDAR_BODY,
        response: one,
      },
    },
    async (request) =>
      calendars.save(administrator(request), { calendar: request.params.calendar, ...request.body }),
  )
  app.delete<OfCalendar>(
    '/v1/calendars/:calendar',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Remove a calendar that no job uses',
        params,
        response: { 204: { description: 'Done.', type: 'null' }, ...problems(401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await calendars.remove(administrator(request), request.params.calendar)
      return reply.code(204).send()
    },
  )
}
