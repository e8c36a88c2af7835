import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Contact, contactsQuery, usePeopleChange } from '../../api/people-queries.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

type Frequency = Contact['frequency']
const FREQUENCIES: readonly Frequency[] = ['at-once', 'hourly', 'daily', 'weekly']

/** Who is written to about deliveries, and how often. */
export function Contacts({ partner }: { readonly partner: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(contactsQuery(partner))
  const path = (contact: number) => ({ params: { path: { partner, contact } } })
  const remove = usePeopleChange((contact: number) =>
    dataOf(api.DELETE('/v1/partners/{partner}/contacts/{contact}', path(contact))),
  )
  const works = usePeopleChange((contact: number) =>
    dataOf(api.POST('/v1/partners/{partner}/contacts/{contact}/clear-bounce', path(contact))),
  )
  const problem = error ?? remove.error ?? works.error
  return (
    <Section title={t('contacts.title')}>
      {problem === null ? null : <Failure problem={problem} again={refetch} />}
      {data === undefined ? (
        <Skeleton lines={2} />
      ) : data.length === 0 ? (
        <p className="quiet">{t('contacts.none')}</p>
      ) : (
        <ul className="people__list">
          {data.map((one) => (
            <ContactLine
              key={one.contact}
              one={one}
              remove={() => remove.mutate(one.contact)}
              works={() => works.mutate(one.contact)}
            />
          ))}
        </ul>
      )}
      <NewContact partner={partner} />
    </Section>
  )
}

function ContactLine({
  one,
  remove,
  works,
}: {
  readonly one: Contact
  readonly remove: () => void
  readonly works: () => void
}) {
  const t = useT()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const title = exchanges.find(({ exchange }) => exchange === one.exchange)?.title ?? one.exchange
  const { address: name } = one
  return (
    <li>
      <span>
        <strong>{name}</strong>
        <span className="table__under">
          {one.exchange === '*' ? t('accounts.everywhere') : title} ·{' '}
          {t(`contacts.frequency.${one.frequency}`)}
        </span>
        {one.bouncedAt === null ? null : (
          <span className="people__bad">
            {t('contacts.refused', { reason: one.bounceReason ?? '' })}{' '}
            <Button type="button" unstyled onClick={works}>
              {t('contacts.works')}
            </Button>
          </span>
        )}
      </span>
      <Button type="button" unstyled aria-label={t('people.removeNamed', { name })} onClick={remove}>
        {t('people.remove')}
      </Button>
    </li>
  )
}

function NewContact({ partner }: { readonly partner: string }) {
  const t = useT()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const [address, setAddress] = useState('')
  const [exchange, setExchange] = useState('*')
  const [frequency, setFrequency] = useState<Frequency>('daily')
  const add = usePeopleChange(() => {
    const body = { address: address.trim(), exchange, frequency }
    return dataOf(api.POST('/v1/partners/{partner}/contacts', { params: { path: { partner } }, body }))
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined, { onSuccess: () => setAddress('') })
  }
  return (
    <details className="more">
      <summary>{t('contacts.add')}</summary>
      <form className="people__form" onSubmit={submit}>
        {add.error === null ? null : <Failure problem={add.error} />}
        <TextField
          id="contact-address"
          label={t('invite.address')}
          type="email"
          required
          maxLength={254}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <label className="usa-label" htmlFor="contact-exchange">
          {t('submission.exchange')}
        </label>
        <select
          id="contact-exchange"
          className="usa-select"
          value={exchange}
          onChange={(event) => setExchange(event.target.value)}
        >
          <option value="*">{t('accounts.everywhere')}</option>
          {exchanges.map((one) => (
            <option key={one.exchange} value={one.exchange}>
              {one.title}
            </option>
          ))}
        </select>
        <label className="usa-label" htmlFor="contact-frequency">
          {t('contacts.often')}
        </label>
        <select
          id="contact-frequency"
          className="usa-select"
          value={frequency}
          onChange={(event) => setFrequency(FREQUENCIES.find((one) => one === event.target.value) ?? 'daily')}
        >
          {FREQUENCIES.map((one) => (
            <option key={one} value={one}>
              {t(`contacts.frequency.${one}`)}
            </option>
          ))}
        </select>
        <Button type="submit" disabled={add.isPending}>
          {t('people.add')}
        </Button>
      </form>
    </details>
  )
}
