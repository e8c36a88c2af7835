import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Definition } from '../../exchange/definition.ts'
import type { RawTree, RawValue } from '../../exchange/parcel.ts'
import { scalarReader } from '../../exchange/scalar.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import { MESSAGE_TYPES, type MessageType } from '../../match/messages.ts'
import type { CallName, Interactive, InteractiveType } from '../../publish/interactive.ts'
import { changesOf } from '../../translate/changes.ts'
import { allow, partnerOf, readableBooks, realmOf } from './access.ts'
import type { RestContext } from './context.ts'
import { doneTree, foundTree, queueTree, sendXml } from './interactive-answer.ts'
import {
  type Call,
  isTree,
  limitOf,
  namedType,
  numberOf,
  recordIn,
  textOf,
  wholeNumber,
  wrong,
} from './interactive-call.ts'
import type { OneRecordRequest, OneRecordResult, RecordView } from './ports.ts'
import { answeredInVain } from './sign-in.ts'

/** One call with everything that is known of it. */
export interface Asked {
  readonly context: RestContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly definition: Definition
  readonly interactive: Interactive
  readonly call: Call
  /** The body as received. */
  readonly bytes: Uint8Array
}

/** Does what a call asks, and answers it. */
export const OPERATIONS: Readonly<Record<CallName, (asked: Asked) => Promise<FastifyReply>>> = {
  Lookup: lookup,
  Enter: enter,
  Update: update,
  CorrectStatus: correctStatus,
  Messages: messages,
  ClearMessages: clearMessages,
}

function answer({ reply, interactive }: Asked, content: RawTree, status = 200): FastifyReply {
  return sendXml(reply, status, interactive.namespace, 'Answer', content)
}

async function lookup(asked: Asked): Promise<FastifyReply> {
  const { context, request, definition, interactive, call } = asked
  const { who } = allow(request, context.ports, definition.exchange, 'read')
  const named = namedType(call.body, interactive)
  const where = conditions(definition, named, call, partnerOf(who, call.partner))
  const [recordId, key] = [textOf(call.body, 'RecordId'), textOf(call.body, 'Key')]
  const ways = [recordId, key, where].filter((way) => way !== undefined)
  if (ways.length !== 1) throw wrong('Lookup has one of RecordId, Key and Where.')
  if (recordId !== undefined) {
    const found = await visible(asked, who, named, recordId)
    return answer(asked, foundTree(definition, named, found === null ? [] : [found], null))
  }
  const page = await context.ports.records.search({
    ...searchIn(asked, who),
    type: named.type.name,
    key: key ?? null,
    where: where ?? {},
    limit: limitOf(call.body),
    after: textOf(call.body, 'After') ?? null,
  })
  return answer(asked, foundTree(definition, named, page.items, page.next))
}

/** Where records are looked for: the centre may name a partner. */
function searchIn({ definition, call }: Asked, who: Who) {
  const { exchange } = definition
  const named = call.partner === undefined ? readableBooks(who, definition) : [partnerOf(who, call.partner)]
  return { exchange, realm: realmOf(who, call.realm), partners: named, status: null, changedSince: null }
}

/** A record of the type and realm that the caller may see, or null. */
async function visible(
  { context, definition, call }: Asked,
  who: Who,
  { type }: InteractiveType,
  recordId: string,
): Promise<RecordView | null> {
  const books = readableBooks(who, definition)
  const found = await context.ports.records.find(definition.exchange, recordId, books, null)
  const fits = found !== null && found.type === type.name && found.realm === realmOf(who, call.realm)
  return fits ? found : null
}

/** Values to look for, as they are stored: changed and read as in a record that is sent. */
function conditions(
  definition: Definition,
  { type }: InteractiveType,
  { body }: Call,
  partner: string,
): Readonly<Record<string, string>> | undefined {
  if (!Object.hasOwn(body, 'Where')) return undefined
  const asked = isTree(body.Where) ? body.Where.Field : undefined
  const fields: readonly RawValue[] = Array.isArray(asked) ? asked : asked === undefined ? [] : [asked]
  const searchable = type.fields.filter(({ search }) => search)
  const known = searchable.map(({ name }) => name).join(', ') || 'none'
  const where: Record<string, string> = {}
  for (const one of fields) {
    const name = isTree(one) ? one['@name'] : undefined
    const text = isTree(one) ? one['#text'] : undefined
    const field = searchable.find((candidate) => candidate.name === name)
    if (field === undefined) throw wrong(`Field needs the name of a searchable field: ${known}.`)
    if (typeof text !== 'string') throw wrong(`The Field ${field.name} has no value.`)
    const changed = changesOf(field, definition).reduce((value, { apply }) => apply(value, partner), text)
    where[field.name] = String(scalarReader(field)(changed) ?? changed)
  }
  if (fields.length === 0) throw wrong(`Where needs a Field; searchable: ${known}.`)
  return where
}

async function enter(asked: Asked): Promise<FastifyReply> {
  const { call, interactive } = asked
  const named = recordIn(call.body, interactive, [])
  if (named.enter === null) throw wrong(`A ${named.element} cannot be entered.`)
  const who = sender(asked, 'submit')
  return done(asked, named, await submit(asked, who, named, { operation: named.enter }))
}

async function update(asked: Asked): Promise<FastifyReply> {
  const { call, interactive } = asked
  const named = recordIn(call.body, interactive, ['RecordId', 'Version'])
  if (named.update === null) throw wrong(`A ${named.element} cannot be updated.`)
  const who = sender(asked, 'submit')
  const recordId = textOf(call.body, 'RecordId') ?? null
  const current = recordId === null ? null : await must(asked, who, named, recordId)
  const result = await submit(asked, who, named, {
    operation: named.update,
    recordId,
    expectedVersion: numberOf(call.body, 'Version') ?? null,
    ...(current === null ? {} : ownerOf(asked, who, current)),
  })
  return done(asked, named, result)
}

async function correctStatus(asked: Asked): Promise<FastifyReply> {
  const { call, interactive } = asked
  const named = namedType(call.body, interactive)
  const [way, ...more] = ['Set', 'Close', 'Delete'].filter((name) => Object.hasOwn(call.body, name))
  if (way === undefined || more.length > 0) throw wrong('CorrectStatus has one of Set, Close and Delete.')
  if ((way === 'Close' && !named.closes) || (way === 'Delete' && !named.deletes))
    throw wrong(`${way} is not offered for a ${named.type.name}.`)
  const bytes = way === 'Set' ? Buffer.from(JSON.stringify(statusOf(asked, named))) : Buffer.from('{}')
  const who = sender(asked, way === 'Set' ? 'submit' : way === 'Close' ? 'close' : 'delete')
  const current = (await goneBefore(asked, who, way)) ?? (await target(asked, who, named))
  const result = await submit(asked, who, named, {
    operation: way === 'Set' ? 'merge' : way === 'Close' ? 'close' : 'delete',
    recordId: current.recordId,
    expectedVersion: numberOf(call.body, 'Version') ?? null,
    ...ownerOf(asked, who, current),
    bytes,
    format: 'json',
    names: 'native',
  })
  return done(asked, named, result)
}

/** The fields that `Set` names, by canonical name; an empty one is taken away. */
function statusOf({ call, interactive }: Asked, named: InteractiveType): Readonly<Record<string, RawValue>> {
  const { type, element, statusFields } = named
  if (statusFields.length === 0) throw wrong(`A ${type.name} has no status that may be set.`)
  const set = isTree(call.body.Set) ? call.body.Set : {}
  recordIn(set, { ...interactive, types: [named] }, [])
  const tree = isTree(set[element]) ? set[element] : {}
  const patch: Record<string, RawValue> = {}
  for (const field of type.fields) {
    const value = statusFields.includes(field.name) ? valueAt(tree, field.path) : undefined
    if (value !== undefined) patch[field.name] = value === '' ? null : value
  }
  if (Object.keys(patch).length === 0)
    throw wrong(`Set names none of the fields that may be set: ${statusFields.join(', ')}.`)
  return patch
}

function valueAt(tree: RawTree, path: readonly string[]): RawValue | undefined {
  let at: RawValue | undefined = tree
  for (const name of path) at = isTree(at) && Object.hasOwn(at, name) ? at[name] : undefined
  return at
}

/**
 * A record that is deleted already, perhaps by this very call, whose answer got lost: what it was answered then is told
 * again. Null otherwise.
 */
async function goneBefore(
  { context, definition, call }: Asked,
  who: Who,
  way: string,
): Promise<Pick<RecordView, 'recordId' | 'partner' | 'realm'> | null> {
  const recordId = textOf(call.body, 'RecordId')
  if (way !== 'Delete' || recordId === undefined || call.idempotencyKey === null) return null
  const books = readableBooks(who, definition)
  const versions = await context.ports.records.history(definition.exchange, recordId, books)
  if (versions.at(-1)?.status !== 'deleted') return null
  return { recordId, partner: partnerOf(who, call.partner), realm: realmOf(who, call.realm) }
}

/** The record that RecordId or Key names. Throws NOT_FOUND. */
async function target(asked: Asked, who: Who, named: InteractiveType): Promise<RecordView> {
  const { context, call } = asked
  const [recordId, key] = [textOf(call.body, 'RecordId'), textOf(call.body, 'Key')]
  if ((recordId === undefined) === (key === undefined))
    throw wrong('The record is named by RecordId or by Key.')
  if (recordId !== undefined) return must(asked, who, named, recordId)
  const { items } = await context.ports.records.search({
    ...searchIn(asked, who),
    type: named.type.name,
    key: key ?? '',
    where: {},
    limit: 2,
    after: null,
  })
  const [found] = items
  if (found === undefined) throw new Fault('NOT_FOUND', { what: `${named.type.name} with this key` })
  if (items.length > 1) throw wrong('Several partners have a record with this key: name the Partner.')
  return found
}

async function must(asked: Asked, who: Who, named: InteractiveType, recordId: string): Promise<RecordView> {
  const found = await visible(asked, who, named, recordId)
  if (found === null) throw new Fault('NOT_FOUND', { what: `${named.type.name} with this id` })
  return found
}

function sender({ context, request, definition }: Asked, grant: 'submit' | 'close' | 'delete'): Who {
  return allow(request, context.ports, definition.exchange, grant).who
}

/** The centre acts for the partner whose record it is, in the realm in which the record lives. */
function ownerOf({ call }: Asked, who: Who, current: Pick<RecordView, 'partner' | 'realm'>) {
  const partner = who.centre ? (call.partner ?? current.partner) : partnerOf(who, call.partner)
  return { partner, realm: current.realm }
}

function submit(
  { context, definition, call, bytes }: Asked,
  who: Who,
  { type }: InteractiveType,
  how: Partial<OneRecordRequest>,
): Promise<OneRecordResult> {
  return context.ports.submit.one({
    who,
    exchange: definition.exchange,
    realm: realmOf(who, call.realm),
    partner: partnerOf(who, call.partner),
    channel: 'xml',
    type: type.name,
    operation: null,
    recordId: null,
    expectedVersion: null,
    idempotencyKey: call.idempotencyKey,
    bytes,
    format: 'xml',
    names: 'wire',
    ...how,
  })
}

/** Stored: 200. Not stored: 422, with the findings that say why. */
function done(asked: Asked, { type }: InteractiveType, result: OneRecordResult): FastifyReply {
  const stored = result.outcome !== 'rejected' && result.outcome !== 'filtered'
  return answer(asked, doneTree(asked.call.name, type.name, result), stored ? 200 : 422)
}

/** Whose messages, and who asks. */
function queue({ context, request, definition, call }: Asked) {
  const { who } = allow(request, context.ports, definition.exchange, 'read', 'submit')
  return { who, partner: partnerOf(who, call.partner), realm: realmOf(who, call.realm) }
}

async function messages(asked: Asked): Promise<FastifyReply> {
  const { context, definition, call } = asked
  const { partner, realm } = queue(asked)
  const number = numberOf(call.body, 'Number')
  if (number !== undefined) {
    const found = await context.ports.messages.find({ partner, realm }, number)
    if (found === null || found.exchange !== definition.exchange)
      throw new Fault('NOT_FOUND', { what: `message ${number}` })
    return answer(asked, queueTree([found], null))
  }
  const type = textOf(call.body, 'MessageType')
  if (type !== undefined && !isMessageType(type))
    throw wrong(`MessageType is one of ${MESSAGE_TYPES.join(', ')}.`)
  const limit = limitOf(call.body)
  const items = await context.ports.messages.list({
    partner,
    realm,
    exchanges: [definition.exchange],
    type: type ?? null,
    cleared: false,
    after: numberOf(call.body, 'After', 0) ?? 0,
    limit,
  })
  if (items.length === 0) answeredInVain(asked.request)
  return answer(asked, queueTree(items, items.length < limit ? null : (items.at(-1)?.number ?? null)))
}

function isMessageType(text: string): text is MessageType {
  return MESSAGE_TYPES.some((one) => one === text)
}

async function clearMessages(asked: Asked): Promise<FastifyReply> {
  const { context, definition, call } = asked
  const { who, partner, realm } = queue(asked)
  const upTo = numberOf(call.body, 'UpTo')
  const given = call.body.Number
  const texts: readonly RawValue[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if ((texts.length === 0) === (upTo === undefined)) throw wrong('ClearMessages has Number, or UpTo.')
  if (texts.length > 1000) throw wrong('1000 messages are cleared at most by one call.')
  const which =
    upTo === undefined ? { numbers: texts.map((text) => wholeNumber(String(text), 'Number')) } : { upTo }
  const exchanges = [definition.exchange]
  const cleared = await context.ports.messages.clear(who, { partner, realm }, exchanges, which)
  return answer(asked, { Operation: 'ClearMessages', Cleared: cleared })
}
