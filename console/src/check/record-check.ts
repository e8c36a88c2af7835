import type { Definition } from '../../../src/exchange/definition.ts'
import type { Finding } from '../api/client.ts'
import type { Tree } from '../forms/tree.ts'

/** What the page tells the worker that checks records: first what to hold them against, then one after another. */
export type RecordCheckRequest =
  | {
      readonly kind: 'begin'
      readonly definition: Definition
      readonly type: string
      /** Whose crosswalks and rules apply. */
      readonly partner: string
      readonly operation: 'create' | 'replace'
      /** The stored record that is changed: its documents may be quoted. */
      readonly stored: Tree | null
    }
  | { readonly kind: 'judge'; readonly number: number; readonly tree: Tree }

/** What the validator says of a record as it stands. */
export interface Judged {
  readonly number: number
  readonly tree: Tree
  /** The version of the exchange that the record falls under. */
  readonly version: string
  /** The day at which codes are looked at, ISO; '' while it is unknown. */
  readonly effective: string
  readonly findings: readonly Finding[]
  /** Paths of fields that do not apply. */
  readonly outside: readonly string[]
}

export interface RecordCheck {
  judge(tree: Tree): void
  stop(): void
}

/** Checks records beside the page; only the latest answer is told. */
export function startRecordCheck(
  begin: Omit<Extract<RecordCheckRequest, { kind: 'begin' }>, 'kind'>,
  told: (judged: Judged) => void,
): RecordCheck {
  const worker = new Worker(new URL('./record.worker.ts', import.meta.url), { type: 'module' })
  const post = (request: RecordCheckRequest) => worker.postMessage(request)
  let latest = 0
  worker.onmessage = ({ data }: MessageEvent<Judged>) => {
    if (data.number === latest) told(data)
  }
  post({ kind: 'begin', ...begin })
  return {
    judge(tree) {
      latest += 1
      post({ kind: 'judge', number: latest, tree })
    },
    stop: () => worker.terminate(),
  }
}
