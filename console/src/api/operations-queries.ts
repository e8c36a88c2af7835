import { queryOptions } from '@tanstack/react-query'
import type { OperationsSearch } from '../app/operations-search.ts'
import { startOfDay } from '../app/time.tsx'
import { api, dataOf, type Realm } from './client.ts'

export type { OperationsSearch }

/** What the pages of operations ask the node. */

const PAGE = 50
const ALL = 1000

/** What is given, without what is not: the API knows no empty parameters. */
function given<T extends object>(all: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== ''),
  ) as { readonly [K in keyof T]?: Exclude<T[K], undefined> }
}

const days = ({ from, to }: OperationsSearch) => ({
  from: from === undefined ? undefined : startOfDay(from),
  until: to === undefined ? undefined : startOfDay(to, 1),
})

/** One of these, or nothing. */
function oneOf<const V extends string>(values: readonly V[], value: string | undefined): V | undefined {
  return values.find((one) => one === value)
}

export const SESSION_RESULTS = ['done', 'failed', 'timed-out', 'cancelled'] as const
export const INTAKE_STATES = ['gathering', 'checking', 'processing', 'reporting', 'done'] as const
export const MAIL_STATES = ['queued', 'sent', 'bounced', 'given-up'] as const
export const WORK_ITEM_STATES = ['open', 'overdue', 'confirmed', 'refused', 'withdrawn'] as const
export const AUDIT_KINDS = ['changes', 'refused', 'all'] as const

export const jobsQuery = () =>
  queryOptions({ queryKey: ['jobs'], queryFn: async () => (await dataOf(api.GET('/v1/jobs'))).items })

export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: ['jobs', job],
    queryFn: () => dataOf(api.GET('/v1/jobs/{job}', { params: { path: { job } } })),
  })

export const occurrencesQuery = (job: string, count: number) =>
  queryOptions({
    queryKey: ['jobs', job, 'occurrences', count],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/jobs/{job}/occurrences', { params: { path: { job }, query: { count } } })))
        .items ?? [],
  })

export const runsQuery = ({ job, after }: { readonly job?: string; readonly after?: string }) =>
  queryOptions({
    queryKey: ['runs', job, after],
    queryFn: () =>
      dataOf(api.GET('/v1/runs', { params: { query: { limit: PAGE, ...given({ job, after }) } } })),
  })

export const openRunsQuery = () =>
  queryOptions({
    queryKey: ['runs', 'open'],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/runs', { params: { query: { open: true, limit: ALL } } }))).items,
  })

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', 'one', run],
    queryFn: () => dataOf(api.GET('/v1/runs/{run}', { params: { path: { run } } })),
  })

export const calendarsQuery = () =>
  queryOptions({
    queryKey: ['calendars'],
    staleTime: 60_000,
    queryFn: async () => (await dataOf(api.GET('/v1/calendars'))).items,
  })

/** For administrators of the centre. */
export const placesQuery = () =>
  queryOptions({
    queryKey: ['places'],
    queryFn: async () => (await dataOf(api.GET('/v1/places'))).items,
  })

export const agentsQuery = () =>
  queryOptions({ queryKey: ['agents'], queryFn: async () => (await dataOf(api.GET('/v1/agents'))).items })

export const sessionsQuery = (realm: Realm, search: OperationsSearch) =>
  queryOptions({
    queryKey: ['sessions', realm, search],
    queryFn: () => {
      const { exchange, partner, after } = search
      const result = oneOf(SESSION_RESULTS, search.state)
      const kind = oneOf(['attempt', 'submission'], search.kind)
      const query = {
        realm,
        limit: PAGE,
        ...given({ result, kind, exchange, partner, after, ...days(search) }),
      }
      return dataOf(api.GET('/v1/sessions', { params: { query } }))
    },
  })

/** Attempts of jobs in some days, for the calendar; and those of one job. */
export const attemptSessionsQuery = (realm: Realm, which: { from?: string; until?: string; job?: string }) =>
  queryOptions({
    queryKey: ['sessions', realm, 'attempts', which],
    queryFn: async () => {
      const query = { realm, kind: 'attempt', limit: ALL, ...given(which) } as const
      return (await dataOf(api.GET('/v1/sessions', { params: { query } }))).items
    },
  })

export const intakesQuery = (realm: Realm, { state, exchange, partner, after }: OperationsSearch) =>
  queryOptions({
    queryKey: ['intakes', realm, state, exchange, partner, after],
    queryFn: () => {
      const query = {
        realm,
        limit: PAGE,
        ...given({ state: oneOf(INTAKE_STATES, state), exchange, partner, after }),
      }
      return dataOf(api.GET('/v1/intakes', { params: { query } }))
    },
  })

export const intakeQuery = (intake: string) =>
  queryOptions({
    queryKey: ['intakes', 'one', intake],
    queryFn: () => dataOf(api.GET('/v1/intakes/{intake}', { params: { path: { intake } } })),
  })

export const intakeFilesQuery = (intake: string, after?: string) =>
  queryOptions({
    queryKey: ['intakes', 'one', intake, 'files', after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/intakes/{intake}/files', {
          params: { path: { intake }, query: { limit: PAGE, ...given({ after }) } },
        }),
      ),
  })

export const intakeReportsQuery = (intake: string) =>
  queryOptions({
    queryKey: ['intakes', 'one', intake, 'reports'],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/intakes/{intake}/reports', { params: { path: { intake } } }))).items,
  })

/** For administrators of the centre. */
export const bulkStatusQuery = () =>
  queryOptions({ queryKey: ['bulk-status'], queryFn: () => dataOf(api.GET('/v1/status/bulk')) })

export const treeQuery = (partner: string, path: string, after?: string) =>
  queryOptions({
    queryKey: ['tree', partner, path, after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/partners/{partner}/files', {
          params: { path: { partner }, query: { path, limit: PAGE, ...given({ after }) } },
        }),
      ),
  })

export const transfersQuery = (search: OperationsSearch) =>
  queryOptions({
    queryKey: ['transfers', search],
    queryFn: async () => {
      const { from, until: before } = days(search)
      const query = { limit: PAGE, ...given({ partner: search.partner, after: search.after, from, before }) }
      const page = await dataOf(api.GET('/v1/transfers', { params: { query } }))
      // The same call gives the log as a text where that is asked for.
      return typeof page === 'string' ? { items: [], next: null } : page
    },
  })

export const mailsQuery = ({ state, partner, after }: OperationsSearch) =>
  queryOptions({
    queryKey: ['mails', state, partner, after],
    queryFn: () => {
      const query = { limit: PAGE, ...given({ state: oneOf(MAIL_STATES, state), partner, after }) }
      return dataOf(api.GET('/v1/mails', { params: { query } }))
    },
  })

export const heldQuery = (realm: Realm, after?: string) =>
  queryOptions({
    queryKey: ['submissions', realm, 'held', after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/submissions', {
          params: { query: { realm, state: 'held', limit: 20, ...given({ after }) } },
        }),
      ),
  })

export const workItemsQuery = (realm: Realm, { state, exchange, partner, after }: OperationsSearch) =>
  queryOptions({
    queryKey: ['work-items', realm, state, exchange, partner, after],
    queryFn: () => {
      const known = oneOf(WORK_ITEM_STATES, state)
      const query = { realm, limit: PAGE, ...given({ state: known, exchange, partner, after }) }
      return dataOf(api.GET('/v1/work-items', { params: { query } }))
    },
  })

export const messagesQuery = (realm: Realm, partner: string, cleared: boolean, after: number) =>
  queryOptions({
    queryKey: ['messages', realm, partner, cleared, after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/messages', {
          params: { query: { realm, partner, cleared, after, limit: PAGE } },
        }),
      ),
  })

/** For administrators of the centre. */
export const auditQuery = (search: OperationsSearch) =>
  queryOptions({
    queryKey: ['audit', search],
    queryFn: () => {
      const { who, action, target, partner, after } = search
      const kind = oneOf(AUDIT_KINDS, search.kind) ?? 'changes'
      const query = { kind, limit: PAGE, ...given({ who, action, target, partner, after, ...days(search) }) }
      return dataOf(api.GET('/v1/audit', { params: { query } }))
    },
  })

/** For administrators of the centre. */
export const systemQuery = () =>
  queryOptions({ queryKey: ['system'], queryFn: () => dataOf(api.GET('/v1/system')) })
