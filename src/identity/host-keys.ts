import type { Database, Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { type HostKeyRow, listHostKeys, lockHostKeys, putHostKey, retireHostKey } from '../store/host-keys.ts'
import { makeSshKey } from './make-ssh-key.ts'
import { noteChanges } from './registered.ts'
import { readSshKey } from './ssh-key.ts'
import type { Who } from './who.ts'

export const HOST_KEY_KINDS = ['ssh-ed25519', 'ecdsa-sha2-nistp256'] as const
export type HostKeyKind = (typeof HOST_KEY_KINDS)[number]

/** A key that the file server shows to clients. */
export interface HostKey {
  readonly kind: string
  /** `SHA256:…`, as a client shows it at its first visit. */
  readonly fingerprint: string
  readonly publicKey: string
  readonly privateKey: string
}

/**
 * `in use`: a file server that starts now shows it. `next`: clients may be told of it; it is shown when the one before
 * it is retired.
 */
export type HostKeyState = 'in use' | 'next' | 'retired'

/** A key without its private part. */
export interface HostKeyView extends Omit<HostKeyRow, 'privateKey'> {
  readonly state: HostKeyState
}

/**
 * The keys that the file server shows: of each kind the oldest that is not retired. They are made at the first call
 * and kept in the database, so that a client that has seen the server once knows it for good.
 */
export async function hostKeys(db: Database): Promise<readonly HostKey[]> {
  const known = shown(await db.transact(listHostKeys))
  if (HOST_KEY_KINDS.every((kind) => known.some((row) => row.kind === kind))) return known
  return db.transact(async (tx) => {
    await lockHostKeys(tx)
    const kept = shown(await listHostKeys(tx))
    for (const kind of HOST_KEY_KINDS)
      if (!kept.some((row) => row.kind === kind)) await putHostKey(tx, newHostKey(kind))
    return shown(await listHostKeys(tx))
  })
}

/** Makes and retires keys of the file server. The audit log says who did. */
export function createHostKeyRing(db: Database, now: () => number) {
  const note = noteChanges(now)
  return {
    list: (): Promise<readonly HostKeyView[]> => db.transact(viewed),

    /** Makes one key of each of these kinds, beside those that there are. */
    make: (by: Who, kinds: readonly HostKeyKind[]): Promise<readonly HostKeyView[]> =>
      db.transact(async (tx) => {
        await lockHostKeys(tx)
        const made = kinds.map(newHostKey)
        for (const row of made) {
          await putHostKey(tx, row)
          await note(tx, by, 'host key made', `${row.kind} ${row.fingerprint}`)
        }
        return (await viewed(tx)).filter((key) => made.some((row) => row.fingerprint === key.fingerprint))
      }),

    /** Throws NOT_FOUND, CONFLICT for the last of its kind: clients that know no other would be shut out. */
    retire: (by: Who, fingerprint: string): Promise<void> =>
      db.transact(async (tx) => {
        await lockHostKeys(tx)
        const left = (await listHostKeys(tx)).filter((row) => row.retiredAt === null)
        const key = left.find((row) => row.fingerprint === fingerprint)
        if (key === undefined) throw new Fault('NOT_FOUND', { what: `host key ${fingerprint} in use` })
        if (left.filter(({ kind }) => kind === key.kind).length === 1)
          throw new Fault('CONFLICT', {
            reason: `It is the only key of its kind, ${key.kind}. Make another first, and tell the partners.`,
          })
        await retireHostKey(tx, fingerprint)
        await note(tx, by, 'host key retired', `${key.kind} ${fingerprint}`)
      }),
  }
}

async function viewed(tx: Tx): Promise<HostKeyView[]> {
  const rows = await listHostKeys(tx)
  const first = shown(rows)
  return rows.map(({ privateKey: _, ...row }) => ({ ...row, state: stateOf(row, first) }))
}

function stateOf(
  { fingerprint, retiredAt }: Pick<HostKeyRow, 'fingerprint' | 'retiredAt'>,
  first: readonly HostKey[],
): HostKeyState {
  if (retiredAt !== null) return 'retired'
  return first.some((key) => key.fingerprint === fingerprint) ? 'in use' : 'next'
}

/** @param rows of each kind the oldest first */
function shown(rows: readonly HostKeyRow[]): HostKey[] {
  const keys = new Map<string, HostKey>()
  for (const { kind, fingerprint, publicKey, privateKey } of rows)
    if (privateKey !== null && !keys.has(kind)) keys.set(kind, { kind, fingerprint, publicKey, privateKey })
  return [...keys.values()]
}

function newHostKey(kind: HostKeyKind): HostKey {
  const pair = makeSshKey(kind === 'ssh-ed25519' ? 'ed25519' : 'ecdsa')
  const { fingerprint } = readSshKey(pair.public)
  return { kind, privateKey: pair.private, publicKey: pair.public, fingerprint }
}
