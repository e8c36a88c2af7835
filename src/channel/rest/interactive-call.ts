import { isDecodeError } from '../../decode/decode-error.ts'
import { limitsOf } from '../../decode/limits.ts'
import { decodeXml } from '../../decode/xml.ts'
import type { Definition } from '../../exchange/definition.ts'
import type { RawTree, RawValue } from '../../exchange/parcel.ts'
import {
  type CallName,
  type Interactive,
  type InteractiveType,
  offeredCalls,
} from '../../publish/interactive.ts'
import { ANSWER_ITEMS_MAX } from '../../publish/interactive-schema.ts'
import type { Realm } from '../../store/model.ts'
import { idempotencyKey } from './content.ts'
import { RequestError } from './problem.ts'

/** A call as it was read: whose it is, what is asked, and the element that asks it. */
export interface Call {
  readonly name: CallName
  readonly body: RawTree
  readonly idempotencyKey: string | null
  readonly realm: Realm | undefined
  readonly partner: string | undefined
}

/** What may stand in each call. */
const MEMBERS: Readonly<Record<CallName, readonly string[] | null>> = {
  Lookup: ['Type', 'RecordId', 'Key', 'Where', 'Limit', 'After'],
  // Beside what is named here, the record.
  Enter: null,
  Update: null,
  CorrectStatus: ['Type', 'RecordId', 'Key', 'Version', 'Set', 'Close', 'Delete'],
  Messages: ['MessageType', 'Number', 'After', 'Limit'],
  ClearMessages: ['Number', 'UpTo'],
}

const HEAD = ['IdempotencyKey', 'Realm', 'Partner']

/** Refuses a call with a reason for its sender. */
export function wrong(reason: string): RequestError {
  return new RequestError(400, 'BAD_REQUEST', reason)
}

/**
 * Reads the envelope of a call; the river reads its record again. Throws DecodeError for what is no XML that we take
 * (a DOCTYPE, entities, too deep, too large), RequestError for what is no call.
 */
export async function readCall(
  bytes: Uint8Array,
  definition: Definition,
  interactive: Interactive,
): Promise<Call> {
  const tree = await treeOf(bytes, definition, interactive.namespace)
  const offered = offeredCalls(interactive)
  const names = Object.keys(tree).filter((name) => !HEAD.includes(name) && !name.startsWith('@'))
  const [name] = names
  if (name === undefined) throw wrong(`The call asks nothing; it may be ${offered.join(', ')}.`)
  if (names.length > 1) throw wrong(`A call asks one thing, not ${shown(names)}.`)
  const known = offered.find((one) => one === name)
  if (known === undefined)
    throw wrong(`There is no call ${shown([name])} here; there are ${offered.join(', ')}.`)
  const body = memberTree(tree, known)
  const members = MEMBERS[known]
  const strange = members === null ? [] : Object.keys(body).filter((one) => !members.includes(one))
  if (strange.length > 0) throw wrong(`${known} has no ${shown(strange)}; it has ${members?.join(', ')}.`)
  const realm = textOf(tree, 'Realm')
  if (realm !== undefined && realm !== 'live' && realm !== 'test') throw wrong('Realm is live or test.')
  return {
    name: known,
    body,
    idempotencyKey: idempotencyKey(textOf(tree, 'IdempotencyKey')),
    realm,
    partner: textOf(tree, 'Partner'),
  }
}

async function treeOf(bytes: Uint8Array, definition: Definition, namespace: string): Promise<RawTree> {
  const found: RawTree[] = []
  const options = { limits: limitsOf(definition), firstPosition: 1, member: '' }
  const form = { root: 'Call', record: 'Call', namespace }
  try {
    for await (const batch of decodeXml(once(bytes), form, options))
      for (const { shape } of batch) {
        if (shape.kind === 'broken') throw new RequestError(413, shape.code, shape.reason)
        if (shape.kind === 'tree') found.push(shape.tree)
      }
  } catch (error) {
    if (isDecodeError(error) && error.code === 'FILE_TOO_LARGE')
      throw new RequestError(413, error.code, error.reason)
    throw error
  }
  const [tree] = found
  if (tree === undefined || found.length > 1)
    throw wrong(`The body must hold one Call; it holds ${found.length}.`)
  return tree
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}

/** Names that somebody sent, to be quoted. */
function shown(names: readonly string[]): string {
  return names
    .slice(0, 5)
    .map((name) => name.slice(0, 60))
    .join(' and ')
}

function memberTree(tree: RawTree, name: string): RawTree {
  const value = tree[name]
  if (Array.isArray(value)) throw wrong(`A call asks one thing; ${name} stands there more than once.`)
  return isTree(value) ? value : {}
}

export function isTree(value: RawValue | undefined): value is RawTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of an element; undefined where it is not there or empty. */
export function textOf(tree: RawTree, name: string): string | undefined {
  const value = Object.hasOwn(tree, name) ? tree[name] : undefined
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw wrong(`${name} is one text.`)
  if (value.length > 500) throw wrong(`${name} is longer than 500 characters.`)
  return value.trim()
}

/** A whole number from 1, or from 0 where that is allowed. */
export function numberOf(tree: RawTree, name: string, least = 1): number | undefined {
  const text = textOf(tree, name)
  return text === undefined ? undefined : wholeNumber(text, name, least)
}

export function wholeNumber(text: string, name: string, least = 1): number {
  const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(number >= least)) throw wrong(`${name} is a whole number from ${least}.`)
  return number
}

/** How many records or messages are asked for. */
export function limitOf(tree: RawTree): number {
  const limit = numberOf(tree, 'Limit') ?? ANSWER_ITEMS_MAX
  if (limit > ANSWER_ITEMS_MAX) throw wrong(`Limit is ${ANSWER_ITEMS_MAX} at most.`)
  return limit
}

/** The record type that `Type` names; it may be left out where there is only one. */
export function namedType(tree: RawTree, { types }: Interactive): InteractiveType {
  const name = textOf(tree, 'Type')
  const [only] = types
  if (name === undefined && types.length === 1 && only !== undefined) return only
  const known = types.map(({ type }) => type.name).join(', ')
  if (name === undefined) throw wrong(`Type is missing; it is one of ${known}.`)
  const found = types.find(({ type }) => type.name === name)
  if (found === undefined) throw wrong(`There is no record type ${shown([name])}; there are ${known}.`)
  return found
}

/** The type whose record stands in an element, beside elements that may stand there too. */
export function recordIn(tree: RawTree, { types }: Interactive, beside: readonly string[]): InteractiveType {
  const names = Object.keys(tree).filter((name) => !beside.includes(name))
  const known = types.map(({ element }) => element).join(' or ')
  const [name] = names
  if (name === undefined || names.length > 1)
    throw wrong(`There must be one ${known}${names.length > 1 ? `, not ${shown(names)}` : ''}.`)
  const found = types.find(({ element }) => element === name)
  if (found === undefined) throw wrong(`There is no ${shown([name])} here, but ${known}.`)
  return found
}
