import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Temporary files encrypted at rest: a head (magic and salt), then frames of a fixed size, each AES-256-GCM under
 * the file's own key. A frame's nonce is its number and whether it is the last, so none can be moved, repeated or
 * cut off; any frame can be read without those before it, which is what resuming an upload needs.
 */

const MAGIC = Buffer.from('TRIBUTARY-EXTRACT-1\n')
const saltBytes = 32
const tagBytes = 16
export const FRAME_BYTES = 64 * 1024
export const HEAD_BYTES = MAGIC.length + saltBytes

export interface Sealer {
  readonly head: Uint8Array
  /** The next frame; all but the last are of FRAME_BYTES. */
  seal(plain: Uint8Array, last: boolean): Uint8Array
}

/** @param key 32 bytes */
export function createSealer(key: Uint8Array, salt: Uint8Array = randomBytes(saltBytes)): Sealer {
  const fileKey = keyOf(key, salt)
  let frame = 0
  return {
    head: Buffer.concat([MAGIC, salt]),
    seal(plain, last) {
      const cipher = createCipheriv('aes-256-gcm', fileKey, nonceOf(frame, last))
      frame += 1
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
  }
}

/** Opens frames by number. Throws where the key is another, or the frame was changed. */
export type OpenFrame = (sealed: Uint8Array, frame: number, last: boolean) => Uint8Array

/** @param head the first HEAD_BYTES of the file */
export function createOpener(key: Uint8Array, head: Uint8Array): OpenFrame {
  if (!MAGIC.equals(head.subarray(0, MAGIC.length)))
    throw new Error('the temporary file is not an encrypted extract')
  const fileKey = keyOf(key, head.subarray(MAGIC.length, HEAD_BYTES))
  return (sealed, frame, last) => {
    const decipher = createDecipheriv('aes-256-gcm', fileKey, nonceOf(frame, last))
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()])
  }
}

export const SEALED_FRAME_BYTES = FRAME_BYTES + tagBytes

function keyOf(key: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, 'tributary extract at rest', 32))
}

function nonceOf(frame: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt8(last ? 1 : 0, 0)
  nonce.writeBigUInt64BE(BigInt(frame), 4)
  return nonce
}
