import type { Grant, Who } from '../../identity/who.ts'
import type { ClientCertificate } from './sign-in.ts'

/** What the REST channel needs of identity; `node/start.ts` fills it in. */
export interface RestIdentity {
  /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
  authenticateBearer(token: string): Promise<Who>
  /** Null when the certificate is bound to no account. */
  authenticateCertificate(certificate: ClientCertificate): Promise<Who | null>
  /** A token for an account's name and password or secret. Throws NOT_SIGNED_IN, TOO_MANY. */
  issueToken(credentials: Credentials): Promise<IssuedToken>
  /** Throws NOT_SIGNED_IN for a wrong old password, BAD_REQUEST for a new one that is too weak. */
  changePassword(change: Credentials & { readonly newPassword: string }): Promise<void>
  /** The public keys that verify tokens and papers (RFC 7517). */
  publicKeys(): Promise<{ readonly keys: readonly object[] }>
  /** Keeps one line of the audit log. */
  audit(entry: AuditEntry): Promise<void>
  /** The partner that holds this external identifier, or null. */
  partnerOf(scheme: string, value: string): Promise<string | null>
  /** How a partner wants to be served where a channel has variants (`deployed`), or null. */
  profileOf(partner: string): Promise<string | null>
  readonly registry: Registry
}

export interface Credentials {
  readonly account: string
  readonly secret: string
  /** Where the call comes from, to slow down guessing. */
  readonly address: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresInSeconds: number
  /** The password is good for one use: it must be changed before anything else. */
  readonly mustChangePassword: boolean
}

export interface AuditEntry {
  readonly requestId: string
  readonly method: string
  /** The route's pattern, not the address: identifiers are in `target`. */
  readonly route: string
  readonly target: string
  readonly status: number
  readonly account: string | null
  readonly partner: string | null
  readonly address: string
}

export interface PartnerView {
  readonly partner: string
  readonly title: string
  readonly centre: boolean
  readonly profile: string | null
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

export interface AccountView {
  readonly account: string
  readonly name: string
  readonly partner: string
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
  readonly policies: readonly Policy[]
}

export interface Policy {
  readonly exchange: string
  readonly grants: readonly Grant[]
}

/** Partners, accounts and policies, for the administrator. Changes say who made them. */
export interface Registry {
  partners(): Promise<readonly PartnerView[]>
  addPartner(
    by: Who,
    partner: { partner: string; title: string; profile: string | null },
  ): Promise<PartnerView>
  addIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  removeIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  accounts(partner: string | null): Promise<readonly AccountView[]>
  /** The secret is shown this once. */
  addAccount(
    by: Who,
    account: {
      name: string
      partner: string
      kind: 'person' | 'machine'
      realms: readonly ('live' | 'test')[]
      policies: readonly Policy[]
      certificate: string | null
    },
  ): Promise<AccountView & { readonly secret: string }>
  setPolicies(by: Who, account: string, policies: readonly Policy[]): Promise<AccountView>
  closeAccount(by: Who, account: string): Promise<void>
}
