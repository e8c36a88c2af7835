import { Fault } from '../fault/fault.ts'
import { type Grant, may, type Who } from './who.ts'

/** Whom one is set over, as far as that asks. */
interface Managed {
  readonly login: string
  readonly partner: string
  readonly realms: readonly ('live' | 'test')[]
  readonly policies: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
}

/** Is this caller an administrator: of the centre, or of its own partner? */
export function administers(who: Who): boolean {
  return who.centre ? may(who, 'manage', '*') : may(who, 'administer', '*')
}

/**
 * Refuses what a partner's administrator would do with an account of another partner (NOT_FOUND: it learns nothing of
 * those) or with one that may more than itself, whose secret it could otherwise make its own (NOT_ALLOWED).
 */
export function assertManages(by: Who, account: Managed): void {
  if (by.centre) return
  if (account.partner !== by.partner) throw new Fault('NOT_FOUND', { what: `account ${account.login}` })
  for (const { exchange, grants } of account.policies) assertGives(by, exchange, grants as readonly Grant[])
  assertRealms(by, account.realms)
}

/** Nobody gives more than they have. The centre's administrators have everything. */
export function assertGives(by: Who, exchange: string, grants: readonly Grant[]): void {
  if (grants.includes('administer') && exchange !== '*')
    throw new Fault('BAD_REQUEST', {
      reason: "'administer' is given for every exchange ('*') or not at all.",
    })
  if (by.centre) return
  const more = grants.find((grant) => !may(by, grant, exchange))
  if (more !== undefined)
    throw new Fault('NOT_ALLOWED', {
      reason: `You may not '${more}' in exchange ${exchange}, so you may not manage that for others.`,
    })
}

/** Nobody lets others into a realm that is closed to them. */
export function assertRealms(by: Who, realms: readonly ('live' | 'test')[]): void {
  const more = by.centre ? undefined : realms.find((realm) => !by.realms.includes(realm))
  if (more !== undefined) throw new Fault('NOT_ALLOWED', { reason: `You do not work in the ${more} realm.` })
}

/** Refuses with NOT_FOUND what a partner's people would do with another partner. */
export function assertOwnPartner(by: Who, partner: string): void {
  if (!by.centre && by.partner !== partner) throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
}
