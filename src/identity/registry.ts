import { randomUUID } from 'node:crypto'
import type { Database, Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import {
  type AccountRow,
  closeAccount,
  findAccountByLogin,
  listAccounts,
  putAccount,
  putCertificate,
  setChannels,
  setPolicy,
  setRealms,
  setSecret,
} from '../store/accounts.ts'
import { putAuditLines } from '../store/audit.ts'
import {
  dropIdentifier,
  findPartner,
  listPartners,
  type PartnerRow,
  putIdentifier,
  putPartner,
} from '../store/partners.ts'
import { hashPassword, hashSecret, newSecret } from './secret.ts'
import type { Channel, Grant, Who } from './who.ts'

const GRANTS: readonly Grant[] = ['submit', 'validate', 'read', 'close', 'delete', 'release', 'manage']
const slug = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const login = /^[a-z0-9][a-z0-9._@-]{1,63}$/i

export interface PartnerView {
  readonly name: string
  readonly title: string
  readonly centre: boolean
  readonly profile: string | null
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

export interface AccountView {
  /** The id in tokens, the audit and every record of who did what. */
  readonly account: string
  readonly name: string
  readonly partner: string
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
  /** By which it may come in. */
  readonly channels: readonly Channel[]
  readonly grants: Who['grants']
}

/** Notes a change in the audit log, in the transaction that makes it. */
type Note = (tx: Tx, by: Who, action: string, target: string) => Promise<void>

/** Notes changes, each in the transaction that makes it. */
export function noteChanges(now: () => number): Note {
  return (tx, by, action, target) => {
    const { account, partner } = by
    const at = new Date(now()).toISOString()
    return putAuditLines(tx, [
      { at, account, partner, action, target, status: 200, request: '', address: '' },
    ])
  }
}

/** Partners, accounts and what each may do. The audit log says of each change who made it. */
export function createRegistry(db: Database, now: () => number = Date.now) {
  const note = noteChanges(now)
  return { ...partnerCalls(db, note), ...accountCalls(db, note), ...credentialCalls(db, note, now) }
}

function partnerCalls(db: Database, note: Note) {
  return {
    async partners(): Promise<readonly PartnerView[]> {
      return (await db.transact(listPartners)).map(partnerView)
    },

    /** Throws faults BAD_REQUEST, CONFLICT (a name in use). */
    addPartner(by: Who, partner: Pick<PartnerView, 'name' | 'title' | 'profile'>): Promise<PartnerView> {
      const { name, title, profile } = partner
      if (!slug.test(name))
        throw new Fault('BAD_REQUEST', {
          reason: 'A partner name is made of a-z, 0-9 and hyphens, 63 at most.',
        })
      return db.transact(async (tx) => {
        if (!(await putPartner(tx, { partner: name, name: title, centre: false, profile })))
          throw new Fault('CONFLICT', { reason: `There is a partner ${name} already.` })
        await note(tx, by, 'partner added', name)
        return partnerView(await mustPartner(tx, name))
      })
    },

    /** Throws NOT_FOUND for an unknown partner, CONFLICT for an identifier of another. */
    addIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void> {
      return db.transact(async (tx) => {
        await mustPartner(tx, partner)
        if (!(await putIdentifier(tx, partner, scheme.toLowerCase(), value)))
          throw new Fault('CONFLICT', { reason: `${scheme} ${value} belongs to another partner.` })
        await note(tx, by, 'identifier added', `${partner} ${scheme.toLowerCase()} ${value}`)
      })
    },

    removeIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void> {
      return db.transact(async (tx) => {
        await dropIdentifier(tx, partner, scheme.toLowerCase(), value)
        await note(tx, by, 'identifier removed', `${partner} ${scheme.toLowerCase()} ${value}`)
      })
    },
  }
}

function accountCalls(db: Database, note: Note) {
  return {
    async accounts(partner: string | null): Promise<readonly AccountView[]> {
      return (await db.transact((tx) => listAccounts(tx, partner))).map(accountView)
    },

    /** An account without a secret yet. Throws BAD_REQUEST, NOT_FOUND (partner), CONFLICT (a name in use). */
    addAccount(
      by: Who,
      account: Pick<AccountView, 'name' | 'partner' | 'kind' | 'realms'>,
    ): Promise<AccountView> {
      if (!login.test(account.name))
        throw new Fault('BAD_REQUEST', { reason: 'An account name is 2 to 64 of a-z, 0-9 and . _ @ -.' })
      return db.transact(async (tx) => {
        await mustPartner(tx, account.partner)
        const row = {
          ...account,
          account: randomUUID(),
          login: account.name,
          secretHash: null,
          mustChange: false,
        }
        if (!(await putAccount(tx, row)))
          throw new Fault('CONFLICT', { reason: `There is an account ${account.name} already.` })
        await note(tx, by, 'account added', `${account.name} ${account.partner}`)
        return accountView(await mustAccount(tx, account.name))
      })
    },

    /** What the account may do in an exchange, or in all ('*'); nothing takes it away. */
    setGrants(by: Who, name: string, exchange: string, grants: readonly Grant[]): Promise<AccountView> {
      const wrong = grants.find((grant) => !GRANTS.includes(grant))
      if (wrong !== undefined)
        throw new Fault('BAD_REQUEST', { reason: `'${wrong}' is no grant; these are: ${GRANTS.join(', ')}.` })
      return db.transact(async (tx) => {
        const { account } = await mustAccount(tx, name)
        await setPolicy(tx, account, exchange, grants)
        await note(tx, by, 'grants set', `${name} ${exchange} ${grants.join(' ')}`.trim())
        return accountView(await mustAccount(tx, name))
      })
    },

    /** By which channels the account may come in. Throws CONFLICT when the caller would lock itself out. */
    setChannels(by: Who, name: string, channels: readonly Channel[]): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustAccount(tx, name)
        if (account === by.account && !channels.includes('rest'))
          throw new Fault('CONFLICT', {
            reason: 'You would lock yourself out: another account must do this.',
          })
        await setChannels(tx, account, channels)
        await note(tx, by, 'channels set', `${name} ${channels.join(' ')}`.trim())
        return accountView(await mustAccount(tx, name))
      })
    },

    /** In which realms the account works; what it has sent stays where it is. */
    setRealms(by: Who, name: string, realms: AccountView['realms']): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustAccount(tx, name)
        await setRealms(tx, account, realms)
        await note(tx, by, 'realms set', `${name} ${realms.join(' ')}`)
        return accountView(await mustAccount(tx, name))
      })
    },

    /** The account signs in no more, and its tokens stop working. */
    closeAccount(by: Who, name: string): Promise<void> {
      return db.transact(async (tx) => {
        await closeAccount(tx, (await mustAccount(tx, name)).account)
        await note(tx, by, 'account closed', name)
      })
    },
  }
}

function credentialCalls(db: Database, note: Note, now: () => number) {
  return {
    /** The new secret is shown this once; a person's is a one-time password. */
    async newSecret(by: Who, name: string): Promise<{ clientId: string; clientSecret: string }> {
      const { account, kind, login: clientId } = await db.transact((tx) => mustAccount(tx, name))
      const secret = newSecret(kind === 'machine' ? 32 : 15)
      const secretHash = kind === 'machine' ? hashSecret(secret) : await hashPassword(secret)
      await db.transact(async (tx) => {
        await setSecret(tx, account, secretHash, kind === 'person', new Date(now()).toISOString())
        await note(tx, by, 'secret made', clientId)
      })
      return { clientId, clientSecret: secret }
    },

    /** Binds a client certificate by its SHA-256 fingerprint. Throws CONFLICT when another account has it. */
    bindCertificate(by: Who, name: string, fingerprint: string): Promise<void> {
      const plain = plainFingerprint(fingerprint)
      if (!/^[0-9a-f]{64}$/.test(plain))
        throw new Fault('BAD_REQUEST', { reason: 'A certificate fingerprint is SHA-256: 64 hex digits.' })
      return db.transact(async (tx) => {
        const { account } = await mustAccount(tx, name)
        if (!(await putCertificate(tx, account, plain)))
          throw new Fault('CONFLICT', { reason: 'The certificate is bound to another account.' })
        await note(tx, by, 'certificate bound', `${name} ${plain}`)
      })
    },
  }
}

/** A fingerprint without colons, in lower case. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

async function mustPartner(tx: Tx, partner: string): Promise<PartnerRow> {
  const row = await findPartner(tx, partner)
  if (row === null) throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  return row
}

async function mustAccount(tx: Tx, name: string): Promise<AccountRow> {
  const row = await findAccountByLogin(tx, name)
  if (row === null || row.closed) throw new Fault('NOT_FOUND', { what: `account ${name}` })
  return row
}

function partnerView(row: PartnerRow): PartnerView {
  const { partner, name, centre, profile, identifiers } = row
  return { name: partner, title: name, centre, profile, identifiers }
}

function accountView(row: AccountRow): AccountView {
  const { account, login: name, partner, kind, realms, channels } = row
  return { account, name, partner, kind, realms, channels, grants: grantsOf(row) }
}

/** What an account may do, as the rest of the node asks it. */
export function grantsOf(row: AccountRow): Who['grants'] {
  return row.policies.map(({ exchange, grants }) => ({ exchange, grants: grants as readonly Grant[] }))
}
