import type { Field, RecordType } from '../../../src/exchange/definition.ts'
import { Section } from '../components/page.tsx'
import { FieldView } from './fields.tsx'
import { FormProvider, type FormState } from './form-state.ts'
import { isHidden } from './hidden.ts'

interface Part {
  readonly title: string
  readonly fields: readonly Field[]
}

/** A record as a form, made from the definition. */
export function RecordForm({ state }: { readonly state: FormState }) {
  const parts = partsOf(state.type).map(({ title, fields }) => ({
    title,
    fields: fields.filter((field) => !isHidden(state, [field.name])),
  }))
  return (
    <FormProvider value={state}>
      {parts
        .filter(({ fields }) => fields.length > 0)
        .map(({ title, fields }) => (
          <Section key={title} title={title}>
            <div className="fields">
              {fields.map((field) => (
                <FieldView key={field.no} field={field} steps={[field.name]} bare={fields.length === 1} />
              ))}
            </div>
          </Section>
        ))}
    </FormProvider>
  )
}

/** Fields that belong together: those below one name of the exchange, and each list of groups by itself. */
function partsOf(type: RecordType): readonly Part[] {
  const parts = new Map<string, Field[]>()
  for (const field of type.fields) {
    const [above = ''] = field.path
    // A list has a name of its own around its values.
    const own = field.many ? 2 : 1
    const title =
      field.type === 'group' && field.document === null
        ? field.label
        : field.path.length > own
          ? words(above)
          : type.title
    const part = parts.get(title)
    if (part === undefined) parts.set(title, [field])
    else part.push(field)
  }
  return [...parts].map(([title, fields]) => ({ title, fields }))
}

/** `PrimaryReason` → Primary reason. */
function words(name: string): string {
  const text = name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
