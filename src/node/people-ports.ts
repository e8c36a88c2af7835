import type { PeoplePorts } from '../channel/rest/ports-people.ts'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { invitationMail } from '../feedback/mail/invitation.ts'
import { createInvitations } from '../identity/invitations.ts'
import { mailAddress } from '../store/contacts.ts'
import { newMailId, putMail } from '../store/mails.ts'
import { placeAfter, readPlace } from './paging.ts'

interface Deps {
  readonly db: Database
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The node's address for links, and the mail server's: null when none is set. */
  readonly config: { readonly publicUrl: string | null; readonly mailUrl: string | null }
  /** A mail may go out. */
  readonly mailReady: () => void
}

/** Invitations, over identity and the mails. */
export function createPeoplePorts({ db, now, config, mailReady }: Deps): PeoplePorts {
  const invitations = createInvitations({
    db,
    now,
    async send(tx, letter) {
      if (config.mailUrl === null) return null
      const mail = newMailId(letter.at)
      const { partner, address: recipient, at } = letter
      const words = await invitationMail(letter)
      await putMail(tx, { mail, contact: null, partner, exchange: '', recipient, at, ...words })
      return mail
    },
  })
  const from = (origin: string) => (config.publicUrl ?? origin).replace(/\/+$/, '')
  return {
    invitations: {
      async list({ partner, limit, after }) {
        const before = placeOf(after)
        const rows = await invitations.list({ partner, before, limit: limit + 1 })
        const items = rows.slice(0, limit)
        const last = items.at(-1)
        const next = rows.length > limit && last !== undefined
        return {
          items,
          next: next ? placeAfter({ at: last.createdAt, invitation: last.invitation }) : null,
        }
      },
      async invite(by, wanted, origin) {
        const address = mailAddress(wanted.address)
        if (address === null)
          throw new Fault('BAD_REQUEST', {
            reason: 'This is not one plain mail address, as name@example.org.',
          })
        const made = await invitations.invite(by, { ...wanted, address }, from(origin))
        mailReady()
        return made
      },
      async resend(by, invitation, origin) {
        const made = await invitations.resend(by, invitation, from(origin))
        mailReady()
        return made
      },
      withdraw: (by, invitation) => invitations.withdraw(by, invitation),
      look: (secret) => invitations.look(secret),
      accept: (secret, password) => invitations.accept(secret, password),
    },
  }
}

function placeOf(after: string | null): { readonly at: string; readonly invitation: string } | null {
  const place = readPlace(after, { at: 'string', invitation: 'string' })
  const good =
    place === null || (!Number.isNaN(Date.parse(place.at)) && /^[0-9a-f-]{36}$/.test(place.invitation))
  if (!good) throw new Fault('BAD_REQUEST', { reason: 'This page address is not one that the node gave.' })
  return place
}
