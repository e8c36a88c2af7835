import { useQuery } from '@tanstack/react-query'
import { calendarsQuery } from '../../api/operations-queries.ts'
import { useTexts } from '../../app/text.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { FormChoice, FormText, FormTick, Wrong } from './form-fields.tsx'
import type { JobDraft } from './job-draft.ts'
import type { PartProps } from './job-form.tsx'
import { scheduleOf } from './schedule.ts'

const ZONES = Intl.supportedValuesOf('timeZone')

/** The schedule, its clock, the days of rest and the hours. */
export function When({ draft, set, wrong }: PartProps) {
  const text = useAdminText()
  const { data: calendars = [] } = useQuery(calendarsQuery())
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{text('jobRule.when')}</legend>
      <FormText
        id="rule-cron"
        label={text('jobRule.cron')}
        hint={text('jobRule.cronHint')}
        wrong={wrong.get('cron')}
        maxLength={200}
        autoCapitalize="none"
        spellCheck={false}
        value={draft.cron}
        set={(cron) => set({ cron })}
      />
      <Reads cron={draft.cron} />
      <FormText
        id="rule-zone"
        label={text('jobRule.zone')}
        hint={text('jobRule.zoneHint')}
        wrong={wrong.get('zone')}
        required
        maxLength={60}
        list="rule-zones"
        autoCapitalize="none"
        value={draft.zone}
        set={(zone) => set({ zone })}
      />
      <datalist id="rule-zones">
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <FormChoice
        id="rule-calendar"
        label={text('jobRule.calendar')}
        wrong={wrong.get('calendar')}
        value={draft.calendar}
        set={(calendar) => set({ calendar })}
      >
        <option value="">{text('jobRule.noCalendar')}</option>
        {calendars.map(({ calendar, title }) => (
          <option key={calendar} value={calendar}>
            {title}
          </option>
        ))}
      </FormChoice>
      <Hours
        id="rule-window"
        label={text('jobRule.window')}
        wrong={wrong.get('window')}
        from={draft.from}
        until={draft.until}
        set={(from, until) => set({ from, until })}
      />
      <FormChoice
        id="rule-missed"
        label={text('jobRule.missed')}
        value={draft.missed}
        set={(value) => set({ missed: value === 'skip' ? 'skip' : 'once' })}
      >
        <option value="once">{text('jobRule.missed.once')}</option>
        <option value="skip">{text('jobRule.missed.skip')}</option>
      </FormChoice>
    </fieldset>
  )
}

/** The schedule in words, where it is a plain one. */
function Reads({ cron }: { readonly cron: string }) {
  const { t, language } = useTexts()
  const text = useAdminText()
  const schedule = scheduleOf(cron.trim() === '' ? null : cron, language)
  const said =
    schedule.kind === 'none'
      ? ''
      : schedule.kind === 'other'
        ? text('jobRule.readsOther')
        : text('jobRule.reads', { when: t(`schedule.${schedule.kind}`, schedule.holes) })
  return (
    <p className="people__under" role="status">
      {said}
    </p>
  )
}

/** From one time of the day until another, or always. */
function Hours({
  id,
  label,
  wrong,
  from,
  until,
  set,
}: {
  readonly id: string
  readonly label: string
  readonly wrong?: string | undefined
  readonly from: string
  readonly until: string
  readonly set: (from: string, until: string) => void
}) {
  const text = useAdminText()
  return (
    <fieldset className="usa-fieldset set-up__group" aria-describedby={`${id}-hint`}>
      <legend className="usa-label">{label}</legend>
      <span className="usa-hint" id={`${id}-hint`}>
        {text('jobRule.windowHint')}
      </span>
      <div className="set-up__line">
        <div>
          <FormText
            id={`${id}-from`}
            label={text('jobRule.from')}
            type="time"
            required={until !== ''}
            value={from}
            set={(next) => set(next, until)}
          />
        </div>
        <div>
          <FormText
            id={`${id}-until`}
            label={text('jobRule.until')}
            type="time"
            required={from !== ''}
            value={until}
            set={(next) => set(from, next)}
          />
        </div>
      </div>
      <Wrong id={id} wrong={wrong} />
    </fieldset>
  )
}

type Numbered = 'priority' | 'arriveMinutes' | 'retryMinutes' | 'retryLimit' | 'perDayMax' | 'atOnceMax'

/** What each number may be, as the node says. */
const LIMITS: Readonly<Record<Numbered, readonly [min: number, max: number]>> = {
  priority: [0, 1000],
  arriveMinutes: [1, 10_080],
  retryMinutes: [1, 10_080],
  retryLimit: [0, 100],
  perDayMax: [1, 1000],
  atOnceMax: [1, 1000],
}

function Count({
  name,
  label,
  hint,
  draft,
  set,
  wrong,
}: PartProps & { readonly name: Numbered; readonly label: string; readonly hint?: string }) {
  const [min, max] = LIMITS[name]
  return (
    <div>
      <FormText
        id={`rule-${name}`}
        label={label}
        hint={hint}
        wrong={wrong.get(name)}
        type="number"
        inputMode="numeric"
        required
        min={min}
        max={max}
        step={1}
        value={draft[name]}
        set={(value) => set({ [name]: value } as Partial<JobDraft>)}
      />
    </div>
  )
}

/** What goes first, how long it may take, and what follows a failure. */
export function Tries(parts: PartProps) {
  const text = useAdminText()
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{text('jobRule.tries')}</legend>
      <Count
        {...parts}
        name="priority"
        label={text('jobRule.priority')}
        hint={text('jobRule.priorityHint')}
      />
      <Count
        {...parts}
        name="arriveMinutes"
        label={text('jobRule.arrive')}
        hint={text('jobRule.arriveHint')}
      />
      <div className="set-up__line">
        <Count {...parts} name="retryLimit" label={text('jobRule.retryLimit')} />
        <Count {...parts} name="retryMinutes" label={text('jobRule.retryMinutes')} />
      </div>
    </fieldset>
  )
}

/** May partners start it, when, and how often? */
export function Own(parts: PartProps) {
  const text = useAdminText()
  const { draft, set, wrong } = parts
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{text('jobRule.own')}</legend>
      <FormTick
        label={text('jobRule.ownMay')}
        about={text('jobRule.ownMayAbout')}
        checked={draft.own}
        set={(own) => set({ own })}
      />
      {draft.own ? (
        <>
          <Hours
            id="rule-ownStart"
            label={text('jobRule.ownHours')}
            wrong={wrong.get('ownStart')}
            from={draft.ownFrom}
            until={draft.ownUntil}
            set={(ownFrom, ownUntil) => set({ ownFrom, ownUntil })}
          />
          <div className="set-up__line">
            <Count {...parts} name="perDayMax" label={text('jobRule.perDay')} />
            <Count {...parts} name="atOnceMax" label={text('jobRule.atOnce')} />
          </div>
        </>
      ) : null}
    </fieldset>
  )
}
