import { RequestError } from './problem.ts'

/** Reading of the request headers that say what content is sent, wanted or already held. */

/** Does the client want XML rather than JSON? Both or neither wanted: `otherwise` decides. */
export function wantsXml(accept: string | undefined, otherwise: boolean): boolean {
  if (accept === undefined || accept.trim() === '') return otherwise
  let xml = 0
  let json = 0
  let any = 0
  for (const part of accept.slice(0, 1000).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const given = parameters.find((parameter) => parameter.startsWith('q='))
    const parsed = given === undefined ? 1 : Number(given.slice(2))
    const weight = parsed >= 0 && parsed <= 1 ? parsed : 0
    if (range === 'application/xml' || range === 'text/xml') xml = Math.max(xml, weight)
    else if (range === 'application/json') json = Math.max(json, weight)
    else if (range === '*/*' || range === 'application/*') any = Math.max(any, weight)
  }
  if (xml === json) return otherwise
  if (xml === 0 && json < any) return otherwise
  if (json === 0 && xml < any) return otherwise
  return xml > json
}

/** Does the client ask for CSV by name? */
export function wantsCsv(accept: string | undefined): boolean {
  return /(?:^|,)\s*text\/csv\s*(?:[;,]|$)/i.test(accept?.slice(0, 1000) ?? '')
}

/** The format of a body that carries one record, or null when its content type names neither. */
export function bodyFormat(contentType: string | undefined): 'json' | 'xml' | null {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml')) return 'xml'
  if (type === 'application/json' || type.endsWith('+json')) return 'json'
  return null
}

/**
 * The name a client gives its document, from `X-File-Name` or `Content-Disposition`, without folders and
 * control characters and at most 200 characters; 'document' when it gives none.
 */
export function fileName(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const direct = headers['x-file-name']
  const given =
    typeof direct === 'string' ? percentDecoded(direct) : dispositionName(headers['content-disposition'])
  const last = given.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim()
  const name = Array.from(clean).slice(0, 200).join('')
  return name === '' || name === '.' || name === '..' ? 'document' : name
}

function dispositionName(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return ''
  const extended = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(header)?.[1]
  if (extended !== undefined) return percentDecoded(extended)
  const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1]
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1')
  return /filename\s*=\s*([^;\s]+)/i.exec(header)?.[1] ?? ''
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `Content-Disposition` of a download, safe for any file name (RFC 6266). */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** The version that `If-Match` names; null when the header is absent or `*`. */
export function expectedVersion(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null
  const digits = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1]
  if (digits === undefined)
    throw new RequestError(400, 'BAD_REQUEST', 'If-Match must be one ETag of this record, such as "3".')
  return Number(digits)
}

/** Does `If-None-Match` name this ETag? */
export function alreadyHeld(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}

export function etagOf(version: number): string {
  return `"${version}"`
}

/** The `Idempotency-Key` header, or null. Throws 400 when it is too long or not printable. */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header
  throw new RequestError(
    400,
    'BAD_REQUEST',
    'Idempotency-Key must be one word of 1 to 255 printable characters.',
  )
}
