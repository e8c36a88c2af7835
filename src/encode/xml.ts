import type { RawTree, RawValue } from '../exchange/parcel.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser makes LF of a CR, and a space of a line end or tab in an attribute, unless it is written so.
  '\r': '&#13;',
}
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = { ...ESCAPES, '\n': '&#10;', '\t': '&#9;' }

/** Characters that XML 1.0 cannot hold, however they are written. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u

/**
 * Text as it stands in an element. Control characters that XML refuses become U+FFFD: a reader sees that
 * something stood there, and the document stays readable.
 */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '\u{fffd}').replace(/[&<>"\r]/g, (character) => ESCAPES[character] as string)
}

function xmlAttribute(name: string, value: RawValue): string {
  const text = textOf(value)
    .replace(FORBIDDEN, '\u{fffd}')
    .replace(/[&<>"\r\n\t]/g, (character) => ATTRIBUTE_ESCAPES[character] as string)
  return ` ${name}="${text}"`
}

/**
 * One element in the shape that the XML decoder reads: members are child elements, `@name` an attribute,
 * `#text` the text beside them, a list its element repeated, null and '' an empty element. A name that XML
 * does not allow becomes `<Member name="…">`.
 */
export function xmlElement(name: string, value: RawValue): string {
  if (Array.isArray(value)) return value.map((item: RawValue) => xmlElement(name, item)).join('')
  const legal = NAME.test(name)
  const tag = legal ? name : 'Member'
  let attributes = legal ? '' : xmlAttribute('name', name)
  let content = ''
  if (value !== null && typeof value === 'object') {
    for (const [member, item] of Object.entries(value as RawTree))
      if (member === '#text') content += xmlText(textOf(item))
      else if (member.startsWith('@') && NAME.test(member.slice(1)))
        attributes += xmlAttribute(member.slice(1), item)
      else content += xmlElement(member, item)
  } else content = xmlText(textOf(value))
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`
}

/** Start and end of a document around its records. */
export function xmlFrame(root: string, namespace: string | null): { start: string; end: string } {
  const declared = namespace === null ? '' : xmlAttribute('xmlns', namespace)
  return { start: `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${declared}>\n`, end: `</${root}>\n` }
}

function textOf(value: RawValue): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
