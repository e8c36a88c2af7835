import type { CodeValue, Field } from '../../../src/exchange/definition.ts'
import { useT } from '../app/text.tsx'
import { Beside } from './beside.tsx'
import { CodeSearchBox } from './code-search.tsx'
import { useFormState } from './form-state.ts'
import { inForce, nameOf } from './nearest.ts'
import { type Steps, textOf, valueAt } from './tree.ts'

interface Props {
  readonly field: Field
  readonly steps: Steps
}

/** The codes of a field that may be chosen on the day of the record. */
function useCodes({ list }: Field): readonly CodeValue[] {
  const { definition, judged } = useFormState()
  const values = definition.lists[list ?? '']?.values ?? []
  return values.filter((value) => inForce(value, judged.effective))
}

/** One code of a short list. */
export function CodeChoice({ field, steps }: Props) {
  const t = useT()
  const { tree, set } = useFormState()
  const codes = useCodes(field)
  const value = textOf(valueAt(tree, steps))
  const strange = value !== '' && codes.every(({ code }) => code !== value)
  return (
    <Beside field={field} steps={steps}>
      {(control) => (
        <select
          {...control}
          className="usa-select"
          value={value}
          onChange={(event) => set(steps, event.target.value === '' ? undefined : event.target.value)}
        >
          <option value="">{t('form.choose')}</option>
          {strange ? <option value={value}>{t('form.strange', { value })}</option> : null}
          {codes.map((one) => (
            <option key={one.code} value={one.code}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      )}
    </Beside>
  )
}

/** One code of a long list. */
export function CodeSearch({ field, steps }: Props) {
  const { tree, set } = useFormState()
  const codes = useCodes(field)
  return (
    <Beside field={field} steps={steps} wide={codes.length > 100}>
      {(control) => (
        <CodeSearchBox
          control={control}
          codes={codes}
          value={textOf(valueAt(tree, steps))}
          choose={(code) => set(steps, code === '' ? undefined : code)}
        />
      )}
    </Beside>
  )
}

/** Several codes: ticked in a short list, searched for in a long one. */
export function CodeSeveral({ field, steps, search }: Props & { readonly search: boolean }) {
  const t = useT()
  const { tree, set } = useFormState()
  const codes = useCodes(field)
  const value = valueAt(tree, steps)
  const chosen = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => textOf(one))
  const put = (next: readonly string[]) => set(steps, next.length === 0 ? undefined : next)
  const without = (code: string) => put(chosen.filter((one) => one !== code))
  const strange = chosen.filter((code) => codes.every((one) => one.code !== code))
  const ticks = search ? [] : codes
  const named = new Map(codes.map((one) => [one.code, nameOf(one)]))
  return (
    <Beside field={field} steps={steps} several wide>
      {({ id }) => (
        <>
          {ticks.length === 0 ? null : (
            <div className="choices">
              {ticks.map((one) => (
                <label key={one.code} className="choices__one">
                  <input
                    type="checkbox"
                    checked={chosen.includes(one.code)}
                    onChange={(event) =>
                      event.target.checked ? put([...chosen, one.code]) : without(one.code)
                    }
                  />
                  {nameOf(one)}
                </label>
              ))}
            </div>
          )}
          {search || strange.length > 0 ? (
            <ul className="picked">
              {(search ? chosen : strange).map((code) => (
                <li key={code} className="picked__one">
                  {named.get(code) ?? t('form.strange', { value: code })}
                  <button
                    type="button"
                    className="link"
                    aria-label={t('form.removeCode', { code })}
                    onClick={() => without(code)}
                  >
                    <span aria-hidden="true">×</span>
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
          {search && chosen.length < field.itemsMax ? (
            <CodeSearchBox
              control={{ id: `${id}-more`, 'aria-label': field.label }}
              codes={codes.filter(({ code }) => !chosen.includes(code))}
              value=""
              adds
              choose={(code) => (code === '' || chosen.includes(code) ? undefined : put([...chosen, code]))}
            />
          ) : null}
        </>
      )}
    </Beside>
  )
}
