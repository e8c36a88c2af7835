import { type FormEvent, useRef, useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { blamedFields, FormText, useFirstWrong, Wrong } from './form-fields.tsx'

/** Some days of rest; the key tells lines apart while they are changed. */
interface DaysDraft {
  readonly key: number
  readonly from: string
  readonly until: string
  readonly reason: string
}

export interface CalendarDraft {
  readonly calendar: string
  readonly title: string
  readonly exceptions: readonly DaysDraft[]
}

const FIELDS = ['calendar', 'title', 'exceptions']
const NO_DAYS = { from: '', until: '', reason: '' }

function draftOf(before: Schemas['Calendar'] | undefined): CalendarDraft {
  return {
    calendar: before?.calendar ?? '',
    title: before?.title ?? '',
    exceptions: (before?.exceptions ?? [NO_DAYS]).map(({ from, until, reason }, key) => ({
      key,
      from,
      until,
      reason,
    })),
  }
}

/** The name and the days of a calendar, for a new one or one that is changed. */
export function RestForm({
  id,
  before,
  label,
  busy,
  problem,
  save,
}: {
  readonly id: string
  readonly before?: Schemas['Calendar']
  readonly label: string
  readonly busy: boolean
  readonly problem: Error | null
  readonly save: (draft: CalendarDraft) => void
}) {
  const text = useAdminText()
  const form = useRef<HTMLFormElement>(null)
  const [draft, setDraft] = useState(() => draftOf(before))
  const wrong = blamedFields(problem, FIELDS)
  useFirstWrong(form, problem)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(draft)
  }
  return (
    <form ref={form} className="people__form set-up" onSubmit={submit}>
      {problem === null || wrong.size > 0 ? null : <Failure problem={problem} />}
      <FormText
        id={`${id}-title`}
        label={text('jobRule.title')}
        wrong={wrong.get('title')}
        required
        maxLength={200}
        value={draft.title}
        set={(title) => setDraft({ ...draft, title })}
      />
      {before === undefined ? (
        <FormText
          id={`${id}-name`}
          label={text('jobRule.name')}
          hint={text('rest.nameHint')}
          wrong={wrong.get('calendar')}
          required
          pattern="[a-z0-9][a-z0-9\-]{0,59}"
          autoCapitalize="none"
          value={draft.calendar}
          set={(calendar) => setDraft({ ...draft, calendar })}
        />
      ) : null}
      <DayLines
        id={id}
        lines={draft.exceptions}
        wrong={wrong.get('exceptions')}
        set={(exceptions) => setDraft({ ...draft, exceptions })}
      />
      <Button type="submit" disabled={busy}>
        {label}
      </Button>
    </form>
  )
}

function DayLines({
  id,
  lines,
  wrong,
  set,
}: {
  readonly id: string
  readonly lines: readonly DaysDraft[]
  readonly wrong: string | undefined
  readonly set: (lines: readonly DaysDraft[]) => void
}) {
  const t = useT()
  const text = useAdminText()
  const change = (key: number, part: Partial<DaysDraft>) =>
    set(lines.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const next = Math.max(-1, ...lines.map(({ key }) => key)) + 1
  return (
    <fieldset className="usa-fieldset set-up__group">
      <legend className="usa-label">{text('rest.days')}</legend>
      {lines.map(({ key, from, until, reason }) => (
        <fieldset key={key} className="usa-fieldset set-up__line set-up__days">
          <legend className="usa-sr-only">{reason === '' ? text('rest.days') : reason}</legend>
          <div>
            <FormText
              id={`${id}-${key}-from`}
              label={text('rest.first')}
              type="date"
              required
              value={from}
              // Most rests begin as one day.
              set={(day) => change(key, { from: day, ...(until === '' ? { until: day } : {}) })}
            />
          </div>
          <div>
            <FormText
              id={`${id}-${key}-until`}
              label={text('rest.last')}
              wrong={wrong !== undefined && until < from ? wrong : undefined}
              type="date"
              required
              value={until}
              set={(day) => change(key, { until: day })}
            />
          </div>
          <div className="set-up__wide">
            <FormText
              id={`${id}-${key}-reason`}
              label={text('rest.reason')}
              required
              maxLength={200}
              value={reason}
              set={(said) => change(key, { reason: said })}
            />
          </div>
          <Button
            type="button"
            unstyled
            aria-label={t('people.removeNamed', { name: reason === '' ? text('rest.days') : reason })}
            onClick={() => set(lines.filter((line) => line.key !== key))}
          >
            {t('people.remove')}
          </Button>
        </fieldset>
      ))}
      {lines.some(({ from, until }) => until < from) ? null : <Wrong id={`${id}-days`} wrong={wrong} />}
      <Button type="button" outline onClick={() => set([...lines, { key: next, ...NO_DAYS }])}>
        {text('rest.add')}
      </Button>
    </fieldset>
  )
}
