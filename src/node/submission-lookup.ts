import type { Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { RunDeps } from '../run/deps.ts'
import { bookOfTracking } from '../store/books.ts'
import type { Submission } from '../store/model.ts'
import { findSubmission } from '../store/submissions.ts'

/** Finding submissions by their tracking number, with the eyes of a reader of that one book. */
export interface SubmissionLookup {
  read<T>(tracking: string, question: (tx: Tx, book: number) => Promise<T>): Promise<T>
  find(tracking: string): Promise<Submission | null>
  /** Throws fault NOT_FOUND. */
  must(tracking: string): Promise<Submission>
}

export function createSubmissionLookup({ db }: Pick<RunDeps, 'db'>): SubmissionLookup {
  const lookup: SubmissionLookup = {
    async read(tracking, question) {
      const book = bookOfTracking(tracking) ?? -1
      return db.transact((tx) => question(tx, book), { books: [book] })
    },
    find: (tracking) => lookup.read(tracking, (tx, book) => findSubmission(tx, book, tracking)),
    async must(tracking) {
      const submission = await lookup.find(tracking)
      if (submission === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
      return submission
    },
  }
  return lookup
}
