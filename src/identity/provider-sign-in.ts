import type { Database } from '../db/database.ts'
import { isFault } from '../fault/fault.ts'
import { type AccountRow, findAccount } from '../store/accounts.ts'
import type { SessionPlace } from '../store/browser-sessions.ts'
import {
  accountOfSubject,
  bindPerson,
  findProvider,
  listProviders,
  type ProviderRow,
} from '../store/identity-providers.ts'
import type { Audit } from './audit.ts'
import type { createBrowserSessions, OpenedSession } from './browser-session.ts'
import { callbackOf } from './provider-address.ts'
import type { createProviderClient, ProviderAnswer } from './provider-client.ts'
import { noProvider, personOf } from './providers.ts'
import { returnPath } from './return-path.ts'
import type { Tickets } from './tickets.ts'

/** Why nobody was signed in; the sign-in page says each in words. */
export type ProviderRefusal =
  | 'unknown'
  | 'unverified'
  | 'cancelled'
  | 'late'
  | 'away'
  | 'wrong'
  | 'rests'
  | 'password'

/** Where the browser is sent, and the ticket by which it is known when it comes back. */
export type ProviderBegun =
  | { readonly ok: true; readonly address: string; readonly ticket: string }
  | { readonly ok: false; readonly why: ProviderRefusal; readonly to: string }

/** What came of it, and the path to go on to. */
export type ProviderEnd =
  | { readonly ok: true; readonly opened: OpenedSession; readonly to: string }
  | { readonly ok: false; readonly why: ProviderRefusal; readonly to: string }

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly tickets: Tickets
  readonly client: ReturnType<typeof createProviderClient>
  readonly sessions: Pick<ReturnType<typeof createBrowserSessions>, 'openProven'>
}

/** Signing in by a provider of single sign-on. */
export function createProviderSignIn(deps: Deps) {
  const { db, client, tickets } = deps
  return {
    /** Names and titles, for the buttons of the sign-in page. */
    async offered(): Promise<readonly { readonly name: string; readonly title: string }[]> {
      const rows = await db.transact(listProviders)
      return rows.map(({ provider: name, title }) => ({ name, title }))
    },

    /** Throws NOT_FOUND. */
    async begin(name: string, asked: string | undefined, origin: string): Promise<ProviderBegun> {
      const row = await db.transact((tx) => findProvider(tx, name))
      if (row === null) throw noProvider(name)
      const to = returnPath(asked)
      try {
        const { address, expected } = await client.begin(row, row.scopes, callbackOf(origin, name))
        const ticket = await tickets.write('provider-sign-in', { ...expected, provider: name, to })
        return { ok: true, address, ticket }
      } catch {
        // Whoever set the provider up learns why when they save it; a visitor can only come again.
        return { ok: false, why: 'away', to }
      }
    },

    /**
     * @param query of the address at which the browser came back, with its ?
     * @param ticket of this browser's cookie; null when it sent none
     */
    async finish(
      name: string,
      {
        query,
        ticket,
        origin,
      }: { readonly query: string; readonly ticket: string | null; readonly origin: string },
      place: SessionPlace,
    ): Promise<ProviderEnd> {
      const begun = ticket === null ? null : await tickets.read('provider-sign-in', ticket)
      const given = new URLSearchParams(query)
      if (begun === null || begun.claims.provider !== name || begun.claims.state !== given.get('state'))
        return { ok: false, why: 'late', to: '/' }
      const { state, nonce, verifier, to: path } = begun.claims
      const to = returnPath(String(path))
      const row = await db.transact((tx) => findProvider(tx, name))
      if (row === null) return { ok: false, why: 'late', to }
      const came = new URL(`${callbackOf(origin, name)}${query}`)
      const expected = { state: String(state), nonce: String(nonce), verifier: String(verifier) }
      const answer = await client.finish(row, came, expected, row.claim)
      if (!answer.ok) {
        await refuse(deps, `${name}: ${answer.detail}`, null, '(unknown)', place)
        return { ok: false, why: answer.why, to }
      }
      await tickets.spend(begun)
      return { ...(await open(deps, row, answer, place)), to }
    },
  }
}

type Outcome =
  | { readonly ok: true; readonly opened: OpenedSession }
  | { readonly ok: false; readonly why: ProviderRefusal }

/** Opens the account to which the provider's person leads. */
async function open(
  deps: Deps,
  provider: ProviderRow,
  answer: Extract<ProviderAnswer, { ok: true }>,
  place: SessionPlace,
): Promise<Outcome> {
  const found = await whose(deps, provider, answer)
  const { row } = found
  if (row === null) {
    await refuse(deps, `${provider.provider}: ${found.why}`, null, found.person, place)
    return { ok: false, why: found.why }
  }
  try {
    const how = { by: `provider ${provider.provider}`, factorProven: provider.provesSecondFactor }
    return { ok: true, opened: await deps.sessions.openProven(row, place, how) }
  } catch (error) {
    if (!isFault(error) || error.code !== 'NOT_ALLOWED') throw error
    return { ok: false, why: row.suspended ? 'rests' : row.mustChange ? 'password' : 'unknown' }
  }
}

interface Found {
  readonly row: AccountRow | null
  /** Why there is none. */
  readonly why: 'unknown' | 'unverified'
  /** What the provider called the person. */
  readonly person: string
}

/** The account of the provider's person: by its lasting name of them, or at the first sign-in by what the claim says. */
function whose(
  { db, now }: Deps,
  { provider, claim, partner }: ProviderRow,
  { subject, claims }: Extract<ProviderAnswer, { ok: true }>,
): Promise<Found> {
  const said = claims[claim]
  const person = typeof said === 'string' ? personOf(said).slice(0, 200) : ''
  const unverified =
    claim === 'email' && (claims.email_verified === false || claims.email_verified === 'false')
  return db.transact(async (tx) => {
    const at = now()
    const known = await accountOfSubject(tx, provider, subject, at)
    if (known === null && unverified) return { row: null, why: 'unverified', person }
    const first = known === null && person !== ''
    const account = first ? await bindPerson(tx, { provider, person, subject, at }) : known
    const row = account === null ? null : await findAccount(tx, account)
    const served = row !== null && !row.closed && (partner === null || partner === row.partner)
    return { row: served ? row : null, why: 'unknown', person }
  })
}

function refuse(
  { audit }: Deps,
  how: string,
  row: AccountRow | null,
  person: string,
  { address }: SessionPlace,
): Promise<void> {
  const { account = null, partner = null } = row ?? {}
  const action = `sign-in refused (provider ${how})`
  const target = person === '' ? '(unknown)' : person
  return audit.write({ account, partner, action, target, status: 401, request: '', address })
}
