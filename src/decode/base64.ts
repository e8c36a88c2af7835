const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const padding = 61

/** Value of each character; 64 for white space, 255 for what base64 does not have. */
const VALUES = new Uint8Array(128).fill(255)
for (let value = 0; value < 64; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value
for (const space of ' \t\r\n') VALUES[space.charCodeAt(0)] = 64

/**
 * The bytes of base64 text (RFC 4648 §4, line breaks between are passed over). `malformed` for any other
 * character, a wrong length or padding, or bits that belong to no byte; `large` where it holds more than
 * `bytesMax` bytes, found before they are made.
 */
export function decodeBase64(text: string, bytesMax: number): Uint8Array | 'malformed' | 'large' {
  let digits = 0
  let end = text.length
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === padding) end = at
    else if (code > 127 || VALUES[code] === 255) return 'malformed'
    else if (VALUES[code] !== 64) digits += 1
  }
  const pads = text.slice(end).replace(/[ \t\r\n]/g, '')
  if (!/^={0,2}$/.test(pads) || digits % 4 === 1 || (digits + pads.length) % 4 !== 0) return 'malformed'
  const size = Math.floor((digits * 3) / 4)
  if (size > bytesMax) return 'large'
  const bytes = new Uint8Array(size)
  let filled = 0
  let held = 0
  let bits = 0
  for (let at = 0; at < end; at += 1) {
    const value = VALUES[text.charCodeAt(at)] as number
    if (value === 64) continue
    held = (held << 6) | value
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[filled] = held >> bits
    filled += 1
    held &= (1 << bits) - 1
  }
  return held === 0 ? bytes : 'malformed'
}
