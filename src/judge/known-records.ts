import { type FileHandle, open } from 'node:fs/promises'

/** A record that is stored just as it was sent: found by the hash of what was sent, and not judged again. */
export interface Repeat {
  readonly position: number
  readonly line: number
  readonly member: string
  readonly rawHash: string
  /** Centre-assigned id of the record that is probably the one; whoever stores makes sure. */
  readonly recordId: string
}

/** Live records of a book, by the hash of what they were sent as. */
export interface KnownRecords {
  /** Id of the record that this was probably sent as before, or null. */
  find(rawHash: string): string | null
}

/** An entry of the file: the first bytes of the hash, then the id. */
const hashBytes = 8
const entryBytes = hashBytes + 16

/** One entry of a file of known records. */
export function knownEntry({ recordId, rawHash }: Pick<Repeat, 'recordId' | 'rawHash'>): Uint8Array {
  return Buffer.from(rawHash.slice(0, 2 * hashBytes) + recordId.replaceAll('-', ''), 'hex')
}

/** Reads a file of entries; it takes about 35 bytes of memory for each. */
export async function readKnown(path: string): Promise<KnownRecords> {
  const file = await open(path, 'r')
  try {
    return knownRecords(await entriesOf(file))
  } finally {
    await file.close()
  }
}

async function entriesOf(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat()
  const entries = Buffer.allocUnsafe(size - (size % entryBytes))
  for (let at = 0; at < entries.length; ) {
    const { bytesRead } = await file.read(entries, at, entries.length - at, at)
    if (bytesRead === 0) throw new Error(`the list of known records ends at ${at} of ${size} bytes`)
    at += bytesRead
  }
  return entries
}

function knownRecords(entries: Buffer): KnownRecords {
  const count = entries.length / entryBytes
  // Open addressing over a table at most half full; 0 is free, else the number of an entry.
  const bits = Math.max(4, Math.ceil(Math.log2(2 * count + 1)))
  const slots = new Uint32Array(2 ** bits)
  const mask = slots.length - 1
  for (let number = 1; number <= count; number += 1) {
    let slot = entries.readUInt32BE((number - 1) * entryBytes) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = number
  }
  return {
    find(rawHash) {
      const high = Number.parseInt(rawHash.slice(0, 8), 16)
      const low = Number.parseInt(rawHash.slice(8, 16), 16)
      for (let slot = high & mask; ; slot = (slot + 1) & mask) {
        const number = slots[slot] as number
        if (number === 0) return null
        const at = (number - 1) * entryBytes
        if (entries.readUInt32BE(at) === high && entries.readUInt32BE(at + 4) === low)
          return entries.toString('hex', at + hashBytes, at + entryBytes)
      }
    },
  }
}
