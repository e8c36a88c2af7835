/** Every grant there is. */
export const GRANTS = [
  'submit',
  'validate',
  'read',
  'close',
  'delete',
  'release',
  'administer',
  'manage',
] as const

/**
 * What an account may be allowed to do with an exchange's data; for `manage`, with the node; for `administer`, with
 * the accounts, contacts and keys of its own partner.
 */
export type Grant = (typeof GRANTS)[number]

/** A way into the node that asks to sign in. `agent`: the calls of the program beside a partner's database. */
export type Channel = 'rest' | 'sftp' | 'agent'

/** The signed-in caller: an account of a partner. */
export interface Who {
  readonly account: string
  readonly name: string
  readonly partner: string
  /** Belongs to the centre: sees every partner's books. */
  readonly centre: boolean
  readonly kind: 'person' | 'machine'
  readonly realms: readonly ('live' | 'test')[]
  /** By which it may come in; left out where nothing depends on it. */
  readonly channels?: readonly Channel[]
  /** `*` stands for every exchange. */
  readonly grants: readonly { readonly exchange: string; readonly grants: readonly Grant[] }[]
}

/** May this caller do that with that exchange? */
export function may(who: Who, grant: Grant, exchange: string): boolean {
  return who.grants.some(
    (entry) => (entry.exchange === '*' || entry.exchange === exchange) && entry.grants.includes(grant),
  )
}
