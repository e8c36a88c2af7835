import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, dataOf, type Realm } from '../../api/client.ts'
import { type Invitation, partnerQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { type Given, GrantTicks } from './grant-ticks.tsx'
import { RealmTicks } from './realm-ticks.tsx'
import { ShownOnce } from './shown-once.tsx'

/** Asking a person to set a password of their own. */
export function InvitePage() {
  const t = useT()
  const { me } = useSession()
  const { partner } = useParams({ from: '/partners/$partner/invite' })
  const { data } = useQuery(partnerQuery(partner))
  const [made, setMade] = useState<Invitation | null>(null)
  const back = me.centre ? (
    <Link to="/partners/$partner" params={{ partner }}>
      {data?.title ?? partner}
    </Link>
  ) : (
    <Link to="/organisation">{data?.title ?? partner}</Link>
  )
  return (
    <Page title={t('invite.title')} above={back}>
      {made === null ? (
        <InviteForm partner={partner} centre={data?.centre ?? false} done={setMade} />
      ) : (
        <Invited made={made} again={() => setMade(null)} />
      )}
    </Page>
  )
}

function Invited({ made, again }: { readonly made: Invitation; readonly again: () => void }) {
  const t = useT()
  const { address, link = null } = made
  return (
    <>
      {link === null ? (
        <p className="calm" role="status">
          {t('invite.sent', { address })}
        </p>
      ) : (
        <ShownOnce title={t('invite.link')} about={t('invite.linkAbout')} secret={link} />
      )}
      <p>
        <Button type="button" outline onClick={again}>
          {t('invite.another')}
        </Button>
      </p>
    </>
  )
}

function InviteForm({
  partner,
  centre,
  done,
}: {
  readonly partner: string
  readonly centre: boolean
  readonly done: (made: Invitation) => void
}) {
  const t = useT()
  const { me } = useSession()
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [realms, setRealms] = useState<readonly Realm[]>(me.realms.includes('live') ? ['live'] : me.realms)
  const [given, setGiven] = useState<Given>({})
  const invite = usePeopleChange(() => {
    const grants = Object.entries(given)
      .filter(([, some]) => some.length > 0)
      .map(([exchange, some]) => ({ exchange, grants: [...some] }))
    const body = { name, partner, address: address.trim(), realms: [...realms], grants }
    return dataOf(api.POST('/v1/invitations', { body }))
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate(undefined, { onSuccess: done })
  }
  return (
    <form className="people__form" onSubmit={submit}>
      {invite.error === null ? null : <Failure problem={invite.error} />}
      <TextField
        id="invite-address"
        label={t('invite.address')}
        hint={t('invite.addressHint')}
        type="email"
        required
        maxLength={254}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <TextField
        id="invite-name"
        label={t('accounts.name')}
        hint={t('accounts.nameHint')}
        type="text"
        required
        autoCapitalize="none"
        pattern="[A-Za-z0-9][A-Za-z0-9._@\-]{1,63}"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <RealmTicks realms={realms} set={setRealms} />
      <Section title={t('accounts.may')}>
        <GrantTicks
          given={given}
          partnerCentre={centre}
          set={(exchange, grants) => setGiven({ ...given, [exchange]: grants })}
        />
      </Section>
      <Button type="submit" disabled={invite.isPending || realms.length === 0}>
        {t('invite.send')}
      </Button>
    </form>
  )
}
