import type {
  Definition,
  Field,
  Operation,
  OperationField,
  Profile,
  RecordType,
} from '../../exchange/definition.ts'
import type { RawTree, RawValue } from '../../exchange/parcel.ts'

/** Reading an SDCS call: what its headers and its body say about the same record. */

/** A refusal before the record reaches the river: one code of table 7, one entry in `Messages`. */
export class SdcsRefusal extends Error {
  readonly status: number
  readonly code: string
  /** The header or element blamed; '' for the whole call. */
  readonly field: string
  constructor(status: number, code: string, field: string, message: string) {
    super(message)
    this.name = 'SdcsRefusal'
    this.status = status
    this.code = code
    this.field = field
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** A header of the profile, trimmed; null when absent or empty. */
export function headerText(headers: Headers, name: string): string | null {
  const given = headers[name.toLowerCase()]
  const text = (Array.isArray(given) ? given.join(',') : (given ?? '')).trim()
  return text === '' ? null : text
}

/**
 * Refuses a call that leaves out a required header (table 5), naming the first in the profile's order. The
 * owner's header is not among them: its absence is a matter of who is asking (401).
 */
export function requireHeaders(headers: Headers, profile: Profile, ownerHeader: string | null): void {
  for (const [name, { required }] of Object.entries(profile.headers))
    if (required && name !== ownerHeader && headerText(headers, name) === null)
      throw new SdcsRefusal(400, 'HEADER_MISSING', name, `The request has no ${name} header.`)
}

/**
 * Does the call say that it is one of many (specification, figure 4)? Its errors are then reported in the
 * sender's files too.
 */
export function isBulk(headers: Headers, { files }: Definition): boolean {
  const application = headerText(headers, 'CallingApplication')?.toLowerCase()
  return files.calls.applications.some((name) => name.toLowerCase() === application)
}

/** The header that names the sending agency (ORI); null when the profile declares none. */
export function ownerHeader(type: RecordType, profile: Profile): string | null {
  const field = type.identity.owner?.field
  if (field === undefined) return null
  return Object.entries(profile.headers).find(([, header]) => header.field === field)?.[0] ?? null
}

/**
 * The format of the body, by `ResourceType` and `Content-Type`, which must not contradict each other.
 * Without either, by its first character.
 */
export function resourceType(headers: Headers, body: Uint8Array): 'json' | 'xml' {
  const named = headerText(headers, 'ResourceType')?.toLowerCase() ?? null
  if (named !== null && named !== 'xml' && named !== 'json')
    throw new SdcsRefusal(400, 'HEADER_INVALID', 'ResourceType', 'ResourceType must be XML or JSON.')
  const media = headerText(headers, 'Content-Type')?.toLowerCase() ?? ''
  const typed = /[/+]xml\b/.test(media) ? 'xml' : /[/+]json\b/.test(media) ? 'json' : null
  if (named !== null && typed !== null && named !== typed)
    throw new SdcsRefusal(
      400,
      'HEADER_DISAGREES',
      'ResourceType',
      `ResourceType says ${named}, Content-Type ${typed}.`,
    )
  if (named === 'xml' || named === 'json') return named
  if (typed !== null) return typed
  return body.find((byte) => byte > 0x20 && byte < 0x80) === 0x3c ? 'xml' : 'json'
}

/** The text at a path of wire names, trimmed; null when absent, empty or not a scalar. */
export function wireText(tree: RawTree, path: readonly string[]): string | null {
  let value: RawValue | undefined = tree
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = Object.hasOwn(value, name) ? (value as RawTree)[name] : undefined
  }
  if (value === undefined || value === null || typeof value === 'object') return null
  const text = String(value).trim()
  return text === '' ? null : text
}

/** Do a header and the body's element name the same value? Dates and times may be written differently. */
export function agrees(field: Field, header: string, body: string): boolean {
  if (field.type === 'date') return plainDate(header) === plainDate(body)
  if (field.type === 'time') return plainTime(header) === plainTime(body)
  if (field.transforms.includes('upper') || field.transforms.includes('lower'))
    return header.toUpperCase() === body.toUpperCase()
  return header === body
}

function plainDate(text: string): string {
  const dense = text.replace(/\s/g, '')
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(dense)
  if (american === null) return dense
  const [, month = '', day = '', year = ''] = american
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function plainTime(text: string): string {
  const dense = text.replace(/\s/g, '')
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(dense)
  if (parts === null) return dense
  const [, hour = '', minute = '', second = '00'] = parts
  return `${hour.padStart(2, '0')}:${minute}:${second}`
}

/** The top-level field that a header of the profile speaks of. */
export function headerField(type: RecordType, profile: Profile, header: string): Field | null {
  const name = profile.headers[header]?.field ?? null
  return type.fields.find((field) => field.name === name) ?? null
}

/** Refuses a call in which a header contradicts the body, naming the header. */
export function requireAgreement(headers: Headers, profile: Profile, type: RecordType, tree: RawTree): void {
  for (const name of Object.keys(profile.headers)) {
    const header = headerText(headers, name)
    const field = headerField(type, profile, name)
    const path = field?.path ?? (isStableId(type, name) ? type.identity.stableId?.path : undefined)
    if (header === null || path === undefined) continue
    const body = wireText(tree, path)
    if (body === null || (field === null ? header === body : agrees(field, header, body))) continue
    const element = path.at(-1) ?? name
    throw new SdcsRefusal(
      400,
      'HEADER_DISAGREES',
      name,
      `The ${name} header is not what ${element} in the body says.`,
    )
  }
}

/** Is this the header in which the centre's own id of the record travels (DOJRecordID)? */
export function isStableId(type: RecordType, header: string): boolean {
  return type.identity.stableId?.label.toLowerCase() === header.toLowerCase()
}

/**
 * What the verb asks for, checked against what the body says. Null leaves it to the record: in the deployed
 * profile always, and otherwise where the body says something that means nothing, which the river rejects
 * with the definition's own code.
 */
export function verbOperation(
  verb: string,
  deployed: boolean,
  operation: OperationField,
  tree: RawTree,
): Operation | null {
  if (deployed) return null
  const said = wireText(tree, operation.path)
  const means = said === null ? null : (operation.values[said] ?? null)
  if (said !== null && means === null) return null
  const element = operation.path.at(-1) ?? ''
  const contradicts = means !== null && (means === 'create') !== (verb === 'POST')
  if (contradicts)
    throw new SdcsRefusal(400, operation.code, element, `${element} ${said} does not go with ${verb}.`)
  const { close } = operation
  const closes = close !== null && wireText(tree, close.path) === close.value
  if (verb !== 'POST') return closes ? 'close' : 'replace'
  if (!closes) return 'create'
  const flag = close.path.at(-1) ?? ''
  throw new SdcsRefusal(400, operation.code, flag, `A new record cannot be closed by ${flag}.`)
}
