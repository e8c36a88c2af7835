import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, api, dataOf, type Schemas } from '../../api/client.ts'
import { placesQuery } from '../../api/operations-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { FileTabs } from './file-parts.tsx'
import { usePartnerTitle } from './partner-choice.tsx'
import { bodyOf, draftOf, type PlaceDraft } from './place-draft.ts'
import { PlaceForm } from './place-form.tsx'
import { Tag } from './tag.tsx'

type Place = Schemas['Place']

/** Folders and buckets from which files of partners are picked up; for administrators of the centre. */
export function Places() {
  const t = useT()
  const text = useAdminText()
  const { data, error, refetch } = useQuery(placesQuery())
  return (
    <Page title={t('files.title')}>
      <FileTabs />
      <p className="providers__about">{text('place.about')}</p>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <NewPlace />
          {data.length === 0 ? <Empty title={text('place.none')} /> : null}
          {data.map((place) => (
            <OnePlace key={place.place} place={place} />
          ))}
        </>
      )}
    </Page>
  )
}

function usePlaceChange<A>(change: (given: A) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['places'] }),
  })
}

function put(draft: PlaceDraft, active?: boolean) {
  const body = { ...bodyOf(draft), ...(active === undefined ? {} : { active }) }
  return dataOf(api.PUT('/v1/places/{place}', { params: { path: { place: draft.place } }, body }))
}

function NewPlace() {
  const text = useAdminText()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const add = usePlaceChange(async (draft: PlaceDraft) => {
    // The call that makes a place would as well change one of that name.
    const known = await queries.fetchQuery({ ...placesQuery(), staleTime: 0 })
    const taken = { errors: [{ pointer: 'params/place', detail: text('place.taken') }] }
    if (known.some(({ place }) => place === draft.place))
      throw new ApiProblem(409, 'CONFLICT', text('place.taken'), taken)
    await put(draft)
  })
  return (
    <details className="more people__new" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text('place.new')}</summary>
      <PlaceForm
        key={add.isSuccess ? add.submittedAt : 0}
        id="new-place"
        label={text('place.new')}
        busy={add.isPending}
        problem={add.error}
        save={(draft) => add.mutate(draft, { onSuccess: () => setOpen(false) })}
      />
    </details>
  )
}

function OnePlace({ place }: { readonly place: Place }) {
  const t = useT()
  const text = useAdminText()
  const titleOf = usePartnerTitle()
  const { place: name = '', partner = '', settings = {}, active = false, lastError, seenAt } = place
  const change = usePlaceChange((draft: PlaceDraft) => put(draft))
  const turn = usePlaceChange((on: boolean) => put(draftOf(place), on))
  const remove = usePlaceChange(() =>
    dataOf(api.DELETE('/v1/places/{place}', { params: { path: { place: name } } })),
  )
  const problem = turn.error ?? remove.error
  return (
    <Section title={titleOf(partner)} aside={<PlaceTag place={place} />}>
      {problem === null ? null : <Failure problem={problem} />}
      {active && lastError ? <p className="note note--bad">{lastError}</p> : null}
      <dl className="people__facts providers__facts">
        <Fact name={text('place.name')}>{name}</Fact>
        <Fact name={text(settings.kind === 's3' ? 'place.bucket' : 'place.path')}>{whereOf(settings)}</Fact>
        <Fact name={text('place.seen')}>{seenAt ? <Time at={seenAt} /> : '–'}</Fact>
      </dl>
      <details className="more">
        <summary>{t('people.change')}</summary>
        <PlaceForm
          key={JSON.stringify(settings)}
          id={`place-${name}`}
          before={place}
          label={t('people.save')}
          busy={change.isPending}
          problem={change.error}
          save={(draft) => change.mutate(draft)}
        />
        {change.isSuccess ? <span role="status">{t('people.saved')}</span> : null}
      </details>
      <div className="decide__actions">
        <Button type="button" outline disabled={turn.isPending} onClick={() => turn.mutate(!active)}>
          {text(active ? 'place.switchOff' : 'place.switchOn')}
        </Button>
        <Sure
          label={t('people.remove')}
          title={text('place.removeSure', { name })}
          disabled={remove.isPending}
          act={() => remove.mutate(undefined)}
        >
          {text('place.removeAbout')}
        </Sure>
      </div>
    </Section>
  )
}

function PlaceTag({ place: { active, lastError, seenAt } }: { readonly place: Place }) {
  const text = useAdminText()
  if (active !== true) return <Tag tone="wait">{text('place.off')}</Tag>
  if (lastError) return <Tag tone="bad">{text('place.trouble')}</Tag>
  if (!seenAt) return <Tag tone="wait">{text('place.waits')}</Tag>
  return <Tag tone="good">{text('place.on')}</Tag>
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function whereOf({ kind, path, endpoint, bucket, prefix }: NonNullable<Place['settings']>): string {
  if (kind !== 's3') return path ?? ''
  return [bucket, prefix]
    .filter(Boolean)
    .join('/')
    .concat(` · ${endpoint ?? ''}`)
}
