import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Partner, usePeopleChange } from '../../api/people-queries.ts'
import { partnersQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'

/** Every organisation that sends or receives. */
export function Partners() {
  const t = useT()
  const { data, error, refetch } = useQuery(partnersQuery())
  const { text = '' } = useSearch({ from: '/partners' })
  const navigate = useNavigate()
  const wanted = text.toLowerCase()
  const found = data?.filter(({ name, title, identifiers }) =>
    [name, title, ...identifiers.map(({ value }) => value)].some((one) => one.toLowerCase().includes(wanted)),
  )
  const search = (next: string) =>
    navigate({ to: '/partners', search: next === '' ? {} : { text: next }, replace: true })
  return (
    <Page title={t('partners.title')}>
      <NewPartner />
      <search className="people__search">
        <TextField
          id="find-partner"
          label={t('partners.find')}
          type="search"
          value={text}
          maxLength={100}
          onChange={(event) => void search(event.target.value)}
        />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : found === undefined ? (
        <Skeleton lines={8} />
      ) : found.length === 0 ? (
        <Empty title={t('partners.none')} />
      ) : (
        <PartnerTable partners={found} />
      )}
    </Page>
  )
}

function PartnerTable({ partners }: { readonly partners: readonly Partner[] }) {
  const t = useT()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('partners.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('submission.partner')}</th>
          <th scope="col">{t('partners.identifiers')}</th>
          <th scope="col">{t('partners.zone')}</th>
          <th scope="col">{t('factor.title')}</th>
        </tr>
      </thead>
      <tbody>
        {partners.map(({ name, title, centre, identifiers, timeZone, secondFactor }) => (
          <tr key={name}>
            <th scope="row" data-label={t('submission.partner')}>
              <Link to="/partners/$partner" params={{ partner: name }} className="table__main">
                {title}
              </Link>
              <span className="table__under">
                {name}
                {centre ? ` · ${t('partners.centre')}` : ''}
              </span>
            </th>
            <td data-label={t('partners.identifiers')}>
              {identifiers.map(({ scheme, value }) => `${scheme.toUpperCase()} ${value}`).join(', ') || '–'}
            </td>
            <td data-label={t('partners.zone')}>{timeZone?.replaceAll('_', ' ') ?? '–'}</td>
            <td data-label={t('factor.title')}>{t(secondFactor ? 'factor.asked' : 'factor.free')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function NewPartner() {
  const t = useT()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [title, setTitle] = useState('')
  const add = usePeopleChange(() => dataOf(api.POST('/v1/partners', { body: { name, title } })))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined, {
      onSuccess: () => navigate({ to: '/partners/$partner', params: { partner: name } }),
    })
  }
  return (
    <details className="more people__new">
      <summary>{t('partners.new')}</summary>
      <form className="people__form" onSubmit={submit}>
        {add.error === null ? null : <Failure problem={add.error} />}
        <TextField
          id="partner-title"
          label={t('partners.titleOf')}
          type="text"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextField
          id="partner-name"
          label={t('partners.name')}
          hint={t('partners.nameRule')}
          type="text"
          required
          pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
          autoCapitalize="none"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={add.isPending}>
          {t('partners.register')}
        </Button>
      </form>
    </details>
  )
}
