import { fileURLToPath } from 'node:url'
import type { Parcel } from '../../src/exchange/parcel.ts'
import { judgeDocument } from '../../src/judge/document.ts'
import { createJudge } from '../../src/judge/judge.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'

export const FOLDER = fileURLToPath(new URL('../../exchanges/ripa', import.meta.url))

/** The exchange as it stands in the repository, and a function that judges one document of it. */
export async function openRipa() {
  const definition = await loadExchange(FOLDER)
  const judge = createJudge(definition)
  return {
    definition,
    async judge(text: string, fileName: string, today: string): Promise<Parcel[]> {
      const parcels: Parcel[] = []
      const source = { kind: 'bytes', bytes: new TextEncoder().encode(text) } as const
      const context = { partner: 'alder-flat-pd', today, fileName, fromPosition: 0, limits: documentLimits }
      for await (const batch of judgeDocument(definition, judge, source, context))
        parcels.push(...batch.parcels)
      return parcels
    },
  }
}
