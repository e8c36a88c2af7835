import type { Who } from '../../identity/who.ts'
import type { Transfer } from '../../store/transfers.ts'
import type { ExchangeFiles } from './tree.ts'

/** What may be logged of somebody who could not sign in. */
export interface SignInRefusal {
  readonly partner: string | null
  readonly account: string | null
  /** `(unknown)` in place of a name that no account has. */
  readonly login: string
}

export type SignedIn =
  | { readonly ok: true; readonly who: Who }
  | { readonly ok: false; readonly refusal: SignInRefusal }

export interface OfferedKey {
  readonly login: string
  /** `SHA256:…` */
  readonly fingerprint: string
  readonly address: string
}

/** What the file server needs of identity. Every refusal is audited there. */
export interface SftpIdentity {
  byPassword(credentials: {
    readonly login: string
    readonly secret: string
    readonly address: string
  }): Promise<SignedIn>
  /** Would a signature by this key sign the account in? */
  keyKnown(offered: OfferedKey): Promise<boolean>
  /** @param proven whether the client's signature by the key was verified */
  byKey(offered: OfferedKey, proven: boolean): Promise<SignedIn>
  /** Notes that a client offered only keys that nobody has. */
  refuse(login: string, address: string): Promise<SignInRefusal>
  /** The account as it is now; null when it may not be here any more. */
  account(account: string): Promise<Who | null>
}

/** The transfer log. Resolves when the line is stored; lines that come together are stored together. */
export type WriteTransfer = (line: Omit<Transfer, 'at'>) => Promise<void>

export interface SftpLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface SftpConfig {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** Private keys in OpenSSH's format; the order is the order of preference. */
  readonly hostKeys: readonly string[]
  /** Folder of all partners' trees. */
  readonly filesFolder: string
  /** Bytes that a partner's input folders may hold together; 0: no limit. */
  readonly quotaBytes: number
  /** Uploads stop when the disk has less left. */
  readonly freeBytesMin: number
  readonly fileBytesMax: number
  /** Files in one input folder. */
  readonly folderFilesMax: number
  readonly connectionsMax: number
  /** A connection that does nothing for so long is closed. */
  readonly idleMs: number
  /** Time to sign in. */
  readonly signInMs: number
  /** A refusal to sign in takes at least so long, and longer each time. */
  readonly refusalMs: number
  /** How often accounts of open sessions are looked up again. */
  readonly accountCheckMs: number
  readonly sessionsPerAccountMax: number
  readonly handlesPerSessionMax: number
}

export interface SftpDeps {
  readonly config: SftpConfig
  readonly identity: SftpIdentity
  /** The exchanges as they are now. */
  readonly exchanges: () => readonly ExchangeFiles[]
  readonly transfer: WriteTransfer
  readonly log: SftpLog
  readonly now: () => number
  /** Something of this partner became ready to be picked up. */
  readonly onUploaded: (partner: string) => void
}
