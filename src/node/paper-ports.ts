import { Readable } from 'node:stream'
import type { Download, Ports } from '../channel/rest/ports.ts'
import { Fault } from '../fault/fault.ts'
import { errorFile } from '../feedback/error-file.ts'
import { receiptOf } from '../feedback/intake-reports.ts'
import { acknowledgementClaims } from '../feedback/receipt.ts'
import { sessionLogBytes, sessionLogLines } from '../feedback/session-log.ts'
import { prove } from '../identity/merkle.ts'
import type { RunDeps } from '../run/deps.ts'
import { findDocument, readDocument } from '../store/documents.ts'
import type { StoredLine } from '../store/log-lines.ts'
import { createSubmissionLookup } from './submission-lookup.ts'

export interface PaperPortDeps extends RunDeps {
  /** Signs the claims of a receipt or an acknowledgement: a compact JWS. */
  readonly sign: (claims: object) => Promise<string>
}

type PaperPorts = Pick<
  Ports['submissions'],
  'errorFile' | 'sessionLog' | 'document' | 'receipt' | 'acknowledgement' | 'proof'
>

/** What a sender may take away from a submission: files, signed papers, proofs. */
export function createPaperPorts(deps: PaperPortDeps): PaperPorts {
  const { must } = createSubmissionLookup(deps)
  const sourceOf = (book: number) => ({ db: deps.db, documents: deps.documents, scope: { books: [book] } })
  return {
    async errorFile(tracking, format) {
      const submission = await must(tracking)
      const definition = await deps.db.transact((tx) =>
        deps.definitions.pinned(tx, submission.definitionHash),
      )
      return errorFile(deps, submission, definition, format)
    },
    async sessionLog(tracking): Promise<Download> {
      const { book } = await must(tracking)
      const bytes = sessionLogBytes(sourceOf(book), book, tracking)
      const stream = Readable.from(bytes, { objectMode: false })
      return { fileName: `${tracking}-log.ndjson.gz`, contentType: 'application/gzip', stream }
    },
    async document(tracking): Promise<Download> {
      const submission = await must(tracking)
      const kept = await deps.db.transact((tx) => findDocument(tx, submission.document))
      if (kept === null) throw new Fault('NOT_FOUND', { what: `document of ${tracking}` })
      return {
        fileName: submission.fileName === '' ? tracking : submission.fileName,
        contentType: submission.contentType ?? 'application/octet-stream',
        stream: Readable.from(readDocument(deps.documents, kept), { objectMode: false }),
      }
    },
    async receipt(tracking) {
      const submission = await must(tracking)
      return submission.closedAt === null ? null : receiptOf(deps, submission)
    },
    acknowledgement: async (tracking) => deps.sign(acknowledgementClaims(await must(tracking))),
    async proof(tracking, position) {
      const { book } = await must(tracking)
      const lines = sessionLogLines(sourceOf(book), book, tracking)
      const proof = await prove(lines, (line) => (JSON.parse(line) as StoredLine).position === position)
      return proof === null ? null : { tracking, position, ...proof }
    },
  }
}
