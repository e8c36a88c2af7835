import type { Channel, Grant, Who } from '../../identity/who.ts'

/** What the REST channel needs of identity; `node/start.ts` fills it in. */
export interface RestIdentity {
  /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
  authenticateBearer(token: string): Promise<Who>
  /** Null when the certificate is bound to no account. */
  authenticateCertificate(certificate: ClientCertificate): Promise<Who | null>
  /** A token for an account's name and password or secret. Throws NOT_SIGNED_IN, TOO_MANY. */
  issueToken(credentials: Credentials): Promise<IssuedToken>
  /** Signs a person in with a browser. Throws NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED (not a person's account). */
  openSession(credentials: Credentials): Promise<SessionAnswer>
  /**
   * Who this cookie's secret signs in.
   * @param used by the person; a page that refreshes itself does not keep a session alive
   * Throws fault NOT_SIGNED_IN when it has ended.
   */
  authenticateSession(
    secret: string,
    used: boolean,
  ): Promise<{ readonly who: Who; readonly session: SessionView }>
  closeSession(secret: string): Promise<void>
  /** What a partner is called, or null. */
  titleOf(partner: string): Promise<string | null>
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

/** What a client certificate proves: possession of its key, and whether a known authority signed it. */
export interface ClientCertificate {
  /** SHA-256, as OpenSSL prints it: upper-case hex pairs with colons. */
  readonly fingerprint: string
  readonly subject: string
  readonly trusted: boolean
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

/** An open session as its browser may know it. Times in milliseconds since 1970. */
export interface SessionView {
  /** It ends then, however much it is used. */
  readonly endsAt: number
  /** It ends when nobody does anything for so long. */
  readonly idleMs: number
}

/** A browser's session with the secret for its cookie, or what must be done before there is one. */
export type SessionAnswer =
  | { readonly open: true; readonly secret: string; readonly session: SessionView; readonly who: Who }
  | { readonly open: false; readonly next: 'password' }

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
  readonly name: string
  readonly title: string
  readonly centre: boolean
  readonly profile: string | null
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
}

/** Partners, accounts and policies, for the administrator. Changes say who made them. */
export interface Registry {
  partners(): Promise<readonly PartnerView[]>
  /** Throws fault CONFLICT for a name in use. */
  addPartner(by: Who, partner: Pick<PartnerView, 'name' | 'title' | 'profile'>): Promise<PartnerView>
  /** Throws NOT_FOUND for an unknown partner, CONFLICT for an identifier of another. */
  addIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  removeIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  accounts(partner: string | null): Promise<readonly AccountView[]>
  addAccount(
    by: Who,
    account: Pick<AccountView, 'name' | 'partner' | 'kind' | 'realms'>,
  ): Promise<AccountView>
  /** What the account of this name may do in an exchange, or in all ('*'); nothing takes it away. */
  setGrants(by: Who, name: string, exchange: string, grants: readonly Grant[]): Promise<AccountView>
  /** By which channels the account may come in. Throws CONFLICT when the caller would lock itself out. */
  setChannels(by: Who, name: string, channels: readonly Channel[]): Promise<AccountView>
  /** In which realms the account works. */
  setRealms(by: Who, name: string, realms: AccountView['realms']): Promise<AccountView>
  /** The new secret is shown this once; the old one stops working. */
  newSecret(by: Who, name: string): Promise<{ readonly clientId: string; readonly clientSecret: string }>
  /** Binds a client certificate, by its SHA-256 fingerprint, to the account. */
  bindCertificate(by: Who, name: string, fingerprint: string): Promise<void>
  /** The account signs in no more, and its tokens stop working. */
  closeAccount(by: Who, name: string): Promise<void>
}
