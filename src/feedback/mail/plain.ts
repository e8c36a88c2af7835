/** Whatever would start a line, hide text or turn its direction: C0, C1, line separators, bidirectional marks. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu

/**
 * A name or a sentence from outside as one line that shows what it is: what cannot be seen becomes `�`, and what is
 * too long ends in `…`.
 */
export function oneLine(text: string, charsMax: number): string {
  const clean = text.replaceAll(UNSEEN, '�').trim()
  const characters = [...clean.slice(0, charsMax * 2)]
  return characters.length > charsMax ? `${characters.slice(0, charsMax - 1).join('')}…` : clean
}
