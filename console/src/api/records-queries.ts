import { queryOptions } from '@tanstack/react-query'
import type { Definition } from '../../../src/exchange/definition.ts'
import type { DuplicateFilters, QualityFilters, RecordFilters } from '../app/search-records.ts'
import { ApiProblem, api, dataOf, type Realm, type Schemas } from './client.ts'
import { definitionQuery } from './queries.ts'

/** What the pages of records, quality and duplicates ask the node. */

export type StoredRecord = Schemas['Record']
export type Scorecard = Schemas['Scorecard']

const PAGE = 50

/** The compiled definition: labels, code lists and what may be done. */
export const formQuery = (exchange: string) =>
  queryOptions({
    ...definitionQuery(exchange),
    staleTime: 300_000,
    select: (definition) => definition as unknown as Definition,
  })

function searchOf(realm: Realm, { where = {}, status, text, partner }: RecordFilters) {
  return {
    // First, so that no field can take the place of what is meant otherwise.
    ...where,
    realm,
    order: 'newest' as const,
    ...(status === undefined ? {} : { status }),
    ...(text === undefined ? {} : { text }),
    ...(partner === undefined ? {} : { partner }),
  }
}

export const recordsQuery = (realm: Realm, exchange: string, type: string, filters: RecordFilters) =>
  queryOptions({
    queryKey: ['records', realm, exchange, type, filters],
    queryFn: () => {
      const { after } = filters
      const query = {
        ...searchOf(realm, filters),
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      }
      return dataOf(
        api.GET('/v1/exchanges/{exchange}/{type}', { params: { path: { exchange, type }, query } }),
      )
    },
  })

/** Where all that the filters leave can be downloaded. */
export function exportAddress(
  realm: Realm,
  exchange: string,
  type: string,
  filters: RecordFilters,
  format: string,
): string {
  const query = new URLSearchParams({ ...searchOf(realm, filters), format })
  return `/v1/exchanges/${exchange}/${type}/export?${query.toString()}`
}

export interface RecordPlace {
  readonly exchange: string
  readonly type: string
  readonly id: string
}

/** Null when there is none, or was none at that time. */
export const recordQuery = (place: RecordPlace, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['record', place.id, asOf ?? 'now'],
    queryFn: async () => {
      const query = asOf === undefined ? {} : { asOf: new Date(asOf).toISOString() }
      try {
        return await dataOf(
          api.GET('/v1/exchanges/{exchange}/{type}/{id}', { params: { path: { ...place }, query } }),
        )
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
  })

export const historyQuery = (place: RecordPlace) =>
  queryOptions({
    queryKey: ['record', place.id, 'history'],
    queryFn: async () =>
      (
        await dataOf(
          api.GET('/v1/exchanges/{exchange}/{type}/{id}/history', { params: { path: { ...place } } }),
        )
      ).items,
  })

export type Version = Awaited<ReturnType<NonNullable<ReturnType<typeof historyQuery>['queryFn']>>>[number]

/** The first day of the month so many months ago, this one counted. */
function firstDay(months: number): string {
  const now = new Date()
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() - months + 1, 1)).toISOString().slice(0, 10)
}

export function qualitySearch(realm: Realm, exchange: string, { months = 6, partner }: QualityFilters) {
  return { exchange, realm, from: firstDay(months), ...(partner === undefined ? {} : { partner }) }
}

export const qualityQuery = (realm: Realm, exchange: string, filters: QualityFilters) => {
  const query = qualitySearch(realm, exchange, filters)
  return queryOptions({
    queryKey: ['quality', query],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/quality', { params: { query } }))) as unknown as Scorecard,
  })
}

function duplicateSearch(realm: Realm, exchange: string, { partner, after }: DuplicateFilters) {
  return {
    exchange,
    realm,
    ...(partner === undefined ? {} : { partner }),
    ...(after === undefined ? {} : { after }),
  }
}

export const pairsQuery = (realm: Realm, exchange: string, filters: DuplicateFilters) => {
  const query = duplicateSearch(realm, exchange, filters)
  return queryOptions({
    queryKey: ['duplicates', 'stored', query],
    queryFn: () => dataOf(api.GET('/v1/duplicates', { params: { query: { ...query, limit: 10 } } })),
  })
}

export const refusedQuery = (realm: Realm, exchange: string, filters: DuplicateFilters) => {
  const query = duplicateSearch(realm, exchange, filters)
  return queryOptions({
    queryKey: ['duplicates', 'refused', query],
    queryFn: () => dataOf(api.GET('/v1/duplicates/refused', { params: { query: { ...query, limit: 25 } } })),
  })
}

export const refusedPairQuery = (tracking: string, position: number) =>
  queryOptions({
    queryKey: ['duplicates', 'pair', tracking, position],
    queryFn: () =>
      dataOf(
        api.GET('/v1/duplicates/refused/{tracking}/{position}', { params: { path: { tracking, position } } }),
      ),
  })
