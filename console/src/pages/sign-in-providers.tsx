import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, dataOf } from '../api/client.ts'
import { useT } from '../app/text.tsx'

/** How somebody came back from another service: with a second factor still to show, refused, or not at all. */
type Came =
  | { readonly next: 'second-factor'; readonly methods: readonly string[] }
  | { readonly next: 'refused'; readonly why: string }
  | { readonly next: null }

/** What the node may note in the address. */
const NOTES = ['sign-in', 'methods']

/** What the node noted in the address, which is true this once. */
export function useCameBack(): Came {
  const [came] = useState(readNote)
  useEffect(() => {
    const address = new URL(window.location.href)
    if (!address.searchParams.has('sign-in')) return
    for (const name of NOTES) address.searchParams.delete(name)
    window.history.replaceState(window.history.state, '', address)
  }, [])
  return came
}

function readNote(): Came {
  const { searchParams } = new URL(window.location.href)
  const note = searchParams.get('sign-in')
  if (note === null) return { next: null }
  const methods = (searchParams.get('methods') ?? '').split(' ')
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
  const address = new URL(window.location.href)
  for (const note of NOTES) address.searchParams.delete(note)
  const to = `${address.pathname}${address.search}`
  return data.map(({ name, title }) => (
    <a
      key={name}
      className="usa-button usa-button--outline"
      href={`/v1/session/providers/${name}/start?to=${encodeURIComponent(to)}`}
    >
      {t('provider.signIn', { name: title })}
    </a>
  ))
}
