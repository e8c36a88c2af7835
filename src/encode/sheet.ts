import { writeXlsxStream } from 'hucre/xlsx'

/**
 * Rows as an XLSX workbook of one sheet, in constant memory. Every cell is text, so that leading zeros stay
 * and nothing is computed. Rows beyond what a sheet holds go to further sheets under the same header.
 */
export async function* writeSheet(
  name: string,
  header: readonly string[],
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  const columns = header.map((title) => ({ header: title, numFmt: '@' }))
  yield* readChunks(writeXlsxStream(cellRows(rows), { name, columns, freezePane: { rows: 1 } }))
}

async function* cellRows(rows: AsyncIterable<readonly string[]>): AsyncGenerator<(string | null)[]> {
  for await (const row of rows) yield row.map((cell) => (cell === '' ? null : cell))
}

async function* readChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
