import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { putAccount, setPolicy } from '../store/accounts.ts'
import { putPartner } from '../store/partners.ts'
import { hashPassword, newSecret } from './secret.ts'
import type { Grant } from './who.ts'

/** The partner that every node has from its first start: the organisation that runs it. */
const CENTRE = { partner: 'centre', name: 'The centre', centre: true, profile: null }
const ADMINISTRATOR = 'administrator'
/** It manages all partners, so it need not administer its own. */
const EVERYTHING: readonly Grant[] = ['submit', 'validate', 'read', 'close', 'delete', 'release', 'manage']

export interface FirstAdministrator {
  readonly account: string
  readonly password: string
}

/**
 * At the first start of a node: the centre and its administrator, with a password that is good for one use
 * and returned this once. Null at every later start.
 */
export async function firstStart(db: Database): Promise<FirstAdministrator | null> {
  const password = newSecret(15)
  const secretHash = await hashPassword(password)
  const made = await db.transact(async (tx) => {
    if (!(await putPartner(tx, CENTRE))) return false
    const account = randomUUID()
    await putAccount(tx, {
      account,
      login: ADMINISTRATOR,
      partner: CENTRE.partner,
      kind: 'person',
      realms: ['live', 'test'],
      secretHash,
      mustChange: true,
    })
    await setPolicy(tx, account, '*', EVERYTHING)
    return true
  })
  return made ? { account: ADMINISTRATOR, password } : null
}
