import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../api/client.ts'
import { useT } from '../app/text.tsx'

/** How somebody came back from another service: with a second factor still to show, refused, or not at all. */
export type Came =
  | { readonly next: 'second-factor'; readonly methods: readonly string[] }
  | { readonly next: 'refused'; readonly why: string }
  | { readonly next: null }

/** Reads what the node noted in the address, and takes it out: it is true this once. */
export function cameBack(): Came {
  const address = new URL(window.location.href)
  const note = address.searchParams.get('sign-in')
  if (note === null) return { next: null }
  const methods = (address.searchParams.get('methods') ?? '').split(' ')
  for (const name of ['sign-in', 'methods']) address.searchParams.delete(name)
  window.history.replaceState(window.history.state, '', address)
  return note === 'second-factor' ? { next: note, methods } : { next: 'refused', why: note }
}

/** A way to each service by which one may sign in; it leads back to this page. */
export function Providers() {
  const t = useT()
  const { data = [] } = useQuery({
    queryKey: ['session-providers'],
    retry: false,
    queryFn: async () => (await dataOf(api.GET('/v1/session/providers'))).items,
  })
  const { pathname, search } = window.location
  return data.map(({ name, title }) => (
    <a
      key={name}
      className="usa-button usa-button--outline"
      href={`/v1/session/providers/${name}/start?to=${encodeURIComponent(pathname + search)}`}
    >
      {t('provider.signIn', { name: title })}
    </a>
  ))
}
