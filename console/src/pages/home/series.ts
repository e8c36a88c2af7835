import type { Schemas } from '../../api/client.ts'

type Day = Schemas['DayOfActivity']
type SeriesName = 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected'

/** What became of records, from the bottom of a bar to its top, each with its colour. */
export const SERIES: readonly {
  readonly name: SeriesName
  readonly of: (day: Day) => number
  readonly colour: string
}[] = [
  { name: 'created', of: ({ created }) => created, colour: '#345d96' },
  { name: 'updated', of: ({ updated }) => updated, colour: '#86aad6' },
  { name: 'unchanged', of: ({ unchanged }) => unchanged, colour: '#c9ced6' },
  { name: 'deleted', of: ({ deleted }) => deleted, colour: '#5d6470' },
  { name: 'rejected', of: ({ rejected, filtered }) => rejected + filtered, colour: '#c05600' },
]

export function sum<Item>(items: readonly Item[] | null, of: (item: Item) => number): number {
  return (items ?? []).reduce((total, item) => total + of(item), 0)
}
