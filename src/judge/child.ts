import type { Definition } from '../exchange/definition.ts'
import { createJudgeCache, type DocumentContext, judgeDocument } from './document.ts'
import { type PackedParcels, packedBytes, packParcels } from './packed-parcels.ts'
import { type PackedRepeats, packRepeats, repeatBytes } from './packed-repeats.ts'
import type { DocumentSource } from './read-document.ts'

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
  /** So many bytes of what was sent have been taken. */
  | { readonly kind: 'taken'; readonly bytes: number }

export type FromChild =
  | {
      readonly kind: 'batch'
      readonly parcels: PackedParcels
      readonly repeats: PackedRepeats
      readonly bytes: number
      readonly share: number | null
      readonly format: string
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly code: string; readonly line: number; readonly reason: string }

const definitions = new Map<string, Definition>()
const judgeOf = createJudgeCache()
/** What is judged ahead of its taking, so that judging and applying go on side by side: some thousand records. */
const aheadBytesMax = 8 * 2 ** 20
let ahead = 0
let wake: () => void = () => {}

process.on('message', (message: ToChild) => {
  if (message.kind === 'definition') definitions.set(message.definition.hash, message.definition)
  else if (message.kind === 'taken') ahead -= message.bytes
  else void work(message.hash, message.source, message.context)
  wake()
})
process.on('disconnect', () => process.exit())

async function work(hash: string, source: DocumentSource, context: DocumentContext): Promise<void> {
  ahead = 0
  const definition = definitions.get(hash)
  if (definition === undefined) throw new Error('the definition was not sent')
  try {
    for await (const batch of judgeDocument(definition, judgeOf(definition), source, context)) {
      const parcels = packParcels(batch.parcels)
      const repeats = packRepeats(batch.repeats)
      const bytes = packedBytes(parcels) + repeatBytes * batch.repeats.length
      while (ahead > aheadBytesMax) await new Promise<void>((resolve) => (wake = resolve))
      ahead += bytes
      await send({ kind: 'batch', parcels, repeats, bytes, share: batch.share, format: batch.format })
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
