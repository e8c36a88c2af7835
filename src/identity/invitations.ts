import { randomUUID } from 'node:crypto'
import type { Database, Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { findAccountByLogin, putAccount, setPolicy } from '../store/accounts.ts'
import {
  findInvitation,
  findInvitationBySecret,
  type InvitationRow,
  type InvitationState,
  listInvitations,
  putInvitation,
  renewInvitation,
  settleInvitation,
} from '../store/invitations.ts'
import { dropMail } from '../store/mails.ts'
import { assertGives, assertOwnPartner, assertRealms } from './office.ts'
import { ACCOUNT_NAME, mustPartner, noteChanges } from './registered.ts'
import { checkPassword, hashPassword, hashSecret, newSecret } from './secret.ts'
import type { Grant, Who } from './who.ts'

/** Somebody asked to set a password, and where that stands. */
export interface InvitationView {
  readonly invitation: string
  /** The account that it becomes. */
  readonly name: string
  readonly partner: string
  readonly address: string
  readonly realms: readonly ('live' | 'test')[]
  readonly grants: Who['grants']
  readonly invitedBy: string
  readonly state: InvitationState
  readonly createdAt: string
  readonly expiresAt: string
}

export interface WantedInvitation extends Pick<InvitationView, 'name' | 'partner' | 'address' | 'realms'> {
  readonly grants: readonly { readonly exchange: string; readonly grants: readonly Grant[] }[]
}

/** An invitation just made, with the link where no mail brings it: it is shown this once. */
export interface MadeInvitation extends InvitationView {
  readonly link: string | null
}

/** What goes into the mail. */
export interface InvitationLetter {
  readonly address: string
  readonly name: string
  readonly partnerTitle: string
  readonly invitedBy: string
  readonly link: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly expiresAt: number
  readonly partner: string
}

const goodMs = 72 * 3_600_000

interface Deps {
  readonly db: Database
  readonly now: () => number
  /** Queues a mail and gives its id; null when no mail can be sent. */
  readonly send: (tx: Tx, letter: InvitationLetter) => Promise<string | null>
}

/** Inviting people: they set a password by a link that is good once, and the account is theirs alone to open. */
export function createInvitations(deps: Deps) {
  return { ...officeCalls(deps), ...guestCalls(deps) }
}

/** What whoever invites does. */
function officeCalls(deps: Deps) {
  const { db, now } = deps
  const note = noteChanges(now)
  return {
    /**
     * @param origin address of the console, for the link
     * Throws BAD_REQUEST, NOT_FOUND, NOT_ALLOWED (more than the inviter has), CONFLICT (a name in use).
     */
    invite(by: Who, wanted: WantedInvitation, origin: string): Promise<MadeInvitation> {
      checkWanted(by, wanted)
      return db.transact(async (tx) => {
        const { name: partnerTitle } = await mustPartner(tx, wanted.partner)
        const taken = new Fault('CONFLICT', { reason: `The name ${wanted.name} is in use.` })
        if ((await findAccountByLogin(tx, wanted.name)) !== null) throw taken
        const invitation = randomUUID()
        const made = await letterOf(deps, tx, by, { ...wanted, partnerTitle }, origin)
        const row = { ...wanted, login: wanted.name, invitation, invitedBy: by.account }
        if (!(await putInvitation(tx, { ...row, ...made.stored, createdAt: made.at }))) throw taken
        await note(tx, by, 'person invited', `${wanted.name} ${wanted.partner}`)
        return { ...viewOf(await mustInvitation(tx, by, invitation), made.at), link: made.link }
      })
    },

    /** The newest first. */
    async list(wanted: Parameters<typeof listInvitations>[1]): Promise<readonly InvitationView[]> {
      const at = now()
      return (await db.transact((tx) => listInvitations(tx, wanted))).map((row) => viewOf(row, at))
    },

    /** A new link, good for 72 hours from now; the old one is good no more. Throws NOT_FOUND, CONFLICT. */
    resend(by: Who, invitation: string, origin: string): Promise<MadeInvitation> {
      return db.transact(async (tx) => {
        const row = await mustInvitation(tx, by, invitation)
        assertUnsettled(row)
        checkWanted(by, { ...row, name: row.login } as WantedInvitation)
        if (row.mail !== null) await dropMail(tx, row.mail)
        const { name: partnerTitle } = await mustPartner(tx, row.partner)
        const made = await letterOf(deps, tx, by, { ...row, name: row.login, partnerTitle }, origin)
        await renewInvitation(tx, invitation, made.stored)
        await note(tx, by, 'invitation sent again', `${row.login} ${row.partner}`)
        return { ...viewOf(await mustInvitation(tx, by, invitation), made.at), link: made.link }
      })
    },

    /** Throws NOT_FOUND, CONFLICT (it was accepted). */
    withdraw(by: Who, invitation: string): Promise<void> {
      return db.transact(async (tx) => {
        const row = await mustInvitation(tx, by, invitation)
        assertUnsettled(row)
        if (row.mail !== null) await dropMail(tx, row.mail)
        await settleInvitation(tx, invitation, 'withdrawn', now())
        await note(tx, by, 'invitation withdrawn', `${row.login} ${row.partner}`)
      })
    },
  }
}

/** What whoever has the link does. */
function guestCalls({ db, now }: Pick<Deps, 'db' | 'now'>) {
  const note = noteChanges(now)
  return {
    /** Whom this link invites. Throws NOT_FOUND when it is good no more. */
    look(secret: string): Promise<{ name: string; partnerTitle: string; expiresAt: string }> {
      return db.transact(async (tx) => {
        const { login: name, partner, expiresAt } = await openInvitation(tx, secret, now())
        return { name, partnerTitle: (await mustPartner(tx, partner)).name, expiresAt }
      })
    },

    /** Makes the account, with the password that the person chose. Throws NOT_FOUND, BAD_REQUEST, CONFLICT. */
    async accept(secret: string, password: string): Promise<{ readonly name: string }> {
      await db.transact((tx) => openInvitation(tx, secret, now()))
      checkPassword(password)
      const secretHash = await hashPassword(password)
      return db.transact(async (tx) => {
        const { invitation, login, partner, realms, grants } = await openInvitation(tx, secret, now())
        const account = randomUUID()
        const row = {
          account,
          login,
          partner,
          kind: 'person' as const,
          realms,
          secretHash,
          mustChange: false,
        }
        if (!(await putAccount(tx, row)))
          throw new Fault('CONFLICT', { reason: `The name ${login} is in use. Ask for a new invitation.` })
        for (const { exchange, grants: given } of grants) await setPolicy(tx, account, exchange, given)
        await settleInvitation(tx, invitation, 'accepted', now())
        await note(tx, { account, partner } as Who, 'invitation accepted', login)
        return { name: login }
      })
    },
  }
}

async function letterOf(
  deps: Deps,
  tx: Tx,
  by: Who,
  wanted: Pick<WantedInvitation, 'name' | 'partner' | 'address'> & { readonly partnerTitle: string },
  origin: string,
) {
  const secret = newSecret()
  const at = deps.now()
  const expiresAt = at + goodMs
  // After the #: browsers do not send it, so that no log of ours or of a proxy has it.
  const link = `${origin}/invitation#${secret}`
  const mail = await deps.send(tx, { ...wanted, invitedBy: by.name, link, at, expiresAt })
  return {
    at,
    stored: { secretHash: hashSecret(secret), expiresAt, mail },
    link: mail === null ? link : null,
  }
}

async function openInvitation(tx: Tx, secret: string, at: number): Promise<InvitationRow> {
  const row = await findInvitationBySecret(tx, hashSecret(secret))
  if (row === null || stateOf(row, at) !== 'open')
    throw new Fault('NOT_FOUND', { what: 'invitation that is still good' })
  return row
}

function checkWanted(by: Who, { name, partner, realms, grants }: WantedInvitation): void {
  if (!ACCOUNT_NAME.test(name))
    throw new Fault('BAD_REQUEST', { reason: 'An account name is 2 to 64 of a-z, 0-9 and . _ @ -.' })
  assertOwnPartner(by, partner)
  assertRealms(by, realms)
  for (const one of grants) assertGives(by, one.exchange, one.grants)
}

async function mustInvitation(tx: Tx, by: Who, invitation: string): Promise<InvitationRow> {
  const row = await findInvitation(tx, invitation)
  if (row === null || (!by.centre && row.partner !== by.partner))
    throw new Fault('NOT_FOUND', { what: `invitation ${invitation}` })
  return row
}

function assertUnsettled(row: InvitationRow): void {
  if (row.acceptedAt !== null || row.withdrawnAt !== null)
    throw new Fault('CONFLICT', { reason: 'The invitation was accepted or withdrawn.' })
}

function viewOf(row: InvitationRow, at: number): InvitationView {
  const { invitation, login: name, partner, address, realms, invitedBy, createdAt, expiresAt } = row
  const grants = row.grants as Who['grants']
  const state = stateOf(row, at)
  return { invitation, name, partner, address, realms, grants, invitedBy, state, createdAt, expiresAt }
}

function stateOf({ acceptedAt, withdrawnAt, expiresAt }: InvitationRow, at: number): InvitationState {
  if (acceptedAt !== null) return 'accepted'
  if (withdrawnAt !== null) return 'withdrawn'
  return Date.parse(expiresAt) <= at ? 'expired' : 'open'
}
