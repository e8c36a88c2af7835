import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { Factor } from '../store/accounts.ts'
import {
  countWrongCode,
  dropSecondFactor,
  findSecondFactor,
  putRecoveryCodes,
  putSecondFactor,
  takeRecoveryCode,
  takeStep,
} from '../store/second-factors.ts'
import type { Audit } from './audit.ts'
import { hashSecret } from './secret.ts'

/** Whose second factor it is. */
export interface Holder {
  readonly account: string
  readonly login: string
  readonly partner: string
  readonly secondFactorRequired: boolean
  readonly factors: readonly Factor[]
}

/** Times are ISO. */
export interface SecondFactorView {
  readonly enrolled: boolean
  readonly enrolledAt: string | null
  readonly recoveryCodesLeft: number
  /** The partner asks its people for one. */
  readonly required: boolean
}

const ISSUER = 'Tributary'
const stepSeconds = 30
/** A clock may be half a minute wrong, either way. */
const stepsAside = 1
const recoveryCodes = 10
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  /** The account changed: what is remembered of it is no longer true. */
  readonly forget: (account: string) => void
}

/** Codes of an app on a person's telephone, and recovery codes for when that is lost. */
export function createSecondFactors(deps: Deps) {
  const { db, now } = deps
  const fits = codeCheck(deps)

  return {
    async view({ account, secondFactorRequired }: Holder): Promise<SecondFactorView> {
      const found = await db.transact((tx) => findSecondFactor(tx, account))
      const enrolledAt = found?.confirmedAt ?? null
      return {
        enrolled: enrolledAt !== null,
        enrolledAt,
        recoveryCodesLeft: found?.recoveryCodes ?? 0,
        required: secondFactorRequired,
      }
    },

    /** A secret for the app, which counts once `confirm` was called. Throws CONFLICT when one counts already. */
    async begin(holder: Holder): Promise<{ readonly secret: string; readonly uri: string }> {
      const made = totp(new Secret({ size: 20 }).base32, holder.login)
      const { base32 } = made.secret
      if (!(await db.transact((tx) => putSecondFactor(tx, holder.account, base32, now()))))
        throw new Fault('CONFLICT', { reason: 'This account has a second factor already. Remove it first.' })
      return { secret: base32, uri: made.toString() }
    },

    /** The app's first code. Gives the recovery codes, this once. Throws BAD_REQUEST, CONFLICT, TOO_MANY. */
    async confirm(holder: Holder, code: string): Promise<readonly string[]> {
      const found = await db.transact((tx) => findSecondFactor(tx, holder.account))
      if (found === null || found.confirmedAt !== null)
        throw new Fault('CONFLICT', { reason: 'Nothing waits to be confirmed. Begin again.' })
      if (!(await fits(holder, code))) throw wrongCode()
      await tell(holder, 'second factor set up')
      deps.forget(holder.account)
      return newCodes(holder)
    },

    /** Is the code right? It is good no more then. Throws TOO_MANY. */
    fits,

    /** New recovery codes in place of the old. Throws BAD_REQUEST, TOO_MANY. */
    async renewCodes(holder: Holder, code: string): Promise<readonly string[]> {
      if (!(await fits(holder, code))) throw wrongCode()
      await tell(holder, 'recovery codes made')
      return newCodes(holder)
    },

    /** Throws BAD_REQUEST (a wrong code), CONFLICT (the partner asks for one), TOO_MANY. */
    async remove(holder: Holder, code: string): Promise<void> {
      if (holder.secondFactorRequired && !holder.factors.includes('passkey'))
        throw new Fault('CONFLICT', { reason: 'Your organisation asks for a second factor.' })
      if (!(await fits(holder, code))) throw wrongCode()
      await db.transact((tx) => dropSecondFactor(tx, holder.account))
      await tell(holder, 'second factor removed')
      deps.forget(holder.account)
    },
  }

  async function newCodes({ account }: Holder): Promise<readonly string[]> {
    const codes = Array.from({ length: recoveryCodes }, recoveryCode)
    const hashes = codes.map((code) => hashSecret(code.replaceAll('-', '')))
    await db.transact((tx) => putRecoveryCodes(tx, account, hashes))
    return codes
  }

  function tell({ account, partner, login }: Holder, action: string): Promise<void> {
    return deps.audit.write({
      account,
      partner,
      action,
      target: login,
      status: 200,
      request: '',
      address: '',
    })
  }
}

/** Is a code right? It is good no more then. Throws TOO_MANY. */
function codeCheck({ db, now }: Pick<Deps, 'db' | 'now'>) {
  return async ({ account, login }: Holder, given: string): Promise<boolean> => {
    const code = given.replaceAll(/[\s-]/g, '').toLowerCase()
    const at = now()
    return db.transact(async (tx) => {
      const found = await findSecondFactor(tx, account)
      if (found === null) return false
      if (found.lockedUntil !== null && Date.parse(found.lockedUntil) > at)
        throw new Fault('TOO_MANY', { reason: 'Too many wrong codes. Try again in a few minutes.' })
      const step = /^\d{6}$/.test(code) ? stepOf(totp(found.secret, login), code, at) : null
      const right =
        step === null
          ? found.confirmedAt !== null && (await takeRecoveryCode(tx, account, hashSecret(code)))
          : await takeStep(tx, account, step, at)
      if (!right) await countWrongCode(tx, account, at)
      return right
    })
  }
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    secret: Secret.fromBase32(secret),
    period: stepSeconds,
    digits: 6,
  })
}

/** The step of the clock that a code is of, or null. */
function stepOf(app: TOTP, code: string, at: number): number | null {
  const delta = app.validate({ token: code, timestamp: at, window: stepsAside })
  return delta === null ? null : TOTP.counter({ period: stepSeconds, timestamp: at }) + delta
}

/** 80 random bits, in groups that can be copied by hand. */
function recoveryCode(): string {
  const letters = [...randomBytes(16)].map((byte) => BASE32[byte & 31] ?? 'a').join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

function wrongCode(): Fault {
  return new Fault('BAD_REQUEST', {
    reason: 'This code is wrong, or was used before. Wait for the next one.',
  })
}
