import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { type AccountRow, findAccount } from '../store/accounts.ts'
import {
  credentialsOf,
  dropPasskey,
  listPasskeys,
  type PasskeyProof,
  type PasskeyRow,
  putPasskey,
} from '../store/passkeys.ts'
import type { Audit } from './audit.ts'
import { type Tickets, tooLate } from './tickets.ts'

/** What the browser is asked to do, and the ticket by which the answer is known again. */
export interface Asked<T> {
  readonly options: T
  readonly ticket: string
}

export type PasskeyAnswer = RegistrationResponseJSON
export type RegistrationAsked = Asked<PublicKeyCredentialCreationOptionsJSON>
export type SignInAsked = Asked<PublicKeyCredentialRequestOptionsJSON>

/** Where the console is, as browsers name it: a passkey is made for one such place and works at no other. */
export interface Site {
  readonly origin: string
  readonly rpID: string
}

/** Loaded at the first passkey: it takes longer to load than the rest of the sign-in. */
export const webauthn = () => import('@simplewebauthn/server')

const passkeysMax = 20
const NAME = 'Tributary'

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly tickets: Tickets
  /** The account changed: what is remembered of it is no longer true. */
  readonly forget: (account: string) => void
}

/** Throws BAD_REQUEST where browsers make no passkeys: at an address that is a number. */
export function siteOf(origin: string): Site {
  const { hostname: rpID, origin: plain } = new URL(origin)
  if (isIP(rpID.replace(/^\[|\]$/g, '')) !== 0)
    throw new Fault('BAD_REQUEST', {
      reason: 'Passkeys are made for a name, not for an IP address. Open the console by its name.',
    })
  return { origin: plain, rpID }
}

/** One's own passkeys: keys that a person's device holds and opens by a finger, a face or a PIN. */
export function createPasskeys(deps: Deps) {
  const { db } = deps
  return {
    list: ({ account }: AccountRow): Promise<readonly PasskeyRow[]> =>
      db.transact((tx) => listPasskeys(tx, account)),

    /** Throws CONFLICT (20 already), BAD_REQUEST (a machine's account). */
    async begin(row: AccountRow, site: Site): Promise<RegistrationAsked> {
      if (row.kind !== 'person') throw new Fault('BAD_REQUEST', { reason: 'Passkeys are for people.' })
      const known = await db.transact((tx) => credentialsOf(tx, row.account))
      assertRoom(known.length)
      const options = await (await webauthn()).generateRegistrationOptions({
        rpName: NAME,
        rpID: site.rpID,
        userName: row.login,
        userID: Uint8Array.from(Buffer.from(row.account.replaceAll('-', ''), 'hex')),
        attestationType: 'none',
        excludeCredentials: known.map(({ credential, transports }) => ({
          id: credential,
          transports: [...transports],
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      const { challenge } = options
      const ticket = await deps.tickets.write('passkey-add', { sub: row.account, challenge })
      return { options, ticket }
    },

    /** Throws NOT_SIGNED_IN (too late), BAD_REQUEST (not what was asked for), CONFLICT (known, or 20 already). */
    async add(
      row: AccountRow,
      site: Site,
      given: { readonly ticket: string; readonly title: string; readonly answer: PasskeyAnswer },
    ): Promise<PasskeyRow> {
      const ticket = await deps.tickets.read('passkey-add', given.ticket)
      if (ticket === null || ticket.claims.sub !== row.account) throw tooLate()
      const made = await proofOf(row.account, site, String(ticket.claims.challenge), given.answer)
      const added = await db.transact(async (tx) => {
        assertRoom((await listPasskeys(tx, row.account)).length)
        if (!(await putPasskey(tx, { ...made, title: given.title, at: deps.now() })))
          throw new Fault('CONFLICT', { reason: 'This passkey is known already.' })
        return (await listPasskeys(tx, row.account)).find(({ passkey }) => passkey === made.passkey)
      })
      if (added === undefined) throw new Error('the passkey was not stored')
      await tell(deps, row, 'passkey added')
      deps.forget(row.account)
      return added
    },

    /** Throws NOT_FOUND, CONFLICT (the last factor, where the partner asks for one). */
    async remove({ account }: AccountRow, passkey: string): Promise<void> {
      const row = await db.transact(async (tx) => {
        if (!(await dropPasskey(tx, account, passkey)))
          throw new Fault('NOT_FOUND', { what: `passkey ${passkey}` })
        const left = await findAccount(tx, account)
        if (left?.secondFactorRequired === true && !left.secondFactor)
          throw new Fault('CONFLICT', {
            reason: 'Your organisation asks for a second factor, and this is your last.',
          })
        return left
      })
      if (row !== null) await tell(deps, row, 'passkey removed')
      deps.forget(account)
    },
  }
}

/** What is kept of a passkey just made. Throws BAD_REQUEST. */
async function proofOf(
  account: string,
  { origin, rpID }: Site,
  expectedChallenge: string,
  response: PasskeyAnswer,
): Promise<PasskeyProof & { readonly counter: number }> {
  const verified = await (await webauthn())
    .verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
    })
    .catch(() => null)
  if (verified?.registrationInfo === undefined)
    throw new Fault('BAD_REQUEST', { reason: 'This is not the passkey that was asked for. Begin again.' })
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential
  return {
    account,
    passkey: randomUUID(),
    credential: id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: transports.filter((one) => /^[a-z-]{1,20}$/.test(one)).slice(0, 10),
  }
}

/** What a browser is asked in order to sign in with a passkey, whosever it is. */
export async function askForPasskey(tickets: Tickets, { rpID }: Site): Promise<SignInAsked> {
  const options = await (await webauthn()).generateAuthenticationOptions({
    rpID,
    userVerification: 'required',
  })
  const ticket = await tickets.write('passkey-sign-in', { challenge: options.challenge })
  return { options, ticket }
}

function assertRoom(passkeys: number): void {
  if (passkeys >= passkeysMax)
    throw new Fault('CONFLICT', { reason: `An account has at most ${passkeysMax} passkeys. Remove one.` })
}

function tell({ audit }: Deps, { account, partner, login }: AccountRow, action: string): Promise<void> {
  return audit.write({ account, partner, action, target: login, status: 200, request: '', address: '' })
}
