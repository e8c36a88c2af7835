import type { RawRecord } from '../exchange/parcel.ts'

/** Takes a document's text piece by piece; records found so far stand in `ready`. Both calls may throw. */
export interface RecordSink<T = RawRecord> {
  readonly ready: T[]
  push(text: string): void
  end(): void
}

/**
 * Runs text through a sink and hands on its records in batches. When text or sink fail, the records found
 * before the place of failure are handed on first, so that how a document was cut never decides its fate.
 * @param charsMax text of the records in a batch; only a record that alone has more goes beyond it
 */
export async function* recordBatches<T extends object = RawRecord>(
  texts: AsyncIterable<string>,
  sink: RecordSink<T>,
  size: number,
  charsMax = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly T[]> {
  let failure: unknown = null
  const attempt = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      failure = error
    }
  }
  try {
    for await (const text of texts) {
      attempt(() => sink.push(text))
      if (failure !== null) break
      while (sink.ready.length >= size || charsOf(sink.ready) > charsMax)
        yield sink.ready.splice(0, fitting(sink.ready, size, charsMax))
    }
  } catch (error) {
    failure = error
  }
  if (failure === null) attempt(() => sink.end())
  while (sink.ready.length > 0) yield sink.ready.splice(0, fitting(sink.ready, size, charsMax))
  if (failure !== null) throw failure
}

function charsOf(items: readonly object[]): number {
  let chars = 0
  for (const item of items) chars += textLength(item)
  return chars
}

/** Characters of a record's own text; rows of a sheet have none yet. */
function textLength(item: object | undefined): number {
  return item !== undefined && 'text' in item && typeof item.text === 'string' ? item.text.length : 0
}

/** How many of the items fit into one batch; at least one. */
function fitting(items: readonly object[], size: number, charsMax: number): number {
  let chars = 0
  let count = 0
  for (; count < Math.min(size, items.length); count += 1) {
    chars += textLength(items[count])
    if (chars > charsMax && count > 0) break
  }
  return count
}
