import { expect, test } from 'vitest'
import { stopHeader, stopRows } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { openEmbedded } from '../database.ts'
import { openRiver } from './river.ts'

test('a CSV error file keeps the delimiter that was sent, whatever the definition prefers', async () => {
  const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
  const db = await openEmbedded()
  const river = await openRiver(db, [ripa])
  try {
    const stops = [...generateStops({ seed: 2, count: 40, ori: 'CA0000001', faults: 0.5 })]
    const rows = [stopHeader('v2'), ...stops.flatMap((stop) => stopRows(stop))]
    const submission = await river.send(rows.map((row) => csvRow(row, ',')).join(''))
    const { stream, fileName } = await errorFile(river.deps, submission, ripa)
    const [header = ''] = Buffer.concat(await stream.toArray())
      .toString()
      .split('\n')
    expect(fileName).toMatch(/-errors\.csv$/)
    expect(header.split(',').length).toBeGreaterThan(30)
    expect(header).toContain('Error_Code')
  } finally {
    await river.close()
  }
}, 60_000)
