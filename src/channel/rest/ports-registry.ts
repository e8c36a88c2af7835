import type { HostKeyKind, HostKeyView } from '../../identity/host-keys.ts'
import type { Who } from '../../identity/who.ts'
import type { Contact } from '../../store/contacts.ts'
import type { Frequency } from '../../store/due-time.ts'
import type { Mail, MailState } from '../../store/mails.ts'
import type { FilePolicy, PgpKey } from '../../store/pgp-keys.ts'
import type { GivenSettings } from '../../store/place-settings.ts'
import type { Place } from '../../store/places.ts'
import type { Page } from './ports.ts'

/** A public key that signs an account in to the file server. */
export interface SshKeyView {
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
  /** One line: kind and base64. */
  readonly publicKey: string
  readonly title: string
  /** ISO. */
  readonly addedAt: string
}

/**
 * What the node is told about partners for the bulk channels: keys, places, who is written to. Every call is already
 * authorised; changes say who made them.
 */
export interface RegistryPorts {
  readonly sshKeys: {
    /** Of the account of this name. Throws fault NOT_FOUND. */
    list(by: Who, account: string): Promise<readonly SshKeyView[]>
    /** Throws BAD_REQUEST (no public key, or a weak one), NOT_FOUND, CONFLICT (another account's). */
    add(by: Who, account: string, key: { publicKey: string; title: string | null }): Promise<SshKeyView>
    /** Throws NOT_FOUND. */
    remove(by: Who, account: string, fingerprint: string): Promise<void>
  }
  readonly hostKeys: {
    /** Of the file server, retired ones among them; never with a private part. */
    list(): Promise<readonly HostKeyView[]>
    /** Makes one of each kind, beside those that there are. */
    make(by: Who, kinds: readonly HostKeyKind[]): Promise<readonly HostKeyView[]>
    /** Throws NOT_FOUND, CONFLICT (the only one of its kind). */
    retire(by: Who, fingerprint: string): Promise<void>
  }
  readonly pgpKeys: {
    /** What partners encrypt for: keys for this partner and for all, or every key of ours (null); newest first. */
    ours(partner: string | null, retired: boolean): Promise<readonly PgpKey[]>
    /** Makes a key of ours, for one partner or all (null). Throws NOT_FOUND. */
    make(by: Who, partner: string | null, kind: 'curve25519' | 'rsa3072'): Promise<PgpKey>
    /** Takes a key of ours out of use. Throws NOT_FOUND. */
    retireOurs(by: Who, fingerprint: string): Promise<void>
    /** What the partner signs with. Throws NOT_FOUND. */
    theirs(partner: string, retired: boolean): Promise<readonly PgpKey[]>
    /** Throws BAD_REQUEST, NOT_FOUND, CONFLICT (somebody else's). */
    add(by: Who, partner: string, publicKey: string): Promise<PgpKey>
    /** Takes a key of the partner's out of use. Throws NOT_FOUND. */
    retireTheirs(by: Who, partner: string, fingerprint: string): Promise<void>
    /** Throws NOT_FOUND. */
    policy(partner: string, exchange: string): Promise<FilePolicy>
    setPolicy(by: Who, policy: FilePolicy): Promise<FilePolicy>
  }
  readonly places: {
    /** Never with a secret. */
    list(partner: string | null): Promise<readonly Place[]>
    /** Makes or changes one; `active` as before when null. Throws BAD_REQUEST, NOT_FOUND, CONFLICT. */
    put(by: Who, place: PlaceRequest): Promise<Place>
    /** Throws NOT_FOUND, CONFLICT (its files are in work). */
    remove(by: Who, place: string): Promise<void>
  }
  readonly contacts: {
    /** Throws NOT_FOUND. */
    list(partner: string): Promise<readonly Contact[]>
    /** Adds one, or changes how often it is told. Throws BAD_REQUEST (no address), NOT_FOUND. */
    put(by: Who, contact: ContactRequest): Promise<Contact>
    remove(by: Who, partner: string, contact: number): Promise<void>
    /** The address works again. Throws NOT_FOUND. */
    clearBounce(by: Who, partner: string, contact: number): Promise<Contact>
  }
  readonly mails: {
    /** The newest first. Throws BAD_REQUEST for an `after` that is none of ours. */
    list(query: {
      partner: string | null
      state: MailState | null
      limit: number
      after: string | null
    }): Promise<Page<Mail>>
    find(mail: string): Promise<Mail | null>
    /** Throws NOT_FOUND, CONFLICT (it was sent, or its contact is gone). */
    retry(by: Who, mail: string): Promise<Mail>
  }
}

export interface PlaceRequest {
  readonly place: string
  readonly partner: string
  readonly settings: GivenSettings
  readonly active: boolean | null
}

export interface ContactRequest {
  readonly partner: string
  /** `*` stands for every exchange. */
  readonly exchange: string
  readonly address: string
  readonly frequency: Frequency
}
