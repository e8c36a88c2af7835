import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { type AccountRow, findAccount, findAccountByCertificate } from '../store/accounts.ts'
import { findPartner, holderOf } from '../store/partners.ts'
import { type Audit, createAudit } from './audit.ts'
import { createBrowserSessions, type SessionLimits, type SessionView } from './browser-session.ts'
import { firstStart } from './first-start.ts'
import { type HostKey, hostKeys } from './host-keys.ts'
import { createKeys, type Keys } from './keys.ts'
import { createOtherWays } from './other-ways.ts'
import { createRegistry, plainFingerprint } from './registry.ts'
import { createSecondFactors } from './second-factor.ts'
import { answerOf, type SessionAnswer, whoOf } from './session-answer.ts'
import { type Credentials, createSignIn } from './sign-in.ts'
import { createSftpSignIn, type OfferedKey, type SftpAnswer, type SftpRefusal } from './sign-in-sftp.ts'
import { createTokens } from './token.ts'
import type { Who } from './who.ts'

export interface IdentityConfig {
  readonly tokenMinutes: number
  /** Of people who sign in with a browser; left out: as the settings' defaults. */
  readonly session?: SessionLimits
  /** The node's address for browsers; null or left out: as each request names it. */
  readonly publicUrl?: string | null
}

const SESSION: SessionLimits = { idleMinutes: 30, hours: 12 }

/** Where a browser asks from. */
type Place = { readonly address: string; readonly browser: string }

/** Changed policies and closed accounts take effect within this time. */
const whoMs = 3000

/** Who is asking, and may they: accounts, tokens, keys, policies and the audit log of one node. */
export function createIdentity(deps: { db: Database; now: () => number; config: IdentityConfig }) {
  const { db, now } = deps
  const keys: Keys = createKeys(db, now)
  const tokens = createTokens(keys, now, deps.config.tokenMinutes)
  const audit: Audit = createAudit(db, keys, now)
  const forget = (account: string) => known.delete(account)
  const factors = createSecondFactors({ db, now, audit, forget })
  const signIn = createSignIn({ db, now, audit, tokens, factors, forget })
  const limits = deps.config.session ?? SESSION
  const sessions = createBrowserSessions({ db, now, audit, limits, factors, prove: signIn.prove, accountOf })
  const publicUrl = deps.config.publicUrl ?? null
  const otherWays = createOtherWays({ db, now, audit, keys, sessions, forget, rowOf, publicUrl })
  const known = new Map<string, { readonly row: AccountRow; readonly until: number }>()

  return {
    keys,
    audit,
    registry: createRegistry(db, now),
    issueToken: signIn.issueToken,
    changePassword: signIn.changePassword,
    sftp: sftpCalls(db, createSftpSignIn({ db, now, audit })),
    firstStart: () => firstStart(db),
    publicKeys: () => keys.publicKeys(),

    /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
    async authenticateBearer(token: string): Promise<Who> {
      const claims = await tokens.read(token)
      const row = await accountOf(claims.account)
      if (row === null || !mayRest(row) || claims.issuedAt < row.validFrom)
        throw new Fault('NOT_SIGNED_IN', { reason: 'The token is no longer good. Sign in again.' })
      if (row.mustChange)
        throw new Fault('NOT_ALLOWED', {
          reason: 'This password was good for one use: set one of your own first (POST /v1/password).',
        })
      return whoOf(row)
    },

    /** Null when the certificate is bound to no account, or to one that may not come in by the API. */
    async authenticateCertificate(certificate: { readonly fingerprint: string }): Promise<Who | null> {
      const fingerprint = plainFingerprint(certificate.fingerprint)
      const row = await db.transact((tx) => findAccountByCertificate(tx, fingerprint))
      return row === null || !mayRest(row) ? null : whoOf(row)
    },

    /** Throws faults NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED. */
    async openSession(credentials: Credentials & { readonly browser: string }): Promise<SessionAnswer> {
      return answerOf(await sessions.open(credentials))
    },

    /** Who this cookie's secret signs in. Throws fault NOT_SIGNED_IN when the session has ended. */
    async authenticateSession(secret: string, used: boolean): Promise<{ who: Who; session: SessionView }> {
      const { row, session } = await sessions.read(secret, used)
      return { who: whoOf(row), session }
    },
    closeSession: (secret: string) => sessions.close(secret),

    ...ownCalls(sessions, factors, rowOf),
    ...otherWays,

    ...partnerCalls(db),
  }

  async function rowOf({ account }: Who): Promise<AccountRow> {
    const row = await accountOf(account)
    if (row === null) throw new Fault('NOT_SIGNED_IN', { reason: 'Sign in first.' })
    return row
  }

  async function accountOf(account: string): Promise<AccountRow | null> {
    const cached = known.get(account)
    if (cached !== undefined && cached.until > now()) return cached.row
    const row = await db.transact((tx) => findAccount(tx, account))
    if (row === null) known.delete(account)
    else known.set(account, { row, until: now() + whoMs })
    return row
  }
}

/** What a person does with their own account. */
function ownCalls(
  sessions: ReturnType<typeof createBrowserSessions>,
  factors: ReturnType<typeof createSecondFactors>,
  rowOf: (who: Who) => Promise<AccountRow>,
) {
  return {
    /** Goes on with a sign-in that waits for a code. Throws faults NOT_SIGNED_IN, TOO_MANY. */
    async openSessionWithCode(
      pending: string,
      code: string,
      place: Place,
    ): Promise<Extract<SessionAnswer, { open: true }>> {
      const { secret, session, row } = await sessions.openWithCode(pending, code, place)
      return { open: true, secret, session, who: whoOf(row) }
    },
    sessionsOf: (who: Who, secret: string | null) => sessions.list(who.account, secret),
    endSession: (who: Who, session: string) => sessions.end(who.account, session),
    secondFactor: {
      view: async (who: Who) => factors.view(await rowOf(who)),
      begin: async (who: Who) => factors.begin(await rowOf(who)),
      confirm: async (who: Who, code: string) => factors.confirm(await rowOf(who), code),
      renewCodes: async (who: Who, code: string) => factors.renewCodes(await rowOf(who), code),
      remove: async (who: Who, code: string) => factors.remove(await rowOf(who), code),
    },
  }
}

function partnerCalls(db: Database) {
  return {
    /** What a partner is called, or null when there is none. */
    async titleOf(partner: string): Promise<string | null> {
      return (await db.transact((tx) => findPartner(tx, partner)))?.name ?? null
    },
    partnerOf: (scheme: string, value: string) => db.transact((tx) => holderOf(tx, scheme, value)),
    async profileOf(partner: string): Promise<string | null> {
      return (await db.transact((tx) => findPartner(tx, partner)))?.profile ?? null
    },
  }
}

/** An account may come in by the channels it was given. An agent's calls are the API's, of which it has a few. */
function mayRest(row: AccountRow): boolean {
  return !row.closed && !row.suspended && (row.channels.includes('rest') || row.channels.includes('agent'))
}

/** Who signed in at the file server, or what may be logged of somebody who could not. */
export type SftpSignedIn =
  | { readonly ok: true; readonly who: Who }
  | { readonly ok: false; readonly refusal: SftpRefusal }

function sftpCalls(db: Database, signIn: ReturnType<typeof createSftpSignIn>) {
  const told = (answer: SftpAnswer): SftpSignedIn =>
    answer.ok ? { ok: true, who: whoOf(answer.row) } : answer
  return {
    byPassword: async (credentials: { login: string; secret: string; address: string }) =>
      told(await signIn.signInSftp(credentials)),
    byKey: async (offered: OfferedKey, proven: boolean) => told(await signIn.signInSftpKey(offered, proven)),
    keyKnown: (offered: OfferedKey) => signIn.sftpKeyKnown(offered),
    refuse: (login: string, address: string) => signIn.refuseSftp(login, address),
    /** Null when the account may not be at the file server any more. */
    async account(account: string): Promise<Who | null> {
      const row = await signIn.sftpAccount(account)
      return row === null ? null : whoOf(row)
    },
    hostKeys: (): Promise<readonly HostKey[]> => hostKeys(db),
  }
}

export type Identity = ReturnType<typeof createIdentity>
