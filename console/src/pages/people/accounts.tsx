import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Account, accountsQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { AccountState } from './account-state.tsx'
import { GrantWords } from './grant-words.tsx'

/** Who signs in for a partner: people, and machines of theirs. */
export function Accounts({ partner }: { readonly partner: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(accountsQuery(partner))
  return (
    <Section title={t('accounts.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={4} />
      ) : data.length === 0 ? (
        <Empty title={t('accounts.none')} />
      ) : (
        <AccountTable accounts={data} />
      )}
      <NewMachine partner={partner} />
    </Section>
  )
}

function AccountTable({ accounts }: { readonly accounts: readonly Account[] }) {
  const t = useT()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('accounts.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('accounts.name')}</th>
          <th scope="col">{t('accounts.may')}</th>
          <th scope="col">{t('accounts.channels')}</th>
          <th scope="col">{t('accounts.state')}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.name}>
            <th scope="row" data-label={t('accounts.name')}>
              <Link to="/accounts/$name" params={{ name: account.name }} className="table__main">
                {account.name}
              </Link>
              <span className="table__under">{t(`accounts.kind.${account.kind}`)}</span>
            </th>
            <td data-label={t('accounts.may')} className="cell--whole">
              <GrantWords grants={account.grants} />
            </td>
            <td data-label={t('accounts.channels')}>
              {account.channels.map((one) => t(`accounts.channel.${one}`)).join(', ') || '–'}
            </td>
            <td data-label={t('accounts.state')}>
              <AccountState account={account} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function NewMachine({ partner }: { readonly partner: string }) {
  const t = useT()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const add = usePeopleChange(() =>
    dataOf(api.POST('/v1/accounts', { body: { name, partner, kind: 'machine', realms: ['live'] } })),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined, { onSuccess: () => navigate({ to: '/accounts/$name', params: { name } }) })
  }
  return (
    <details className="more">
      <summary>{t('accounts.newMachine')}</summary>
      <form className="people__form" onSubmit={submit}>
        {add.error === null ? null : <Failure problem={add.error} />}
        <TextField
          id="machine-name"
          label={t('accounts.name')}
          hint={t('accounts.machineHint')}
          type="text"
          required
          autoCapitalize="none"
          pattern="[A-Za-z0-9][A-Za-z0-9._@\-]{1,63}"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={add.isPending}>
          {t('accounts.open')}
        </Button>
      </form>
    </details>
  )
}
