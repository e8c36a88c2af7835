/**
 * A fingerprint in the shape of a SHA-256. Here it only tells whether two records of one file are alike, so that it
 * need not withstand anybody; the browser's own SHA-256 cannot be had without waiting.
 */
export function digest(text: string): string {
  const words = [
    0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xd3a2646c, 0xfd7046c5, 0xb55a4f09,
  ]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    for (let word = 0; word < 8; word += 1) {
      const mixed = Math.imul((words[word] ?? 0) ^ (code + word), 0x01000193 + word * 2)
      words[word] = (mixed ^ (mixed >>> 15)) >>> 0
    }
  }
  return words.map((word) => word.toString(16).padStart(8, '0')).join('')
}
