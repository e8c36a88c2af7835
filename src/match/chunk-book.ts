import type { Book, Live } from './decide.ts'

/** The part of a book that one chunk names, kept current while the chunk is decided record by record. */
export function createChunkBook(stored: readonly { readonly type: string; readonly live: Live }[]): Book {
  const keys = new Map<string, Live>()
  const duplicates = new Map<string, Live[]>()
  /** Keys that live records had before, each with the present one. */
  const former = new Map<string, string>()
  for (const { type, live } of stored) put(type, live)
  return {
    byKey: (type, key) => keys.get(at(type, key)),
    find,
    rename,
    byDuplicateKey: (type, duplicateKey) => duplicates.get(at(type, duplicateKey))?.[0],
    put,
    remove,
  }

  function find(type: string, key: string): Live | undefined {
    const live = keys.get(at(type, key))
    if (live !== undefined || former.size === 0) return live
    const now = former.get(at(type, key))
    return now === undefined ? undefined : keys.get(at(type, now))
  }

  function rename(type: string, from: string, to: string): void {
    for (const [place, now] of former)
      if (now === from && place.startsWith(`${type}\u001e`)) former.set(place, to)
    former.set(at(type, from), to)
    former.delete(at(type, to))
  }

  function put(type: string, live: Live): void {
    keys.set(at(type, live.key), live)
    if (live.duplicateKey === null) return
    const place = at(type, live.duplicateKey)
    const holders = duplicates.get(place)
    if (holders === undefined) duplicates.set(place, [live])
    else if (!holders.some((holder) => holder.recordId === live.recordId)) holders.push(live)
  }

  function remove(type: string, live: Live): void {
    keys.delete(at(type, live.key))
    if (live.duplicateKey === null) return
    const place = at(type, live.duplicateKey)
    const left = duplicates.get(place)?.filter((holder) => holder.recordId !== live.recordId) ?? []
    if (left.length === 0) duplicates.delete(place)
    else duplicates.set(place, left)
  }
}

function at(type: string, key: string): string {
  return `${type}\u001e${key}`
}
