import type { Definition } from '../exchange/definition.ts'
import {
  createJudgeCache,
  type DocumentContext,
  type DocumentSource,
  type JudgedBatch,
  judgeDocument,
} from './document.ts'

/**
 * The process that reads hostile bytes. It has no credentials, an empty environment and a heap limit; the
 * other side watches it and kills it (decision 0005).
 */
export type ToChild =
  | { readonly kind: 'definition'; readonly definition: Definition }
  | {
      readonly kind: 'start'
      readonly hash: string
      readonly source: DocumentSource
      readonly context: DocumentContext
    }
  | { readonly kind: 'more' }
  | { readonly kind: 'stop' }

export type FromChild =
  | { readonly kind: 'batch'; readonly batch: JudgedBatch }
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly code: string; readonly line: number; readonly reason: string }

const definitions = new Map<string, Definition>()
const judgeOf = createJudgeCache()
let credit = 0
let wake: () => void = () => {}
let stopped = false

process.on('message', (message: ToChild) => {
  if (message.kind === 'definition') definitions.set(message.definition.hash, message.definition)
  else if (message.kind === 'more') credit += 1
  else if (message.kind === 'stop') stopped = true
  else void work(message.hash, message.source, message.context)
  wake()
})
process.on('disconnect', () => process.exit())

async function work(hash: string, source: DocumentSource, context: DocumentContext): Promise<void> {
  credit = 0
  stopped = false
  const definition = definitions.get(hash)
  if (definition === undefined) throw new Error('the definition was not sent')
  try {
    for await (const batch of judgeDocument(definition, judgeOf(definition), source, context)) {
      while (credit === 0 && !stopped) await new Promise<void>((resolve) => (wake = resolve))
      if (stopped) break
      credit -= 1
      await send({ kind: 'batch', batch })
    }
    await send({ kind: 'end' })
  } catch (error) {
    const refusal = error as { name?: string; code?: string; line?: number; reason?: string }
    if (refusal.name !== 'DecodeError') throw error
    await send({
      kind: 'refused',
      code: refusal.code ?? 'FILE_MALFORMED',
      line: refusal.line ?? 0,
      reason: refusal.reason ?? '',
    })
  }
}

function send(message: FromChild): Promise<void> {
  return new Promise((resolve, reject) =>
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error))),
  )
}
