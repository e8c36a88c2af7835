import type { Ports } from '../channel/rest/ports.ts'
import { Fault } from '../fault/fault.ts'
import type { RunDeps } from '../run/deps.ts'
import { submitOne, validateOne } from '../run/one-record.ts'
import { ownerOf } from '../run/owner.ts'
import type { Realtime } from '../run/realtime.ts'
import { receive } from '../run/receive.ts'
import { cancel, release } from '../run/release.ts'
import type { Worker } from '../run/worker.ts'
import { bookOfTracking } from '../store/books.ts'
import { findSubmission } from '../store/submissions.ts'
import { viewOf } from './submission-ports.ts'

export interface SubmitPortDeps extends RunDeps {
  readonly realtime: Realtime
  readonly worker: Worker
  readonly documentBytesMax: number
}

/** What the REST channel may ask to be done. */
export function createSubmitPorts(deps: SubmitPortDeps): Ports['submit'] {
  return {
    async document(request) {
      const { who, exchange, partner } = request
      const owner = await ownerOf(deps, deps.definitions.get(exchange), partner)
      const { tracking } = await receive(
        deps,
        { ...request, owner, account: who.account, byCentre: who.centre },
        deps.documentBytesMax,
      )
      deps.worker.wake()
      return view(tracking)
    },
    one: (request) => submitOne(deps, request),
    validate: (request) => validateOne(deps, request),
    async release(_who, tracking) {
      await release(deps, tracking)
      deps.worker.wake()
      return view(tracking)
    },
    async cancel(_who, tracking, reason) {
      await cancel(deps, tracking, reason)
      return view(tracking)
    },
  }

  async function view(tracking: string) {
    const book = bookOfTracking(tracking) ?? -1
    const submission = await deps.db.transact((tx) => findSubmission(tx, book, tracking))
    if (submission === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
    return viewOf(deps, submission)
  }
}
