import type { Finding } from '../api/client.ts'
import type { Place } from './place.ts'

/** What the page tells the worker that checks a file. */
export interface CheckRequest {
  readonly file: File
  /** Whose crosswalks and rules apply. */
  readonly partner: string
  /** The compiled definition as the node gives it. */
  readonly definition: { readonly [name: string]: unknown }
}

export interface CheckTally {
  records: number
  rejected: number
  withErrors: number
  /** All of them; only the first thousands are handed over one by one. */
  findings: number
  /** Of the file's bytes, 0 to 1. */
  share: number
}

export interface FoundHere extends Place {
  /** 1-based, in the order of the file. */
  readonly number: number
  readonly code: string
  readonly severity: Finding['severity']
  readonly field: string
  readonly message: string
  readonly value: string | null
  readonly key: string | null
  readonly position: number
}

export type CheckAnswer =
  | { readonly kind: 'progress'; readonly tally: CheckTally; readonly findings: readonly FoundHere[] }
  | { readonly kind: 'done'; readonly tally: CheckTally; readonly format: string }
  /** The document itself cannot be read on. */
  | { readonly kind: 'refused'; readonly code: string; readonly line: number; readonly message: string }
  | { readonly kind: 'unreadable'; readonly seems: string }
  /** Only the node can check this one: it is an archive, say. */
  | { readonly kind: 'later' }
  | { readonly kind: 'failed' }

/** Checks a file beside the page, which goes on working. The function returned stops it. */
export function startCheck(request: CheckRequest, told: (answer: CheckAnswer) => void): () => void {
  const worker = new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<CheckAnswer>) => {
    told(data)
    if (data.kind !== 'progress') worker.terminate()
  }
  worker.onerror = () => told({ kind: 'failed' })
  worker.postMessage(request)
  return () => worker.terminate()
}
