import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { setSuspended, unlockAccount } from '../store/accounts.ts'
import { changePartner, type PartnerChange } from '../store/partners.ts'
import { dropPasskeys } from '../store/passkeys.ts'
import { dropSecondFactor } from '../store/second-factors.ts'
import { assertOwnPartner } from './office.ts'
import {
  type AccountView,
  accountView,
  lockedOut,
  mustManage,
  mustPartner,
  type Note,
  type PartnerView,
  partnerView,
} from './registered.ts'
import type { Who } from './who.ts'

/** What is changed of partners and accounts after they are made. */
export function accountStateCalls(db: Database, note: Note) {
  return {
    /** Throws NOT_FOUND, BAD_REQUEST (no time zone), NOT_ALLOWED (the centre alone gives names and asks for factors). */
    changePartner(by: Who, name: string, change: PartnerChange): Promise<PartnerView> {
      assertOwnPartner(by, name)
      if (!by.centre && (change.title !== undefined || change.secondFactor !== undefined))
        throw new Fault('NOT_ALLOWED', { reason: 'Only the centre may change this.' })
      if (change.timeZone != null && !isZone(change.timeZone))
        throw new Fault('BAD_REQUEST', { reason: 'A time zone is named as America/Los_Angeles is.' })
      return db.transact(async (tx) => {
        await mustPartner(tx, name)
        await changePartner(tx, name, change)
        const told = Object.entries(change).map(([key, value]) => `${key}=${value}`)
        await note(tx, by, 'partner changed', `${name} ${told.join(' ')}`)
        return partnerView(await mustPartner(tx, name))
      })
    },

    async partner(name: string): Promise<PartnerView> {
      return partnerView(await db.transact((tx) => mustPartner(tx, name)))
    },

    /** One account, as far as it may be seen by whom. Throws NOT_FOUND. */
    async account(by: Who, name: string): Promise<AccountView> {
      const row = await db.transact((tx) => mustManage(tx, by, name, 'see'))
      return accountView(row)
    },

    /** It signs in no more until it is resumed; its tokens and sessions are good no more meanwhile. */
    setSuspended(by: Who, name: string, suspended: boolean): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        if (suspended && account === by.account) throw lockedOut()
        await setSuspended(tx, account, suspended)
        await note(tx, by, suspended ? 'account suspended' : 'account resumed', name)
        return accountView(await mustManage(tx, by, name))
      })
    },

    /** After many wrong passwords or codes it need not wait. */
    unlock(by: Who, name: string): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        await unlockAccount(tx, account)
        await note(tx, by, 'account unlocked', name)
        return accountView(await mustManage(tx, by, name))
      })
    },

    /** For somebody who lost the telephone, the recovery codes and the passkeys. Throws NOT_FOUND when there is none. */
    resetSecondFactor(by: Who, name: string): Promise<AccountView> {
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        const app = await dropSecondFactor(tx, account)
        const passkeys = await dropPasskeys(tx, account)
        if (!app && passkeys === 0) throw new Fault('NOT_FOUND', { what: `second factor of ${name}` })
        await note(tx, by, 'second factor reset', name)
        return accountView(await mustManage(tx, by, name))
      })
    },
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '' && /^[A-Z]/.test(name)
  } catch {
    return false
  }
}
