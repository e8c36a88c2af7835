import type { FastifyReply, FastifyRequest } from 'fastify'
import { isDecodeError } from '../../decode/decode-error.ts'
import type { Profile, RecordType } from '../../exchange/definition.ts'
import type { Finding, RawTree } from '../../exchange/parcel.ts'
import { isFault } from '../../fault/fault.ts'
import { wantsXml } from './content.ts'
import { problemOf } from './problem.ts'
import { headerField, headerText, SdcsRefusal, wireText } from './sdcs-message.ts'
import { xmlDocument } from './xml-text.ts'

/** The one shape of every body on the SDCS paths, and the codes of table 7. */

interface SdcsEntry {
  readonly Code: string
  readonly Field: string
  readonly Message: string
  readonly PersonNumber: number | null
}

export interface SdcsAnswer {
  readonly status: number
  /** The record was good enough to be stored. */
  readonly stored: boolean
  readonly failed: boolean
  readonly messages: readonly SdcsEntry[]
  readonly headers: Readonly<Record<string, string>>
}

/** What is known of a call, for answering it. */
export interface SdcsCall {
  readonly type: RecordType | null
  readonly profile: Profile | null
  /** The behaviour of the service as it was deployed, rather than as specified. */
  deployed: boolean
  /** The body, once it has been read. */
  tree: RawTree | null
  format: 'json' | 'xml' | null
  /** The centre's id of the stored record. */
  recordId: string | null
}

/** Names every body has, in the order of the deployed service. */
const ECHOED = ['BatchID', 'LEARecordID', 'ORI', 'OfficerUID', 'Proxy', 'StopDate', 'StopTime'] as const

/** The values a body repeats: as the record says, else as the request's headers say, else empty. */
function echo(request: FastifyRequest, call: SdcsCall): Readonly<Record<string, string>> {
  const declared = call.profile === null ? [] : Object.keys(call.profile.headers)
  const names = [...ECHOED, ...declared.filter((name) => !isEchoed(name) && fieldPath(call, name) !== null)]
  return Object.fromEntries(
    names.map((name) => {
      const path = fieldPath(call, name)
      const body = call.tree === null || path === null ? null : wireText(call.tree, path)
      return [name, body ?? headerText(request.headers, name) ?? '']
    }),
  )
}

function isEchoed(name: string): boolean {
  return ECHOED.some((one) => one === name)
}

/** Where the body has the value a name stands for: the profile's field, or the field with that wire name. */
function fieldPath({ type, profile }: SdcsCall, name: string): readonly string[] | null {
  if (type === null || profile === null) return null
  const field =
    headerField(type, profile, name) ??
    type.fields.find((one) => one.path.at(-1) === name && one.type !== 'group')
  return field?.path ?? null
}

/** Sends an answer: table 6 headers, and the body in the format asked for (none with 304). */
export function sendSdcs(
  request: FastifyRequest,
  reply: FastifyReply,
  call: SdcsCall,
  answer: SdcsAnswer,
): FastifyReply {
  const echoed = echo(request, call)
  const xml = wantsXml(request.headers.accept, (call.format ?? headerFormat(request)) === 'xml')
  const stableId = call.type?.identity.stableId?.label ?? 'DOJRecordID'
  for (const [name, value] of Object.entries(echoed)) setHeader(reply, name, value)
  setHeader(reply, 'BrowserType', headerText(request.headers, 'BrowserType') ?? '')
  setHeader(reply, 'ResourceType', xml ? 'XML' : 'JSON')
  if (call.recordId !== null) setHeader(reply, stableId, call.recordId)
  reply.code(answer.status).headers(answer.headers).header('cache-control', 'no-store')
  if (answer.status === 304) return reply.send()
  const body = {
    MandatoryValidationFlag: answer.stored,
    Status: answer.failed ? 'failed' : 'success',
    ...echoed,
    ...(call.recordId === null ? {} : { [stableId]: call.recordId }),
  }
  if (!xml)
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ ...body, Messages: answer.messages }))
  const entries = answer.messages.map((entry): RawTree => ({ ...entry }))
  return reply
    .type('application/xml; charset=utf-8')
    .send(xmlDocument('StopDataResponse', { ...body, Messages: { Entry: entries } }))
}

function headerFormat(request: FastifyRequest): 'json' | 'xml' {
  const named = headerText(request.headers, 'ResourceType')?.toLowerCase()
  const media = headerText(request.headers, 'Content-Type')?.toLowerCase() ?? ''
  return named === 'xml' || (named !== 'json' && /[/+]xml\b/.test(media)) ? 'xml' : 'json'
}

/** A value that a header cannot carry is left out of it; the body has it. */
function setHeader(reply: FastifyReply, name: string, value: string): void {
  if (/^[\x20-\x7e]{1,300}$/.test(value)) reply.header(name, value)
}

export function entryOf(finding: Finding): SdcsEntry {
  return { Code: finding.code, Field: finding.field, Message: finding.message, PersonNumber: finding.item }
}

/** Which status wins among several fatal findings (decision 0101). */
const PRECEDENCE = [401, 403, 400, 409, 405]

/** The status of table 7 for a record that was not stored. */
export function rejectedStatus(findings: readonly Finding[], profile: Profile): number {
  const statuses = findings
    .filter((finding) => finding.severity === 'fatal')
    .map((finding) => profile.statuses[finding.code] ?? 400)
  return PRECEDENCE.find((status) => statuses.includes(status)) ?? statuses[0] ?? 400
}

/** The answer to anything thrown while a call was handled. */
export function sdcsRefusal(error: unknown, requestId: string): SdcsAnswer {
  if (error instanceof SdcsRefusal) return refusal(error.status, error.code, error.field, error.message)
  if (isDecodeError(error)) return refusal(400, error.code, '', error.message)
  const { problem, headers } = problemOf(error, requestId)
  if (isFault(error, 'LANE_BUSY') || isFault(error, 'LEASE_LOST') || problem.code === 'CLOSING')
    return { ...refusal(503, 'SYSERR', '', problem.detail), headers }
  if (problem.status >= 500) return { ...refusal(500, 'SYSERR', '', problem.detail), headers }
  return { ...refusal(tableSeven(problem.status), problem.code, '', problem.detail), headers }
}

/** The body for bytes that never became a request, of which nothing can be repeated. */
export function bareSdcsBody(error: SdcsRefusal): object {
  return {
    MandatoryValidationFlag: false,
    Status: 'failed',
    ...Object.fromEntries(ECHOED.map((name) => [name, ''])),
    Messages: refusal(error.status, error.code, error.field, error.message).messages,
  }
}

function refusal(status: number, code: string, field: string, message: string): SdcsAnswer {
  const entry = { Code: code, Field: field, Message: message, PersonNumber: null }
  return { status, stored: false, failed: true, messages: [entry], headers: {} }
}

/** Refusals that table 7 does not know (too large, too slow, wrong media …) are "invalid input": 400. */
function tableSeven(status: number): number {
  return [401, 403, 404, 409].includes(status) ? status : 400
}
