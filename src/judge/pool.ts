import { type ChildProcess, fork } from 'node:child_process'
import type { Definition } from '../exchange/definition.ts'
import { ownFile } from '../installed/own-file.ts'
import { residentMegabytes } from '../unpack/resident-memory.ts'
import type { FromChild, ToChild } from './child.ts'
import type { DocumentContext, JudgedBatch } from './document.ts'
import { unpackParcels } from './packed-parcels.ts'
import { unpackRepeats } from './packed-repeats.ts'
import type { DocumentSource } from './read-document.ts'

/** Limits of one judging process. */
export interface PoolLimits {
  readonly heapMegabytes: number
  readonly residentMegabytes: number
  /** Killed when nothing came out of it for this long while something was wanted. */
  readonly silentMs: number
  /** Replaced after this many documents, so that nothing grows for ever. */
  readonly documentsMax: number
  /** Idle processes kept warm. */
  readonly idleMax: number
}

export const POOL_LIMITS: PoolLimits = {
  heapMegabytes: 512,
  residentMegabytes: 1024,
  silentMs: 60_000,
  documentsMax: 200,
  idleMax: 2,
}

/** The document itself cannot be read on: the sender's trouble, told with place and reason. */
export class DocumentRefused extends Error {
  readonly code: string
  readonly line: number
  readonly reason: string
  constructor(code: string, line: number, reason: string) {
    super(reason)
    this.name = 'DocumentRefused'
    this.code = code
    this.line = line
    this.reason = reason
  }
}

/** The process died or was killed (out of memory, endless, crashed). */
export class JudgeDied extends Error {
  /** What the process wrote before it died; for the operator, not for the sender. */
  readonly detail: string
  constructor(reason: string, detail: string) {
    super(reason)
    this.name = 'JudgeDied'
    this.detail = detail
  }
}

export interface JudgePool {
  /**
   * Judges a document in a process of its own.
   * Throws DocumentRefused or JudgeDied; ending the iteration early frees the process.
   */
  judge(definition: Definition, source: DocumentSource, context: DocumentContext): AsyncGenerator<JudgedBatch>
  close(): Promise<void>
}

interface Member {
  readonly child: ChildProcess
  readonly definitions: Set<string>
  documents: number
  errors: string
}

export function createJudgePool(limits: PoolLimits = POOL_LIMITS): JudgePool {
  const idle: Member[] = []
  const busy = new Set<Member>()

  return {
    async *judge(definition, source, context) {
      const member = livingIdle() ?? hire(limits)
      busy.add(member)
      let sound = false
      try {
        yield* judgeWith(member, definition, source, context, limits)
        sound = true
      } catch (error) {
        sound = error instanceof DocumentRefused
        throw error
      } finally {
        busy.delete(member)
        member.documents += 1
        if (sound && member.documents < limits.documentsMax && idle.length < limits.idleMax) idle.push(member)
        else member.child.kill('SIGKILL')
      }
    },
    async close() {
      for (const member of [...idle.splice(0), ...busy]) member.child.kill('SIGKILL')
    },
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

function hire(limits: PoolLimits): Member {
  // Sources run under a loader that child processes do not have: it is always the built file.
  const child = fork(ownFile('dist/judge/child.js'), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const member: Member = { child, definitions: new Set(), documents: 0, errors: '' }
  // A process that cannot be started or told something dies; without a listener this would be our end too.
  child.on('error', () => child.kill('SIGKILL'))
  child.stderr?.on('data', (text: Buffer) => {
    member.errors = (member.errors + text.toString()).slice(-2000)
  })
  return member
}

async function* judgeWith(
  member: Member,
  definition: Definition,
  source: DocumentSource,
  context: DocumentContext,
  limits: PoolLimits,
): AsyncGenerator<JudgedBatch> {
  const { child } = member
  const received: FromChild[] = []
  let wake: () => void = () => {}
  let death: string | null = null
  const onMessage = (message: FromChild) => {
    received.push(message)
    wake()
  }
  const onExit = (code: number | null, signal: string | null) => {
    death ??= deathReason(code, signal, member.errors)
    wake()
  }
  child.on('message', onMessage)
  child.on('exit', onExit)
  const onError = (error: Error) => {
    death ??= `it could not be used: ${error.message}`
    wake()
  }
  child.on('error', onError)
  /** When we began to wait for it; null while it is we who are busy. */
  let waitingSince: number | null = null
  const watch = setInterval(() => {
    const resident = residentMegabytes(child.pid)
    if (resident > limits.residentMegabytes)
      death = `it needed more than ${limits.residentMegabytes} MB of memory`
    else if (waitingSince !== null && performance.now() - waitingSince > limits.silentMs)
      death = `it made no progress for ${limits.silentMs / 1000} seconds`
    if (death === null) return
    child.kill('SIGKILL')
    wake()
  }, 250)
  try {
    if (!member.definitions.has(definition.hash)) {
      tell(child, { kind: 'definition', definition })
      member.definitions.add(definition.hash)
    }
    tell(child, { kind: 'start', hash: definition.hash, source, context })
    for (;;) {
      const message = received.shift()
      if (message === undefined) {
        if (death !== null) throw new JudgeDied(death, member.errors)
        waitingSince = performance.now()
        await new Promise<void>((resolve) => (wake = resolve))
        waitingSince = null
        continue
      }
      if (message.kind === 'end') return
      if (message.kind === 'refused') throw new DocumentRefused(message.code, message.line, message.reason)
      const { bytes, share, format } = message
      tell(child, { kind: 'taken', bytes })
      const { parcels, repeats } = message
      yield { parcels: unpackParcels(parcels), repeats: unpackRepeats(repeats), share, format }
    }
  } finally {
    clearInterval(watch)
    child.off('message', onMessage)
    child.off('exit', onExit)
    child.off('error', onError)
  }
}

function tell(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => {})
}

function deathReason(code: number | null, signal: string | null, errors: string): string {
  if (/heap out of memory|allocation failed/i.test(errors)) return 'it ran out of memory'
  return signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`
}
