import { useTexts } from './text.tsx'

/** The viewer's time zone, by its IANA name. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  let made = formats.get(key)
  if (made === undefined) {
    made = new Intl.DateTimeFormat(language, { timeZone: zone, ...options })
    formats.set(key, made)
  }
  return made
}

/** How the zone is written beside a time, like `PDT` or `GMT+2`. */
export function zoneName(language: string, at: Date = new Date()): string {
  const parts = format(language, 'zone', { timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

type Detail = 'minute' | 'second' | 'day'

const OPTIONS: Readonly<Record<Detail, Intl.DateTimeFormatOptions>> = {
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  second: { dateStyle: 'medium', timeStyle: 'medium' },
  day: { dateStyle: 'medium' },
}

/** A time in the viewer's zone; the exact one, with the zone, is its title. */
export function Time({ at, to = 'minute' }: { readonly at: string; readonly to?: Detail }) {
  const { language } = useTexts()
  const date = new Date(at)
  const exact = `${format(language, 'second', OPTIONS.second).format(date)} ${zoneName(language, date)}`
  return (
    <time dateTime={at} title={exact}>
      {format(language, to, OPTIONS[to]).format(date)}
    </time>
  )
}

/** How long something took, as two units at most. */
export function duration(ms: number, language: string): string {
  const seconds = Math.round(ms / 1000)
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(value)
  if (ms < 1000) return unit(Math.max(1, Math.round(ms)), 'millisecond')
  if (seconds < 60) return unit(seconds, 'second')
  if (seconds < 3600) return `${unit(Math.floor(seconds / 60), 'minute')} ${unit(seconds % 60, 'second')}`
  const minutes = Math.round(seconds / 60)
  return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`
}

/** Bytes as people say them. */
export function bytes(size: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  let at = 0
  let value = size
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at += 1
  }
  const maximumFractionDigits = value < 10 && at > 0 ? 1 : 0
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[at] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits,
  }).format(value)
}

/** The start of a day (`YYYY-MM-DD`) in the viewer's zone, as an ISO time; `days` later. */
export function startOfDay(day: string, days = 0): string | undefined {
  const date = new Date(`${day}T00:00:00`)
  if (Number.isNaN(date.getTime())) return undefined
  date.setDate(date.getDate() + days)
  return date.toISOString()
}
