import { Link } from '@tanstack/react-router'
import type { RecordType } from '../../../../src/exchange/definition.ts'
import type { StoredRecord } from '../../api/records-queries.ts'
import { type Body, isBody } from '../../record/leaves.ts'

/** What the record says that it belongs to, by the keys of that. */
export function referencesOf(type: RecordType, body: Body) {
  return (type.references ?? []).flatMap(({ name, exchange, type: target, key }) => {
    const parts = key.map((path) => valueAt(body, path))
    return parts.every((part) => part !== null)
      ? [{ name, exchange, type: target, key: parts.join('/') }]
      : []
  })
}

function valueAt(body: Body, path: readonly string[]): string | null {
  let at: unknown = body
  for (const name of path) at = isBody(at) ? at[name] : undefined
  return typeof at === 'string' || typeof at === 'number' ? String(at) : null
}

/** Each leads to the records of that key. */
export function References({ type, record }: { readonly type: RecordType; readonly record: StoredRecord }) {
  return (
    <ul className="facts__list">
      {referencesOf(type, record.body).map(({ name, exchange, type: target, key }) => (
        <li key={name}>
          <span className="quiet">{name.replaceAll('_', ' ')}</span>{' '}
          <Link to="/records" search={{ exchange: exchange ?? record.exchange, type: target, text: key }}>
            {key}
          </Link>
        </li>
      ))}
    </ul>
  )
}
