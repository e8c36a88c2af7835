import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { correctedQuery, dropDraft } from '../../api/forms-queries.ts'
import { definitionQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Correction } from '../../forms/correction.tsx'
import { editWay } from '../../record/edit-way.ts'
import { Actions } from './actions.tsx'

const route = getRouteApi('/records/$exchange/$type/$id/edit')

/** A stored record, opened to be changed. */
export function EditRecord() {
  const { id } = route.useParams()
  return <OneRecord key={id} />
}

function OneRecord() {
  const t = useT()
  const session = useSession()
  const place = route.useParams()
  const navigate = route.useNavigate()
  const { exchange, type: name, id } = place
  const found = useQuery(correctedQuery(exchange, name, id))
  const record = found.data
  const asked = useQuery({
    ...definitionQuery(exchange, session.me.centre ? record?.partner : undefined),
    enabled: record !== undefined,
  })
  const definition = asked.data as Definition | undefined
  const type = definition?.types.find((one) => one.name === name)
  const way = type === undefined || record === undefined ? null : editWay(session, type, record)
  const problem = found.error ?? asked.error
  const leave = () => {
    // It was closed or deleted: there is nothing more to write.
    void dropDraft(id)
    void navigate({ to: '/records/$exchange/$type/$id', params: place, search: {} })
  }
  const back = (look: string) => (
    <Link to="/records/$exchange/$type/$id" params={place} search={{}} className={look}>
      {t('edit.back')}
    </Link>
  )
  return (
    <Page
      title={record?.key ?? t('record.title')}
      above={back('')}
      actions={
        type === undefined || record === undefined ? undefined : (
          <div className="record__actions">
            <Actions type={type} record={record} changed={leave} />
          </div>
        )
      }
    >
      {problem !== null ? (
        <Failure problem={problem} again={() => found.refetch()} />
      ) : definition === undefined || record === undefined ? (
        <Skeleton lines={12} />
      ) : type === undefined || way === null ? (
        <Empty title={t('edit.not')} />
      ) : (
        <Correction key={record.version} {...{ definition, type, record, way }} again={() => found.refetch()}>
          {back('usa-button')}
        </Correction>
      )}
    </Page>
  )
}
