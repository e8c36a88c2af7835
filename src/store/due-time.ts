/** How often a contact is written to. */
export const FREQUENCIES = ['at-once', 'hourly', 'daily', 'weekly'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/** Hour of the day, on the exchange's clock, at which daily and weekly digests are made. */
const digestHour = 6

/**
 * When something that happened at `at` is told: at once, at the next full hour, the next 06:00, or the next
 * Monday 06:00 on the clocks of a zone.
 * @param at milliseconds since 1970
 * @param zone IANA name
 * @returns milliseconds since 1970, never before `at`
 */
export function dueTime(frequency: Frequency, at: number, zone: string): number {
  if (frequency === 'at-once') return at
  const local = localTime(at, zone)
  if (frequency === 'hourly') {
    const hour = Math.floor(local / hourMs) * hourMs + hourMs
    return at + (hour - local)
  }
  let wanted = Math.floor(local / dayMs) * dayMs + digestHour * hourMs
  // Day 0 was a Thursday.
  const daysToMonday = (11 - (Math.floor(local / dayMs) % 7)) % 7
  if (frequency === 'weekly') wanted += daysToMonday * dayMs
  if (wanted <= local) wanted += frequency === 'weekly' ? 7 * dayMs : dayMs
  return fromLocal(wanted, zone)
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What a clock in the zone shows, as if it were in UTC. */
function localTime(at: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of clockOf(zone).formatToParts(at)) parts[type] = Number(value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at % 1000)
}

/** The moment at which a clock in the zone shows this; the later offset counts where clocks are changed. */
function fromLocal(local: number, zone: string): number {
  let at = local
  for (let turn = 0; turn < 3; turn += 1) at += local - localTime(at, zone)
  return at
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    clocks.set(zone, clock)
  }
  return clock
}
