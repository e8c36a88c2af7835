/** When a job runs, as far as it can be said in a few words. */
export type Schedule =
  | { readonly kind: 'none' }
  | { readonly kind: 'other' }
  | { readonly kind: 'daily'; readonly holes: { readonly time: string } }
  | { readonly kind: 'weekly'; readonly holes: { readonly day: string; readonly time: string } }
  | { readonly kind: 'monthly'; readonly holes: { readonly day: number; readonly time: string } }
  | { readonly kind: 'minutes' | 'hours'; readonly holes: { readonly count: number } }

const two = (text: string) => text.padStart(2, '0')
const isNumber = (text: string) => /^\d{1,2}$/.test(text)

/** Reads the five fields of a schedule: minute, hour, day of month, month, day of week. */
export function scheduleOf(cron: string | null, language: string): Schedule {
  if (cron === null) return { kind: 'none' }
  const [minute = '', hour = '', day = '', month = '', weekday = '', more] = cron.trim().split(/\s+/)
  if (more !== undefined || month !== '*') return { kind: 'other' }
  const everyDay = day === '*' && weekday === '*'
  const minutes = /^(?:\*|0)\/(\d{1,2})$/.exec(minute)?.[1]
  if (minutes !== undefined && hour === '*' && everyDay)
    return { kind: 'minutes', holes: { count: Number(minutes) } }
  const hours = hour === '*' ? '1' : /^(?:\*|0)\/(\d{1,2})$/.exec(hour)?.[1]
  if (isNumber(minute) && hours !== undefined && everyDay)
    return { kind: 'hours', holes: { count: Number(hours) } }
  if (!isNumber(minute) || !isNumber(hour)) return { kind: 'other' }
  const time = `${two(hour)}:${two(minute)}`
  if (everyDay) return { kind: 'daily', holes: { time } }
  if (day === '*' && /^[0-7]$/.test(weekday))
    return { kind: 'weekly', holes: { day: weekdayName(Number(weekday), language), time } }
  if (isNumber(day) && weekday === '*') return { kind: 'monthly', holes: { day: Number(day), time } }
  return { kind: 'other' }
}

/** Name of a day of the week; Sunday is 0 and 7. */
function weekdayName(weekday: number, language: string): string {
  // 1 March 2026 is a Sunday.
  const date = new Date(Date.UTC(2026, 2, 1 + (weekday % 7)))
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(date)
}
