import { encodingOfHead } from './text.ts'

/** What a decoder exists for. */
export type DocumentFormat = 'json' | 'xml' | 'csv' | 'xlsx' | 'xls'

export interface Sniffed {
  readonly kind: DocumentFormat | 'zip' | 'gzip' | 'unknown' | 'empty'
  /** What an unknown file seems to be, to tell its sender ("a PDF document"); '' for what is known. */
  readonly seems: string
}

/** As many first bytes of a document as `sniff` makes use of. */
export const sniffBytes = 16 * 1024

/**
 * Tells from the first bytes of a document (`sniffBytes` of them, or all) what it is. The content decides; a
 * file's name never does. Text that is neither JSON nor XML is taken for CSV. A workbook is told from other
 * ZIP archives by the name of its first entry, so that 'zip' may still be one.
 */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0) return { kind: 'empty', seems: '' }
  for (const [bytes, kind, seems] of SIGNATURES)
    if (bytes.every((byte, index) => head[index] === byte))
      return kind === 'zip' && WORKBOOK_ENTRY.test(firstEntryName(head))
        ? { kind: 'xlsx', seems: '' }
        : { kind, seems }
  return sniffText(head)
}

const WORKBOOK_ENTRY = /^(?:\[Content_Types\]\.xml$|_rels\/|xl\/|docProps\/|customXml\/)/

const SIGNATURES: readonly (readonly [readonly number[], Sniffed['kind'], string])[] = [
  [[0x50, 0x4b, 3, 4], 'zip', ''],
  [[0x50, 0x4b, 5, 6], 'zip', ''],
  [[0x1f, 0x8b], 'gzip', ''],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'xls', ''],
  [[...'%PDF'].map(codeOf), 'unknown', 'a PDF document'],
  [[...'{\\rtf'].map(codeOf), 'unknown', 'an RTF document'],
  [[0x89, 0x50, 0x4e, 0x47], 'unknown', 'an image'],
  [[0xff, 0xd8, 0xff], 'unknown', 'an image'],
  [[...'GIF8'].map(codeOf), 'unknown', 'an image'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'unknown', 'a 7z archive'],
  [[...'Rar!'].map(codeOf), 'unknown', 'a RAR archive'],
  [[...'BZh'].map(codeOf), 'unknown', 'a bzip2 archive'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'unknown', 'an xz archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'unknown', 'a zstd archive'],
]

function codeOf(char: string): number {
  return char.charCodeAt(0)
}

function firstEntryName(head: Uint8Array): string {
  const length = (head[26] ?? 0) + (head[27] ?? 0) * 256
  return new TextDecoder().decode(head.subarray(30, 30 + length))
}

function sniffText(head: Uint8Array): Sniffed {
  const text = new TextDecoder(encodingOfHead(head) ?? 'utf-8').decode(head.subarray(0, sniffBytes))
  let controls = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20 && code !== 9 && code !== 10 && code !== 12 && code !== 13) controls += 1
  }
  // Random bytes hold twice this share; a stray NUL in a table is left to validation.
  if (controls > 2 + text.length / 20) return { kind: 'unknown', seems: 'no text' }
  if (text.trim() === '') return { kind: head.length < sniffBytes ? 'empty' : 'unknown', seems: 'blank' }
  const start = skipProlog(text)
  const first = text.slice(start).trimStart().slice(0, 30)
  if (/^<(?:!doctype\s+html|html|head|body|table)\b/i.test(first))
    return { kind: 'unknown', seems: 'a web page (HTML)' }
  if (first.startsWith('<') || start > 0) return { kind: 'xml', seems: '' }
  return { kind: first.startsWith('{') || first.startsWith('[') ? 'json' : 'csv', seems: '' }
}

/** Index after an XML declaration and the comments that follow; 0 when there are none. */
function skipProlog(text: string): number {
  let at = 0
  for (;;) {
    const rest = /\S|$/.exec(text.slice(at, at + 1000))?.index ?? 0
    const start = at + rest
    const end = text.startsWith('<?', start)
      ? text.indexOf('?>', start) + 2
      : text.startsWith('<!--', start)
        ? text.indexOf('-->', start) + 3
        : 0
    if (end <= start) return at
    at = end
  }
}

const EXTENSIONS: Readonly<Record<string, Sniffed['kind']>> = {
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  xml: 'xml',
  csv: 'csv',
  tsv: 'csv',
  xlsx: 'xlsx',
  xls: 'xls',
  zip: 'zip',
  gz: 'gzip',
}

/** A sentence for the sender when a file's name promises another format than it holds; otherwise null. */
export function misnamed(fileName: string, kind: Sniffed['kind']): string | null {
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  const promised = EXTENSIONS[extension]
  if (promised === undefined || promised === kind) return null
  return `The file is named .${extension} but holds ${kind.toUpperCase()}; it was read as what it holds.`
}
