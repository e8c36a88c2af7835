import { type KeyObject, randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import { Fault } from '../fault/fault.ts'
import type { Keys } from './keys.ts'

const issuer = 'tributary'
const audience = 'tributary-api'
/** Clocks may differ by this much. */
const toleranceSeconds = 30
const cachedMax = 10_000

/** What a good token says. Times in seconds since 1970. */
export interface TokenClaims {
  readonly account: string
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Short-lived signed access tokens (JWT, RFC 7519; EdDSA). */
export interface Tokens {
  issue(account: string): Promise<{ readonly token: string; readonly expiresInSeconds: number }>
  /** Throws fault NOT_SIGNED_IN saying what is wrong with it. */
  read(token: string): Promise<TokenClaims>
}

export function createTokens(keys: Keys, now: () => number, minutes: number): Tokens {
  // A signature is checked once; the same token costs a look-up after that, and its end is checked each time.
  const read = new Map<string, TokenClaims>()

  return {
    async issue(account) {
      const issuedAt = Math.floor(now() / 1000)
      const expiresInSeconds = minutes * 60
      const claims = { iss: issuer, aud: audience, sub: account, jti: randomUUID(), iat: issuedAt }
      const token = await keys.sign('token', 'at+jwt', { ...claims, exp: issuedAt + expiresInSeconds })
      return { token, expiresInSeconds }
    },
    async read(token) {
      const known = read.get(token)
      const claims = known ?? (await check(token))
      if (claims.expiresAt + toleranceSeconds < now() / 1000)
        throw refused('The token has expired. Sign in again.')
      if (known === undefined) {
        if (read.size >= cachedMax) read.clear()
        read.set(token, claims)
      }
      return claims
    },
  }

  async function keyFor({ kid }: { readonly kid?: string }): Promise<KeyObject> {
    const key = kid === undefined ? null : await keys.publicKey('token', kid)
    if (key === null) throw refused('The token is not valid.')
    return key
  }

  async function check(token: string): Promise<TokenClaims> {
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        issuer,
        audience,
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        clockTolerance: toleranceSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
      })
      return { account: payload.sub ?? '', issuedAt: payload.iat ?? 0, expiresAt: payload.exp ?? 0 }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      // The keys could not be read: that says nothing about the token.
      if (!code.startsWith('ERR_J') && code !== 'NOT_SIGNED_IN') throw error
      throw refused(
        code === 'ERR_JWT_EXPIRED' ? 'The token has expired. Sign in again.' : 'The token is not valid.',
      )
    }
  }
}

function refused(reason: string): Fault {
  return new Fault('NOT_SIGNED_IN', { reason })
}
