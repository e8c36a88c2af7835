/** Length in characters (code points), as people and JSON Schema count it. */
export function charCount(text: string): number {
  let count = text.length
  // Only texts beyond the basic plane hold pairs; most never leave this loop's first branch.
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdbff) continue
    const next = text.charCodeAt(at + 1)
    if (next >= 0xdc00 && next <= 0xdfff) {
      count -= 1
      at += 1
    }
  }
  return count
}
