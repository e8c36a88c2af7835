import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import {
  type AccountRow,
  clearFailures,
  countFailure,
  findAccountByLogin,
  setSecret,
} from '../store/accounts.ts'
import type { Audit } from './audit.ts'
import type { createSecondFactors } from './second-factor.ts'
import { checkPassword, hashPassword, secretFits } from './secret.ts'
import type { Tokens } from './token.ts'

/** Name and password of a person, or id and secret of a machine, and where the call comes from. */
export interface Credentials {
  readonly account: string
  readonly secret: string
  readonly address: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresInSeconds: number
  /** The password was good for one use: the token opens nothing until it is changed. */
  readonly mustChangePassword: boolean
}

export interface SignIn {
  /** The account that these credentials prove. Throws NOT_SIGNED_IN, TOO_MANY. */
  prove(credentials: Credentials): Promise<AccountRow>
  /** Throws faults NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED (the file server only, or no second factor). */
  issueToken(credentials: Credentials & { readonly code?: string }): Promise<IssuedToken>
  /** Throws NOT_SIGNED_IN for a wrong old password, BAD_REQUEST for a new one that is too weak. */
  changePassword(change: Credentials & { readonly newPassword: string }): Promise<void>
}

/** Signing in by name and secret. A wrong guess is slow, and many make the account rest. */
export function createSignIn(deps: {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly tokens: Tokens
  /** The account changed: what is remembered of it is no longer true. */
  readonly forget: (account: string) => void
  readonly factors: Pick<ReturnType<typeof createSecondFactors>, 'fits'>
}): SignIn {
  const { db, audit } = deps
  const time = () => new Date(deps.now()).toISOString()

  return {
    prove,
    async issueToken(credentials) {
      const row = await prove(credentials)
      if (!row.channels.includes('rest') && !row.channels.includes('agent')) {
        await tell('sign-in refused', row, row.login, 403, credentials.address)
        throw new Fault('NOT_ALLOWED', { reason: 'This account signs in at the file server only.' })
      }
      await askFactor(row, credentials)
      await tell('signed in', row, row.login, 200, credentials.address)
      return { ...(await deps.tokens.issue(row.account)), mustChangePassword: row.mustChange }
    },
    async changePassword(change) {
      const row = await prove(change)
      if (row.kind !== 'person')
        throw new Fault('BAD_REQUEST', { reason: "A machine's secret is made by the node, not chosen." })
      checkPassword(change.newPassword)
      if (change.newPassword === change.secret)
        throw new Fault('BAD_REQUEST', { reason: 'The new password is the old one.' })
      const secretHash = await hashPassword(change.newPassword)
      await db.transact((tx) => setSecret(tx, row.account, secretHash, false, time()))
      deps.forget(row.account)
    },
  }

  /** A password alone opens nothing where a second factor is. */
  async function askFactor(
    row: AccountRow,
    { code, address }: Credentials & { code?: string },
  ): Promise<void> {
    if (!row.secondFactor && !row.secondFactorRequired) return
    const reason = !row.secondFactor
      ? 'Your organisation asks for a second factor: sign in with a browser and set it up.'
      : !row.factors.includes('totp')
        ? 'This account signs in with a passkey, in a browser.'
        : code === undefined
          ? 'This account has a second factor: send its code too.'
          : null
    if (reason === null && code !== undefined && (await deps.factors.fits(row, code))) return
    await tell('sign-in refused', row, row.login, reason === null ? 401 : 403, address)
    throw reason === null
      ? new Fault('NOT_SIGNED_IN', { reason: 'The code is wrong, or was used before.' })
      : new Fault('NOT_ALLOWED', { reason })
  }

  /** The account that these credentials prove. */
  async function prove({ account, secret, address }: Credentials): Promise<AccountRow> {
    const row = await db.transact((tx) => findAccountByLogin(tx, account))
    if (row?.lockedUntil != null && Date.parse(row.lockedUntil) > deps.now()) throw tooMany()
    if (await secretFits(secret, row === null || row.closed || row.suspended ? null : row.secretHash)) {
      if (row === null) throw new Error('a secret cannot fit no account')
      // Guesses made at the same time as this one may have locked the account meanwhile.
      if (!(await db.transact((tx) => clearFailures(tx, row.account, time())))) throw tooMany()
      return row
    }
    if (row !== null) await db.transact((tx) => countFailure(tx, row.account))
    // What was typed in place of a name may be a password, so only names that exist are told.
    await tell('sign-in refused', row, row?.login ?? '(unknown)', 401, address)
    throw new Fault('NOT_SIGNED_IN', { reason: 'The name or the password is wrong.' })
  }

  function tell(action: string, row: AccountRow | null, target: string, status: number, address: string) {
    const { account = null, partner = null } = row ?? {}
    return audit.write({ account, partner, action, target, status, request: '', address })
  }
}

function tooMany(): Fault {
  return new Fault('TOO_MANY', { reason: 'Too many wrong passwords. Try again in a few minutes.' })
}
