import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { AccountRow } from '../store/accounts.ts'
import {
  dropBrowserSession,
  findBrowserSession,
  putBrowserSession,
  renewBrowserSession,
  sweepBrowserSessions,
} from '../store/browser-sessions.ts'
import type { Audit } from './audit.ts'
import { hashSecret, newSecret } from './secret.ts'
import type { Credentials } from './sign-in.ts'

export interface SessionLimits {
  readonly idleMinutes: number
  readonly hours: number
}

/** An open session as its browser may know it. Times in milliseconds since 1970. */
export interface SessionView {
  /** It ends then, however much it is used. */
  readonly endsAt: number
  /** It ends when nobody does anything for so long. */
  readonly idleMs: number
}

/** What a browser gets for name and password: the cookie's secret, or what must be done first. */
export type OpenedSession =
  | { readonly open: true; readonly secret: string; readonly row: AccountRow; readonly session: SessionView }
  | { readonly open: false; readonly next: 'password' }

/** Use is noted this often at most: reading a page makes many requests. */
const noteMs = 60_000
/** Browsers in which one person is signed in at the same time; the oldest ones end. */
const sessionsMax = 20

/** Sessions of people who sign in with a browser. */
export function createBrowserSessions(deps: {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly limits: SessionLimits
  /** The account that these credentials prove. */
  readonly prove: (credentials: Credentials) => Promise<AccountRow>
  /** As it is now, or null. */
  readonly accountOf: (account: string) => Promise<AccountRow | null>
}) {
  const { db, now, audit } = deps
  const idleMs = deps.limits.idleMinutes * 60_000
  const wholeMs = deps.limits.hours * 3_600_000

  return {
    /** Throws faults NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED (a machine's account, or one without the channel). */
    async open(credentials: Credentials): Promise<OpenedSession> {
      const row = await deps.prove(credentials)
      const { account, partner, login: target } = row
      const told = { account, partner, target, request: '', address: credentials.address }
      if (row.kind !== 'person' || !row.channels.includes('rest')) {
        await audit.write({ ...told, action: 'sign-in refused', status: 403 })
        throw new Fault('NOT_ALLOWED', { reason: 'This account does not sign in with a browser.' })
      }
      if (row.mustChange) return { open: false, next: 'password' }
      const secret = newSecret()
      const at = now()
      await db.transact(async (tx) => {
        const session = { secretHash: hashSecret(secret), account, createdAt: at, seenAt: at }
        await putBrowserSession(tx, { ...session, endsAt: at + wholeMs }, credentials.address)
        await sweepBrowserSessions(tx, { now: at, idleSince: at - idleMs, account, keep: sessionsMax })
      })
      await audit.write({ ...told, action: 'signed in', status: 200 })
      return { open: true, secret, row, session: { endsAt: at + wholeMs, idleMs } }
    },

    /**
     * The account whose session this is.
     * @param used by the person, so that its idle time starts anew; a page that refreshes itself is no use
     * Throws fault NOT_SIGNED_IN when it has ended.
     */
    async read(secret: string, used: boolean): Promise<{ row: AccountRow; session: SessionView }> {
      const secretHash = hashSecret(secret)
      const found = await db.transact((tx) => findBrowserSession(tx, secretHash))
      if (found === null) throw ended('Sign in first.')
      const at = now()
      const row = await deps.accountOf(found.account)
      const good = row !== null && !row.closed && row.channels.includes('rest') && !row.mustChange
      // A new password, set anywhere, ends the sessions that the old one opened.
      if (!good || Math.floor(found.createdAt / 1000) < row.validFrom) {
        await db.transact((tx) => dropBrowserSession(tx, secretHash))
        throw ended('You were signed out. Sign in again.')
      }
      if (at >= found.endsAt || at >= found.seenAt + idleMs) {
        await db.transact((tx) => dropBrowserSession(tx, secretHash))
        throw ended('Your session has ended. Sign in again.')
      }
      if (used && at >= found.seenAt + noteMs)
        await db.transact((tx) => renewBrowserSession(tx, secretHash, at))
      return { row, session: { endsAt: found.endsAt, idleMs } }
    },

    /** Signs out; nothing happens when it had ended already. */
    close(secret: string): Promise<void> {
      return db.transact((tx) => dropBrowserSession(tx, hashSecret(secret)))
    },
  }
}

function ended(reason: string): Fault {
  return new Fault('NOT_SIGNED_IN', { reason })
}
