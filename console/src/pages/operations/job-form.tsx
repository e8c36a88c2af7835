import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { type Blamed, blamedFields, FormChoice, FormText, useFirstWrong } from './form-fields.tsx'
import type { JobDraft } from './job-draft.ts'
import { Own, Tries, When } from './job-form-parts.tsx'
import { JobPartners } from './job-partners.tsx'

/** Fields that say beside them what is wrong with them. */
const FIELDS = [
  'title',
  'job',
  'exchange',
  'partners',
  'cron',
  'zone',
  'calendar',
  'window',
  'priority',
  'arriveMinutes',
  'retryMinutes',
  'retryLimit',
  'ownStart',
]

/** What each part of the form is given. */
export interface PartProps {
  readonly draft: JobDraft
  readonly set: (change: Partial<JobDraft>) => void
  readonly wrong: Blamed
}

/** The rule of a job, for a new one or one that is changed. */
export function JobForm({
  start,
  isNew,
  busy,
  problem,
  save,
}: {
  readonly start: JobDraft
  readonly isNew: boolean
  readonly busy: boolean
  readonly problem: Error | null
  readonly save: (draft: JobDraft) => void
}) {
  const text = useAdminText()
  const form = useRef<HTMLFormElement>(null)
  const [draft, setDraft] = useState(start)
  const [lacking, setLacking] = useState(false)
  const set = (change: Partial<JobDraft>) => setDraft({ ...draft, ...change })
  const blamed = blamedFields(problem, FIELDS)
  useFirstWrong(form, problem)
  const wrong: Blamed = lacking ? new Map([['partners', text('jobRule.nobody')]]) : blamed
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const nobody = !draft.everybody && draft.partners.length === 0
    setLacking(nobody)
    if (nobody) form.current?.querySelector<HTMLElement>('[name="who"]:checked')?.focus()
    else save(draft)
  }
  const parts: PartProps = { draft, set, wrong }
  return (
    <form ref={form} className="people__form set-up" onSubmit={submit}>
      {problem === null || blamed.size > 0 ? null : <Failure problem={problem} />}
      <What {...parts} isNew={isNew} />
      <When {...parts} />
      <Tries {...parts} />
      <Own {...parts} />
      <Button type="submit" disabled={busy}>
        {text(isNew ? 'jobRule.make' : 'jobRule.save')}
      </Button>
    </form>
  )
}

function What({ draft, set, wrong, isNew }: PartProps & { readonly isNew: boolean }) {
  const text = useAdminText()
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{text('jobRule.what')}</legend>
      <FormText
        id="rule-title"
        label={text('jobRule.title')}
        wrong={wrong.get('title')}
        required
        maxLength={200}
        value={draft.title}
        set={(title) => set({ title })}
      />
      {isNew ? (
        <FormText
          id="rule-job"
          label={text('jobRule.name')}
          hint={text('jobRule.nameHint')}
          wrong={wrong.get('job')}
          required
          pattern="[a-z0-9][a-z0-9\-]{0,59}"
          autoCapitalize="none"
          value={draft.job}
          set={(job) => set({ job })}
        />
      ) : null}
      <Belongs draft={draft} set={set} wrong={wrong} isNew={isNew} />
      <JobPartners draft={draft} set={set} wrong={wrong} />
      <FormChoice
        id="rule-extract"
        label={text('jobRule.extract')}
        value={draft.extract}
        set={(value) => set({ extract: value === 'full' ? 'full' : 'changes' })}
      >
        <option value="changes">{text('jobRule.extract.changes')}</option>
        <option value="full">{text('jobRule.extract.full')}</option>
      </FormChoice>
    </fieldset>
  )
}

/** The exchange and the realm: chosen once, told afterwards. */
function Belongs({ draft, set, wrong, isNew }: PartProps & { readonly isNew: boolean }) {
  const t = useT()
  const text = useAdminText()
  const { me, may } = useSession()
  const { data = [] } = useQuery(exchangesQuery())
  const hint = text('jobRule.fixed')
  if (!isNew) {
    const title = data.find(({ exchange }) => exchange === draft.exchange)?.title ?? draft.exchange
    return (
      <p className="set-up__fixed">
        {t('submission.exchange')}: <strong>{title}</strong> · {t(`realm.${draft.realm}`)}
        <span className="people__under">{hint}</span>
      </p>
    )
  }
  return (
    <>
      <FormChoice
        id="rule-exchange"
        label={t('submission.exchange')}
        hint={hint}
        wrong={wrong.get('exchange')}
        value={draft.exchange}
        set={(exchange) => set({ exchange })}
      >
        {data
          .filter(({ exchange }) => may('manage', exchange))
          .map(({ exchange, title }) => (
            <option key={exchange} value={exchange}>
              {title}
            </option>
          ))}
      </FormChoice>
      {me.realms.length < 2 ? null : (
        <FormChoice
          id="rule-realm"
          label={t('realm.label')}
          value={draft.realm}
          set={(value) => set({ realm: value === 'test' ? 'test' : 'live' })}
        >
          <option value="live">{t('realm.live')}</option>
          <option value="test">{t('realm.test')}</option>
        </FormChoice>
      )}
    </>
  )
}
