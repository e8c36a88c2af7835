import type { AuditLog } from './audit.ts'
import type { Grant, Who } from './who.ts'

/** Everything about who is asking and whether they may; built by `createIdentity`. */
export interface Identity {
  /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
  authenticateBearer(token: string): Promise<Who>
  /** Null when the certificate is bound to no account that may sign in. */
  authenticateCertificate(certificate: { readonly fingerprint: string }): Promise<Who | null>
  /**
   * A token for an account's name and its password or client secret.
   * Throws NOT_SIGNED_IN (the same for an unknown name as for a wrong secret), TOO_MANY after repeated failures.
   */
  issueToken(credentials: Credentials): Promise<IssuedToken>
  /** Throws NOT_SIGNED_IN, TOO_MANY as `issueToken`; BAD_REQUEST for a new password that is too weak. */
  changePassword(change: Credentials & { readonly newPassword: string }): Promise<void>
  /** Public keys that verify tokens, papers and the audit log (RFC 7517). */
  publicKeys(): Promise<KeySet>
  /** Keeps one request in the audit log; resolves when it is committed, together with others. */
  audit(entry: RequestEntry): Promise<void>
  /** The partner that holds this external identifier, or null. */
  partnerOf(scheme: string, value: string): Promise<string | null>
  /** How a partner wants to be served where a channel has variants, or null. */
  profileOf(partner: string): Promise<string | null>
  /** Signs the claims of an acknowledgement or a receipt: compact JWS, verified with `publicKeys()`. */
  signReceipt(claims: object): Promise<string>
  readonly registry: Registry
  readonly auditLog: AuditLog
  /**
   * The node itself, for calls to the registry that no account makes: the demo's set-up, or an operator on
   * the node's own machine.
   */
  readonly node: Who
  /**
   * Makes the centre and its administrator when there is none. Only the call that made them gets the one-time
   * password, which is stored nowhere; all others get null.
   */
  firstStart(): Promise<{ readonly account: string; readonly password: string } | null>
  /** Makes the signing keys when there are none; then seals the audit log each second until `close`. */
  start(): Promise<void>
  /** Writes and seals what is not yet sealed, and stops. */
  close(): Promise<void>
}

export interface Credentials {
  /** The account's name, as it signs in: login of a person, client id of a machine. */
  readonly account: string
  readonly secret: string
  /** Where the call comes from, to slow down guessing. */
  readonly address: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresInSeconds: number
  /** The password was one-time: every call with this token is refused until `changePassword`. */
  readonly mustChangePassword: boolean
}

export interface KeySet {
  readonly keys: readonly PublicKey[]
}

/** A public JSON Web Key of ours. */
export interface PublicKey {
  readonly kid: string
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly alg: string
  readonly use: 'sig'
  /** What it signs; a key of papers never verifies a token. */
  readonly purpose: 'token' | 'receipt'
}

/** A request that a channel answered. */
export interface RequestEntry {
  readonly requestId: string
  readonly method: string
  /** The route's pattern; identifiers are in `target`. */
  readonly route: string
  readonly target: string
  readonly status: number
  readonly account: string | null
  readonly partner: string | null
  readonly address: string
}

export interface PartnerView {
  readonly name: string
  readonly title: string
  readonly centre: boolean
  readonly profile: string | null
  readonly contact: string | null
  readonly disabled: boolean
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

export interface AccountView {
  /** The id in tokens, the audit and every record of who did what. */
  readonly account: string
  readonly name: string
  readonly partner: string
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
  /** What it may do, what its partner's policy gives all accounts included. */
  readonly grants: Who['grants']
  readonly closed: boolean
}

export interface NewAccount extends Pick<AccountView, 'name' | 'partner' | 'kind' | 'realms'> {
  /** Exchanges in which it may at once submit, validate, read and close. */
  readonly exchanges?: readonly string[]
}

/**
 * Partners, accounts and policies. Each change says who made it, and is audited in its own transaction. All
 * throw NOT_ALLOWED unless `by` manages the node, NOT_FOUND for an unknown partner or account, and BAD_REQUEST
 * for a name or value that cannot be.
 */
export interface Registry {
  partners(): Promise<readonly PartnerView[]>
  /** Throws CONFLICT for a name in use. */
  addPartner(
    by: Who,
    partner: Pick<PartnerView, 'name' | 'title' | 'profile'> & { readonly contact?: string | null },
  ): Promise<PartnerView>
  /** Its accounts sign in no more until it is enabled again. */
  setPartnerDisabled(by: Who, partner: string, disabled: boolean): Promise<void>
  /** Throws CONFLICT for an identifier of another partner; the same again changes nothing. */
  addIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  removeIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  /** Accounts of one partner, or of all (null), closed ones included. */
  accounts(partner: string | null): Promise<readonly AccountView[]>
  /** Opens an account that cannot sign in until `newSecret` or a certificate. Throws CONFLICT for a name in use. */
  addAccount(by: Who, account: NewAccount): Promise<AccountView>
  /** What the account may do in an exchange, or in all ('*'); no grants take all away. */
  setGrants(by: Who, name: string, exchange: string, grants: readonly Grant[]): Promise<AccountView>
  /** What every account of the partner may do in an exchange, or in all ('*'). */
  setPartnerGrants(by: Who, partner: string, exchange: string, grants: readonly Grant[]): Promise<void>
  /**
   * A new secret, returned this once; the old one and its tokens stop working. A machine's is a client secret; a
   * person's is a one-time password that must be changed before anything else.
   */
  newSecret(by: Who, name: string): Promise<{ readonly clientId: string; readonly clientSecret: string }>
  /** Binds a client certificate, by its SHA-256 fingerprint. Throws CONFLICT when another account has it. */
  bindCertificate(by: Who, name: string, fingerprint: string): Promise<void>
  /** The account signs in no more, and its tokens stop working. Throws CONFLICT for one's own account. */
  closeAccount(by: Who, name: string): Promise<void>
}
