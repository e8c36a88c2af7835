const minuteMs = 60_000
const pauseMaxMs = 6 * 60 * minuteMs
const patienceMs = 5 * 24 * 60 * minuteMs

/**
 * When a mail is tried again after so many attempts: after 1 minute, then twice as long each time up to 6 hours.
 * @returns milliseconds; null when the pauses together came to 5 days: then it is given up
 */
export function mailPause(attempts: number): number | null {
  let waited = 0
  let pause = minuteMs
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    waited += pause
    pause = Math.min(pauseMaxMs, pause * 2)
  }
  return waited >= patienceMs ? null : pause
}
