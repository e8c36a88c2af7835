import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../exchange/definition.ts'
import { readWritten, writeDurably } from './durable.ts'
import type { NodeCalls } from './protocol.ts'

/** Definitions as the node last gave them, kept on the disk: they are large and rarely change. */
export interface KeptDefinitions {
  /** @param hash the one that the job names; null: whatever is kept, or fetched */
  get(exchange: string, hash: string | null): Promise<Definition>
}

export async function openDefinitions(
  state: string,
  calls: Pick<NodeCalls, 'definition'>,
): Promise<KeptDefinitions> {
  const folder = join(state, 'definitions')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    async get(exchange, hash) {
      const path = join(folder, `${encodeURIComponent(exchange)}.json`)
      const kept = await readWritten<Definition>(path)
      if (kept !== null && hash !== null && kept.hash === hash) return kept
      const fresh = await calls.definition(exchange)
      if (kept?.hash !== fresh.hash) await writeDurably(path, fresh)
      return fresh
    },
  }
}
