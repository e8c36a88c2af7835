import { AgentFailure } from './agent-failure.ts'
import { backoffMs, type Patience, patiently, rest } from './backoff.ts'
import { readExtract } from './extract-file.ts'
import { isLost, isNodeError, isPassing } from './node-error.ts'
import type { NodeCalls, Upload } from './protocol.ts'

export interface Uploading {
  readonly calls: Pick<NodeCalls, 'announce' | 'send' | 'complete'>
  readonly attempt: string
  readonly upload: Upload
  /** The temporary file, and its key. */
  readonly file: { readonly path: string; readonly key: Uint8Array | null }
  readonly patience: Patience
  /** Told how many bytes the node has. */
  readonly moved: (bytes: number) => void
}

/** Bytes of one call: a broken connection costs no more, and progress is seen as often. */
const pieceBytes = 4 * 2 ** 20
const triesMax = 3

/**
 * Brings the file to the node, however often the connection breaks, and returns only when the node has said that
 * ours may be deleted. Throws NodeError where the attempt is no longer ours (`isLost`) or the node refuses for
 * good, and AgentFailure where the file is damaged.
 */
export async function uploadExtract(uploading: Uploading): Promise<{ readonly tracking: string }> {
  for (let tries = 1; ; tries += 1) {
    await sendAll(uploading)
    try {
      return await confirmed(uploading)
    } catch (error) {
      if (!isSendAgain(error) || tries === triesMax) throw error
    }
  }
}

/** Bytes were changed on the way, or some of them are no longer at the node. */
function isSendAgain(error: unknown): boolean {
  return isNodeError(error, 'UPLOAD_HASH_WRONG') || isNodeError(error, 'BAD_REQUEST')
}

async function confirmed({ calls, attempt, patience }: Uploading): Promise<{ readonly tracking: string }> {
  for (let asked = 0; ; asked += 1) {
    const { tracking, deletable } = await patiently(() => calls.complete(attempt), patience)
    if (deletable) return { tracking }
    await rest(backoffMs(asked, patience.maxSeconds, Math.random()), patience.signal)
  }
}

async function sendAll({ calls, attempt, upload, file, patience, moved }: Uploading): Promise<void> {
  const where = () => patiently(() => calls.announce(attempt, upload), patience)
  let offset = await where()
  for (let failures = 0; offset < upload.bytes; ) {
    moved(offset)
    const before = offset
    try {
      offset = await calls.send(attempt, offset, pieceOf(file, upload.bytes, offset), patience.signal)
    } catch (error) {
      patience.signal.throwIfAborted()
      throwFinal(error)
      patience.failed(error as Error)
      // Whatever arrived of the piece counts: the node says where to go on.
      offset = await where()
    }
    failures = offset > before ? 0 : failures + 1
    if (failures > 0) await rest(backoffMs(failures, patience.maxSeconds, Math.random()), patience.signal)
  }
  moved(upload.bytes)
}

/** Throws what another try cannot help. */
function throwFinal(error: unknown): void {
  if (error instanceof Error && error.cause instanceof AgentFailure) throw error.cause
  if (!isNodeError(error) || isLost(error)) throw error
  const offsetDiffers = error.status === 409
  if (!isPassing(error) && !offsetDiffers) throw error
}

async function* pieceOf(file: Uploading['file'], bytes: number, offset: number): AsyncGenerator<Uint8Array> {
  try {
    yield* readExtract(file.path, file.key, bytes, offset, pieceBytes)
  } catch (error) {
    throw new AgentFailure('TEMP_FILE', 'It is gone, damaged, or its key is another.', error)
  }
}
