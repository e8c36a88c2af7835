import type { Database } from '../db/database.ts'
import type { AccountRow } from '../store/accounts.ts'
import type { SessionPlace } from '../store/browser-sessions.ts'
import type { Audit } from './audit.ts'
import type { createBrowserSessions } from './browser-session.ts'
import type { Keys } from './keys.ts'
import { createPasskeySignIn, type PasskeySignature } from './passkey-sign-in.ts'
import { createPasskeys, siteOf } from './passkeys.ts'
import { callbackOf } from './provider-address.ts'
import { createProviderClient } from './provider-client.ts'
import { createProviderSignIn } from './provider-sign-in.ts'
import { createProviders } from './providers.ts'
import { noteChanges } from './registered.ts'
import { answerOf, type SessionAnswer } from './session-answer.ts'
import { createTickets, type Tickets } from './tickets.ts'
import type { Who } from './who.ts'

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly keys: Keys
  readonly sessions: ReturnType<typeof createBrowserSessions>
  /** The account changed: what is remembered of it is no longer true. */
  readonly forget: (account: string) => void
  readonly rowOf: (who: Who) => Promise<AccountRow>
  /** The node's address for browsers; null: as each request names it. */
  readonly publicUrl: string | null
}

/**
 * Signing in other than by name and password. `origin` is the address that the browser asked, for where no public one is
 * set.
 */
export function createOtherWays(deps: Deps) {
  const tickets = createTickets(deps.db, deps.keys, deps.now)
  return { passkeys: passkeyCalls(deps, tickets), providers: providerCalls(deps, tickets) }
}

function passkeyCalls({ rowOf, sessions, publicUrl, ...deps }: Deps, tickets: Tickets) {
  const passkeys = createPasskeys({ ...deps, tickets })
  const signIn = createPasskeySignIn({ ...deps, tickets })
  const site = (origin: string) => siteOf(publicUrl ?? origin)
  return {
    list: async (who: Who) => passkeys.list(await rowOf(who)),
    begin: async (who: Who, origin: string) => passkeys.begin(await rowOf(who), site(origin)),
    add: async (who: Who, origin: string, given: Parameters<typeof passkeys.add>[2]) =>
      passkeys.add(await rowOf(who), site(origin), given),
    remove: async (who: Who, passkey: string) => passkeys.remove(await rowOf(who), passkey),
    ask: (origin: string) => signIn.ask(site(origin)),
    /** Throws NOT_SIGNED_IN, NOT_ALLOWED. */
    async open(
      origin: string,
      {
        ticket,
        answer,
        ...place
      }: SessionPlace & { readonly ticket: string; readonly answer: PasskeySignature },
    ): Promise<SessionAnswer> {
      const row = await signIn.prove(site(origin), { ticket, answer, address: place.address })
      return answerOf(await sessions.openProven(row, place, { by: 'passkey', factorProven: true }))
    },
  }
}

function providerCalls({ publicUrl, ...deps }: Deps, tickets: Tickets) {
  const client = createProviderClient(deps.now)
  const signIn = createProviderSignIn({ ...deps, tickets, client })
  const from = (origin: string) => publicUrl ?? origin
  return {
    ...createProviders({ db: deps.db, note: noteChanges(deps.now), client }),
    /** What is registered at the provider as the address to which it sends browsers back. */
    callback: (name: string, origin: string) => callbackOf(from(origin), name),
    offered: () => signIn.offered(),
    begin: (name: string, to: string | undefined, origin: string) => signIn.begin(name, to, from(origin)),
    async finish(
      name: string,
      came: Parameters<typeof signIn.finish>[1],
      place: SessionPlace,
    ): Promise<
      | { readonly ok: true; readonly to: string; readonly answer: SessionAnswer }
      | Extract<Awaited<ReturnType<typeof signIn.finish>>, { ok: false }>
    > {
      const end = await signIn.finish(name, { ...came, origin: from(came.origin) }, place)
      return end.ok ? { ok: true, to: end.to, answer: answerOf(end.opened) } : end
    },
  }
}
