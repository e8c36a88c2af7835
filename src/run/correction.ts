import { readCorrects } from '../exchange/error-names.ts'
import type { Correction } from '../store/corrections.ts'
import type { ChunkItem } from './chunk.ts'

/** Which submissions the records of a chunk say they correct, each with how many of them. */
export function correctionsIn(items: readonly ChunkItem[]): readonly Correction[] {
  const found = new Map<string, Correction>()
  for (const { parcel, tracking } of items) {
    const corrects = parcel.corrects === null ? null : readCorrects(parcel.corrects)
    if (corrects === null) continue
    const link = `${tracking}:${corrects.tracking}`
    const records = (found.get(link)?.records ?? 0) + 1
    found.set(link, { tracking, corrects: corrects.tracking, records })
  }
  return [...found.values()]
}
