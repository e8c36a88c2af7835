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
 */
export async function* recordBatches<T = RawRecord>(
  texts: AsyncIterable<string>,
  sink: RecordSink<T>,
  size: number,
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
      while (sink.ready.length >= size) yield sink.ready.splice(0, size)
    }
  } catch (error) {
    failure = error
  }
  if (failure === null) attempt(() => sink.end())
  while (sink.ready.length > 0) yield sink.ready.splice(0, size)
  if (failure !== null) throw failure
}
