import { useAdminText } from '../../text/use-admin.ts'
import { FormText, Wrong } from './form-fields.tsx'
import type { PartProps } from './job-form.tsx'
import { usePartners } from './partner-choice.tsx'

/** Every partner that can, or those that are ticked. */
export function JobPartners({ draft, set, wrong }: PartProps) {
  const text = useAdminText()
  const faulty = wrong.get('partners')
  const about = faulty === undefined ? {} : { 'aria-describedby': 'rule-partners-wrong' }
  const way = (everybody: boolean, label: string) => (
    <label className="tick">
      <input
        type="radio"
        name="who"
        checked={draft.everybody === everybody}
        onChange={() => set({ everybody })}
      />
      <span>{label}</span>
    </label>
  )
  return (
    <fieldset className="usa-fieldset set-up__group" {...about}>
      <legend className="usa-label">{text('jobRule.partners')}</legend>
      {way(true, text('jobRule.everybody'))}
      {way(false, text('jobRule.chosen'))}
      {draft.everybody ? null : <Chosen chosen={draft.partners} set={(partners) => set({ partners })} />}
      <Wrong id="rule-partners" wrong={faulty} />
    </fieldset>
  )
}

/** By their titles where one may know them all, else by name. */
function Chosen({
  chosen,
  set,
}: {
  readonly chosen: readonly string[]
  readonly set: (partners: readonly string[]) => void
}) {
  const text = useAdminText()
  const titles = usePartners()
  if (titles.size === 0)
    return (
      <FormText
        id="rule-partner-names"
        label={text('jobRule.chosenNames')}
        autoCapitalize="none"
        defaultValue={chosen.join(' ')}
        set={(names) => set(names.split(/[\s,]+/).filter((name) => name !== ''))}
      />
    )
  return (
    <div className="set-up__boxes">
      {[...titles].map(([name, title]) => (
        <label key={name} className="tick">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={(event) =>
              set(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
            }
          />
          <span>{title}</span>
        </label>
      ))}
    </div>
  )
}
