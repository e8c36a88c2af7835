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
    const sign = await keys.sealer()
    return db.transact(async (tx) => {
      const last = await lockSeals(tx)
      const lines = await unsealedLines(tx, sealLinesMax)
      if (lines.length === 0) return false
      const before = last === 0 ? null : await findSeal(tx, last)
      const unsigned = {
        seal: last + 1,
        at: new Date(now()).toISOString(),
        ...contents(lines),
        previous: before === null ? '' : hashOfSeal(before),
      }
      const signature = sign(sealText(unsigned))
      await putSeal(
        tx,
        { ...unsigned, ...signature },
        lines.map((line) => line.entry),
      )
      return lines.length === sealLinesMax
    })
  }
}

/** What a seal states about the lines it covers. */
function contents(lines: readonly StoredAuditLine[]): Pick<Seal, 'entries' | 'numbers' | 'leaves' | 'root'> {
  const leaves = lines.map((line) => leafHash(lineText(line)))
  return {
    entries: lines.length,
    numbers: asRanges(lines.map((line) => line.entry)),
    leaves: Buffer.concat(leaves).toString('base64'),
    root: rootOf(appendLeaves([], leaves)),
  }
}

/** A line as it is sealed: its values in a fixed order. */
function lineText(line: StoredAuditLine): string {
  const { entry, at, account, partner, action, target, status, request, address } = line
  return JSON.stringify([entry, at, account, partner, action, target, status, request, address])
}

function sealText(seal: Omit<Seal, 'kid' | 'signature'>): string {
  const { seal: number, at, entries, numbers, root, previous } = seal
  return JSON.stringify([number, at, entries, numbers, root, previous])
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
  const { unsealed, orphaned, sealed } = await db.transact((tx) => looseLines(tx))
  const verdict = await verifyParts(sealedParts(db), keys, knownHead)
  const short = verdict.seals < sealed
  if (!verdict.ok || (orphaned === null && !short)) return { ...verdict, unsealed }
  const reason = orphaned === null ? 'the log is cut short of the seals made' : 'its seal was removed'
  return { ...verdict, unsealed, ok: false, bad: { seal: verdict.seals + 1, entry: orphaned, reason } }
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
    const wrong = wrongWith(seal, lines, { number: seals + 1, previous: head, keys })
    if (wrong !== null) {
      const bad = { seal: seal.seal, ...wrong }
      return { ok: false, seals, entries, unsealed: 0, head, bad }
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

interface Wrong {
  readonly entry: number | null
  readonly reason: string
}

function wrongWith(
  seal: Seal,
  lines: readonly StoredAuditLine[],
  expected: { number: number; previous: string; keys: readonly Readonly<Record<string, unknown>>[] },
): Wrong | null {
  const whole = (reason: string): Wrong => ({ entry: null, reason })
  if (seal.seal !== expected.number) return whole(`seal ${expected.number} is missing`)
  if (seal.previous !== expected.previous) return whole('it does not follow the seal before it')
  if (!sealFits(sealText(seal), seal, expected.keys))
    return whole('its signature is not by a key of this node')
  const numbers = fromRanges(seal.numbers)
  const leaves = asLeaves(seal.leaves)
  if (numbers === null || numbers.length !== seal.entries || leaves.length !== seal.entries)
    return whole('it does not say which entries it covers')
  if (rootOf(appendLeaves([], leaves)) !== seal.root) return whole('the hashes of its entries were changed')
  return wrongLine(lines, numbers, leaves)
}

/** The first line that is not the one sealed in its place. */
function wrongLine(
  lines: readonly StoredAuditLine[],
  numbers: readonly number[],
  leaves: readonly Buffer[],
): Wrong | null {
  for (const [index, entry] of numbers.entries()) {
    const line = lines[index]
    if (line === undefined || line.entry > entry) return { entry, reason: 'the entry is missing' }
    if (line.entry < entry) return { entry: line.entry, reason: 'the entry was not there when it was sealed' }
    if (!leafHash(lineText(line)).equals(leaves[index] ?? Buffer.alloc(0)))
      return { entry, reason: 'the entry was changed' }
  }
  const more = lines[numbers.length]
  return more === undefined
    ? null
    : { entry: more.entry, reason: 'the entry was not there when it was sealed' }
}

/** Rising numbers as ranges: 3-17,19. */
function asRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

/** The numbers again; null when the text states none, or more than a seal covers. */
function fromRanges(text: string): readonly number[] | null {
  const numbers: number[] = []
  for (const range of String(text).split(',')) {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    if (!(to - from >= 0) || numbers.length + to - from >= sealLinesMax) return null
    for (let number = from; number <= to; number += 1) numbers.push(number)
  }
  return numbers
}

function asLeaves(text: string): readonly Buffer[] {
  const bytes = Buffer.from(String(text), 'base64')
  return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, at) =>
    bytes.subarray(at * 32, at * 32 + 32),
  )
}
