import { readCompoundStream } from './compound-file.ts'
import { cellAddress } from './sheet-row.ts'

const BOF = 0x0809
const EOF = 0x000a
const BOUNDSHEET = 0x0085
const FORMULA = 0x0006

/**
 * Rows (0-based) of a legacy workbook's sheet that hold a formula, with the address of the first one. The
 * reader of values gives a formula's last result as if it were a value; this tells them apart.
 * `sheet` is the number of the sheet in the order of the workbook. Throws DecodeError.
 */
export function formulaRows(bytes: Uint8Array, sheet: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const stream = readCompoundStream(bytes, ['Workbook', 'Book'])
  if (stream === null) return found
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  const start = sheetStarts(view)[sheet]
  if (start === undefined || start + 4 > stream.length) return found
  // Charts that lie in a sheet are documents within it, between BOF and EOF of their own.
  let nested = 0
  for (const { id, at, length } of records(view, start)) {
    if (id === BOF) nested += 1
    else if (id === EOF) nested -= 1
    if (nested === 0) break
    if (id !== FORMULA || length < 4) continue
    const row = view.getUint16(at, true)
    if (!found.has(row)) found.set(row, cellAddress(view.getUint16(at + 2, true), row + 1))
  }
  return found
}

function sheetStarts(view: DataView): number[] {
  const starts: number[] = []
  for (const { id, at, length } of records(view, 0)) {
    if (id === EOF) break
    if (id === BOUNDSHEET && length >= 4) starts.push(view.getUint32(at, true))
  }
  return starts
}

function* records(view: DataView, start: number): Generator<{ id: number; at: number; length: number }> {
  for (let at = start; at + 4 <= view.byteLength; ) {
    const length = view.getUint16(at + 2, true)
    if (at + 4 + length > view.byteLength) return
    yield { id: view.getUint16(at, true), at: at + 4, length }
    at += 4 + length
  }
}
