import type { Definition, RecordType } from '../exchange/definition.ts'
import type { Finding, Outcome, Parcel } from '../exchange/parcel.ts'
import { worst } from '../exchange/parcel.ts'
import { createChunkBook } from '../match/chunk-book.ts'
import { type Book, type DecideContext, decide } from '../match/decide.ts'

/** What would become of the records of one file, as far as the file itself tells. */
export interface FileBook {
  decide(parcel: Parcel): { readonly outcome: Outcome; readonly findings: readonly Finding[] }
}

/**
 * A book that knows only the records of the file, in their order: a duplicate inside the file is found as
 * the centre finds it; what the centre holds is unknown and taken to raise no objection.
 */
export function createFileBook(definition: Definition): FileBook {
  const types = new Map(definition.types.map((type) => [type.name, type]))
  const book = createChunkBook([])
  let made = 0
  const keyOnly: Book = {
    ...book,
    // Bodies would make memory grow with the file; nothing here compares them.
    put: (type, live) => book.put(type, { ...live, body: null, faultyPaths: [] }),
  }
  const newRecordId = () => String(made++)

  return {
    decide(parcel) {
      const type = types.get(parcel.type)
      if (type === undefined || parcel.filtered || worst(parcel.findings) === 'fatal' || parcel.key === null)
        return { outcome: parcel.filtered ? 'filtered' : 'rejected', findings: parcel.findings }
      const known = book.byKey(type.name, parcel.key) !== undefined
      if (!known && parcel.operation !== 'create' && parcel.operation !== 'upsert')
        return { outcome: parcel.operation === 'delete' ? 'deleted' : 'updated', findings: parcel.findings }
      // A quoted stable id can be held only against the centre's record.
      const unquoted = { ...parcel, quotedId: null }
      const { outcome, findings } = decide(unquoted, keyOnly, contextOf(type, parcel, newRecordId))
      return { outcome, findings }
    },
  }
}

function contextOf(type: RecordType, parcel: Parcel, newRecordId: () => string): DecideContext {
  return {
    type: type.sync === undefined ? type : { ...type, sync: { ...type.sync, new: 'accept' } },
    byCentre: true,
    // Whose identifiers they are is known to the centre alone.
    ownerValues: new Set(parcel.ownerValue === null ? [] : [parcel.ownerValue]),
    expectedVersion: null,
    newRecordId,
    // Only the centre knows what is there to refer to.
    ties: null,
    book: 0,
    exchange: '',
    rekey: (_, sent) => sent,
    judgeAgainst: () => [],
  }
}
