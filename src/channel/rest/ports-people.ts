import type { InvitationView, MadeInvitation, WantedInvitation } from '../../identity/invitations.ts'
import type { Who } from '../../identity/who.ts'
import type { Page } from './ports.ts'

/** Inviting people. Every call but those with a secret is already authorised; changes say who made them. */
export interface PeoplePorts {
  readonly invitations: {
    /** The newest first; of one partner or all (null). Throws BAD_REQUEST for an `after` that is none of ours. */
    list(query: {
      partner: string | null
      limit: number
      after: string | null
    }): Promise<Page<InvitationView>>
    /**
     * @param origin address of the console, for the link when the node has no public address
     * Throws BAD_REQUEST, NOT_FOUND, NOT_ALLOWED (more than the inviter has), CONFLICT (a name in use).
     */
    invite(by: Who, wanted: WantedInvitation, origin: string): Promise<MadeInvitation>
    /** Throws NOT_FOUND, CONFLICT (accepted or withdrawn). */
    resend(by: Who, invitation: string, origin: string): Promise<MadeInvitation>
    /** Throws NOT_FOUND, CONFLICT (accepted or withdrawn). */
    withdraw(by: Who, invitation: string): Promise<void>
    /** Whom a link invites. Throws NOT_FOUND when it is good no more. */
    look(secret: string): Promise<{ name: string; partnerTitle: string; expiresAt: string }>
    /** Makes the account. Throws NOT_FOUND, BAD_REQUEST (a weak password), CONFLICT (a name in use). */
    accept(secret: string, password: string): Promise<{ readonly name: string }>
  }
}
