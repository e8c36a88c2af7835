import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, dataOf, type Schemas } from './client.ts'

export type Partner = Schemas['Partner']
export type Account = Schemas['Account']
export type Invitation = Schemas['Invitation']
export type Contact = Schemas['Contact']
export type Provider = Schemas['IdentityProvider']
export type ProviderLink = Schemas['ProviderLink']

/** What pages about people ask the node. */

export const partnerQuery = (partner: string) =>
  queryOptions({
    queryKey: ['people', 'partner', partner],
    queryFn: () => dataOf(api.GET('/v1/partners/{partner}', { params: { path: { partner } } })),
  })

export const accountsQuery = (partner: string) =>
  queryOptions({
    queryKey: ['people', 'accounts', partner],
    queryFn: async () => (await dataOf(api.GET('/v1/accounts', { params: { query: { partner } } }))).items,
  })

export const accountQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'account', name],
    queryFn: () => dataOf(api.GET('/v1/accounts/{name}', { params: { path: { name } } })),
  })

export const sshKeysQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'ssh-keys', name],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/accounts/{name}/ssh-keys', { params: { path: { name } } }))).items,
  })

export const certificatesQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'certificates', name],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/accounts/{name}/certificates', { params: { path: { name } } }))).items,
  })

export const invitationsQuery = (partner: string) =>
  queryOptions({
    queryKey: ['people', 'invitations', partner],
    queryFn: () => dataOf(api.GET('/v1/invitations', { params: { query: { partner, limit: 20 } } })),
  })

export const contactsQuery = (partner: string) =>
  queryOptions({
    queryKey: ['people', 'contacts', partner],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/partners/{partner}/contacts', { params: { path: { partner } } }))).items,
  })

export const fileKeysQuery = (partner: string) =>
  queryOptions({
    queryKey: ['people', 'file-keys', partner],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/partners/{partner}/pgp-keys', { params: { path: { partner } } }))).items,
  })

export const filePolicyQuery = (partner: string, exchange: string) =>
  queryOptions({
    queryKey: ['people', 'file-policy', partner, exchange],
    queryFn: () =>
      dataOf(
        api.GET('/v1/partners/{partner}/file-policies/{exchange}', {
          params: { path: { partner, exchange } },
        }),
      ),
  })

export const ownSessionsQuery = () =>
  queryOptions({
    queryKey: ['people', 'own-sessions'],
    queryFn: async () => (await dataOf(api.GET('/v1/me/sessions'))).items,
  })

export const secondFactorQuery = () =>
  queryOptions({
    queryKey: ['people', 'second-factor'],
    queryFn: () => dataOf(api.GET('/v1/me/second-factor')),
  })

export const passkeysQuery = () =>
  queryOptions({
    queryKey: ['people', 'passkeys'],
    queryFn: async () => (await dataOf(api.GET('/v1/me/passkeys'))).items,
  })

export const providersQuery = () =>
  queryOptions({
    queryKey: ['people', 'providers'],
    queryFn: async () => (await dataOf(api.GET('/v1/identity-providers'))).items,
  })

export const linksQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'links', name],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/accounts/{name}/identity-providers', { params: { path: { name } } }))).items,
  })

/** Changes something about people; what is shown of them is asked for anew. */
export function usePeopleChange<A, R>(change: (given: A) => Promise<R>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['people'] }),
        queries.invalidateQueries({ queryKey: ['partners'] }),
      ]),
  })
}
