import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Definition, Field, RecordType } from '../../../../src/exchange/definition.ts'
import { partnersQuery } from '../../api/queries.ts'
import type { StoredRecord } from '../../api/records-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Count } from '../../components/number.tsx'
import { isNothing, valueText } from '../../record/leaves.ts'
import { StatusTag } from '../../record/status-tag.tsx'
import { useWords } from '../../record/words.ts'

const COLUMNS_MAX = 3
const CENTRE_COLUMNS_MAX = 2

interface Props {
  readonly definition: Definition
  readonly type: RecordType
  readonly items: readonly StoredRecord[]
}

/** Records by their key, with the fields by which they can be searched. */
export function RecordTable({ definition, type, items }: Props) {
  const { t, language } = useTexts()
  const words = useWords()
  const { me, may } = useSession()
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const names = new Map(partners.map(({ name, title }) => [name, title]))
  const columns = columnsOf(type).slice(0, me.centre ? CENTRE_COLUMNS_MAX : COLUMNS_MAX)
  const shared = definition.owner === 'centre'
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide records">
      <caption className="usa-sr-only">{type.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t('findings.key')}</th>
          {me.centre && !shared ? <th scope="col">{t('submission.partner')}</th> : null}
          {columns.map(({ no, label }) => (
            <th key={no} scope="col">
              {label}
            </th>
          ))}
          <th scope="col">{t('records.status')}</th>
          <th scope="col" className="num">
            {t('findings.title')}
          </th>
          <th scope="col">{t('records.changedIn', { zone: zoneName(language) })}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.recordId}>
            <th scope="row" data-label={t('findings.key')}>
              <Link
                to="/records/$exchange/$type/$id"
                params={{ exchange: one.exchange, type: one.type, id: one.recordId }}
                search={{}}
                className="table__main"
              >
                {one.key}
              </Link>
            </th>
            {me.centre && !shared ? (
              <td className="cell--plain">{names.get(one.partner) ?? one.partner}</td>
            ) : null}
            {columns.map((field) => {
              const value = one.body[field.name]
              return (
                <td key={field.no} data-label={field.label} className={field.type === 'date' ? 'nowrap' : ''}>
                  {isNothing(value) ? '–' : valueText(field, value, definition.lists, words)}
                </td>
              )
            })}
            <td className="cell--plain">
              {one.status === null ? null : <StatusTag status={one.status} label={one.statusLabel} />}
            </td>
            <td className="num" data-label={t('findings.title')}>
              <Count value={one.findings.length} warn />
            </td>
            <td data-label={t('record.changed')}>
              <Time at={one.updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What the key does not say already. */
function columnsOf(type: RecordType): readonly Field[] {
  return type.fields.filter(
    ({ search, name, type: kind }) => search && kind !== 'group' && !type.identity.key.includes(name),
  )
}
