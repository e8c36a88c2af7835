import { randomFillSync } from 'node:crypto'

const bytes = new Uint8Array(16 * 256)
let used = bytes.length

/**
 * A new record id: UUID version 7 (RFC 9562 §5.7), so that ids made together lie together in the index.
 * @param now milliseconds since 1970
 */
export function newRecordId(now: number): string {
  if (used === bytes.length) {
    randomFillSync(bytes)
    used = 0
  }
  const id = bytes.subarray(used, used + 16)
  used += 16
  for (let index = 5, rest = now; index >= 0; index -= 1, rest = Math.floor(rest / 256))
    id[index] = rest % 256
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x70
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(id.buffer, id.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
