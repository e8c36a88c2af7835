import { type FormEvent, useRef, useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { type Blamed, blamedFields, FormChoice, FormText, useFirstWrong } from './form-fields.tsx'
import { usePartners } from './partner-choice.tsx'
import { draftOf, type PlaceDraft } from './place-draft.ts'

const FIELDS = [
  'place',
  'path',
  'endpoint',
  'bucket',
  'prefix',
  'region',
  'style',
  'accessKeyId',
  'secretAccessKey',
]

interface PartProps {
  readonly id: string
  readonly draft: PlaceDraft
  readonly set: (change: Partial<PlaceDraft>) => void
  readonly wrong: Blamed
}

/** Whose a place is and where, for a new one or one that is changed. */
export function PlaceForm({
  id,
  before,
  label,
  busy,
  problem,
  save,
}: {
  readonly id: string
  readonly before?: Schemas['Place']
  readonly label: string
  readonly busy: boolean
  readonly problem: Error | null
  readonly save: (draft: PlaceDraft) => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const text = useAdminText()
  const [draft, setDraft] = useState(() => draftOf(before))
  const set = (change: Partial<PlaceDraft>) => setDraft({ ...draft, ...change })
  const wrong = blamedFields(problem, FIELDS)
  useFirstWrong(form, problem)
  const parts = { id, draft, set, wrong }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(draft)
  }
  return (
    <form ref={form} className="people__form set-up" onSubmit={submit}>
      {problem === null || wrong.size > 0 ? null : <Failure problem={problem} />}
      {before === undefined ? <Whose {...parts} /> : null}
      <FormChoice
        id={`${id}-kind`}
        label={text('place.kind')}
        value={draft.kind}
        set={(kind) => set({ kind: kind === 's3' ? 's3' : 'folder' })}
      >
        <option value="folder">{text('place.kind.folder')}</option>
        <option value="s3">{text('place.kind.s3')}</option>
      </FormChoice>
      {draft.kind === 'folder' ? (
        <Field {...parts} name="path" label={text('place.path')} hint={text('place.pathHint')} />
      ) : (
        <Bucket {...parts} kept={before?.settings?.kind === 's3'} />
      )}
      <Button type="submit" disabled={busy}>
        {label}
      </Button>
    </form>
  )
}

function Whose({ id, draft, set, wrong }: PartProps) {
  const t = useT()
  const text = useAdminText()
  const partners = usePartners()
  return (
    <>
      <FormChoice
        id={`${id}-partner`}
        label={t('submission.partner')}
        hint={text('place.partnerHint')}
        required
        value={draft.partner}
        set={(partner) => set({ partner })}
      >
        <option value="" />
        {[...partners].map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </FormChoice>
      <FormText
        id={`${id}-name`}
        label={text('place.name')}
        hint={text('place.nameHint')}
        wrong={wrong.get('place')}
        required
        pattern="[a-z0-9][a-z0-9\-]{0,39}"
        autoCapitalize="none"
        value={draft.place}
        set={(place) => set({ place })}
      />
    </>
  )
}

/** A bucket, by whose key; the secret is written and never shown. */
function Bucket({ kept, ...parts }: PartProps & { readonly kept: boolean }) {
  const text = useAdminText()
  const { id, draft, set, wrong } = parts
  return (
    <>
      <Field {...parts} name="endpoint" label={text('place.endpoint')} hint={text('place.endpointHint')} />
      <Field {...parts} name="bucket" label={text('place.bucket')} />
      <Field {...parts} name="prefix" label={text('place.prefix')} hint={text('place.prefixHint')} free />
      <Field {...parts} name="region" label={text('place.region')} hint={text('place.regionHint')} free />
      <FormChoice
        id={`${id}-style`}
        label={text('place.style')}
        wrong={wrong.get('style')}
        value={draft.style}
        set={(style) => set({ style: style === 'path' || style === 'virtual' ? style : '' })}
      >
        <option value="">{text('place.style.usual')}</option>
        <option value="virtual">{text('place.style.virtual')}</option>
        <option value="path">{text('place.style.path')}</option>
      </FormChoice>
      <Field {...parts} name="accessKeyId" label={text('place.key')} />
      <FormText
        id={`${id}-secret`}
        label={text('place.secret')}
        hint={text(kept ? 'place.secretStays' : 'place.secretNew')}
        wrong={wrong.get('secretAccessKey')}
        type="password"
        autoComplete="off"
        required={!kept}
        maxLength={256}
        value={draft.secretAccessKey}
        set={(secretAccessKey) => set({ secretAccessKey })}
      />
    </>
  )
}

function Field({
  id,
  name,
  label,
  hint,
  free = false,
  draft,
  set,
  wrong,
}: PartProps & {
  readonly name: 'path' | 'endpoint' | 'bucket' | 'prefix' | 'region' | 'accessKeyId'
  readonly label: string
  readonly hint?: string
  /** It may be empty. */
  readonly free?: boolean
}) {
  return (
    <FormText
      id={`${id}-${name}`}
      label={label}
      hint={hint}
      wrong={wrong.get(name)}
      required={!free}
      maxLength={500}
      autoCapitalize="none"
      spellCheck={false}
      value={draft[name]}
      set={(value) => set({ [name]: value } as Partial<PlaceDraft>)}
    />
  )
}
