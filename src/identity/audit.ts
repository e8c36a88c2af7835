import { hash } from 'node:crypto'
import type { Database } from '../db/database.ts'
import {
  type AuditLine,
  findSeal,
  linesOfSeal,
  lockSeals,
  looseLines,
  putAuditLines,
  putSeal,
  type Seal,
  type StoredAuditLine,
  sealsAfter,
  unsealedLines,
} from '../store/audit.ts'
import { type Keys, sealFits } from './keys.ts'
import { appendLeaves, leafHash, rootOf } from './merkle.ts'

/** The audit log: who did what, when, and how it ended; sealed so that no line can be changed in silence. */
export interface Audit {
  /** Resolves when the line is stored. Lines that arrive together are stored together. */
  write(line: Omit<AuditLine, 'at'>): Promise<void>
  /** Binds what is not yet sealed under the next seal. Several processes may call it. */
  seal(): Promise<void>
  /** Stops the sealer after a last seal. */
  close(): Promise<void>
}

const sealMs = 1000
const sealLinesMax = 5000

export function createAudit(db: Database, keys: Keys, now: () => number): Audit {
  let waiting: { line: AuditLine; resolve: () => void; reject: (error: unknown) => void }[] = []
  let writing: Promise<void> = Promise.resolve()
  let sealing: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    sealing = sealing.then(seal).catch(() => {})
  }, sealMs)
  timer.unref()

  return {
    write(line) {
      return new Promise((resolve, reject) => {
        waiting.push({ line: { at: new Date(now()).toISOString(), ...line }, resolve, reject })
        if (waiting.length === 1) writing = writing.then(flush)
      })
    },
    seal,
    async close() {
      clearInterval(timer)
      await writing
      await sealing
      await seal()
    },
  }

  async function flush(): Promise<void> {
    const group = waiting
    waiting = []
    try {
      await db.transact((tx) =>
        putAuditLines(
          tx,
          group.map((one) => one.line),
        ),
      )
      for (const one of group) one.resolve()
    } catch (error) {
      for (const one of group) one.reject(error)
    }
  }

  async function seal(): Promise<void> {
    while (await sealSome()) {}
  }

  async function sealSome(): Promise<boolean> {
    return db.transact(async (tx) => {
      const last = await lockSeals(tx)
      const lines = await unsealedLines(tx, sealLinesMax)
      if (lines.length === 0) return false
      const before = last === 0 ? null : await findSeal(tx, last)
      const unsigned = {
        seal: last + 1,
        at: new Date(now()).toISOString(),
        entries: lines.length,
        root: rootOfLines(lines),
        previous: before === null ? '' : hashOfSeal(before),
      }
      const signature = await keys.seal(sealText(unsigned))
      await putSeal(
        tx,
        { ...unsigned, ...signature },
        lines.map((line) => line.entry),
      )
      return lines.length === sealLinesMax
    })
  }
}

function rootOfLines(lines: readonly StoredAuditLine[]): string {
  return rootOf(
    appendLeaves(
      [],
      lines.map((line) => leafHash(lineText(line))),
    ),
  )
}

/** A line as it is sealed: its values in a fixed order. */
function lineText(line: StoredAuditLine): string {
  const { entry, at, account, partner, action, target, status, request, address } = line
  return JSON.stringify([entry, at, account, partner, action, target, status, request, address])
}

function sealText(seal: Omit<Seal, 'kid' | 'signature'>): string {
  const { seal: number, at, entries, root, previous } = seal
  return JSON.stringify([number, at, entries, root, previous])
}

function hashOfSeal(seal: Seal): string {
  return hash('sha256', `${sealText(seal)}\n${seal.kid}\n${seal.signature}`, 'hex')
}

/** What a verification found. `bad` names the first thing that is not as it was sealed. */
export interface AuditVerdict {
  readonly ok: boolean
  readonly seals: number
  readonly entries: number
  readonly unsealed: number
  /** Hash of the last seal: keep it elsewhere, and a log cut short later is found out. */
  readonly head: string
  readonly bad: { readonly seal: number; readonly entry: number | null; readonly reason: string } | null
}

/** A sealed part of the log, from the database or from an export. */
export interface SealedPart {
  readonly seal: Seal
  readonly lines: readonly StoredAuditLine[]
}

/** Reads the log seal by seal. */
export async function* sealedParts(db: Database): AsyncGenerator<SealedPart> {
  for (let after = 0; ; ) {
    const seals = await db.transact((tx) => sealsAfter(tx, after, 200))
    if (seals.length === 0) return
    for (const seal of seals) {
      yield { seal, lines: await db.transact((tx) => linesOfSeal(tx, seal.seal)) }
      after = seal.seal
    }
  }
}

/** Verifies the log in the database with the node's published keys. */
export async function verifyAudit(
  db: Database,
  keys: readonly Readonly<Record<string, unknown>>[],
  knownHead: string | null,
): Promise<AuditVerdict> {
  const { unsealed, orphaned } = await db.transact((tx) => looseLines(tx))
  const verdict = await verifyParts(sealedParts(db), keys, knownHead)
  if (!verdict.ok || orphaned === null) return { ...verdict, unsealed }
  const bad = { seal: verdict.seals + 1, entry: orphaned, reason: 'its seal was removed' }
  return { ...verdict, unsealed, ok: false, bad }
}

/**
 * Verifies sealed parts in order: numbers without gaps, each seal naming the one before, signatures, and for
 * each seal its lines exactly. Needs no server.
 * @param knownHead hash of a seal noted earlier; null: none. The log must still contain it.
 */
export async function verifyParts(
  parts: AsyncIterable<SealedPart>,
  keys: readonly Readonly<Record<string, unknown>>[],
  knownHead: string | null,
): Promise<AuditVerdict> {
  let seals = 0
  let entries = 0
  let head = ''
  let headSeen = knownHead === null
  for await (const { seal, lines } of parts) {
    const reason = wrongWith(seal, lines, { number: seals + 1, previous: head, keys })
    if (reason !== null)
      return {
        ok: false,
        seals,
        entries,
        unsealed: 0,
        head,
        bad: { seal: seal.seal, entry: firstOf(lines), reason },
      }
    seals += 1
    entries += lines.length
    head = hashOfSeal(seal)
    headSeen ||= head === knownHead
  }
  const bad = headSeen
    ? null
    : { seal: seals + 1, entry: null, reason: 'the log is cut short of the head noted earlier' }
  return { ok: bad === null, seals, entries, unsealed: 0, head, bad }
}

function firstOf(lines: readonly StoredAuditLine[]): number | null {
  return lines[0]?.entry ?? null
}

function wrongWith(
  seal: Seal,
  lines: readonly StoredAuditLine[],
  expected: { number: number; previous: string; keys: readonly Readonly<Record<string, unknown>>[] },
): string | null {
  if (seal.seal !== expected.number) return `seal ${expected.number} is missing`
  if (seal.previous !== expected.previous) return 'it does not follow the seal before it'
  if (!sealFits(sealText(seal), seal, expected.keys)) return 'its signature is not by a key of this node'
  if (lines.length !== seal.entries) return `it covers ${seal.entries} entries, but ${lines.length} are there`
  return rootOfLines(lines) === seal.root ? null : 'an entry was changed'
}
