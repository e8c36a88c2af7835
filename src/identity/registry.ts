import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import {
  closeAccount,
  dropCertificate,
  listAccounts,
  listCertificates,
  putAccount,
  putCertificate,
  setChannels,
  setPolicy,
  setRealms,
  setSecret,
} from '../store/accounts.ts'
import { dropIdentifier, listPartners, putIdentifier, putPartner } from '../store/partners.ts'
import { accountStateCalls } from './account-states.ts'
import { administers, assertGives, assertOwnPartner, assertRealms } from './office.ts'
import {
  ACCOUNT_NAME,
  type AccountView,
  accountView,
  lockedOut,
  mustManage,
  mustPartner,
  type Note,
  noteChanges,
  type PartnerView,
  partnerView,
} from './registered.ts'
import { hashPassword, hashSecret, newSecret } from './secret.ts'
import { type Channel, GRANTS, type Grant, type Who } from './who.ts'

const slug = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Partners, accounts and what each may do. The audit log says of each change who made it. */
export function createRegistry(db: Database, now: () => number = Date.now) {
  const note = noteChanges(now)
  return {
    ...partnerCalls(db, note),
    ...accountCalls(db, note),
    ...accountStateCalls(db, note),
    ...credentialCalls(db, note, now),
  }
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
      if (!ACCOUNT_NAME.test(account.name))
        throw new Fault('BAD_REQUEST', { reason: 'An account name is 2 to 64 of a-z, 0-9 and . _ @ -.' })
      assertOwnPartner(by, account.partner)
      assertRealms(by, account.realms)
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
        return accountView(await mustManage(tx, by, account.name, 'see'))
      })
    },

    /** What the account may do in an exchange, or in all ('*'); nothing takes it away. */
    setGrants(by: Who, name: string, exchange: string, grants: readonly Grant[]): Promise<AccountView> {
      const wrong = grants.find((grant) => !GRANTS.includes(grant))
      if (wrong !== undefined)
        throw new Fault('BAD_REQUEST', { reason: `'${wrong}' is no grant; these are: ${GRANTS.join(', ')}.` })
      assertGives(by, exchange, grants)
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        const last = exchange === '*' && !grants.includes(by.centre ? 'manage' : 'administer')
        if (account === by.account && last && administers(by)) throw lockedOut()
        await setPolicy(tx, account, exchange, grants)
        await note(tx, by, 'grants set', `${name} ${exchange} ${grants.join(' ')}`.trim())
        return accountView(await mustManage(tx, by, name, 'see'))
      })
    },

    /** By which channels the account may come in. Throws CONFLICT when the caller would lock itself out. */
    setChannels(by: Who, name: string, channels: readonly Channel[]): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        if (account === by.account && !channels.includes('rest')) throw lockedOut()
        await setChannels(tx, account, channels)
        await note(tx, by, 'channels set', `${name} ${channels.join(' ')}`.trim())
        return accountView(await mustManage(tx, by, name, 'see'))
      })
    },

    /** In which realms the account works; what it has sent stays where it is. */
    setRealms(by: Who, name: string, realms: AccountView['realms']): Promise<AccountView> {
      assertRealms(by, realms)
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        await setRealms(tx, account, realms)
        await note(tx, by, 'realms set', `${name} ${realms.join(' ')}`)
        return accountView(await mustManage(tx, by, name, 'see'))
      })
    },

    /** The account signs in no more, and its tokens stop working. */
    closeAccount(by: Who, name: string): Promise<void> {
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        if (account === by.account) throw lockedOut()
        await closeAccount(tx, account)
        await note(tx, by, 'account closed', name)
      })
    },
  }
}

function credentialCalls(db: Database, note: Note, now: () => number) {
  return {
    /** The new secret is shown this once; a person's is a one-time password. */
    async newSecret(by: Who, name: string): Promise<{ clientId: string; clientSecret: string }> {
      const { account, kind, login: clientId } = await db.transact((tx) => mustManage(tx, by, name))
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
        const { account } = await mustManage(tx, by, name)
        if (!(await putCertificate(tx, account, plain)))
          throw new Fault('CONFLICT', { reason: 'The certificate is bound to another account.' })
        await note(tx, by, 'certificate bound', `${name} ${plain}`)
      })
    },

    /** Fingerprints of the client certificates that sign an account in. */
    certificates(by: Who, name: string): Promise<readonly string[]> {
      return db.transact(async (tx) => listCertificates(tx, (await mustManage(tx, by, name, 'see')).account))
    },

    /** Takes a client certificate from an account; its next call is refused. */
    unbindCertificate(by: Who, name: string, fingerprint: string): Promise<void> {
      const plain = plainFingerprint(fingerprint)
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        if (!(await dropCertificate(tx, account, plain)))
          throw new Fault('NOT_FOUND', { what: `certificate ${plain} of ${name}` })
        await note(tx, by, 'certificate removed', `${name} ${plain}`)
      })
    },
  }
}

/** A fingerprint without colons, in lower case. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}
