import { restore } from './formula-cell.ts'
import type { RawRecord, RawTree, RawValue } from './parcel.ts'

/** One name on the way to a value in a tree, and which of the values there are meant. */
interface Step {
  readonly name: string
  readonly picks: readonly Pick[]
}

type Pick =
  | { readonly kind: 'value'; readonly name: string; readonly is: string; readonly not: boolean }
  /** 1 is the first, -1 the last. */
  | { readonly kind: 'item'; readonly number: number }

/** Where a value stands in what was sent: a column's header, or the path of a JSON member or XML element. */
export interface Place {
  /** As it is written: the header. */
  readonly text: string
  readonly steps: readonly Step[]
}

/**
 * Reads a place such as `Subject.VoterId[Type=drivers-license].StringValue`: names joined by dots, each with picks in
 * brackets. A name or value with one of the marks in it stands in `'…'`.
 * @returns null where a path cannot be read so; any text is a header
 */
export function parsePlace(text: string): Place | null {
  const steps: Step[] = []
  const mark = /'([^']+)'|([^'.[\]=!]+)/y
  const word = (at: number): { readonly text: string; readonly end: number } | null => {
    mark.lastIndex = at
    const found = mark.exec(text)
    return found === null ? null : { text: found[1] ?? found[2] ?? '', end: mark.lastIndex }
  }
  let at = 0
  for (;;) {
    const name = word(at)
    if (name === null) return null
    at = name.end
    const picks: Pick[] = []
    while (text[at] === '[') {
      const end = readPick(text, at + 1, word, picks)
      if (end === null) return null
      at = end
    }
    steps.push({ name: name.text, picks })
    if (at === text.length) return { text, steps }
    if (text[at] !== '.') return null
    at += 1
  }
}

/** The place after a pick that begins there, which is added to `picks`; null where it is none. */
function readPick(
  text: string,
  start: number,
  word: (at: number) => { readonly text: string; readonly end: number } | null,
  picks: Pick[],
): number | null {
  const first = word(start)
  if (first === null) return null
  let at = first.end
  if (text[at] === ']') {
    if (!/^-?[1-9]\d{0,5}$/.test(first.text)) return null
    picks.push({ kind: 'item', number: Number(first.text) })
    return at + 1
  }
  const not = text.startsWith('!=', at)
  if (!not && text[at] !== '=') return null
  at += not ? 2 : 1
  const value = word(at)
  if (value === null || text[value.end] !== ']') return null
  picks.push({ kind: 'value', name: first.text, is: value.text, not })
  return value.end + 1
}

/** Values at a place of a tree, lists opened on the way; what holds nothing is left out. */
export function valuesAt(tree: RawTree, { steps }: Place): readonly RawValue[] {
  let values: readonly RawValue[] = [tree]
  for (const { name, picks } of steps) {
    const next: RawValue[] = []
    for (const value of values) {
      if (!isTree(value) || !Object.hasOwn(value, name)) continue
      const member = value[name] as RawValue
      const items = Array.isArray(member) ? member : [member]
      next.push(...picks.reduce(picked, items))
    }
    values = next
  }
  return values.filter((value) => value !== null && value !== '')
}

function picked(items: readonly RawValue[], pick: Pick): readonly RawValue[] {
  if (pick.kind === 'item') {
    const item = items.at(pick.number > 0 ? pick.number - 1 : pick.number)
    return item === undefined ? [] : [item]
  }
  return items.filter((item) => {
    const value = isTree(item) && Object.hasOwn(item, pick.name) ? item[pick.name] : undefined
    const text = value === null || typeof value === 'object' ? '' : String(value ?? '')
    return (text === pick.is) !== pick.not
  })
}

export function isTree(value: RawValue | undefined): value is RawTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Columns of the headers met last; the rows of a document share one header. */
const columnsOf = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

/** The first row's cell under a header; '' where there is none. */
function cellAt(header: readonly string[], rows: readonly (readonly string[])[], name: string): string {
  let columns = columnsOf.get(header)
  if (columns === undefined) {
    columns = new Map(header.map((one, index) => [one, index]))
    columnsOf.set(header, columns)
  }
  return restore(rows[0]?.[columns.get(name) ?? -1] ?? '')
}

/** What stands at a place of a record as it was sent; nothing in one that could not be read. */
export function valuesIn(shape: RawRecord['shape'], place: Place): readonly RawValue[] {
  if (shape.kind === 'tree') return valuesAt(shape.tree, place)
  if (shape.kind === 'broken') return []
  const cell = cellAt(shape.header, shape.rows, place.text)
  return cell === '' ? [] : [cell]
}

/** The reader behind `raw('…')`: the first value at a place as text, '' where nothing stands there. */
export function rawReader(): (shape: RawRecord['shape']) => (place: string) => string {
  const places = new Map<string, Place>()
  return (shape) => (text) => {
    let place = places.get(text)
    if (place === undefined) {
      place = parsePlace(text) ?? { text, steps: [{ name: text, picks: [] }] }
      places.set(text, place)
    }
    const [value = ''] = valuesIn(shape, place)
    return value === null || typeof value === 'object' ? '' : String(value)
  }
}
