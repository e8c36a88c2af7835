import type { ByteSource } from './byte-source.ts'
import { type Opened, openMessage } from './pgp-message.ts'
import { type SealCode, type SealKeys, type SealLimits, SealRefused } from './seal-refusal.ts'

/**
 * The process that opens files under OpenPGP: hostile bytes, and a library that unpacks them. It has an empty
 * environment and a heap limit; the other side watches it and kills it. Keys come to it as messages only.
 */
export interface ToPgpChild {
  readonly source: ByteSource
  readonly keys: SealKeys
  /** Path of the file to be made. */
  readonly target: string
  readonly limits: SealLimits
  readonly now: number
}

export type FromPgpChild =
  | { readonly kind: 'progress' }
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'refused'; readonly code: SealCode; readonly reason: string }
  /** The disk failed. */
  | { readonly kind: 'failed'; readonly code: string; readonly text: string }

/** A sign of life at most this often. */
const progressMs = 500

process.on('message', (message: ToPgpChild) => void work(message))
process.on('disconnect', () => process.exit())

async function work({ source, keys, target, limits, now }: ToPgpChild): Promise<void> {
  let toldAt = performance.now()
  const onProgress = () => {
    if (performance.now() - toldAt < progressMs) return
    toldAt = performance.now()
    send({ kind: 'progress' })
  }
  try {
    const opened = await openMessage(source, keys, target, limits, now, onProgress)
    send({ kind: 'opened', opened })
  } catch (error) {
    if (error instanceof SealRefused) send({ kind: 'refused', code: error.code, reason: error.reason })
    else send({ kind: 'failed', ...failureOf(error) })
  }
}

function failureOf(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: '', text: String(error) }
  return { code: 'code' in error ? String(error.code) : '', text: error.message }
}

function send(message: FromPgpChild): void {
  process.send?.(message)
}
