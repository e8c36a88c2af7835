import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { type AccountRow, findAccount } from '../store/accounts.ts'
import { findPasskey, type PasskeyProof, takePasskeyCount } from '../store/passkeys.ts'
import type { Audit } from './audit.ts'
import { askForPasskey, type Site, webauthn } from './passkeys.ts'
import { type Tickets, tooLate } from './tickets.ts'

export type PasskeySignature = AuthenticationResponseJSON

interface Deps {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
  readonly tickets: Tickets
}

/** Signing in with a passkey: the device says whose it is, and proves it. */
export function createPasskeySignIn(deps: Deps) {
  const { db } = deps
  return {
    ask: (site: Site) => askForPasskey(deps.tickets, site),

    /** The account whose passkey signed. Throws NOT_SIGNED_IN (unknown, wrong, too late, a count that went back). */
    async prove(
      site: Site,
      given: { readonly ticket: string; readonly answer: PasskeySignature; readonly address: string },
    ): Promise<AccountRow> {
      const ticket = await deps.tickets.read('passkey-sign-in', given.ticket)
      if (ticket === null) throw tooLate()
      const { proof, row } = await db.transact(async (tx) => {
        const proof = await findPasskey(tx, given.answer.id)
        return { proof, row: proof === null ? null : await findAccount(tx, proof.account) }
      })
      const open = row !== null && !row.closed
      const counter =
        proof === null || !open
          ? null
          : await signedCount(site, String(ticket.claims.challenge), proof, given.answer)
      if (proof === null || row === null || counter === null) {
        await refuse(row, 'sign-in refused (passkey)', given.address)
        throw new Fault('NOT_SIGNED_IN', { reason: 'This passkey is not known here, or was removed.' })
      }
      await deps.tickets.spend(ticket)
      if (!(await db.transact((tx) => takePasskeyCount(tx, proof.passkey, counter, deps.now())))) {
        await refuse(row, 'sign-in refused (passkey counted backwards)', given.address)
        throw new Fault('NOT_SIGNED_IN', {
          reason: 'This passkey may have been copied, and is not taken. Tell an administrator.',
        })
      }
      return row
    },
  }

  function refuse(row: AccountRow | null, action: string, address: string): Promise<void> {
    const { account = null, partner = null, login: target = '(unknown)' } = row ?? {}
    return deps.audit.write({ account, partner, action, target, status: 401, request: '', address })
  }
}

/** How often the authenticator says it was used, when its signature fits; else null. */
async function signedCount(
  { origin, rpID }: Site,
  expectedChallenge: string,
  { account, credential: id, publicKey }: PasskeyProof,
  response: PasskeySignature,
): Promise<number | null> {
  const { userHandle } = response.response
  if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString('hex') !== plain(account))
    return null
  try {
    const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      // The count is compared where it is kept, so that of two uses at once one is refused.
      credential: { id, publicKey: Uint8Array.from(Buffer.from(publicKey, 'base64url')), counter: 0 },
      requireUserVerification: true,
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    // The library throws for whatever does not fit.
    return null
  }
}

function plain(uuid: string): string {
  return uuid.replaceAll('-', '')
}
