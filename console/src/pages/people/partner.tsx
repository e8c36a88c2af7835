import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { partnerQuery } from '../../api/people-queries.ts'
import { Missing } from '../../app/lost.tsx'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Accounts } from './accounts.tsx'
import { Contacts } from './contacts.tsx'
import { FileKeys } from './file-keys.tsx'
import { FilePolicies } from './file-policies.tsx'
import { Invitations } from './invitations.tsx'
import { PartnerFacts } from './partner-facts.tsx'

/** One partner, as the centre's administrators see any and a partner's own administrator sees its own. */
export function PartnerPage() {
  const { partner } = useParams({ from: '/partners/$partner' })
  return <Office partner={partner} />
}

/** The organisation of whoever is signed in. */
export function OfficePage() {
  const { me } = useSession()
  return <Office partner={me.partner} />
}

function Office({ partner }: { readonly partner: string }) {
  const t = useT()
  const { me, may } = useSession()
  const { data, error, refetch } = useQuery(partnerQuery(partner))
  if (!may(me.centre ? 'manage' : 'administer')) return <Missing />
  const title = data?.title ?? (partner === me.partner ? (me.partnerTitle ?? partner) : partner)
  return (
    <Page
      title={title}
      above={me.centre ? <Link to="/partners">{t('partners.title')}</Link> : undefined}
      actions={
        <Link to="/partners/$partner/invite" params={{ partner }} className="usa-button">
          {t('invite.title')}
        </Link>
      }
    >
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : (
        <>
          <PartnerFacts partner={data} />
          <Accounts partner={partner} />
          <Invitations partner={partner} />
          <Contacts partner={partner} />
          <FileKeys partner={partner} />
          <FilePolicies partner={partner} />
        </>
      )}
    </Page>
  )
}
