import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { stopHeader, stopRows } from '../src/cli/demo-stop-forms.ts'
import { generateStops } from '../src/cli/demo-stops.ts'
import { csvRow } from '../src/encode/csv.ts'

/** Share of stops with a planted fault, in every measurement. */
export const faultShare = 0.05
export const seed = 20260302

/** Stops of the last weeks, so that none is late: the same stops for the same day of running. */
export function recentDays(): { firstDay: string; days: number } {
  return { firstDay: new Date(Date.now() - 62 * 86_400_000).toISOString().slice(0, 10), days: 60 }
}

/** Writes a file of invented v2 stops, pipe-delimited, one row a person. */
export async function writeStops(path: string, ori: string, count: number): Promise<void> {
  const stops = generateStops({ seed, count, ori, faults: faultShare, ...recentDays() })
  function* pieces(): Generator<string> {
    let text = csvRow(stopHeader('v2'), '|')
    for (const stop of stops) {
      for (const row of stopRows(stop)) text += csvRow(row, '|')
      if (text.length > 65_536) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await pipeline(pieces, createWriteStream(path))
}
