import { dateOfDay, dayNumber } from '../exchange/dates.ts'

/** The day on which so many business days (Monday to Friday) after a day (ISO) are over. */
export function afterBusinessDays(from: string, count: number): string {
  let day = dayNumber(from)
  if (day === null) throw new Error(`${from} is no date`)
  for (let left = count; left > 0; left -= isBusinessDay(day) ? 1 : 0) day += 1
  return dateOfDay(day) ?? from
}

/** 1970-01-01 was a Thursday. */
function isBusinessDay(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday !== 0 && weekday !== 6
}
