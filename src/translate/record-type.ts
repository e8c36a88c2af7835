import type { Definition } from '../exchange/definition.ts'
import { restore } from '../exchange/formula-cell.ts'
import type { RawRecord, RawTree } from '../exchange/parcel.ts'

/**
 * Gives a raw record its type: the one that the document told by element, member or sheet, else the one that
 * the record names, else that of its file's name. Null where nothing tells it, or it names one that is not there.
 */
export type FindType = (raw: RawRecord, ofName: string | null) => RawRecord

/** Compiles the types of an exchange; with one type every record is of it and stays as it is. */
export function compileFindType(definition: Definition): FindType {
  if (definition.types.length < 2) return (raw) => raw
  const names = new Set(definition.types.map(({ name }) => name))
  const { recordType } = definition.formats
  return (raw, ofName) => {
    if (raw.type !== undefined) return raw
    const said = saidType(raw, recordType)
    const type = said === '' ? ofName : names.has(said.toLowerCase()) ? said.toLowerCase() : null
    return { ...raw, type }
  }
}

/** The type as the record says it, '' where it does not. */
export function saidType({ shape }: RawRecord, recordType: string): string {
  if (shape.kind === 'broken') return ''
  if (shape.kind === 'tree') {
    const value = (shape.tree as RawTree)[recordType]
    return typeof value === 'string' ? value.trim() : ''
  }
  const at = shape.header.indexOf(recordType)
  for (const row of at === -1 ? [] : shape.rows) {
    const text = restore(row[at] ?? '').trim()
    if (text !== '') return text
  }
  return ''
}
