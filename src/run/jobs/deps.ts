import type { PartialUploads } from '../../store/partial-uploads.ts'
import type { RunDeps } from '../deps.ts'
import type { Greetings } from './greetings.ts'
import type { Offers } from './offers.ts'

/** What looking after jobs needs; built once in `node/start.ts`. */
export interface JobDeps extends RunDeps {
  readonly offers: Offers
  readonly greetings: Greetings
  readonly uploads: PartialUploads
  /** An agent keeps an attempt for so long without a word. */
  readonly leaseMs: number
  readonly documentBytesMax: number
  /** Submissions were queued. */
  readonly queued: () => void
  /** Jobs or runs changed: look at them now rather than at the next turn. */
  readonly changed: () => void
}
