import { type ChildProcess, fork } from 'node:child_process'
import { rename, rm, stat } from 'node:fs/promises'
import { Fault } from '../fault/fault.ts'
import { ownFile } from '../installed/own-file.ts'
import { type ByteSource, headOf } from './byte-source.ts'
import type { FromPgpChild, ToPgpChild } from './pgp-child.ts'
import type { Opened } from './pgp-message.ts'
import { residentMegabytes } from './resident-memory.ts'
import {
  checkSeal,
  isArmored,
  isClearSigned,
  SEAL_LIMITS,
  type SealKeys,
  type SealLimits,
  SealRefused,
} from './seal-refusal.ts'

/** Limits of one opening process. */
export interface OpenerLimits {
  readonly seal: SealLimits
  readonly heapMegabytes: number
  readonly residentMegabytes: number
  /** Killed when it gave no sign of life for this long. */
  readonly silentMs: number
  /** Replaced after this many files. */
  readonly filesMax: number
  /** Processes at a time; more files wait for their turn. */
  readonly processesMax: number
  /** Idle processes kept warm. */
  readonly idleMax: number
}

export const OPENER_LIMITS: OpenerLimits = {
  seal: SEAL_LIMITS,
  heapMegabytes: 256,
  residentMegabytes: 768,
  silentMs: 60_000,
  filesMax: 500,
  processesMax: 2,
  idleMax: 2,
}

export interface SealOpener {
  /**
   * Opens a file under OpenPGP in a process of its own and writes its content to `target`, a file that must not
   * exist yet (mode 0600). A target that is there is whole and was checked, also after a crash: until signature and
   * protection against change are verified, the content lies in `<target>.unverified`.
   * @param now milliseconds since 1970; keys must be in force then.
   * Throws SealRefused for what the sender must put right, fault DISK_FULL, or an error of the disk.
   */
  open(source: ByteSource, keys: SealKeys, target: string, now?: number): Promise<Opened>
  close(): Promise<void>
}

interface Member {
  readonly child: ChildProcess
  files: number
  errors: string
}

/** The process ended without an answer, for reasons of its own. */
class OpenerDied extends Error {}

/** Keeps processes warm between files, as starting one takes longer than opening a small file. */
export function createSealOpener(limits: OpenerLimits = OPENER_LIMITS): SealOpener {
  const idle: Member[] = []
  const busy = new Set<Member>()
  const waiting: (() => void)[] = []
  let opening = 0

  return {
    async open(source, keys, target, now = Date.now()) {
      if (isClearSigned(await headOf(source, 256)))
        throw new SealRefused('FILE_PGP_BROKEN', 'it is a clear-signed text; sign with --sign instead.')
      if (await isThere(target)) throw new Error(`EEXIST: ${target} is there already`)
      const unverified = `${target}.unverified`
      const task: ToPgpChild = { source, keys, target: unverified, limits: limits.seal, now }
      await turn()
      try {
        // One that was ended from outside says nothing about the file: it is opened once more.
        const opened = await attempt(task).catch((error: unknown) => {
          if (error instanceof OpenerDied) return attempt(task, true)
          throw error
        })
        checkSeal(opened, keys)
        await rename(unverified, target)
        return opened
      } catch (error) {
        await rm(unverified, { force: true })
        throw error
      } finally {
        endTurn()
      }
    },
    async close() {
      for (const member of [...idle.splice(0), ...busy]) member.child.kill('SIGKILL')
    },
  }

  async function turn(): Promise<void> {
    if (opening < limits.processesMax) opening += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function endTurn(): void {
    const next = waiting.shift()
    if (next === undefined) opening -= 1
    else next()
  }

  async function attempt(task: ToPgpChild, last = false): Promise<Opened> {
    const member = livingIdle() ?? hire(limits)
    busy.add(member)
    let sound = false
    try {
      // What an earlier process left when it was killed.
      await rm(task.target, { force: true })
      const answer = await ask(member, task, limits)
      // After damaged bytes the library may hold on to what it did not finish.
      sound = answer.kind === 'opened' || (answer.kind === 'refused' && answer.code === 'FILE_PGP_KEY_WRONG')
      return openedOf(answer)
    } catch (error) {
      if (last && error instanceof OpenerDied) throw new SealRefused('FILE_PGP_BROKEN', error.message)
      throw error
    } finally {
      busy.delete(member)
      member.files += 1
      if (sound && member.files < limits.filesMax && idle.length < limits.idleMax) idle.push(member)
      else await ended(member)
    }
  }

  /** A warm process; one that died while nobody looked is passed over. */
  function livingIdle(): Member | undefined {
    let member = idle.pop()
    while (member !== undefined && !member.child.connected) {
      member.child.kill('SIGKILL')
      member = idle.pop()
    }
    return member
  }
}

/** Opens one file with a process for it alone; see `SealOpener.open`. */
export async function openSealed(
  source: ByteSource,
  keys: SealKeys,
  target: string,
  now = Date.now(),
  limits = OPENER_LIMITS,
): Promise<Opened> {
  const opener = createSealOpener({ ...limits, idleMax: 0 })
  try {
    return await opener.open(source, keys, target, now)
  } finally {
    await opener.close()
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

function openedOf(answer: FromPgpChild): Opened {
  if (answer.kind === 'opened') return answer.opened
  if (answer.kind === 'refused') throw new SealRefused(answer.code, answer.reason)
  if (answer.kind === 'failed' && (answer.code === 'ENOSPC' || answer.code === 'EDQUOT'))
    throw new Fault('DISK_FULL', {})
  throw new Error(answer.kind === 'failed' ? answer.text : 'the opening process gave no answer')
}

function hire(limits: OpenerLimits): Member {
  const child = fork(ownFile('dist/unpack/pgp-child.js'), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const member: Member = { child, files: 0, errors: '' }
  // A process that cannot be started or told something dies; without a listener this would be our end too.
  child.on('error', () => child.kill('SIGKILL'))
  child.stderr?.on('data', (text: Buffer) => {
    member.errors = (member.errors + text.toString()).slice(-2000)
  })
  return member
}

/** Ends it and waits until it is gone, so that it cannot write on after its file was removed. */
function ended({ child }: Member): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Gives the task to the process and waits for its answer, watching it. */
function ask(member: Member, task: ToPgpChild, limits: OpenerLimits): Promise<FromPgpChild> {
  const { child } = member
  return new Promise((resolve, reject) => {
    let heardAt = performance.now()
    const watch = setInterval(() => {
      if (residentMegabytes(child.pid) > limits.residentMegabytes)
        settle(() => reject(stopped(`needed more than ${limits.residentMegabytes} MB of memory`)))
      else if (performance.now() - heardAt > limits.silentMs)
        settle(() => reject(stopped(`made no progress for ${limits.silentMs / 1000} seconds`)))
    }, 250)
    const settle = (end: () => void) => {
      clearInterval(watch)
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
      end()
    }
    const onMessage = (message: FromPgpChild) => {
      heardAt = performance.now()
      if (message.kind !== 'progress') settle(() => resolve(message))
    }
    const onExit = () =>
      settle(() =>
        reject(
          /heap out of memory|allocation failed/i.test(member.errors)
            ? stopped('ran out of memory')
            : new OpenerDied('the process that opened it ended.'),
        ),
      )
    const onError = () =>
      settle(() => reject(new OpenerDied('the process that opened it could not be used.')))
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.on('error', onError)
    if (child.connected) child.send(task, () => {})
    else onError()
  })
}

function stopped(what: string): SealRefused {
  return new SealRefused('FILE_PGP_BROKEN', `the process that opened it ${what}.`)
}

/**
 * Does a file that begins like this hold an OpenPGP message (RFC 9580, 4.2 and 5)? Told by the first packet's
 * tag and the first bytes in it, so that texts and other binary formats are not taken for one.
 * @param head the first bytes, 64 or more unless the file is shorter.
 */
export function isSealed(head: Uint8Array): boolean {
  if (isArmored(head)) return true
  const [first = 0] = head
  if ((first & 0x80) === 0) return false
  const body = bodyStart(head)
  return body !== null && beginsPacket(body.tag, head.subarray(body.at))
}

/** Tag of the first packet, and where its body begins. */
function bodyStart(head: Uint8Array): { tag: number; at: number } | null {
  const [first = 0, second = 0] = head
  // Old format: two bits tell how many bytes of length follow, the last of them none.
  if ((first & 0x40) === 0) return { tag: (first >> 2) & 15, at: 1 + ([1, 2, 4, 0][first & 3] ?? 0) }
  if (second < 192 || second >= 224)
    return second === 255 ? { tag: first & 63, at: 6 } : { tag: first & 63, at: 2 }
  return { tag: first & 63, at: 3 }
}

const publicKeyAlgorithms = new Set([1, 2, 16, 18, 25, 26])
const dataFormats = new Set([...'btul1m'].map((letter) => letter.charCodeAt(0)))

function beginsPacket(tag: number, body: Uint8Array): boolean {
  const [first = 0, second = 0] = body
  switch (tag) {
    case 1: // Session key for a public key.
      return (first === 3 && publicKeyAlgorithms.has(body[9] ?? 0)) || first === 6
    case 2: // Signature of a binary or a text document.
      return (first === 3 && second === 5) || ((first === 4 || first === 6) && second <= 1)
    case 3: // Session key for a password.
      return first >= 4 && first <= 6 && second > 0 && second < 32
    case 4: // What a signature at the end will be.
      return (first === 3 || first === 6) && second <= 1
    case 8: // Compressed data.
      return first <= 3 && body.length > 1
    case 11: // The content itself.
      return dataFormats.has(first)
    default:
      return false
  }
}
