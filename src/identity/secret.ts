import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import { Fault } from '../fault/fault.ts'

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const passwordCharsMin = 12
const passwordCharsMax = 200
const COMMON = ['password', 'passwort', '123456', 'qwerty', 'letmein', 'admin', 'welcome', 'tributary']

/** Refuses (fault BAD_REQUEST) a password that is short, very long, or made of a common word and little else. */
export function checkPassword(password: string): void {
  const reason = weakness(password)
  if (reason !== null) throw new Fault('BAD_REQUEST', { reason })
}

function weakness(password: string): string | null {
  if (password.length < passwordCharsMin) return `A password has at least ${passwordCharsMin} characters.`
  if (password.length > passwordCharsMax) return `A password has at most ${passwordCharsMax} characters.`
  if (new Set(password).size < 5) return 'This password repeats too few characters.'
  const rest = COMMON.reduce((text, word) => text.replaceAll(word, ''), password.toLowerCase())
  return rest.length < 6 ? 'This password is mostly a common word.' : null
}

export function hashPassword(password: string): Promise<string> {
  return argonHash(password, argon)
}

/** A random secret for a machine (256 bits) or a one-time password, in characters safe everywhere. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** A machine's secret is random, so a plain hash is as strong as a slow one and can be checked quickly. */
export function hashSecret(secret: string): string {
  return `sha256:${hash('sha256', secret, 'hex')}`
}

let decoy: Promise<string> | null = null

/**
 * Does the secret fit the stored hash? With null (no such account) it takes as long as with a password, so
 * that names cannot be found out by timing.
 */
export async function secretFits(secret: string, stored: string | null): Promise<boolean> {
  if (stored?.startsWith('sha256:')) {
    const [given, kept] = [Buffer.from(hashSecret(secret)), Buffer.from(stored)]
    if (given.length === kept.length && timingSafeEqual(given, kept)) return true
    // A wrong guess at a machine costs what one at a person costs, so that time does not tell them apart.
    await argonFits(secret, null)
    return false
  }
  return argonFits(secret, stored)
}

async function argonFits(secret: string, stored: string | null): Promise<boolean> {
  decoy ??= hashPassword(newSecret())
  const fits = await argonVerify(stored ?? (await decoy), secret.slice(0, passwordCharsMax))
  return stored !== null && fits
}
