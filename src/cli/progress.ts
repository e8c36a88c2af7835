import { performance } from 'node:perf_hooks'

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface Progress {
  /** @param done in units; @param total in units, or null when it cannot be known */
  update(done: number, total: number | null): void
  /** Removes the bar, so that what follows stands alone. */
  end(): void
}

/** Redrawn at most this often on a terminal; elsewhere a plain line now and then. */
const redrawMs = 100
const plainLineMs = 10_000
const barChars = 24

/**
 * Progress on standard error: a bar with rate and time left on a terminal, plain lines in a log file.
 * @param label what is going on ("Sending stops.csv")
 * @param unit what is counted ("records"), or 'bytes', which are shown as MB
 */
export function createProgress(
  label: string,
  unit: string,
  stream: Stream = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const startedAt = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  return {
    update(done, total) {
      const time = now()
      if (stream.isTTY !== true) {
        if (time - Math.max(drawnAt, startedAt) < plainLineMs) return
        drawnAt = time
        stream.write(`${label}: ${progressText(done, total, unit, time - startedAt)}\n`)
        return
      }
      if (time - drawnAt < redrawMs && done !== total) return
      drawnAt = time
      drawn = true
      const text = `${label} ${bar(done, total)} ${progressText(done, total, unit, time - startedAt)}`
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`)
    },
    end() {
      if (drawn) stream.write('\r\u001b[2K')
      drawn = false
    },
  }
}

function bar(done: number, total: number | null): string {
  if (total === null || total === 0) return ''
  const full = Math.round(Math.min(1, done / total) * barChars)
  return `[${'█'.repeat(full)}${'░'.repeat(barChars - full)}]`
}

/** `42 %, 12,345 records, 8,210/s, 12 s left` */
export function progressText(done: number, total: number | null, unit: string, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? done / (elapsedMs / 1000) : 0
  const parts = [amount(done, unit)]
  if (total !== null && total > 0) parts.unshift(`${Math.floor(Math.min(1, done / total) * 100)} %`)
  if (rate > 0) parts.push(`${amount(rate, unit).replace(` ${unit}`, '')}/s`)
  if (total !== null && rate > 0 && done < total) parts.push(`${duration((total - done) / rate)} left`)
  return parts.join(', ')
}

function amount(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / 2 ** 20).toFixed(1)} MB`
  return `${Math.round(value).toLocaleString('en-US')} ${unit}`
}

/** Seconds as people say them: `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
