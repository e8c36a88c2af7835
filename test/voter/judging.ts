import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Definition } from '../../src/exchange/definition.ts'
import type { Parcel } from '../../src/exchange/parcel.ts'
import { judgeDocument } from '../../src/judge/document.ts'
import { createJudge } from '../../src/judge/judge.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'

/** The batch types and the elections that some of them refer to. */
export const EXCHANGES = [
  'activity',
  'election',
  'participat',
  'pollplace',
  'precinct',
  'provision',
  'voter',
  'voterimage',
] as const

export type ExchangeName = (typeof EXCHANGES)[number]

export function folderOf(exchange: ExchangeName): string {
  return fileURLToPath(new URL(`../../exchanges/${exchange}`, import.meta.url))
}

export function load(exchange: ExchangeName): Promise<Definition> {
  return loadExchange(folderOf(exchange))
}

/** Names of the cases of an exchange. */
export async function casesOf(exchange: ExchangeName): Promise<string[]> {
  return (await readdir(`${folderOf(exchange)}/cases`)).sort()
}

/** Judges a document as it stands, without looking at what is stored. */
export async function judge(
  definition: Definition,
  content: Uint8Array,
  fileName: string,
  today: string,
): Promise<Parcel[]> {
  const parcels: Parcel[] = []
  const context = { partner: 'alder', today, fileName, fromPosition: 0, limits: documentLimits }
  const source = { kind: 'bytes', bytes: content } as const
  for await (const batch of judgeDocument(definition, createJudge(definition), source, context))
    parcels.push(...batch.parcels)
  return parcels
}
