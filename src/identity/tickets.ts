import { randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { spendChallenge } from '../store/passkeys.ts'
import type { Keys } from './keys.ts'

/** What a ticket was written for; one for another purpose is not taken. */
export type TicketPurpose = 'passkey-add' | 'passkey-sign-in' | 'provider-sign-in'

/**
 * What a sign-in that has begun must remember, signed and carried by the browser in a cookie: whoever has not signed in
 * leaves nothing in the database. Signed with the key of access tokens, for an audience and of a type of its own, so that
 * neither is ever taken for the other.
 */
export interface Tickets {
  write(purpose: TicketPurpose, claims: Readonly<Record<string, unknown>>): Promise<string>
  /** Null when it is no ticket of this purpose, or too old. */
  read(purpose: TicketPurpose, ticket: string): Promise<Ticket | null>
  /** A ticket opens one thing. Throws NOT_SIGNED_IN when it did before. */
  spend(ticket: Ticket): Promise<void>
}

export interface Ticket {
  readonly id: string
  readonly claims: Readonly<Record<string, unknown>>
}

const issuer = 'tributary'
const audience = 'tributary-sign-in'
/** So long a person may take between two steps. */
export const ticketSeconds = 300

export function createTickets(db: Database, keys: Keys, now: () => number): Tickets {
  return {
    write(purpose, claims) {
      const at = Math.floor(now() / 1000)
      const own = { iss: issuer, aud: audience, jti: randomUUID(), iat: at, exp: at + ticketSeconds }
      return keys.sign('token', `${purpose}+jwt`, { ...claims, ...own })
    },

    async read(purpose, ticket) {
      try {
        const { payload } = await jwtVerify(ticket, ({ kid = '' }) => keyOf(kid), {
          issuer,
          audience,
          algorithms: ['EdDSA'],
          typ: `${purpose}+jwt`,
          currentDate: new Date(now()),
          requiredClaims: ['jti', 'exp'],
        })
        return { id: payload.jti ?? '', claims: payload }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        // The keys could not be read: that says nothing about the ticket.
        if (!code.startsWith('ERR_J') && code !== 'NOT_SIGNED_IN') throw error
        return null
      }
    },

    async spend({ id }) {
      const at = now()
      const fresh = await db.transact((tx) => spendChallenge(tx, id, at + ticketSeconds * 1000, at))
      if (!fresh) throw tooLate()
    },
  }

  async function keyOf(kid: string) {
    const key = await keys.publicKey('token', kid)
    if (key === null) throw tooLate()
    return key
  }
}

/** The way in was begun too long ago, or was used before. */
export function tooLate(): Fault {
  return new Fault('NOT_SIGNED_IN', { reason: 'That took too long. Begin again.' })
}
