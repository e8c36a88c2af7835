import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { AccountRow, Factor } from '../store/accounts.ts'
import {
  dropBrowserSession,
  dropSessionByName,
  findBrowserSession,
  listBrowserSessions,
  type OwnSession,
  putBrowserSession,
  renewBrowserSession,
  type SessionPlace,
  sessionName,
  sweepBrowserSessions,
} from '../store/browser-sessions.ts'
import { dropPendingSignIn, findPendingSignIn, putPendingSignIn } from '../store/second-factors.ts'
import type { Audit } from './audit.ts'
import type { createSecondFactors } from './second-factor.ts'
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
  /** What must be done before anything else: the partner asks for a second factor, and there is none yet. */
  readonly next: 'second-factor' | null
}

/** A session in the list of one's own. */
export interface ListedSession extends OwnSession {
  /** Is it the one that asks? */
  readonly current: boolean
}

/** What a browser gets for name and password: the cookie's secret, or what must be done first. */
export type OpenedSession =
  | { readonly open: true; readonly secret: string; readonly row: AccountRow; readonly session: SessionView }
  | { readonly open: false; readonly next: 'password' }
  /** @param pending the secret by which the sign-in goes on, with a code */
  | {
      readonly open: false
      readonly next: 'second-factor'
      readonly pending: string
      readonly methods: readonly Factor[]
    }

/** Use is noted this often at most: reading a page makes many requests. */
const noteMs = 60_000
/** Browsers in which one person is signed in at the same time; the oldest ones end. */
const sessionsMax = 20
/** A person has so long to find their telephone. */
const pendingMs = 10 * 60_000
const browserCharsMax = 300

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly limits: SessionLimits
  /** The account that these credentials prove. */
  readonly prove: (credentials: Credentials) => Promise<AccountRow>
  /** As it is now, or null. */
  readonly accountOf: (account: string) => Promise<AccountRow | null>
  readonly factors: Pick<ReturnType<typeof createSecondFactors>, 'fits'>
}

type Opened = Extract<OpenedSession, { open: true }>
type Start = (row: AccountRow, place: SessionPlace, how?: How) => Promise<Opened>

/** How somebody signed in other than by name and password. */
export interface How {
  /** As the audit log names it. */
  readonly by: string
  /** Does that alone prove a second factor? */
  readonly factorProven: boolean
}

/** Sessions of people who sign in with a browser. */
export function createBrowserSessions(deps: Deps) {
  return { ...openCalls(deps, starter(deps)), ...ownCalls(deps), ...readCalls(deps) }
}

function openCalls(deps: Deps, start: Start) {
  const { db, now } = deps
  const wait = waiter(deps)
  return {
    /** Throws faults NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED (a machine's account, or one without the channel). */
    async open(credentials: Credentials & { readonly browser?: string }): Promise<OpenedSession> {
      const row = await deps.prove(credentials)
      const { address, browser = '' } = credentials
      await assertBrowses(deps, row, address)
      if (row.mustChange) return { open: false, next: 'password' }
      if (!row.secondFactor) return start(row, { address, browser })
      return wait(row)
    },

    /**
     * For somebody who has proved in another way whose account it is: the session, or the second factor is asked for
     * where it was not proved too. Throws NOT_ALLOWED (suspended, a one-time password waits, no person's account).
     */
    async openProven(row: AccountRow, place: SessionPlace, how: How): Promise<OpenedSession> {
      await assertBrowses(deps, row, place.address)
      const reason = row.suspended
        ? 'This account is suspended. Ask an administrator.'
        : row.mustChange
          ? 'Sign in with the one-time password that you were given, and set one of your own.'
          : null
      if (reason !== null) {
        await tell(deps, row, `sign-in refused (${how.by})`, 403, place.address)
        throw new Fault('NOT_ALLOWED', { reason })
      }
      return row.secondFactor && !how.factorProven ? wait(row) : start(row, place, how)
    },

    /** The code after the password. Throws NOT_SIGNED_IN (a wrong code, or too late), TOO_MANY. */
    async openWithCode(pending: string, code: string, place: SessionPlace): Promise<Opened> {
      const secretHash = hashSecret(pending)
      const account = await db.transact((tx) => findPendingSignIn(tx, secretHash, now()))
      const row = account === null ? null : await deps.accountOf(account)
      if (row === null || barred(row)) throw ended('That took too long. Sign in again from the start.')
      // An app that was never confirmed proves nothing, though the account may have a passkey.
      if (!row.factors.includes('totp') || !(await deps.factors.fits(row, code))) {
        await tell(deps, row, 'sign-in refused', 401, place.address)
        throw ended('The code is wrong, or was used before.')
      }
      await db.transact((tx) => dropPendingSignIn(tx, secretHash))
      return start(row, place)
    },
  }
}

function ownCalls(deps: Deps) {
  const { db, now } = deps
  const idleMs = deps.limits.idleMinutes * 60_000
  return {
    /** Sessions of an account, the one used last first. */
    async list(account: string, secret: string | null): Promise<readonly ListedSession[]> {
      const row = await deps.accountOf(account)
      const at = now()
      const since = { now: at, idleSince: at - idleMs, createdSince: (row?.validFrom ?? 0) * 1000 }
      const own = secret === null ? null : sessionName(hashSecret(secret))
      const sessions = await db.transact((tx) => listBrowserSessions(tx, account, since))
      return sessions.map((one) => ({ ...one, current: one.session === own }))
    },

    /** Ends one session of an account. Throws NOT_FOUND. */
    async end(account: string, session: string): Promise<void> {
      if (!(await db.transact((tx) => dropSessionByName(tx, account, session))))
        throw new Fault('NOT_FOUND', { what: `session ${session}` })
    },
  }
}

function readCalls(deps: Deps) {
  const { db, now } = deps
  const idleMs = deps.limits.idleMinutes * 60_000
  return {
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
      const good = row !== null && !barred(row)
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
      return { row, session: { endsAt: found.endsAt, idleMs, next: nextOf(row, found.factorProven) } }
    },

    /** Signs out; nothing happens when it had ended already. */
    close(secret: string): Promise<void> {
      return db.transact((tx) => dropBrowserSession(tx, hashSecret(secret)))
    },
  }
}

function starter(deps: Deps): Start {
  const { db, now } = deps
  const idleMs = deps.limits.idleMinutes * 60_000
  const wholeMs = deps.limits.hours * 3_600_000
  return async (row, { address, browser }, how = { by: '', factorProven: false }) => {
    const { account } = row
    const { by, factorProven } = how
    const secret = newSecret()
    const at = now()
    await db.transact(async (tx) => {
      const session = { secretHash: hashSecret(secret), account, createdAt: at, seenAt: at, factorProven }
      const place = { address, browser: browser.slice(0, browserCharsMax) }
      await putBrowserSession(tx, { ...session, endsAt: at + wholeMs }, place)
      await sweepBrowserSessions(tx, { now: at, idleSince: at - idleMs, account, keep: sessionsMax })
    })
    await tell(deps, row, by === '' ? 'signed in' : `signed in (${by})`, 200, address)
    const next = nextOf(row, factorProven)
    return { open: true, secret, row, session: { endsAt: at + wholeMs, idleMs, next } }
  }
}

/** The sign-in waits for a second factor. */
function waiter({ db, now }: Deps) {
  return async ({ account, factors }: AccountRow): Promise<OpenedSession> => {
    const pending = newSecret()
    const [secretHash, at] = [hashSecret(pending), now()]
    await db.transact((tx) => putPendingSignIn(tx, { secretHash, account, endsAt: at + pendingMs, now: at }))
    return { open: false, next: 'second-factor', pending, methods: factors }
  }
}

async function assertBrowses(deps: Deps, row: AccountRow, address: string): Promise<void> {
  if (row.kind === 'person' && row.channels.includes('rest')) return
  await tell(deps, row, 'sign-in refused', 403, address)
  throw new Fault('NOT_ALLOWED', { reason: 'This account does not sign in with a browser.' })
}

function tell({ audit }: Deps, row: AccountRow, action: string, status: number, address: string) {
  const { account, partner, login: target } = row
  return audit.write({ account, partner, action, target, status, request: '', address })
}

function barred(row: AccountRow): boolean {
  return row.closed || row.suspended || !row.channels.includes('rest') || row.mustChange
}

function nextOf({ secondFactor, secondFactorRequired }: AccountRow, proven: boolean): SessionView['next'] {
  return secondFactorRequired && !secondFactor && !proven ? 'second-factor' : null
}

function ended(reason: string): Fault {
  return new Fault('NOT_SIGNED_IN', { reason })
}
