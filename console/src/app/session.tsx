import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, Suspense, use, useMemo } from 'react'
import { ApiProblem, api, dataOf, type Grant, type Me } from '../api/client.ts'
import { Failure } from '../components/states.tsx'
import { SessionEnd } from './session-end.tsx'

const SignIn = lazy(() => import('../pages/sign-in.tsx'))
const Invitation = lazy(() => import('../pages/invitation.tsx'))
const MustEnrol = lazy(() => import('../pages/must-enrol.tsx'))

interface Session {
  readonly me: Me
  /** May this person do that with the exchange, or with any when none is named? */
  may(grant: Grant, exchange?: string): boolean
  signOut(): Promise<void>
}

const Context = createContext<Session | null>(null)
export const ME = ['me'] as const

export function useSession(): Session {
  const session = use(Context)
  if (session === null) throw new Error('outside of SessionGate')
  return session
}

/** Whoever is not signed in sees the sign-in page, at the address they came for. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: ME, queryFn: readMe, staleTime: 60_000 })
  const session = useMemo<Session | null>(() => {
    if (data === undefined || data === null) return null
    return {
      me: data,
      may: (grant, exchange) =>
        data.grants.some(
          (one) =>
            (exchange === undefined || one.exchange === '*' || one.exchange === exchange) &&
            one.grants.includes(grant),
        ),
      async signOut() {
        await dataOf(api.DELETE('/v1/session'))
        queries.setQueryData(ME, null)
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] })
      },
    }
  }, [data, queries])
  // Whoever was invited has no account yet.
  if (window.location.pathname === '/invitation')
    return (
      <Suspense>
        <Invitation />
      </Suspense>
    )
  if (data === undefined && error !== null) return <Failure problem={error} again={() => refetch()} />
  if (data === undefined) return null
  if (session === null)
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    )
  if (session.me.next === 'second-factor')
    return (
      <Suspense>
        <MustEnrol />
      </Suspense>
    )
  return (
    <Context value={session}>
      {children}
      {session.me.session === null ? null : <SessionEnd session={session.me.session} />}
    </Context>
  )
}

/** Null when nobody is signed in. */
async function readMe(): Promise<Me | null> {
  try {
    return await dataOf(api.GET('/v1/me'))
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}

/** Can passkeys be used here? Browsers make them for names alone, over an encrypted connection or on this machine. */
export function passkeysWork(): boolean {
  const number = /^[\d.]+$|^\[/.test(window.location.hostname)
  return window.isSecureContext && !number && 'PublicKeyCredential' in window
}

/** What a device or its person refused, in these words. */
export function passkeyRefused(error: unknown, cancelled: string, known = cancelled): never {
  const name = error instanceof Error ? error.name : ''
  if (name === 'InvalidStateError') throw new ApiProblem(0, 'KNOWN', known)
  if (name === 'NotAllowedError' || name === 'AbortError') throw new ApiProblem(0, 'CANCELLED', cancelled)
  throw error
}
