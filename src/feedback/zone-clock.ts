/** Date and time as people in one time zone write them: `MM/DD/YYYY` and `HH:MM:SS`, of an ISO text in UTC. */
export type ZoneClock = (at: string) => { readonly date: string; readonly time: string }

/** The clock of an IANA zone. */
export function zoneClock(zone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (at) => {
    const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? ''
    return {
      date: `${part('month')}/${part('day')}/${part('year')}`,
      time: `${part('hour')}:${part('minute')}:${part('second')}`,
    }
  }
}
