import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Account, partnerQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { type Given, GrantTicks } from './grant-ticks.tsx'
import { RealmTicks } from './realm-ticks.tsx'

const CHANNELS = ['rest', 'sftp', 'agent'] as const

type Wanted = Pick<Account, 'channels' | 'realms'> & { readonly given: Given }

function standing({ grants, channels, realms }: Account): Wanted {
  return {
    given: Object.fromEntries(grants.map((one) => [one.exchange, one.grants])),
    channels,
    realms,
  }
}

/** What an account may do, by which ways it comes in, and where it works; nothing counts before it is saved. */
export function May({ account }: { readonly account: Account }) {
  const t = useT()
  const before = standing(account)
  const { data: partner } = useQuery(partnerQuery(account.partner))
  const [wanted, setWanted] = useState(before)
  const save = usePeopleChange(() => saveChanges(account.name, before, wanted))
  const { given, channels, realms } = wanted
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(undefined)
  }
  return (
    <Section title={t('accounts.may')}>
      <form onSubmit={submit} className="people__may">
        {save.error === null ? null : <Failure problem={save.error} />}
        <GrantTicks
          given={given}
          partnerCentre={partner?.centre ?? false}
          set={(exchange, grants) => setWanted({ ...wanted, given: { ...given, [exchange]: grants } })}
        />
        <div className="people__grants">
          <fieldset className="people__ticks">
            <legend>{t('accounts.channels')}</legend>
            <div className="people__boxes people__boxes--wide">
              {CHANNELS.map((one) => (
                <label key={one} className="people__tick">
                  <input
                    type="checkbox"
                    checked={channels.includes(one)}
                    onChange={(event) =>
                      setWanted({
                        ...wanted,
                        channels: event.target.checked
                          ? [...channels, one]
                          : channels.filter((other) => other !== one),
                      })
                    }
                  />
                  {t(`accounts.channel.${one}`)}
                </label>
              ))}
            </div>
          </fieldset>
          <RealmTicks realms={realms} set={(next) => setWanted({ ...wanted, realms: [...next] })} />
        </div>
        <Button type="submit" disabled={save.isPending || realms.length === 0 || same(before, wanted)}>
          {t('people.save')}
        </Button>
      </form>
    </Section>
  )
}

async function saveChanges(name: string, before: Wanted, { given, channels, realms }: Wanted): Promise<void> {
  for (const [exchange, grants] of Object.entries(given)) {
    if (alike(grants, before.given[exchange] ?? [])) continue
    const params = { path: { name, exchange } }
    await dataOf(api.PUT('/v1/accounts/{name}/grants/{exchange}', { params, body: { grants: [...grants] } }))
  }
  const params = { path: { name } }
  if (!alike(channels, before.channels))
    await dataOf(api.PUT('/v1/accounts/{name}/channels', { params, body: { channels } }))
  if (!alike(realms, before.realms))
    await dataOf(api.PUT('/v1/accounts/{name}/realms', { params, body: { realms } }))
}

function same(before: Wanted, wanted: Wanted): boolean {
  return (
    alike(before.channels, wanted.channels) &&
    alike(before.realms, wanted.realms) &&
    Object.entries(wanted.given).every(([exchange, grants]) => alike(grants, before.given[exchange] ?? []))
  )
}

function alike(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one))
}
