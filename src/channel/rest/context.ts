import type { SignIn } from './access.ts'
import type { RestConfig } from './config.ts'
import type { RestIdentity } from './identity-port.ts'
import type { RestLog } from './log.ts'
import type { Ports } from './ports.ts'

/** What every group of routes is given. */
export interface RestContext {
  readonly ports: Ports
  readonly identity: RestIdentity
  readonly log: RestLog
  readonly config: RestConfig
  /** An `onRequest` hook for routes that need a caller. */
  readonly signIn: SignIn
  /** Aborts when the server closes, to end long answers. */
  readonly closing: AbortSignal
}
