import type { ListedSession } from '../../identity/browser-session.ts'
import type { PasskeySignature } from '../../identity/passkey-sign-in.ts'
import type { PasskeyAnswer, RegistrationAsked, SignInAsked } from '../../identity/passkeys.ts'
import type { ProviderBegun } from '../../identity/provider-sign-in.ts'
import type { ProviderChange, ProviderView, WantedProvider } from '../../identity/providers.ts'
import type { AccountView, PartnerView } from '../../identity/registered.ts'
import type { SecondFactorView } from '../../identity/second-factor.ts'
import type { Channel, Grant, Who } from '../../identity/who.ts'
import type { ProviderLink } from '../../store/identity-providers.ts'
import type { PartnerChange } from '../../store/partners.ts'
import type { PasskeyRow } from '../../store/passkeys.ts'

/** What the REST channel needs of identity; `node/start.ts` fills it in. */
export interface RestIdentity {
  /** Throws fault NOT_SIGNED_IN for a token that is malformed, altered, expired or of a closed account. */
  authenticateBearer(token: string): Promise<Who>
  /** Null when the certificate is bound to no account. */
  authenticateCertificate(certificate: ClientCertificate): Promise<Who | null>
  /** A token for an account's name and password or secret. Throws NOT_SIGNED_IN, TOO_MANY. */
  issueToken(credentials: Credentials & { readonly code?: string }): Promise<IssuedToken>
  /** Signs a person in with a browser. Throws NOT_SIGNED_IN, TOO_MANY, NOT_ALLOWED (not a person's account). */
  openSession(credentials: Credentials & { readonly browser: string }): Promise<SessionAnswer>
  /** Goes on with a sign-in that waits for a code. Throws NOT_SIGNED_IN (a wrong code, or too late), TOO_MANY. */
  openSessionWithCode(
    pending: string,
    code: string,
    place: { readonly address: string; readonly browser: string },
  ): Promise<Extract<SessionAnswer, { open: true }>>
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
  /** The caller's own sessions; `secret` of the one that asks. */
  sessionsOf(who: Who, secret: string | null): Promise<readonly ListedSession[]>
  /** Throws NOT_FOUND. */
  endSession(who: Who, session: string): Promise<void>
  /** The caller's own second factor. Wrong codes are BAD_REQUEST, and TOO_MANY after some. */
  readonly secondFactor: {
    view(who: Who): Promise<SecondFactorView>
    begin(who: Who): Promise<{ readonly secret: string; readonly uri: string }>
    confirm(who: Who, code: string): Promise<readonly string[]>
    renewCodes(who: Who, code: string): Promise<readonly string[]>
    remove(who: Who, code: string): Promise<void>
  }
  /** `origin`: the address that the browser asked, for where the node has no public one. */
  readonly passkeys: {
    list(who: Who): Promise<readonly PasskeyRow[]>
    /** Throws BAD_REQUEST (a machine, or an address that is a number), CONFLICT (too many). */
    begin(who: Who, origin: string): Promise<RegistrationAsked>
    /** Throws NOT_SIGNED_IN (too late), BAD_REQUEST (not what was asked for), CONFLICT. */
    add(
      who: Who,
      origin: string,
      given: { readonly ticket: string; readonly title: string; readonly answer: PasskeyAnswer },
    ): Promise<PasskeyRow>
    /** Throws NOT_FOUND, CONFLICT (the last factor, where one is asked for). */
    remove(who: Who, passkey: string): Promise<void>
    ask(origin: string): Promise<SignInAsked>
    /** Throws NOT_SIGNED_IN, NOT_ALLOWED (suspended, or a one-time password waits). */
    open(
      origin: string,
      given: {
        readonly ticket: string
        readonly answer: PasskeySignature
        readonly address: string
        readonly browser: string
      },
    ): Promise<SessionAnswer>
  }
  /** Single sign-on. `origin` as above. Changes are already authorised, and say who made them. */
  readonly providers: {
    list(): Promise<readonly ProviderView[]>
    /** Tries the provider. Throws BAD_REQUEST (what is wrong with it), NOT_FOUND (partner), CONFLICT (a name in use). */
    add(by: Who, wanted: WantedProvider): Promise<ProviderView>
    /** Throws NOT_FOUND, and as `add`. */
    change(by: Who, name: string, change: ProviderChange): Promise<ProviderView>
    remove(by: Who, name: string): Promise<void>
    /** What is registered at the provider as the address to which it sends browsers back. */
    callback(name: string, origin: string): string
    links(by: Who, account: string): Promise<readonly ProviderLink[]>
    /** Throws NOT_FOUND, NOT_ALLOWED, BAD_REQUEST (a machine), CONFLICT (another account's person). */
    link(by: Who, account: string, provider: string, person: string): Promise<readonly ProviderLink[]>
    unlink(by: Who, account: string, provider: string): Promise<readonly ProviderLink[]>
    /** For the buttons of the sign-in page. */
    offered(): Promise<readonly { readonly name: string; readonly title: string }[]>
    /** Throws NOT_FOUND. */
    begin(name: string, to: string | undefined, origin: string): Promise<ProviderBegun>
    /** The browser came back: `query` of its address, and the ticket of its cookie. */
    finish(
      name: string,
      came: { readonly query: string; readonly ticket: string | null; readonly origin: string },
      place: { readonly address: string; readonly browser: string },
    ): Promise<
      | { readonly ok: true; readonly to: string; readonly answer: SessionAnswer }
      | { readonly ok: false; readonly to: string; readonly why: string }
    >
  }
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
  /** What must be done before anything else: the partner asks for a second factor, and there is none yet. */
  readonly next: 'second-factor' | null
}

/** A browser's session with the secret for its cookie, or what must be done before there is one. */
export type SessionAnswer =
  | { readonly open: true; readonly secret: string; readonly session: SessionView; readonly who: Who }
  | { readonly open: false; readonly next: 'password' }
  | {
      readonly open: false
      readonly next: 'second-factor'
      readonly pending: string
      /** By what it can be shown. */
      readonly methods: readonly ('totp' | 'recovery-code' | 'passkey')[]
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

/**
 * Partners, accounts and policies, for administrators. Changes say who made them. A partner's administrator is refused
 * what is of other partners (NOT_FOUND) and what is more than it may itself (NOT_ALLOWED).
 */
export interface Registry {
  partners(): Promise<readonly PartnerView[]>
  /** Throws fault CONFLICT for a name in use. */
  addPartner(by: Who, partner: Pick<PartnerView, 'name' | 'title' | 'profile'>): Promise<PartnerView>
  /** Throws NOT_FOUND for an unknown partner, CONFLICT for an identifier of another. */
  addIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  removeIdentifier(by: Who, partner: string, scheme: string, value: string): Promise<void>
  /** Throws NOT_FOUND. */
  partner(name: string): Promise<PartnerView>
  /** Throws NOT_FOUND, NOT_ALLOWED (what the centre alone changes), BAD_REQUEST (no time zone). */
  changePartner(by: Who, name: string, change: PartnerChange): Promise<PartnerView>
  accounts(partner: string | null): Promise<readonly AccountView[]>
  account(by: Who, name: string): Promise<AccountView>
  setSuspended(by: Who, name: string, suspended: boolean): Promise<AccountView>
  unlock(by: Who, name: string): Promise<AccountView>
  /** Throws NOT_FOUND when it has none. */
  resetSecondFactor(by: Who, name: string): Promise<AccountView>
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
  /** Fingerprints of the client certificates that sign the account in. */
  certificates(by: Who, name: string): Promise<readonly string[]>
  /** Takes a client certificate from the account. Throws NOT_FOUND when it has none such. */
  unbindCertificate(by: Who, name: string, fingerprint: string): Promise<void>
  /** The account signs in no more, and its tokens stop working. */
  closeAccount(by: Who, name: string): Promise<void>
}
