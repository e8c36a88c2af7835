/** Why the node did not do what was asked. */
export class NodeError extends Error {
  /** Its word for it (`JOB_LOST`), or ours: `NODE_AWAY`, `NODE_DENIED`, `NODE_ANSWER`. */
  readonly code: string
  /** 0 where there was no answer. */
  readonly status: number
  /** Seconds after which the node wants to be asked again; null where it does not say. */
  readonly retryAfter: number | null
  constructor(
    code: string,
    status: number,
    message: string,
    retryAfter: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause })
    this.name = 'NodeError'
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
  }
}

export function isNodeError(error: unknown, code?: string): error is NodeError {
  return error instanceof NodeError && (code === undefined || error.code === code)
}

/** The attempt is no longer ours: a newer one has begun, or it was cancelled, or the node knows nothing of it. */
export function isLost(error: unknown): boolean {
  return isNodeError(error, 'JOB_LOST') || isNodeError(error, 'NOT_FOUND')
}

/**
 * Is it worth asking again? What the node refuses for good it would refuse again. But a wrong secret, a missing
 * grant, or something on the way that answers in the node's place (`HTTP_…`) may be put right without us.
 */
export function isPassing(error: unknown): boolean {
  if (!isNodeError(error)) return false
  const { status, code } = error
  return status < 400 || PASSING.has(status) || status >= 500 || code.startsWith('HTTP_')
}

const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 429])
