/** What a session tells of an attempt; without a result it is under way. */
interface Ran {
  readonly job: string | null
  readonly at: string
  readonly result: 'done' | 'failed' | 'timed-out' | 'cancelled' | null
  readonly run: string | null
}

/** One line of a day: a job, as often as it ran or is to run then. */
export interface Entry {
  readonly job: string
  /** The first time, ISO. */
  readonly at: string
  readonly times: number
  /** The worst that became of it; `planned`: it is still to come. */
  readonly result: 'failed' | 'timed-out' | 'open' | 'cancelled' | 'done' | 'planned'
  /** The one run to look at, where there is one. */
  readonly run: string | null
}

const WORST: readonly Entry['result'][] = ['failed', 'timed-out', 'open', 'cancelled', 'done', 'planned']

/** Day of a moment (`YYYY-MM-DD`) in the viewer's zone. */
export function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** A day so many days later. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00`)
  date.setDate(date.getDate() + days)
  return dayOf(date)
}

/** The days shown around one: its week from Sunday on, or all weeks of its month. */
export function daysShown(day: string, view: 'week' | 'month'): readonly string[] {
  const first = view === 'month' ? `${day.slice(0, 8)}01` : day
  const start = dayAfter(first, -new Date(`${first}T12:00:00`).getDay())
  const all = Array.from({ length: view === 'week' ? 7 : 42 }, (_, index) => dayAfter(start, index))
  // A last week that has nothing of the month is left out.
  const weeks =
    view === 'week' ? 1 : Math.ceil((all.findLastIndex((one) => one.startsWith(day.slice(0, 7))) + 1) / 7)
  return all.slice(0, weeks * 7)
}

/** What ran and what is to run, by day; one line for each job, the earliest first. */
export function entriesByDay(
  sessions: readonly Ran[],
  planned: readonly { readonly job: string; readonly at: string }[],
): ReadonlyMap<string, readonly Entry[]> {
  const days = new Map<string, Map<string, Entry>>()
  const add = (entry: Entry) => {
    const day = dayOf(new Date(entry.at))
    const entries = days.get(day) ?? new Map<string, Entry>()
    days.set(day, entries)
    // What is to come stands apart from what was.
    const key = `${entry.job} ${entry.result === 'planned'}`
    const known = entries.get(key)
    entries.set(key, known === undefined ? entry : together(known, entry))
  }
  for (const { job, at, result, run } of sessions)
    if (job !== null) add({ job, at, times: 1, result: result ?? 'open', run })
  for (const { job, at } of planned) add({ job, at, times: 1, result: 'planned', run: null })
  return new Map(
    [...days].map(([day, entries]) => [day, [...entries.values()].sort((a, b) => a.at.localeCompare(b.at))]),
  )
}

function together(a: Entry, b: Entry): Entry {
  const worse = WORST.indexOf(a.result) <= WORST.indexOf(b.result) ? a : b
  const [at = a.at] = [a.at, b.at].sort()
  return {
    job: a.job,
    at,
    times: a.times + b.times,
    result: worse.result,
    run: worse.run,
  }
}
