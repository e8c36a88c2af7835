import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Download, OutcomeEntry, Ports, SubmissionView } from '../channel/rest/ports.ts'
import type { Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { errorFile } from '../feedback/error-file.ts'
import { acknowledgementClaims, receiptClaims } from '../feedback/receipt.ts'
import { sessionLogBytes, sessionLogLines } from '../feedback/session-log.ts'
import { prove, rootOf } from '../identity/merkle.ts'
import type { RunDeps } from '../run/deps.ts'
import { bookOfTracking, findBooks } from '../store/books.ts'
import { findDocument, readDocument } from '../store/documents.ts'
import { listFindings, summariseFindings } from '../store/findings.ts'
import type { StoredLine } from '../store/log-lines.ts'
import type { Submission } from '../store/model.ts'
import { findSubmission, keepReceipt, listSubmissions } from '../store/submissions.ts'
import { placeAfter, readPlace } from './paging.ts'

export interface SubmissionPortDeps extends RunDeps {
  /** Signs the claims of a receipt or an acknowledgement: a compact JWS. */
  readonly sign: (claims: object) => Promise<string>
}

const watchMs = 250

/** What the REST channel may ask about submissions. */
export function createSubmissionPorts(deps: SubmissionPortDeps): Ports['submissions'] {
  return {
    async find(tracking, partners) {
      const submission = await load(tracking)
      if (submission === null || !visible(submission, partners)) return null
      return viewOf(submission)
    },
    list: (query) => list(deps, query),
    outcomes: (tracking, query) => outcomes(deps, tracking, query),
    async findings(tracking, query) {
      const place = readPlace(query.after, { position: 'number', number: 'number' })
      const rows = await read(tracking, (tx, book) =>
        listFindings(tx, { book, tracking, code: query.code, after: place, limit: query.limit + 1 }),
      )
      const items = rows.slice(0, query.limit)
      const last = items.at(-1)
      const more = rows.length > query.limit && last !== undefined
      return { items, next: more ? placeAfter({ position: last.position, number: last.number }) : null }
    },
    findingSummary: (tracking) => read(tracking, (tx, book) => summariseFindings(tx, book, tracking)),
    async preview(tracking) {
      const submission = await must(tracking)
      return submission.preview
    },
    async errorFile(tracking) {
      const submission = await must(tracking)
      const definition = await deps.db.transact((tx) =>
        deps.definitions.pinned(tx, submission.definitionHash),
      )
      return errorFile(deps, submission, definition)
    },
    async sessionLog(tracking): Promise<Download> {
      const submission = await must(tracking)
      return {
        fileName: `${tracking}-log.ndjson.gz`,
        contentType: 'application/gzip',
        stream: Readable.from(sessionLogBytes(sourceOf(submission.book), submission.book, tracking), {
          objectMode: false,
        }),
      }
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
      if (submission.closedAt === null) return null
      if (submission.receipt !== null) return submission.receipt
      const claims = receiptClaims(submission, rootOf(submission.merkle), submission.state, submission.reason)
      const signed = await deps.sign(claims)
      return deps.db.transact((tx) => keepReceipt(tx, submission.book, tracking, signed))
    },
    async acknowledgement(tracking) {
      return deps.sign(acknowledgementClaims(await must(tracking)))
    },
    async proof(tracking, position) {
      const submission = await must(tracking)
      const lines = sessionLogLines(sourceOf(submission.book), submission.book, tracking)
      const proof = await prove(lines, (line) => (JSON.parse(line) as StoredLine).position === position)
      return proof === null ? null : { tracking, position, ...proof }
    },
    watch: (tracking, signal) => watch(tracking, signal),
  }

  function sourceOf(book: number) {
    return { db: deps.db, documents: deps.documents, scope: { books: [book] } }
  }

  async function read<T>(tracking: string, question: (tx: Tx, book: number) => Promise<T>): Promise<T> {
    const book = bookOfTracking(tracking) ?? -1
    return deps.db.transact((tx) => question(tx, book), { books: [book] })
  }

  async function load(tracking: string): Promise<Submission | null> {
    return read(tracking, (tx, book) => findSubmission(tx, book, tracking))
  }

  async function must(tracking: string): Promise<Submission> {
    const submission = await load(tracking)
    if (submission === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
    return submission
  }

  async function* watch(tracking: string, signal: AbortSignal): AsyncGenerator<SubmissionView> {
    let last = ''
    while (!signal.aborted) {
      const submission = await must(tracking)
      const view = viewOf(submission)
      const text = JSON.stringify(view)
      if (text !== last) yield view
      last = text
      if (submission.closedAt !== null || submission.state === 'held') return
      await sleep(watchMs)
    }
  }
}

function visible(submission: Submission, partners: readonly string[] | null): boolean {
  return partners === null || partners.includes(submission.partner) || partners.includes(submission.owner)
}

async function list(deps: SubmissionPortDeps, query: Parameters<Ports['submissions']['list']>[0]) {
  const before = readPlace(query.after, { receivedAt: 'string', tracking: 'string' })
  const rows = await deps.db.transact(async (tx) => {
    const books = await findBooks(tx, { owners: null, exchange: query.exchange, realm: null })
    return listSubmissions(tx, {
      books: books.map((row) => row.book),
      partners: query.partners,
      state: query.state === 'received' ? 'queued' : query.state,
      limit: query.limit + 1,
      before,
    })
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  const more = rows.length > query.limit && last !== undefined
  return {
    items: items.map(viewOf),
    next: more ? placeAfter({ receivedAt: last.receivedAt, tracking: last.tracking }) : null,
  }
}

/** Outcomes are read from the session log: ten million unchanged records are no ten million rows. */
async function outcomes(
  deps: SubmissionPortDeps,
  tracking: string,
  query: Parameters<Ports['submissions']['outcomes']>[1],
): ReturnType<Ports['submissions']['outcomes']> {
  const book = bookOfTracking(tracking) ?? -1
  const after = readPlace(query.after, { position: 'number' })?.position ?? 0
  const source = { db: deps.db, documents: deps.documents, scope: { books: [book] } }
  const items: OutcomeEntry[] = []
  for await (const text of sessionLogLines(source, book, tracking, after + 1)) {
    const line = JSON.parse(text) as StoredLine
    if (line.position === undefined || line.position <= after) continue
    if (query.outcome !== null && line.outcome !== query.outcome) continue
    if (items.length === query.limit)
      return { items, next: placeAfter({ position: items.at(-1)?.position ?? 0 }) }
    items.push({ ...line, line: line.line ?? 0, member: line.member ?? '', findings: line.findings ?? [] })
  }
  return { items, next: null }
}

/** A submission as clients see it. */
export function viewOf(submission: Submission): SubmissionView {
  const { counts } = submission
  return {
    tracking: submission.tracking,
    exchange: submission.exchange,
    realm: submission.realm,
    partner: submission.partner,
    account: submission.account,
    channel: submission.channel,
    state: submission.state,
    reason: submission.reason,
    scope: submission.scope,
    dryRun: submission.dryRun,
    fileName: submission.fileName,
    format: submission.format,
    documentSha256: submission.document,
    documentBytes: submission.documentBytes,
    repeats: submission.repeats,
    receivedAt: submission.receivedAt,
    startedAt: submission.startedAt,
    closedAt: submission.closedAt,
    counts,
    progress: { records: counts.received, share: submission.share },
    definitionHash: submission.definitionHash,
  }
}
