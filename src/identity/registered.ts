import type { Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { type AccountRow, findAccountByLogin } from '../store/accounts.ts'
import { putAuditLines } from '../store/audit.ts'
import { findPartner, type PartnerRow } from '../store/partners.ts'
import { assertManages } from './office.ts'
import type { Channel, Grant, Who } from './who.ts'

export interface PartnerView {
  readonly name: string
  readonly title: string
  readonly centre: boolean
  readonly profile: string | null
  /** Of its office; null: not told. */
  readonly timeZone: string | null
  /** Its people need a second factor. */
  readonly secondFactor: boolean
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
  /** It signs in no more until it is resumed. */
  readonly suspended: boolean
  /** ISO; after many wrong passwords it does not sign in before. */
  readonly lockedUntil: string | null
  /** Without one, it signs in by keys and certificates alone. */
  readonly hasSecret: boolean
  /** Its password is good for one use. */
  readonly mustChange: boolean
  readonly secondFactor: boolean
}

export const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/i

/** Notes a change in the audit log, in the transaction that makes it. */
export type Note = (tx: Tx, by: Who, action: string, target: string) => Promise<void>

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

/** Throws fault NOT_FOUND. */
export async function mustPartner(tx: Tx, partner: string): Promise<PartnerRow> {
  const row = await findPartner(tx, partner)
  if (row === null) throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  return row
}

/**
 * An account that the caller may manage, or at least see. Throws NOT_FOUND (of another partner, too), NOT_ALLOWED (it
 * may more than the caller).
 */
export async function mustManage(
  tx: Tx,
  by: Who,
  name: string,
  what: 'manage' | 'see' = 'manage',
): Promise<AccountRow> {
  const row = await mustAccount(tx, name)
  if (!by.centre && row.partner !== by.partner) throw new Fault('NOT_FOUND', { what: `account ${name}` })
  if (what === 'manage') assertManages(by, row)
  return row
}

async function mustAccount(tx: Tx, name: string): Promise<AccountRow> {
  const row = await findAccountByLogin(tx, name)
  if (row === null || row.closed) throw new Fault('NOT_FOUND', { what: `account ${name}` })
  return row
}

export function partnerView(row: PartnerRow): PartnerView {
  const { partner, name, centre, profile, timeZone, secondFactor, identifiers } = row
  return { name: partner, title: name, centre, profile, timeZone, secondFactor, identifiers }
}

export function accountView(row: AccountRow): AccountView {
  const { account, login: name, partner, kind, realms, channels, suspended, mustChange, secondFactor } = row
  return {
    account,
    name,
    partner,
    kind,
    realms,
    channels,
    grants: grantsOf(row),
    suspended,
    lockedUntil: row.lockedUntil === null ? null : new Date(row.lockedUntil).toISOString(),
    hasSecret: row.secretHash !== null,
    mustChange,
    secondFactor,
  }
}

export function lockedOut(): Fault {
  return new Fault('CONFLICT', { reason: 'You would lock yourself out: another account must do this.' })
}

/** What an account may do, as the rest of the node asks it. */
export function grantsOf(row: AccountRow): Who['grants'] {
  return row.policies.map(({ exchange, grants }) => ({ exchange, grants: grants as readonly Grant[] }))
}
