import type { Database, Tx } from '../db/database.ts'
import { findAccountKey } from '../store/account-keys.ts'
import {
  type AccountRow,
  clearFailures,
  countFailure,
  findAccount,
  findAccountByLogin,
} from '../store/accounts.ts'
import type { Audit } from './audit.ts'
import { secretFits } from './secret.ts'

/** A key that a client offers. */
export interface OfferedKey {
  readonly login: string
  /** `SHA256:…` */
  readonly fingerprint: string
  readonly address: string
}

/** How somebody was refused: what the transfer log may say of it. */
export interface SftpRefusal {
  /** Null when no account has the name. */
  readonly partner: string | null
  readonly account: string | null
  /** `(unknown)` in place of a name that no account has: it may be a password typed in the wrong place. */
  readonly login: string
}

export type SftpAnswer =
  | { readonly ok: true; readonly row: AccountRow }
  | { readonly ok: false; readonly refusal: SftpRefusal }

/**
 * Signing in at the file server. Only accounts that have the channel `sftp` can; any other is refused like one
 * that does not exist, after as much work.
 */
export function createSftpSignIn(deps: {
  readonly db: Database
  readonly now: () => number
  readonly audit: Audit
}) {
  const { db, audit } = deps
  const time = () => new Date(deps.now()).toISOString()

  return {
    /** A password or a machine's secret. Wrong ones count against the account as they do at the API. */
    async signInSftp(credentials: { login: string; secret: string; address: string }): Promise<SftpAnswer> {
      const { login, secret, address } = credentials
      const row = await db.transact((tx) => findAccountByLogin(tx, login))
      const locked = row?.lockedUntil != null && Date.parse(row.lockedUntil) > deps.now()
      const fits = await secretFits(secret, row === null || !maySftp(row) ? null : row.secretHash)
      if (row === null || !maySftp(row) || locked) return refuse(row, address)
      if (!fits) {
        await db.transact((tx) => countFailure(tx, row.account))
        return refuse(row, address)
      }
      // Guesses made at the same time as this one may have locked the account meanwhile; and a password that is
      // good for one use has to be changed first, which cannot be done here.
      const cleared = await db.transact((tx) => clearFailures(tx, row.account, time()))
      // There is no place for a code of the second factor either; a key will do.
      return cleared && !row.mustChange && !row.secondFactor && !row.secondFactorRequired
        ? accept(row, 'signed in (sftp, password)', address)
        : refuse(row, address)
    },

    /** Would a signature by this key sign the account in? */
    async sftpKeyKnown(offered: OfferedKey): Promise<boolean> {
      return (await holder(offered)) !== null
    },

    /** @param proven whether the client's signature by the key was verified */
    async signInSftpKey(offered: OfferedKey, proven: boolean): Promise<SftpAnswer> {
      const row = await holder(offered)
      if (row !== null && proven) return accept(row, 'signed in (sftp, key)', offered.address)
      return refuse(await db.transact((tx) => findAccountByLogin(tx, offered.login)), offered.address)
    },

    /** Notes that somebody left without having proved anything. */
    async refuseSftp(login: string, address: string): Promise<SftpRefusal> {
      const row = await db.transact((tx) => findAccountByLogin(tx, login))
      return (await refuse(row, address)).refusal
    },

    /** The account as it is now; null when it may not be at the file server any more. */
    async sftpAccount(account: string): Promise<AccountRow | null> {
      const row = await db.transact((tx) => findAccount(tx, account))
      return row !== null && maySftp(row) ? row : null
    },
  }

  function holder({ login, fingerprint }: OfferedKey): Promise<AccountRow | null> {
    return db.transact(async (tx: Tx) => {
      const key = await findAccountKey(tx, login, fingerprint)
      const row = key === null ? null : await findAccount(tx, key.account)
      return row !== null && maySftp(row) ? row : null
    })
  }

  async function accept(row: AccountRow, action: string, address: string): Promise<SftpAnswer> {
    await tell(action, row, row.login, 200, address)
    return { ok: true, row }
  }

  async function refuse(
    row: AccountRow | null,
    address: string,
  ): Promise<Extract<SftpAnswer, { ok: false }>> {
    const login = row?.login ?? '(unknown)'
    await tell('sign-in refused (sftp)', row, login, 401, address)
    return { ok: false, refusal: { partner: row?.partner ?? null, account: row?.account ?? null, login } }
  }

  function tell(action: string, row: AccountRow | null, target: string, status: number, address: string) {
    const { account = null, partner = null } = row ?? {}
    return audit.write({ account, partner, action, target, status, request: '', address })
  }
}

function maySftp(row: AccountRow): boolean {
  return !row.closed && !row.suspended && row.channels.includes('sftp')
}
