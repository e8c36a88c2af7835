import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import {
  type AccountRow,
  clearFailures,
  countFailure,
  findAccount,
  findAccountByCertificate,
  findAccountByLogin,
  putAccount,
  setPolicy,
  setSecret,
} from '../store/accounts.ts'
import { findPartner, holderOf, putPartner } from '../store/partners.ts'
import { type Audit, createAudit } from './audit.ts'
import { createKeys, type Keys } from './keys.ts'
import { createRegistry, grantsOf, plainFingerprint } from './registry.ts'
import { checkPassword, hashPassword, newSecret, secretFits } from './secret.ts'
import { createTokens } from './token.ts'
import type { Who } from './who.ts'

export interface IdentityConfig {
  readonly tokenMinutes: number
}

/** Name and password of a person, or id and secret of a machine, and where the call comes from. */
export interface Credentials {
  readonly account: string
  readonly secret: string
  readonly address: string
}

export interface FirstAdministrator {
  readonly account: string
  readonly password: string
}

/** The partner that every node has from its first start: the organisation that runs it. */
const CENTRE = 'centre'
const ADMINISTRATOR = 'administrator'
/** Changed policies and closed accounts take effect within this time. */
const whoMs = 3000

/** Who is asking, and may they: accounts, tokens, keys, policies and the audit log of one node. */
export function createIdentity(deps: { db: Database; now: () => number; config: IdentityConfig }) {
  const { db, now } = deps
  const keys: Keys = createKeys(db)
  const tokens = createTokens(keys, now, deps.config.tokenMinutes)
  const audit: Audit = createAudit(db, keys, now)
  const known = new Map<string, { readonly row: AccountRow; readonly until: number }>()

  return {
    keys,
    audit,
    registry: createRegistry(db),
    publicKeys: () => keys.publicKeys(),

    /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
    async authenticateBearer(token: string): Promise<Who> {
      const claims = await tokens.read(token)
      const row = await accountOf(claims.account)
      if (row === null || row.closed || claims.issuedAt < row.validFrom)
        throw new Fault('NOT_SIGNED_IN', { reason: 'The token is no longer good. Sign in again.' })
      return whoOf(row)
    },

    /** Null when the certificate is bound to no account. */
    async authenticateCertificate(certificate: { readonly fingerprint: string }): Promise<Who | null> {
      const fingerprint = plainFingerprint(certificate.fingerprint)
      const row = await db.transact((tx) => findAccountByCertificate(tx, fingerprint))
      return row === null || row.closed ? null : whoOf(row)
    },

    /** A token for a name and password or secret. Throws NOT_SIGNED_IN, TOO_MANY. */
    async issueToken(credentials: Credentials) {
      const row = await prove(credentials)
      if (row.mustChange)
        throw new Fault('NOT_SIGNED_IN', {
          reason: 'This password is good for one use: set one of your own first (POST /v1/password).',
        })
      return { ...(await tokens.issue(row.account)), mustChangePassword: false }
    },

    /** Throws NOT_SIGNED_IN for a wrong old password, BAD_REQUEST for a new one that is too weak. */
    async changePassword(change: Credentials & { readonly newPassword: string }): Promise<void> {
      const row = await prove(change)
      if (row.kind !== 'person')
        throw new Fault('BAD_REQUEST', { reason: "A machine's secret is made by the node, not chosen." })
      checkPassword(change.newPassword)
      if (change.newPassword === change.secret)
        throw new Fault('BAD_REQUEST', { reason: 'The new password is the old one.' })
      const secretHash = await hashPassword(change.newPassword)
      await db.transact((tx) => setSecret(tx, row.account, secretHash, false))
      known.delete(row.account)
    },

    partnerOf: (scheme: string, value: string) => db.transact((tx) => holderOf(tx, scheme, value)),
    async profileOf(partner: string): Promise<string | null> {
      return (await db.transact((tx) => findPartner(tx, partner)))?.profile ?? null
    },

    /**
     * At the first start of a node: the centre and its administrator, with a password that is good for one
     * use and returned this once. Null at every later start.
     */
    async firstStart(): Promise<FirstAdministrator | null> {
      const password = newSecret(15)
      const secretHash = await hashPassword(password)
      const made = await db.transact(async (tx) => {
        const centre = { partner: CENTRE, name: 'The centre', centre: true, profile: null }
        if (!(await putPartner(tx, centre))) return false
        const account = randomUUID()
        await putAccount(tx, {
          account,
          login: ADMINISTRATOR,
          partner: CENTRE,
          kind: 'person',
          realms: ['live', 'test'],
          secretHash,
          mustChange: true,
        })
        await setPolicy(tx, account, '*', [
          'submit',
          'validate',
          'read',
          'close',
          'delete',
          'release',
          'manage',
        ])
        return true
      })
      return made ? { account: ADMINISTRATOR, password } : null
    },
  }

  async function accountOf(account: string): Promise<AccountRow | null> {
    const cached = known.get(account)
    if (cached !== undefined && cached.until > now()) return cached.row
    const row = await db.transact((tx) => findAccount(tx, account))
    if (row === null) known.delete(account)
    else known.set(account, { row, until: now() + whoMs })
    return row
  }

  /** The account that these credentials prove. A wrong guess is slow, and many make the account rest. */
  async function prove({ account, secret, address }: Credentials): Promise<AccountRow> {
    const row = await db.transact((tx) => findAccountByLogin(tx, account))
    if (row?.lockedUntil != null && Date.parse(row.lockedUntil) > now())
      throw new Fault('TOO_MANY', { reason: 'Too many wrong passwords. Try again in a few minutes.' })
    if (await secretFits(secret, row === null || row.closed ? null : row.secretHash)) {
      if (row === null) throw new Error('a secret cannot fit no account')
      if (row.failures > 0) await db.transact((tx) => clearFailures(tx, row.account))
      return row
    }
    if (row !== null) await db.transact((tx) => countFailure(tx, row.account))
    const line = {
      account: row?.account ?? null,
      partner: row?.partner ?? null,
      status: 401,
      request: '',
      address,
    }
    await audit.write({ ...line, action: 'sign-in refused', target: account.slice(0, 64) })
    throw new Fault('NOT_SIGNED_IN', { reason: 'The name or the password is wrong.' })
  }
}

export type Identity = ReturnType<typeof createIdentity>

function whoOf(row: AccountRow): Who {
  const { account, login, partner, centre, kind, realms } = row
  return { account, name: login, partner, centre, kind, realms, grants: grantsOf(row) }
}
