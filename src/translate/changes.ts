import { datePattern } from '../exchange/date-pattern.ts'
import type { Definition, Field, Transform, TransformStep, TransformWord } from '../exchange/definition.ts'
import { patternReplace } from '../exchange/expression/pattern.ts'

/** One step on the way from a value as sent to the value that is judged. */
export interface Change {
  /** Name in the session log. */
  readonly rule: string
  readonly apply: (text: string, partner: string) => string
}

/** The changes of a field's values, in order: its transforms, then its crosswalk. */
export function changesOf(field: Field, definition: Definition): readonly Change[] {
  const changes = changesIn(field.transforms, field.type)
  const crosswalk = field.crosswalk === null ? undefined : definition.crosswalks[field.crosswalk]
  if (crosswalk === undefined) return changes
  const byPartner = new Map(
    Object.entries(crosswalk.map).map(([partner, codes]) => [partner, new Map(Object.entries(codes))]),
  )
  const forAll = byPartner.get('*')
  return [
    ...changes,
    {
      rule: `crosswalk ${crosswalk.name}`,
      apply: (text, partner) => byPartner.get(partner)?.get(text) ?? forAll?.get(text) ?? text,
    },
  ]
}

/** The steps that change one text; what makes or takes lists, or fills in, is for the binder. */
export function changesIn(transforms: readonly Transform[], type: Field['type']): readonly Change[] {
  return transforms.flatMap((one): readonly Change[] => {
    if (typeof one === 'string') return [{ rule: one, apply: words[one] }]
    const apply = stepOf(one, type)
    return apply === null ? [] : [{ rule: one.do, apply }]
  })
}

/** What a field's transforms say of lists and of nothing at all; null where they say nothing. */
export interface ListChanges {
  /** A text is split here into the items of a list. */
  readonly split: string | null
  /** A list is joined to one text with this between. */
  readonly join: string | null
  /** The value where nothing was sent. */
  readonly fallback: string | null
}

export function listChangesOf(transforms: readonly Transform[]): ListChanges {
  let changes: ListChanges = { split: null, join: null, fallback: null }
  for (const one of transforms) {
    if (typeof one === 'string') continue
    if (one.do === 'split' && one.part === null) changes = { ...changes, split: one.at }
    if (one.do === 'join') changes = { ...changes, join: one.by }
    if (one.do === 'default') changes = { ...changes, fallback: one.value }
  }
  return changes
}

const words: Readonly<Record<TransformWord, (text: string) => string>> = {
  trim: (text) => text.trim(),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  collapse_spaces: (text) => text.replace(/\s+/g, ' '),
  pad_time: padTime,
  digits: (text) => text.replace(/\D+/g, ''),
}

/** `9:05` to `09:05`, and `905` or `0905` to `09:05`; anything else stays. */
function padTime(text: string): string {
  if (/^\d:\d\d(:\d\d)?$/.test(text)) return `0${text}`
  if (!/^\d{3,4}$/.test(text)) return text
  const padded = text.padStart(4, '0')
  return `${padded.slice(0, 2)}:${padded.slice(2)}`
}

function stepOf(step: TransformStep, type: Field['type']): ((text: string) => string) | null {
  switch (step.do) {
    case 'date':
      return dateStep(step.pattern, type)
    case 'replace': {
      const { text: part, by } = step
      return step.pattern ? patternReplace(part, by) : (text) => text.replaceAll(part, () => by)
    }
    case 'map': {
      const values = new Map(Object.entries(step.values))
      return (text) => values.get(text) ?? text
    }
    case 'split': {
      const { at, part } = step
      if (part === null) return null
      return (text) =>
        text
          .split(at)
          .at(part > 0 ? part - 1 : part)
          ?.trim() ?? ''
    }
    case 'cut': {
      const { from, to } = step
      return (text) => [...text].slice(from - 1, to ?? undefined).join('')
    }
    case 'pad': {
      const { length, by } = step
      return (text) => text.padStart(length, by)
    }
    default:
      return null
  }
}

/** A date written with a time of day is cut to what the field holds; what does not fit the pattern stays. */
function dateStep(pattern: string, type: Field['type']): (text: string) => string {
  const read = datePattern(pattern)
  return (text) => {
    const found = read?.(text) ?? null
    if (found === null) return text
    if (!found.includes('T')) return found
    return type === 'date' ? found.slice(0, 10) : type === 'time' ? found.slice(11) : found
  }
}
