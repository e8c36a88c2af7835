import type { RecordType } from '../../../src/exchange/definition.ts'
import { api, dataOf, type Schemas } from '../api/client.ts'
import type { EditWay } from '../record/edit-way.ts'
import { patchOf } from './patch.ts'
import { type Tree, textOf } from './tree.ts'

interface Change {
  readonly record: Schemas['Record']
  readonly type: RecordType
  readonly way: EditWay
  readonly body: Tree
  readonly key: string
}

/** Sends a changed record, held against the version that it was read at. */
export function sendChange({ record, type, way, body, key }: Change): Promise<Schemas['RecordResult']> {
  const { exchange, recordId: id, version, realm, partner } = record
  const header = { 'if-match': `"${version}"`, 'idempotency-key': key }
  const path = { exchange, type: type.name }
  const one = { params: { path: { ...path, id }, header } }
  const patch = () => ({
    ...one,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: patchOf(record.body as Tree, body),
  })
  if (hasOtherKey(type, record.body as Tree, body))
    return dataOf(api.POST('/v1/exchanges/{exchange}/{type}/{id}/rename', patch()))
  if (way === 'merge') return dataOf(api.PATCH('/v1/exchanges/{exchange}/{type}/{id}', patch()))
  if (way === 'replace') return dataOf(api.PUT('/v1/exchanges/{exchange}/{type}/{id}', { ...one, body }))
  return dataOf(
    api.POST('/v1/exchanges/{exchange}/{type}', {
      params: { path, header, query: { realm, partner } },
      body: { ...body, operation: 'upsert' },
    }),
  )
}

/** Would it be known by another key? */
export function hasOtherKey(type: RecordType, before: Tree, after: Tree): boolean {
  return type.identity.key.some((name) => textOf(before[name]).trim() !== textOf(after[name]).trim())
}
