import { Cron } from 'croner'
import { Fault } from '../../fault/fault.ts'
import type { CalendarException, Hours } from '../../store/job-model.ts'
import { dateIn } from '../deps.ts'

/** When a job may run at all. */
export interface Timetable {
  /** Five fields; null: no schedule. */
  readonly cron: string | null
  readonly zone: string
  readonly window: Hours | null
  readonly exceptions: readonly CalendarException[]
}

/** Occurrences on days of rest that are passed over before a schedule counts as ended. */
const passedOverMax = 5000

/**
 * The first occurrence of the schedule after a time that does not fall on a day of rest.
 * @param after milliseconds since 1970
 * @returns null when there is none in sight
 */
export function nextOccurrence({ cron, zone, exceptions }: Timetable, after: number): number | null {
  if (cron === null) return null
  const schedule = cronOf(cron, zone)
  let time: number | null = after
  for (let count = 0; count < passedOverMax; count += 1) {
    time = next(schedule, time)
    if (time === null) return null
    const rest = restOf(exceptions, zone, time)
    if (rest === null) return time
    // On to the last moment of the rest at once: a schedule of every five minutes has many occurrences in it.
    time = Math.max(time, endOf(rest, zone) - 1)
  }
  return null
}

/**
 * The first moment, at or after a time, at which an attempt may be handed out: in the window, on no day of rest.
 * @returns null when there is none in sight
 */
export function nextOffer({ zone, window, exceptions }: Timetable, at: number): number | null {
  let time = at
  for (let count = 0; count < passedOverMax; count += 1) {
    const rest = restOf(exceptions, zone, time)
    if (rest !== null) {
      time = endOf(rest, zone)
      continue
    }
    if (window === null || isWithin(window, zone, time)) return time
    const opening = next(cronOf(dailyAt(window.from), zone), time)
    if (opening === null) return null
    time = opening
  }
  return null
}

/** When the window that is open at a time closes; null when there is no window. */
export function windowCloses({ window, zone }: Timetable, at: number): number | null {
  return window === null ? null : next(cronOf(dailyAt(window.until), zone), at)
}

/** Is a time of day within these hours? From 22:00 until 05:00 is past midnight; equal ends are the whole day. */
export function isWithin({ from, until }: Hours, zone: string, at: number): boolean {
  const time = clockOf(zone).format(at)
  if (from === until) return true
  return from < until ? time >= from && time < until : time >= from || time < until
}

/** The day of rest that a time falls on, or null. */
export function restOf(
  exceptions: readonly CalendarException[],
  zone: string,
  at: number,
): CalendarException | null {
  if (exceptions.length === 0) return null
  const date = dateIn(zone, at)
  return exceptions.find(({ from, until }) => from <= date && date <= until) ?? null
}

/** When the day of a time began, by a zone's clock. */
export function startOfDay(zone: string, at: number): number {
  const midnights = cronOf('0 0 * * *', zone)
  // No day is as long as two.
  let start = at - 2 * dayMs
  for (let time = next(midnights, start); time !== null && time <= at; time = next(midnights, time))
    start = time
  return start
}

/** Why a schedule cannot be used, in words; null when it can. */
export function scheduleProblem(cron: string | null, zone: string): string | null {
  try {
    dateIn(zone, 0)
  } catch {
    return `${zone} is no time zone; give a name such as America/Los_Angeles.`
  }
  if (cron === null) return null
  try {
    cronOf(cron, zone)
    return null
  } catch {
    return `"${cron}" is no schedule: give minute, hour, day of month, month and day of week, such as "30 1 * * *".`
  }
}

/** Throws fault BAD_REQUEST, blaming the zone or the schedule of a job's rule, when that cannot be read. */
export function refuseSchedule({ cron, zone }: Pick<Timetable, 'cron' | 'zone'>): void {
  // Without a schedule only the zone can be wrong.
  const wrongZone = scheduleProblem(null, zone)
  if (wrongZone !== null) throw new Fault('BAD_REQUEST', { reason: wrongZone }).blaming('body/zone')
  const wrongCron = scheduleProblem(cron, zone)
  if (wrongCron !== null) throw new Fault('BAD_REQUEST', { reason: wrongCron }).blaming('body/cron')
}

/** The moment at which the day after the rest begins. */
function endOf({ until }: CalendarException, zone: string): number {
  // A day after the last in UTC is past its end in every zone; from two days before, midnights are counted.
  const last = Date.parse(`${until}T00:00:00Z`)
  let time = last - 2 * dayMs
  while (dateIn(zone, time) <= until) {
    const midnight = next(cronOf('0 0 * * *', zone), time)
    if (midnight === null) throw new Fault('BAD_REQUEST', { reason: `${until} is too far away.` })
    time = midnight
  }
  return time
}

const dayMs = 24 * 3600 * 1000

function dailyAt(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':')
  return `${Number(minute)} ${Number(hour)} * * *`
}

function next(schedule: Cron, after: number): number | null {
  return schedule.nextRun(new Date(after))?.getTime() ?? null
}

const crons = new Map<string, Cron>()
const cronsMax = 2000

function cronOf(cron: string, zone: string): Cron {
  const key = `${zone} ${cron}`
  let found = crons.get(key)
  if (found === undefined) {
    if (crons.size > cronsMax) crons.clear()
    found = new Cron(cron, { timezone: zone, paused: true, mode: '5-part' })
    crons.set(key, found)
  }
  return found
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
    })
    clocks.set(zone, clock)
  }
  return clock
}
