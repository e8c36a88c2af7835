import { setTimeout as sleep } from 'node:timers/promises'
import type { OutcomeEntry, Ports, SubmissionView } from '../channel/rest/ports.ts'
import { sessionLogLines } from '../feedback/session-log.ts'
import { bookOfTracking, findBooks } from '../store/books.ts'
import { type Correction, findCorrections } from '../store/corrections.ts'
import { listFindings, summariseFindings } from '../store/findings.ts'
import type { StoredLine } from '../store/log-lines.ts'
import type { Submission } from '../store/model.ts'
import { listSubmissions } from '../store/submissions.ts'
import { placeAfter, readPlace } from './paging.ts'
import { createPaperPorts, type PaperPortDeps } from './paper-ports.ts'
import { createSubmissionLookup, type SubmissionLookup } from './submission-lookup.ts'

const watchMs = 250

/** What the REST channel may ask about submissions. */
export function createSubmissionPorts(deps: PaperPortDeps): Ports['submissions'] {
  const lookup = createSubmissionLookup(deps)
  return {
    ...createPaperPorts(deps),
    async find(tracking, partners) {
      const submission = await lookup.find(tracking)
      if (submission === null || !visible(submission, partners)) return null
      return viewOf(deps, submission)
    },
    list: (query) => list(deps, query),
    outcomes: (tracking, query) => outcomes(deps, tracking, query),
    async findings(tracking, query) {
      const place = readPlace(query.after, { position: 'number', number: 'number' })
      const rows = await lookup.read(tracking, (tx, book) =>
        listFindings(tx, { book, tracking, code: query.code, after: place, limit: query.limit + 1 }),
      )
      const items = rows.slice(0, query.limit)
      const last = items.at(-1)
      const more = rows.length > query.limit && last !== undefined
      return { items, next: more ? placeAfter({ position: last.position, number: last.number }) : null }
    },
    findingSummary: (tracking) => lookup.read(tracking, (tx, book) => summariseFindings(tx, book, tracking)),
    preview: async (tracking) => (await lookup.must(tracking)).preview,
    watch: (tracking, signal) => watch(deps, lookup, tracking, signal),
  }
}

async function* watch(
  deps: PaperPortDeps,
  lookup: SubmissionLookup,
  tracking: string,
  signal: AbortSignal,
): AsyncGenerator<SubmissionView> {
  let last = ''
  while (!signal.aborted) {
    const submission = await lookup.must(tracking)
    const view = await viewOf(deps, submission)
    const text = JSON.stringify(view)
    if (text !== last) yield view
    last = text
    if (submission.closedAt !== null || submission.state === 'held') return
    await sleep(watchMs)
  }
}

function visible(submission: Submission, partners: readonly string[] | null): boolean {
  return partners === null || partners.includes(submission.partner) || partners.includes(submission.owner)
}

async function list(deps: PaperPortDeps, query: Parameters<Ports['submissions']['list']>[0]) {
  const before = readPlace(query.after, { receivedAt: 'string', tracking: 'string' })
  const rows = await deps.db.transact(async (tx) => {
    const books = await findBooks(tx, { owners: null, exchange: query.exchange, realm: query.realm })
    return listSubmissions(tx, {
      ...query,
      books: books.map((row) => row.book),
      limit: query.limit + 1,
      before,
    })
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  const more = rows.length > query.limit && last !== undefined
  return {
    items: await viewsOf(deps, items),
    next: more ? placeAfter({ receivedAt: last.receivedAt, tracking: last.tracking }) : null,
  }
}

/** Outcomes are read from the session log: ten million unchanged records are no ten million rows. */
async function outcomes(
  deps: PaperPortDeps,
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
    const { line: at = 0, member = '', findings = [], notes = [] } = line
    items.push({ ...line, line: at, member, findings, notes })
  }
  return { items, next: null }
}

/** A submission as clients see it. */
export async function viewOf(
  deps: Pick<PaperPortDeps, 'db'>,
  submission: Submission,
): Promise<SubmissionView> {
  const [view] = await viewsOf(deps, [submission])
  return view as SubmissionView
}

async function viewsOf(
  { db }: Pick<PaperPortDeps, 'db'>,
  submissions: readonly Submission[],
): Promise<SubmissionView[]> {
  const books = [...new Set(submissions.map(({ book }) => book))]
  const trackings = submissions.map(({ tracking }) => tracking)
  const links = trackings.length === 0 ? [] : await db.transact((tx) => findCorrections(tx, books, trackings))
  return submissions.map((submission) => shown(submission, links))
}

function shown(submission: Submission, links: readonly Correction[]): SubmissionView {
  const { counts, tracking } = submission
  return {
    tracking,
    exchange: submission.exchange,
    realm: submission.realm,
    partner: submission.partner,
    account: submission.account,
    channel: submission.channel,
    state: submission.state,
    reason: submission.reason,
    scope: submission.scope,
    dryRun: submission.dryRun,
    ...(submission.reconcile ? { reconcile: true as const } : {}),
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
    rules: submission.rules,
    corrects: links
      .filter((link) => link.tracking === tracking)
      .map(({ corrects, records }) => ({ tracking: corrects, records })),
    correctedBy: links
      .filter((link) => link.corrects === tracking)
      .map((link) => ({ tracking: link.tracking, records: link.records })),
  }
}
