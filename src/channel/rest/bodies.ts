import type { IncomingMessage } from 'node:http'
import { Fault } from '../../fault/fault.ts'
import { RequestError } from './problem.ts'

/** After an early answer a client may go on sending this long, so that it reads the answer; then we cut. */
const LINGER_MS = 3_000

/**
 * The bytes of a request as they come, never gathered. Ends with fault TOO_LARGE past the limit, with a
 * 408 when the client falls silent, and with BAD_REQUEST when the connection breaks before the body's end.
 * The connection itself stays open, so that the answer can be sent.
 */
export async function* bodyBytes(
  request: IncomingMessage,
  limits: { readonly bytesMax: number; readonly idleMs: number },
): AsyncGenerator<Uint8Array> {
  const tooLarge = () => new Fault('TOO_LARGE', { what: 'The document', limit: limits.bytesMax })
  if (Number(request.headers['content-length'] ?? 0) > limits.bytesMax) throw tooLarge()
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false })
  let taken = 0
  for (;;) {
    const { done, value } = await within(chunks.next(), limits.idleMs)
    if (done === true) break
    taken += value.length
    if (taken > limits.bytesMax) throw tooLarge()
    yield value
  }
  if (!request.complete) throw broken()
}

/** The next chunk, or the error for a client that stays silent. */
async function within<T>(next: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(slow(ms)), ms)
  })
  try {
    return await Promise.race([next.catch((cause) => Promise.reject(broken(cause))), silence])
  } finally {
    clearTimeout(timer)
  }
}

function broken(cause?: unknown): Fault {
  return new Fault('BAD_REQUEST', { reason: 'The connection ended before the body did.' }, cause)
}

/** The answer to a client that sends too slowly. */
export function slow(ms: number): RequestError {
  return new RequestError(408, 'REQUEST_TIMEOUT', `Nothing more of the body arrived for ${ms} ms.`)
}

/** Ends the reading of a small body that takes too long, as an error of the request. */
export function boundSmallBody(request: IncomingMessage, ms: number): void {
  if (request.complete) return
  const timer = setTimeout(() => request.emit('error', slow(ms)), ms)
  const clear = () => clearTimeout(timer)
  request.once('end', clear).once('close', clear).once('error', clear)
}

/** Called when a request is answered before its body has come: lets the client finish, but not for ever. */
export function letGo(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), LINGER_MS).unref()
  request.once('end', () => clearTimeout(timer))
}
