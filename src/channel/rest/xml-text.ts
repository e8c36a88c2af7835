import type { RawTree, RawValue } from '../../exchange/parcel.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML 1.0 cannot hold at all, however written. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u

/** Text as it may stand in an XML element or attribute. */
export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\u{fffd}')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
}

/**
 * One element with this content: members become child elements, a list becomes its name repeated, an absent
 * value (null) an empty element. A name that XML does not allow becomes `<Member name="…">`.
 */
export function xmlElement(name: string, value: RawValue): string {
  if (Array.isArray(value)) return value.map((item: RawValue) => xmlElement(name, item)).join('')
  const [open, close] = NAME.test(name) ? [name, name] : [`Member name="${escapeXml(name)}"`, 'Member']
  const inner =
    value === null
      ? ''
      : typeof value === 'object'
        ? Object.entries(value as RawTree)
            .map(([member, item]) => xmlElement(member, item))
            .join('')
        : escapeXml(String(value))
  return `<${open}>${inner}</${close}>`
}

/** A whole document. */
export function xmlDocument(root: string, value: RawValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(root, value)}\n`
}
