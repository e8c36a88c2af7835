import { datePattern } from './date-pattern.ts'
import type { Field, Transform, TransformStep, TransformWord } from './definition.ts'
import { ExpressionError } from './expression/expression-error.ts'
import { patternInside } from './expression/pattern.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'

/** The keys that say what a transform does. */
const KINDS = ['date', 'replace', 'pattern', 'map', 'default', 'split', 'join', 'cut', 'pad'] as const
type Kind = (typeof KINDS)[number]

/** Keys that belong to some kinds only. */
const KEYS_OF_KINDS: Readonly<Record<string, readonly Kind[]>> = {
  with: ['replace', 'pattern', 'pad'],
  part: ['split'],
}

/** The transforms under a key; what is wrong with one is reported, and it is left out. */
export function buildTransforms(section: Section, report: Report): readonly Transform[] {
  return section.items('transforms').flatMap(({ value }): readonly Transform[] => {
    if (typeof value === 'string') return [value as TransformWord]
    if (!(value instanceof Section)) return []
    const step = buildStep(value, report)
    return step === null ? [] : [step]
  })
}

function buildStep(section: Section, report: Report): TransformStep | null {
  const kinds = KINDS.filter((kind) => section.has(kind))
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    const message =
      kind === undefined
        ? 'The transform says nothing to do.'
        : `The transform does two things: ${kinds.join(', ')}.`
    report(section.at, 'VALUE', message, `Write one of ${KINDS.join(', ')}.`)
    return null
  }
  for (const [key, of] of Object.entries(KEYS_OF_KINDS))
    if (section.has(key) && !of.includes(kind))
      report(section.place(key), 'VALUE', `'${key}' says nothing with '${kind}'.`, 'Remove it.')
  return stepOf(kind, section, report)
}

function stepOf(kind: Kind, section: Section, report: Report): TransformStep | null {
  const text = section.text(kind)
  const wrong = (message: string, fix: string) => {
    report(section.place(kind), 'VALUE', message, fix)
    return null
  }
  switch (kind) {
    case 'date':
      if (datePattern(text) !== null) return { do: kind, pattern: text }
      return wrong(`'${text}' is no pattern of a date or time.`, 'Write one such as MM/dd/yyyy or HHmm.')
    case 'replace':
      if (text === '') return wrong('An empty text cannot be replaced.', 'Say what is replaced.')
      return { do: kind, text, by: section.text('with'), pattern: false }
    case 'pattern':
      return patternStep(text, section, report)
    case 'map': {
      const pairs = [...section.entries('map')].flatMap(([from, { value }]) =>
        typeof value === 'string' ? [[from, value] as const] : [],
      )
      return { do: kind, values: Object.fromEntries(pairs) }
    }
    case 'default':
      return text === '' ? wrong('The default is empty.', 'Write a value.') : { do: kind, value: text }
    case 'split': {
      const part = section.numberOrNull('part')
      if (text === '') return wrong('A text cannot be split at nothing.', 'Write a mark.')
      if (part === 0) return wrong('Parts are counted from 1.', 'Write 1 for the first, -1 for the last.')
      return { do: kind, at: text, part }
    }
    case 'join':
      return { do: kind, by: text }
    case 'cut': {
      const [from = 1, to = null] = section.items('cut').map(({ value }) => Number(value))
      if (to !== null && to < from) return wrong('The cut ends before it begins.', 'Exchange the two.')
      return { do: kind, from, to }
    }
    case 'pad': {
      const by = section.has('with') ? section.text('with') : '0'
      if ([...by].length !== 1) return wrong('Only one character can fill up.', 'Write one after with.')
      return { do: kind, length: section.number('pad'), by }
    }
  }
}

function patternStep(text: string, section: Section, report: Report): TransformStep | null {
  try {
    patternInside(text)
    return { do: 'replace', text, by: section.text('with'), pattern: true }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const fix = 'RE2 has no look-around and no back-references; a \\ or a bracket may need a \\ before it.'
    report(section.place('pattern'), 'PATTERN', error.message, fix)
    return null
  }
}

/** Reports transforms that mean nothing for a field of this type. */
export function checkTransforms(
  transforms: readonly Transform[],
  { type, many }: Pick<Field, 'type' | 'many'>,
  section: Section,
  report: Report,
): void {
  const refuse = (what: string, fix: string) =>
    report(section.place('transforms'), 'NOT_FOR_TYPE', `${what}.`, fix)
  for (const transform of transforms) {
    if (transform === 'pad_time' && type !== 'time' && type !== 'text')
      refuse("'pad_time' is for times", 'Remove it.')
    if (typeof transform === 'string') continue
    const dated = type === 'date' || type === 'time' || type === 'datetime' || type === 'text'
    if (transform.do === 'date' && !dated)
      refuse("'date' is for dates and times", 'Remove it, or change the type.')
    if (transform.do === 'split' && transform.part === null && !many)
      refuse("'split' without 'part' makes a list", 'Add part, or make the field a list (many).')
    if (transform.do === 'join' && many) refuse("'join' makes one text of a list", 'Remove it.')
    if (transform.do === 'default' && many) refuse("'default' is for single values", 'Remove it.')
  }
}

/** Reports a crosswalk that a field cannot have. */
export function checkCrosswalkName(
  name: string,
  field: Pick<Field, 'list'>,
  crosswalks: Readonly<Record<string, { readonly name: string; readonly list: string }>>,
  at: Section['at'],
  report: Report,
): void {
  const crosswalk = Object.hasOwn(crosswalks, name) ? crosswalks[name] : undefined
  if (crosswalk === undefined)
    report(at, 'UNKNOWN_NAME', `There is no crosswalk '${name}'.`, suggestion(name, Object.keys(crosswalks)))
  else if (crosswalk.list !== field.list)
    report(
      at,
      'VALUE',
      `The crosswalk '${crosswalk.name}' leads to the list '${crosswalk.list}', not to '${field.list}'.`,
      'Name the crosswalk of this list, or make one.',
    )
}
