import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Definition, Field } from '../../../../src/exchange/definition.ts'
import { useT } from '../../app/text.tsx'
import { Empty } from '../../components/states.tsx'
import { ExchangeFrame } from './frame.tsx'
import { Narrow, TypePick, typeIn } from './pickers.tsx'
import { extentOf, kindOf, presenceOf, type Row, rowsOf } from './words.ts'

/** The fields of a record type: what each holds, and when it must be there. */
export function ExchangeFields() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/fields' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.fields">
      {(definition) => <Fields definition={definition} />}
    </ExchangeFrame>
  )
}

function Fields({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const search = useSearch({ from: '/exchanges/$exchange/fields' })
  const navigate = useNavigate({ from: '/exchanges/$exchange/fields' })
  const type = typeIn(definition, search.type)
  if (type === undefined) return null
  const text = search.text ?? ''
  const rows = rowsOf(type.fields).filter((row) => holds(row, text.toLowerCase()))
  return (
    <>
      <search className="filters" aria-label={t('filters.label')}>
        <TypePick
          definition={definition}
          type={type}
          set={(name) => navigate({ search: { type: name } })}
        />
        <Narrow
          label={t('fields.narrow')}
          text={text}
          set={(next) =>
            navigate({ search: { type: type.name, ...(next === '' ? {} : { text: next }) }, replace: true })
          }
        />
      </search>
      {rows.length === 0 ? (
        <Empty title={t('fields.none')} />
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
          <caption className="usa-sr-only">{t('fields.of', { type: type.title })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('fields.field')}</th>
              <th scope="col">{t('fields.sentAs')}</th>
              <th scope="col">{t('fields.kind')}</th>
              <th scope="col">{t('fields.presence')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <FieldRow key={row.field.no} exchange={definition.exchange} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function holds({ field, name }: Row, wanted: string): boolean {
  return [name, field.label, field.column, field.path.join('.'), field.list ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  )
}

const DEPTHS = ['', 'field--1', 'field--2', 'field--3']

function FieldRow({ exchange, row }: { readonly exchange: string; readonly row: Row }) {
  const t = useT()
  const { field, depth, name } = row
  return (
    <tr>
      <th scope="row" data-label={t('fields.field')} className={DEPTHS[Math.min(depth, 3)]}>
        <span className="table__main">{field.label}</span>
        <span className="table__under">{name}</span>
        {field.description === '' ? null : <span className="field__about">{field.description}</span>}
      </th>
      <td data-label={t('fields.sentAs')}>
        <code>{field.path.join(' › ')}</code>
        {field.type === 'group' || field.column === field.path.join() ? null : (
          <span className="table__under">{t('fields.column', { name: field.column })}</span>
        )}
      </td>
      <td data-label={t('fields.kind')}>
        <Kind exchange={exchange} field={field} />
      </td>
      <td data-label={t('fields.presence')}>
        {presenceOf(field, t)}
        {field.when === null ? null : <code className="cel">{field.when}</code>}
        {field.only === null ? null : (
          <span className="table__under">{t('rules.only', { versions: field.only.join(', ') })}</span>
        )}
        {field.locked ? <span className="table__under">{t('field.locked')}</span> : null}
      </td>
    </tr>
  )
}

function Kind({ exchange, field }: { readonly exchange: string; readonly field: Field }) {
  const t = useT()
  const extent = extentOf(field, t)
  return (
    <>
      {field.list === null ? (
        kindOf(field, t)
      ) : (
        <Link
          to="/exchanges/$exchange/codes/$list"
          params={{ exchange, list: field.list }}
        >
          {kindOf(field, t)}
        </Link>
      )}
      {extent === '' ? null : <span className="field__about">{extent}</span>}
      {field.pattern === null ? null : (
        <span className="field__about">
          {t('field.pattern')} <code>{field.pattern}</code>
        </span>
      )}
    </>
  )
}
