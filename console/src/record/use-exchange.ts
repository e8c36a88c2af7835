import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, dataOf, type Realm } from '../api/client.ts'
import { exchangesQuery } from '../api/queries.ts'
import { useRealm } from '../app/realm.ts'

const latestQuery = (realm: Realm) =>
  queryOptions({
    queryKey: ['submissions', realm, 'latest'],
    staleTime: 300_000,
    queryFn: async () =>
      (await dataOf(api.GET('/v1/submissions', { params: { query: { realm, limit: 1 } } }))).items[0]
        ?.exchange ?? null,
  })

/**
 * The exchanges that a page is about, and the one that the address names; where it names none, the one in which
 * something arrived last.
 * @param offered what the person may look at
 */
export function useExchange(asked: string | undefined, offered: (exchange: string) => boolean) {
  const { realm } = useRealm()
  const { data: all, error, refetch } = useQuery(exchangesQuery())
  const exchanges = all?.filter(({ exchange }) => offered(exchange))
  const named = exchanges?.find(({ exchange }) => exchange === asked)
  const several = named === undefined && exchanges !== undefined && exchanges.length > 1
  const latest = useQuery({ ...latestQuery(realm), enabled: several })
  const waiting = exchanges === undefined || (several && latest.isPending)
  const chosen = named ?? exchanges?.find(({ exchange }) => exchange === latest.data) ?? exchanges?.[0]
  return { exchanges: exchanges ?? [], chosen, waiting, error, refetch }
}
