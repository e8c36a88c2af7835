import { queryOptions } from '@tanstack/react-query'
import type { Definition } from '../../../src/exchange/definition.ts'
import { api, dataOf, type Realm, type Schemas } from './client.ts'

/** One exchange as the node describes it to senders, with its papers. */
export const exchangeQuery = (exchange: string) =>
  queryOptions({
    queryKey: ['exchange', exchange],
    staleTime: 60_000,
    queryFn: () => dataOf(api.GET('/v1/exchanges/{exchange}', { params: { path: { exchange } } })),
  })

/** The whole definition, as the node has compiled it. */
export const compiledQuery = (exchange: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'compiled'],
    staleTime: 60_000,
    queryFn: async () =>
      (await dataOf(
        api.GET('/v1/exchanges/{exchange}/definition', { params: { path: { exchange } } }),
      )) as unknown as Definition,
  })

export const codeListsQuery = (exchange: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'codes'],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/codes/{exchange}', { params: { path: { exchange } } }))).items,
  })

const CODES = 100

export const codesQuery = (exchange: string, list: string, search: string, after: string | undefined) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'codes', list, search, after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/codes/{exchange}/{list}', {
          params: {
            path: { exchange, list },
            query: {
              limit: CODES,
              ...(search === '' ? {} : { search }),
              ...(after === undefined ? {} : { after }),
            },
          },
        }),
      ),
  })

export const codeVersionsQuery = (exchange: string, list: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'codes', list, 'versions'],
    queryFn: async () =>
      (
        await dataOf(
          api.GET('/v1/codes/{exchange}/{list}/versions', { params: { path: { exchange, list } } }),
        )
      ).items,
  })

export const unmatchedQuery = (exchange: string, list: string, realm: Realm) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'codes', list, 'unmatched', realm],
    queryFn: async () =>
      (
        await dataOf(
          api.GET('/v1/codes/{exchange}/{list}/unmatched', {
            params: { path: { exchange, list }, query: { realm } },
          }),
        )
      ).items,
  })

export const crosswalksQuery = (exchange: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'crosswalks'],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/crosswalks/{exchange}', { params: { path: { exchange } } }))).items,
  })

/** Versions of a partner's rule set, the newest first. */
export const ruleSetsQuery = (exchange: string, partner: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'rule-sets', partner],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/rules/{exchange}', { params: { path: { exchange }, query: { partner } } })))
        .items,
  })

export const candidatesQuery = (exchange: string) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'candidates'],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/exchanges/{exchange}/candidates', { params: { path: { exchange } } })))
        .items,
  })

export type Candidate = Schemas['Candidate']

export const candidateQuery = (exchange: string, candidate: number) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'candidates', candidate],
    queryFn: () =>
      dataOf(
        api.GET('/v1/exchanges/{exchange}/candidates/{candidate}', {
          params: { path: { exchange, candidate } },
        }),
      ),
  })

const DIFFERENCES = 100

export const differencesQuery = (exchange: string, candidate: number, after: string | undefined) =>
  queryOptions({
    queryKey: ['exchange', exchange, 'candidates', candidate, 'differences', after],
    queryFn: () =>
      dataOf(
        api.GET('/v1/exchanges/{exchange}/candidates/{candidate}/differences', {
          params: {
            path: { exchange, candidate },
            query: { limit: DIFFERENCES, ...(after === undefined ? {} : { after }) },
          },
        }),
      ),
  })
