const shownCharsMax = 200

/** NUL and halves of surrogate pairs: no database text and no JSON of others can hold them. */
const unstorable = /[\0\p{Surrogate}]/gu

/** A value as a finding shows it: text as sent, anything structured as JSON, cut to 200 characters. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return storableText(text.length > shownCharsMax ? text.slice(0, shownCharsMax) : text)
}

/** The text with U+FFFD for what cannot be stored. */
export function storableText(text: string): string {
  return text.replace(unstorable, '\ufffd')
}
