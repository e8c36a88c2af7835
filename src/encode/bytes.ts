const encoder = new TextEncoder()
/** Small pieces of text are sent on together. */
const chunkChars = 32 * 1024

/** Text as UTF-8 bytes. */
export async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let held = ''
  for await (const text of texts) {
    held += text
    if (held.length < chunkChars) continue
    yield encoder.encode(held)
    held = ''
  }
  if (held !== '') yield encoder.encode(held)
}
