import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import {
  formQuery,
  historyQuery,
  type RecordPlace,
  recordQuery,
  type StoredRecord,
  type Version,
} from '../../api/records-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { editWay } from '../../record/edit-way.ts'
import { StatusTag } from '../../record/status-tag.tsx'
import { Actions } from './actions.tsx'
import { AsOf, Then } from './as-of.tsx'
import { Fields } from './fields.tsx'
import { RecordFindings } from './findings.tsx'
import { History } from './history.tsx'
import { References, referencesOf } from './references.tsx'

/** One record: what it says, now or at a time, what was found in it, and all that was done to it. */
export function RecordPage() {
  const t = useT()
  const place = useParams({ from: '/records/$exchange/$type/$id' })
  const { asOf } = useSearch({ from: '/records/$exchange/$type/$id' })
  const record = useQuery(recordQuery(place, asOf))
  const history = useQuery(historyQuery(place))
  const definition = useQuery(formQuery(place.exchange))
  const type = definition.data?.types.find(({ name }) => name === place.type)
  const again = () => Promise.all([record.refetch(), history.refetch(), definition.refetch()])
  const problem = history.error ?? record.error ?? definition.error
  const above = (
    <Link to="/records" search={{ exchange: place.exchange, type: place.type }}>
      {t('nav.records')}
    </Link>
  )
  if (problem !== null)
    return (
      <Page title={t('record.title')} above={above}>
        <Failure problem={problem} again={again} />
      </Page>
    )
  if (record.data === undefined || history.data === undefined || definition.data === undefined)
    return (
      <Page title={t('record.title')} above={above}>
        <Skeleton lines={14} />
      </Page>
    )
  if (type === undefined)
    return (
      <Page title={t('record.title')} above={above}>
        <Empty title={t('lost.about')} />
      </Page>
    )
  return (
    <Shown
      {...{ above, place, asOf, type }}
      record={record.data}
      versions={history.data}
      definition={definition.data}
    />
  )
}

interface ShownProps {
  readonly above: ReactNode
  readonly place: RecordPlace
  readonly asOf: string | undefined
  readonly record: StoredRecord | null
  readonly versions: readonly Version[]
  readonly definition: Definition
  readonly type: RecordType
}

function Shown({ above, place, asOf, record, versions, definition, type }: ShownProps) {
  const t = useT()
  const past = (
    <Section title={t('record.history')} aside={<AsOf place={place} asOf={asOf} />}>
      <History definition={definition} type={type} versions={versions} />
    </Section>
  )
  if (record === null)
    return (
      <Page
        title={t('record.title')}
        above={above}
        actions={
          asOf === undefined ? (
            <StatusTag status="deleted" label={type.lifecycle.labels.deleted} />
          ) : undefined
        }
      >
        {asOf === undefined ? (
          <p className="note note--warn">{t('record.gone')}</p>
        ) : (
          <>
            <Then place={place} asOf={asOf} />
            <Empty title={t('record.notThere')} />
          </>
        )}
        {past}
      </Page>
    )
  const { status } = record
  return (
    <Page
      title={record.key}
      above={above}
      actions={
        <div className="record__actions">
          {status === null ? null : <StatusTag status={status} label={record.statusLabel} />}
          {asOf === undefined ? <EditLink type={type} record={record} /> : null}
          {asOf === undefined ? <Actions type={type} record={record} /> : null}
        </div>
      }
    >
      {asOf === undefined ? null : <Then place={place} asOf={asOf} />}
      <div className="columns">
        <div className="columns__main">
          {record.findings.length === 0 ? null : (
            <Section title={t('findings.title')}>
              <RecordFindings findings={record.findings} />
            </Section>
          )}
          <Section title={t('record.fields')}>
            <Fields definition={definition} type={type} record={record} />
          </Section>
          {past}
        </div>
        <div className="columns__side">
          <Section title={t('facts.title')}>
            <Details definition={definition} record={record} />
          </Section>
          {referencesOf(type, record.body).length === 0 ? null : (
            <Section title={t('record.belongs')}>
              <References type={type} record={record} />
            </Section>
          )}
        </div>
      </div>
    </Page>
  )
}

/** To the form, where the exchange lets this person change the record as it stands. */
function EditLink({ type, record }: { readonly type: RecordType; readonly record: StoredRecord }) {
  const t = useT()
  const session = useSession()
  if (editWay(session, type, record) === null) return null
  const { exchange, recordId: id } = record
  return (
    <Link
      to="/records/$exchange/$type/$id/edit"
      params={{ exchange, type: type.name, id }}
      className="usa-button"
    >
      {t('edit.edit')}
    </Link>
  )
}

function Details({ definition, record }: { readonly definition: Definition; readonly record: StoredRecord }) {
  const t = useT()
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('record.id'), <code key="id">{record.recordId}</code>],
    [t('submission.exchange'), definition.title],
    [t('submission.partner'), record.partner],
    [t('record.versionOf'), String(record.version)],
    [t('record.rules'), record.definitionVersion],
    [t('record.changed'), <Time key="changed" at={record.updatedAt} to="second" />],
    [
      t('record.by'),
      <Link key="by" to="/submissions/$tracking" params={{ tracking: record.submission }}>
        <code>{record.submission}</code>
      </Link>,
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="facts__one">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
