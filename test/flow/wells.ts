import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { writeSheet } from '../../src/encode/sheet.ts'
import { xmlElement, xmlFrame } from '../../src/encode/xml.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { RawTree } from '../../src/exchange/parcel.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { type OneRequest, type OneResult, submitOne } from '../../src/run/one-record.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import type { River } from './river.ts'

/** An invented well as a sender knows it; `null` leaves a value out. */
export interface Well {
  readonly number: string
  readonly action?: string
  readonly state?: string
  readonly drilled?: string
  readonly depth?: string
  readonly note?: string
  readonly readings?: readonly { readonly day: string; readonly level: string }[]
}

export function loadWells(change: Partial<Definition> = {}): Promise<Definition> {
  return loadExchange(new URL('../fixtures/exchanges/wells', import.meta.url).pathname).then((loaded) =>
    Object.keys(change).length === 0
      ? loaded
      : { ...loaded, ...change, hash: createHash('sha256').update(JSON.stringify(change)).digest('hex') },
  )
}

/** Wells numbered `W1` to `W<count>`, all different and without faults. */
export function makeWells(count: number, change: Partial<Well> = {}): Well[] {
  return Array.from({ length: count }, (_, index) => ({
    number: `W${index + 1}`,
    state: index % 3 === 0 ? 'C' : 'O',
    depth: String(10 + (index % 1000)),
    readings: index % 2 === 0 ? [{ day: '2025-06-01', level: String(index + 0.5) }] : [],
    ...change,
  }))
}

export type WellFormat = 'csv' | 'json' | 'ndjson' | 'xml' | 'xlsx'
export const WELL_FORMATS: readonly WellFormat[] = ['csv', 'json', 'ndjson', 'xml', 'xlsx']

/** A file of these wells, as a partner would send it. */
export async function wellFile(format: WellFormat, wells: readonly Well[]): Promise<Uint8Array> {
  switch (format) {
    case 'csv':
      return Buffer.from(`${[HEADER, ...wells.flatMap(rowsOf)].map(csvLine).join('\n')}\n`)
    case 'json':
      return Buffer.from(JSON.stringify({ wells: wells.map(treeOf) }))
    case 'ndjson':
      return Buffer.from(wells.map((well) => `${JSON.stringify(treeOf(well))}\n`).join(''))
    case 'xml': {
      const { start, end } = xmlFrame('Wells', null)
      return Buffer.from(start + wells.map((well) => xmlElement('Well', treeOf(well))).join('\n') + end)
    }
    case 'xlsx': {
      const pieces: Uint8Array[] = []
      for await (const piece of writeSheet('Wells', HEADER, each(wells.flatMap(rowsOf)))) pieces.push(piece)
      return Buffer.concat(pieces)
    }
  }
}

export const zipped = (name: string, bytes: Uint8Array): Uint8Array => makeZip([{ name, data: bytes }])
export const gzipped = (bytes: Uint8Array): Uint8Array => gzipSync(bytes)

/** One well sent in a call of its own. */
export function callWell(
  river: River,
  partner: string,
  well: Well,
  change: Partial<OneRequest> = {},
): Promise<OneResult> {
  return submitOne(
    { ...river.deps, realtime: river.realtime },
    {
      who: {
        account: 'caller',
        name: 'caller',
        partner,
        centre: false,
        kind: 'machine',
        realms: ['live'],
        grants: [],
      },
      exchange: 'wells',
      realm: 'live',
      partner,
      channel: 'test',
      type: 'well',
      operation: null,
      recordId: null,
      expectedVersion: null,
      idempotencyKey: null,
      bytes: Buffer.from(JSON.stringify(treeOf(well))),
      format: 'json',
      names: 'wire',
      ...change,
    },
  )
}

const HEADER = ['Action', 'Number', 'State', 'Drilled', 'Depth', 'Note', 'Day', 'Level']

function rowsOf(well: Well): string[][] {
  const { action = '', number, state = '', drilled = '', depth = '', note = '', readings = [] } = well
  const cells = [action, number, state, drilled, depth, note]
  return readings.length === 0
    ? [[...cells, '', '']]
    : readings.map(({ day, level }) => [...cells, day, level])
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

function treeOf(well: Well): RawTree {
  const tree: Record<string, RawTree[string]> = {}
  const names = {
    action: 'Action',
    state: 'State',
    drilled: 'Drilled',
    depth: 'Depth',
    note: 'Note',
  } as const
  tree.Number = well.number
  for (const [name, wire] of Object.entries(names)) {
    const value = well[name as keyof typeof names]
    if (value !== undefined) tree[wire] = value
  }
  if (well.readings !== undefined && well.readings.length > 0)
    tree.Readings = { Reading: well.readings.map(({ day, level }) => ({ Day: day, Level: level })) }
  return tree
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
