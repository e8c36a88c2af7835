import { type DemoStop, stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { makeWells, wellFile } from '../flow/wells.ts'

/** One request that a partner repeats, with the same idempotency key, until it is answered. */
export interface Delivery {
  readonly key: string
  readonly path: string
  readonly contentType: string
  readonly fileName: string
  readonly body: string | Uint8Array
}

export interface Sender {
  readonly partner: string
  readonly ori: string
  /** Files, each sent when the one before it was acknowledged. */
  readonly files: readonly Delivery[]
  /** Calls, one after another, beside the files. */
  readonly calls: readonly Delivery[]
}

/**
 * What some partners send: stops as CSV and JSON with faults, duplicates and corrections, single calls to the
 * same book, and a second exchange that is kept by full refreshes. The same at every call.
 */
export async function makeSenders(): Promise<Sender[]> {
  const senders: Sender[] = []
  for (const index of [1, 2, 3]) {
    const partner = `agency-${index}`
    const ori = `CA000010${index}`
    const stops = (first: number, count: number, faults: number) =>
      [...generateStops({ seed: index, count, ori, firstNumber: first, faults })] as DemoStop[]
    const first = stops(1, 110, 0.2)
    const second = stops(1001, 90, 0.2)
    const name = (label: string) => `${partner}-${label}`
    const wells = (label: string, list: ReturnType<typeof makeWells>, scope: string) =>
      wellFile('ndjson', list).then((body) => file(name(label), 'wells', 'wells.ndjson', body, scope))
    const files = [
      file(name('csv'), 'ripa', 'stops.csv', csv(first)),
      await wells('wells', makeWells(90), 'incremental'),
      file(name('json'), 'ripa', 'stops.json', json(second)),
      file(name('again'), 'ripa', 'again.json', json(first.slice(0, 60))),
      await wells(
        'refresh-1',
        makeWells(86).map((well, at) => (at % 9 === 0 ? { ...well, note: 'seen' } : well)),
        'refresh',
      ),
      file(name('fixed'), 'ripa', 'fixed.csv', csv(second.slice(0, 60).map(corrected))),
      await wells('refresh-2', makeWells(82), 'refresh'),
      file(name('broken'), 'ripa', 'broken.json', json(stops(2001, 60, 0)).slice(0, -100)),
      await wells('refresh-3', [...makeWells(79), { number: 'NEW', state: 'O' }], 'refresh'),
    ]
    const calls = stops(5001, 16, 0.5).flatMap((stop, at) => [
      call(name(`call-${at}`), stop),
      ...(at % 3 === 0 ? [call(name(`fix-${at}`), corrected(stop))] : []),
    ])
    senders.push({ partner, ori, files, calls })
  }
  return senders
}

function file(
  key: string,
  exchange: string,
  fileName: string,
  body: string | Uint8Array,
  scope = 'incremental',
): Delivery {
  const path = `/v1/exchanges/${exchange}/submissions?scope=${scope}`
  return { key, path, contentType: 'application/octet-stream', fileName, body }
}

function call(key: string, stop: DemoStop): Delivery {
  const path = '/v1/exchanges/ripa/stop?names=wire'
  return { key, path, contentType: 'application/json', fileName: '', body: JSON.stringify(stopTree(stop)) }
}

function corrected(stop: DemoStop): DemoStop {
  const persons = stop.persons.map((person) => ({ ...person, narrative: 'Looked at again.' }))
  return { ...stop, persons, transaction: 'U', location: { ...stop.location, city: 'BELL MESA' } }
}

function csv(stops: readonly DemoStop[]): string {
  return [stopHeader('v2'), ...stops.flatMap(stopRows)].map((row) => row.join('|')).join('\n')
}

function json(stops: readonly DemoStop[]): string {
  return JSON.stringify({ records: stops.map(stopTree) })
}
