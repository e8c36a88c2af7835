import type { Definition, Field, Transform } from '../exchange/definition.ts'

/** One step on the way from a value as sent to the value that is judged. */
export interface Change {
  /** Name in the session log. */
  readonly rule: string
  readonly apply: (text: string, partner: string) => string
}

/** The changes of a field's values, in order: its transforms, then its crosswalk. */
export function changesOf(field: Field, definition: Definition): readonly Change[] {
  const changes: Change[] = field.transforms.map((name) => ({ rule: name, apply: transforms[name] }))
  const crosswalk = field.crosswalk === null ? undefined : definition.crosswalks[field.crosswalk]
  if (crosswalk === undefined) return changes
  const byPartner = new Map(
    Object.entries(crosswalk.map).map(([partner, codes]) => [partner, new Map(Object.entries(codes))]),
  )
  const forAll = byPartner.get('*')
  changes.push({
    rule: `crosswalk ${crosswalk.name}`,
    apply: (text, partner) => byPartner.get(partner)?.get(text) ?? forAll?.get(text) ?? text,
  })
  return changes
}

const transforms: Readonly<Record<Transform, (text: string) => string>> = {
  trim: (text) => text.trim(),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  collapse_spaces: (text) => text.replace(/\s+/g, ' '),
  pad_time: padTime,
}

/** `9:05` to `09:05`, and `905` or `0905` to `09:05`; anything else stays. */
function padTime(text: string): string {
  if (/^\d:\d\d(:\d\d)?$/.test(text)) return `0${text}`
  if (!/^\d{3,4}$/.test(text)) return text
  const padded = text.padStart(4, '0')
  return `${padded.slice(0, 2)}:${padded.slice(2)}`
}
