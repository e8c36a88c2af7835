import { queryOptions } from '@tanstack/react-query'
import type { SubmissionFilters } from '../app/search.ts'
import { startOfDay, zone } from '../app/time.tsx'
import { api, dataOf, type Realm } from './client.ts'

/** What pages ask the node, each under a name of its own. */

export const exchangesQuery = () =>
  queryOptions({
    queryKey: ['exchanges'],
    staleTime: 300_000,
    queryFn: async () => (await dataOf(api.GET('/v1/exchanges'))).items,
  })

/** For the centre's administrators only. */
export const partnersQuery = () =>
  queryOptions({
    queryKey: ['partners'],
    staleTime: 300_000,
    queryFn: async () => (await dataOf(api.GET('/v1/partners'))).items,
  })

export const attentionQuery = (realm: Realm) =>
  queryOptions({
    queryKey: ['attention', realm],
    queryFn: () => dataOf(api.GET('/v1/attention', { params: { query: { realm } } })),
  })

export const activityQuery = (realm: Realm, days: number) =>
  queryOptions({
    queryKey: ['activity', realm, days],
    queryFn: () => dataOf(api.GET('/v1/activity', { params: { query: { realm, days, zone } } })),
  })

const PAGE = 50

export const submissionsQuery = (realm: Realm, filters: SubmissionFilters) => {
  const { from, to, errors, exchange, after, ...rest } = filters
  const fromTime = from === undefined ? undefined : startOfDay(from)
  const untilTime = to === undefined ? undefined : startOfDay(to, 1)
  const query = {
    ...rest,
    realm,
    limit: PAGE,
    ...(after === undefined ? {} : { after }),
    ...(errors === true ? { withErrors: true } : {}),
    ...(fromTime === undefined ? {} : { from: fromTime }),
    ...(untilTime === undefined ? {} : { until: untilTime }),
  }
  return queryOptions({
    queryKey: ['submissions', realm, filters],
    queryFn: () =>
      exchange === undefined
        ? dataOf(api.GET('/v1/submissions', { params: { query } }))
        : dataOf(api.GET('/v1/exchanges/{exchange}/submissions', { params: { path: { exchange }, query } })),
  })
}

export const submissionQuery = (tracking: string) =>
  queryOptions({
    queryKey: ['submission', tracking],
    queryFn: () => dataOf(api.GET('/v1/submissions/{tracking}', { params: { path: { tracking } } })),
  })

/** @param closed what is found may still grow before */
export const findingSummaryQuery = (tracking: string, closed: boolean) =>
  queryOptions({
    queryKey: ['submission', tracking, 'findings', closed],
    staleTime: closed ? 300_000 : 0,
    queryFn: async () =>
      (
        await dataOf(
          api.GET('/v1/submissions/{tracking}/findings/summary', { params: { path: { tracking } } }),
        )
      ).items,
  })

const EXAMPLES = 10

export const findingsQuery = (tracking: string, code: string) =>
  queryOptions({
    queryKey: ['submission', tracking, 'findings', 'code', code],
    queryFn: () =>
      dataOf(
        api.GET('/v1/submissions/{tracking}/findings', {
          params: { path: { tracking }, query: { code, limit: EXAMPLES } },
        }),
      ),
  })

export const previewQuery = (tracking: string) =>
  queryOptions({
    queryKey: ['submission', tracking, 'preview'],
    queryFn: () => dataOf(api.GET('/v1/submissions/{tracking}/preview', { params: { path: { tracking } } })),
  })

/**
 * Compiled, with the rules in effect for a partner: what the checker in the browser runs on.
 * @param partner whose, which the centre alone may say; the person's own where it is absent
 */
export const definitionQuery = (exchange: string, partner?: string) =>
  queryOptions({
    queryKey: ['definition', exchange, ...(partner === undefined ? [] : [partner])],
    staleTime: 60_000,
    queryFn: () => {
      const query = partner === undefined ? {} : { partner }
      return dataOf(api.GET('/v1/exchanges/{exchange}/definition', { params: { path: { exchange }, query } }))
    },
  })
