import type { Definition, RecordType, StatusName } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Realm } from '../../store/model.ts'
import { readableBooks, realmOf } from './access.ts'
import type { RecordQuery } from './ports.ts'
import { RequestError } from './problem.ts'
import { searchable } from './routes-exchanges.ts'
import { REALM, SENDER } from './schemas.ts'

export interface Search {
  readonly limit: number
  readonly after?: string
  readonly realm: Realm
  readonly status?: StatusName
  readonly key?: string
  readonly changedSince?: number
  readonly partner?: string
  readonly text?: string
  readonly order?: 'changed' | 'newest'
  readonly [field: string]: unknown
}

const RESERVED: ReadonlySet<string> = new Set([
  ...['limit', 'after', 'realm', 'status', 'key', 'changedSince', 'partner', 'order', 'format', 'text'],
])

/** How a search of records is narrowed; any other parameter is a searchable field. */
export const SEARCH = {
  ...REALM,
  status: { type: 'string', enum: ['submitted', 'submitted-with-errors', 'closed', 'deleted'] },
  key: { type: 'string', maxLength: 500, description: 'The whole key.' },
  text: { type: 'string', maxLength: 100, description: 'Part of the key, in any case.' },
  changedSince: { type: 'integer', minimum: 0, description: 'Only changes after this `changeNo`.' },
  partner: { ...SENDER.partner, description: 'Whose records; the centre may name any, others themselves.' },
  order: {
    type: 'string',
    enum: ['changed', 'newest'],
    default: 'changed',
    description: 'In the order of their changes, or the latest changed first.',
  },
}

/** What a search asks for, as far as the caller may ask it. */
export function queryOf(who: Who, definition: Definition, type: RecordType, search: Search): RecordQuery {
  const { limit, after, realm, status, key, changedSince, partner, text, order } = search
  const own = readableBooks(who, definition)
  if (partner !== undefined && own?.includes(partner) === false)
    throw new Fault('NOT_ALLOWED', { reason: 'Only the centre looks at the records of other partners.' })
  return {
    exchange: definition.exchange,
    realm: realmOf(who, realm),
    partners: partner === undefined || definition.owner === 'centre' ? own : [partner],
    type: type.name,
    status: status ?? null,
    key: key ?? null,
    where: conditions(search, type),
    changedSince: changedSince ?? null,
    text: text ?? null,
    newest: order === 'newest',
    limit,
    after: after ?? null,
  }
}

function conditions(query: Search, type: RecordType): Readonly<Record<string, string>> {
  const allowed = searchable(type)
  const where: Record<string, string> = {}
  for (const [name, value] of Object.entries(query)) {
    if (RESERVED.has(name)) continue
    if (!allowed.includes(name) || typeof value !== 'string')
      throw new RequestError(
        400,
        'BAD_REQUEST',
        `Records of type ${type.name} cannot be searched by "${name.slice(0, 60)}"; ` +
          `searchable: ${allowed.join(', ') || 'no field'}.`,
      )
    where[name] = value
  }
  return where
}
