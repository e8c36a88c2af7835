import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Definition, Profile, RecordType } from '../../exchange/definition.ts'
import type { RawTree } from '../../exchange/parcel.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { allow, ownSubmissions, realmOf } from './access.ts'
import { idempotencyKey } from './content.ts'
import type { RestContext } from './context.ts'
import type { OneRecordResult } from './ports.ts'
import { entryOf, rejectedStatus, type SdcsAnswer, type SdcsCall, sendSdcs } from './sdcs-answer.ts'
import { readOneRecord } from './sdcs-body.ts'
import {
  headerText,
  isBulk,
  isStableId,
  ownerHeader,
  requireAgreement,
  requireHeaders,
  resourceType,
  SdcsRefusal,
  verbOperation,
  wireText,
} from './sdcs-message.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is known so far of a call to the SDCS paths; null elsewhere. */
    sdcs: SdcsCall | null
  }
}

export interface SdcsPlace {
  readonly Params: { exchange: string; type: string }
  readonly Querystring: { realm?: Realm }
}
export interface FindingsPlace {
  readonly Params: { exchange: string; type: string; tracking: string }
}

/** The profile and record type a path names. Throws fault NOT_FOUND when the exchange offers none. */
export function callOf(context: RestContext, place: SdcsPlace['Params']): SdcsCall {
  const definition = context.ports.definitions.get(place.exchange)
  const type = definition.types.find((one) => one.name === place.type)
  const profile = definition.profiles.sdcs
  if (type === undefined || profile === undefined)
    throw new Fault('NOT_FOUND', { what: `SDCS service for ${place.exchange}/${place.type}` })
  return { type, profile, deployed: false, tree: null, format: null, recordId: null }
}

interface Known {
  readonly call: SdcsCall
  readonly type: RecordType
  readonly profile: Profile
  readonly who: Who
  readonly definition: Definition
}

/** POST and PUT: the checks of the call itself in the order of decision 0101, then the river. */
export async function takeRecord(
  context: RestContext,
  request: FastifyRequest<SdcsPlace>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { exchange } = request.params
  const { who, definition } = allow(request, context.ports, exchange, 'submit')
  const { call, type, profile } = knownCall(context, request)
  call.deployed = await isDeployed(context, request, reply, who)
  const known = { call, type, profile, who, definition }
  const partner = await sendingPartner(context, request, known)
  if (!call.deployed) requireHeaders(request.headers, profile, ownerHeader(type, profile))
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (bytes.length === 0) throw new SdcsRefusal(400, 'FILE_EMPTY', '', 'The request has no body.')
  const format = resourceType(request.headers, bytes)
  call.format = format
  const tree = await readOneRecord(bytes, format, definition.formats)
  call.tree = tree
  requireAgreement(request.headers, profile, type, tree)
  const result = await context.ports.submit.one({
    who,
    exchange,
    realm: realmOf(who, request.query.realm),
    partner,
    channel: 'sdcs',
    type: type.name,
    operation: verbOperation(request.method, call.deployed, type.operation, tree),
    recordId: await quotedId(context, request, known, partner, tree),
    expectedVersion: null,
    idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
    bytes,
    format,
    names: 'wire',
    collect: isBulk(request.headers, definition),
  })
  return sendResult(request, reply, known, result)
}

function knownCall(
  context: RestContext,
  request: FastifyRequest<SdcsPlace>,
): Pick<Known, 'call' | 'type' | 'profile'> {
  const call = request.sdcs ?? callOf(context, request.params)
  if (call.type === null || call.profile === null) throw new Fault('NOT_FOUND', { what: 'such SDCS service' })
  return { call, type: call.type, profile: call.profile }
}

/** As specified, unless the partner's registration or the request itself asks for the service as deployed. */
async function isDeployed(
  context: RestContext,
  request: FastifyRequest,
  reply: FastifyReply,
  who: Who,
): Promise<boolean> {
  const preferred = /(?:^|[,;\s])sdcs-profile\s*=\s*"?(deployed|spec)\b/i.exec(
    headerText(request.headers, 'Prefer') ?? '',
  )
  const asked = preferred?.[1]?.toLowerCase()
  if (asked !== undefined) reply.header('preference-applied', `sdcs-profile=${asked}`)
  return (asked ?? (await context.identity.profileOf(who.partner))) === 'deployed'
}

/** Whose record it is: the ORI header must be an identifier of the caller's partner (401). */
async function sendingPartner(context: RestContext, request: FastifyRequest, known: Known): Promise<string> {
  const { type, profile, who, call } = known
  const header = ownerHeader(type, profile)
  const owner = type.identity.owner
  if (header === null || owner === null) return who.partner
  const value = headerText(request.headers, header)
  if (value === null) {
    if (call.deployed || profile.headers[header]?.required !== true) return who.partner
    throw new SdcsRefusal(401, 'HEADER_MISSING', header, `The request has no ${header} header.`)
  }
  const holder = await context.identity.partnerOf(owner.scheme, value)
  if (holder !== null && (holder === who.partner || who.centre)) return holder
  throw new SdcsRefusal(401, owner.code, header, owner.message)
}

/**
 * The centre's id, when only a header quotes it; the river checks one that the body quotes. One that is no
 * record of the agency's is refused here, as the river would.
 */
async function quotedId(
  context: RestContext,
  request: FastifyRequest<SdcsPlace>,
  { type, profile }: Known,
  partner: string,
  tree: RawTree,
): Promise<string | null> {
  const name = Object.keys(profile.headers).find((header) => isStableId(type, header))
  const quoted = name === undefined ? null : headerText(request.headers, name)
  const { stableId, wrongId } = type.identity
  if (name === undefined || quoted === null) return null
  if (stableId !== null && wireText(tree, stableId.path) !== null) return null
  const record = await context.ports.records.find(request.params.exchange, quoted, [partner], null)
  if (record?.type === type.name) return quoted
  throw new SdcsRefusal(400, wrongId.code, name, wrongId.message)
}

function sendResult(
  request: FastifyRequest<SdcsPlace>,
  reply: FastifyReply,
  { call, profile }: Known,
  result: OneRecordResult,
): FastifyReply {
  const { exchange, type } = request.params
  const stored = result.outcome !== 'rejected' && result.outcome !== 'filtered'
  const withErrors = stored && result.status === 'submitted-with-errors'
  call.recordId = stored ? result.recordId : null
  const exact = stored ? (withErrors ? 304 : 200) : rejectedStatus(result.findings, profile)
  const status = call.deployed ? 200 : exact
  const answer: SdcsAnswer = {
    status,
    stored,
    failed: !stored || withErrors,
    messages: result.findings.map(entryOf),
    headers: {
      link: `</sdcs/${exchange}/${type}/findings/${result.tracking}>; rel="describedby"`,
      ...(status === 405 ? { allow: 'POST, PUT' } : {}),
      ...(result.repeated ? { 'idempotency-replayed': 'true' } : {}),
    },
  }
  return sendSdcs(request, reply, call, answer)
}

/** The findings that a 304 could not carry, in the shape its body would have had. */
export async function sendFindings(
  context: RestContext,
  request: FastifyRequest<FindingsPlace>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { submissions } = context.ports
  const { exchange, tracking } = request.params
  const { who, definition } = allow(request, context.ports, exchange, 'submit', 'read')
  const view = await submissions.find(tracking, ownSubmissions(who))
  if (view === null || view.exchange !== exchange)
    throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
  const { items } = await submissions.outcomes(tracking, { outcome: null, limit: 1, after: null })
  const entry = items[0]
  const call = request.sdcs
  if (entry === undefined || call === null) throw new Fault('NOT_FOUND', { what: `record in ${tracking}` })
  const document = await submissions.document(tracking)
  const chunks: Buffer[] = []
  for await (const chunk of document.stream) chunks.push(Buffer.from(chunk))
  call.format = view.format === 'xml' ? 'xml' : 'json'
  call.tree = await readOneRecord(Buffer.concat(chunks), call.format, definition.formats)
  const stored = entry.outcome !== 'rejected' && entry.outcome !== 'filtered'
  call.recordId = stored ? entry.recordId : null
  return sendSdcs(request, reply, call, {
    status: 200,
    stored,
    failed: !stored || entry.status === 'submitted-with-errors',
    messages: entry.findings.map(entryOf),
    headers: {},
  })
}
