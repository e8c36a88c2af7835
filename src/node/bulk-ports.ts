import { Readable } from 'node:stream'
import type { BulkPorts, FileDecision, FileServer, TransferListing } from '../channel/rest/ports-bulk.ts'
import { bytesOf } from '../encode/bytes.ts'
import { csvRow } from '../encode/csv.ts'
import { Fault } from '../fault/fault.ts'
import { noteChanges } from '../identity/registered.ts'
import type { RunDeps } from '../run/deps.ts'
import { discardFile, holdFile, releaseFile, rerunFile } from '../run/intake/operate.ts'
import { findDocument, readDocument } from '../store/documents.ts'
import { findIntakeFile, type IntakeFile } from '../store/intake-files.ts'
import { intakeTotals, pageIntakeFiles } from '../store/intake-totals.ts'
import { findIntake, type Intake, listIntakeReports, listIntakes } from '../store/intakes.ts'
import { latestTransfers, listTransfers, type StoredTransfer } from '../store/transfers.ts'
import { bulkStatus } from './bulk-status.ts'
import { placeAfter, readPlace } from './paging.ts'
import type { OpenPickUp } from './pick-up.ts'
import { createTreePorts } from './tree-ports.ts'

export interface BulkPortDeps extends RunDeps {
  readonly pickUp: Pick<OpenPickUp, 'trees' | 'wake' | 'lastScanAt'>
  /** Folder of the partners' own trees. */
  readonly treesFolder: string
  readonly fileServer: () => FileServer | null
}

/** What came by files and what was sent back, over the stores. */
export function createBulkPorts(deps: BulkPortDeps): BulkPorts {
  const { db, definitions, now, pickUp, treesFolder } = deps
  return {
    intakes: intakePorts(deps),
    tree: createTreePorts({
      db,
      definitions,
      now,
      treesFolder,
      trees: pickUp.trees,
      onUploaded: () => pickUp.wake(),
    }),
    transfers: transferPorts(deps),
    status: () => bulkStatus(deps),
    fileServer: deps.fileServer,
  }
}

function intakePorts(deps: BulkPortDeps): BulkPorts['intakes'] {
  const { db } = deps
  return {
    async list({ after, limit, ...filter }) {
      const before = readPlace(after, { intake: 'string' })?.intake ?? null
      return db.transact(async (tx) => {
        const rows = await listIntakes(tx, { ...filter, before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        const more = rows.length > limit && last !== undefined
        const items = await withTotals(tx, page)
        return { items, next: more ? placeAfter({ intake: last.intake }) : null }
      })
    },
    find: (intake) =>
      db.transact(async (tx) => {
        const row = await findIntake(tx, intake)
        return row === null ? null : ((await withTotals(tx, [row]))[0] ?? null)
      }),
    async files(intake, { state, limit, after: place }) {
      const after = readPlace(place, { name: 'string', file: 'string' })
      const rows = await db.transact((tx) => pageIntakeFiles(tx, { intake, state, after, limit: limit + 1 }))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items, next: more ? placeAfter({ name: last.name, file: last.file }) : null }
    },
    reports: (intake) => db.transact((tx) => listIntakeReports(tx, intake)),
    async report(intake, name) {
      const reports = await db.transact((tx) => listIntakeReports(tx, intake))
      const report = reports.find((one) => one.name === name)
      const kept = report === undefined ? null : await db.transact((tx) => findDocument(tx, report.sha256))
      if (report === undefined || kept === null) throw new Fault('NOT_FOUND', { what: `report ${name}` })
      const stream = Readable.from(readDocument(deps.documents, kept), { objectMode: false })
      return { fileName: name, contentType: report.contentType, bytes: kept.size, stream }
    },
    file: (file) => db.transact((tx) => findIntakeFile(tx, file)),
    rerun: (decision) =>
      decide(deps, decision, 'rerun', () => rerunFile(deps, deps.pickUp.trees, decision.file)),
    hold: (decision) =>
      decide(deps, decision, 'held', () => holdFile(deps, decision.file, personOf(decision))),
    release: (decision) =>
      decide(deps, decision, 'released', () => releaseFile(deps, decision.file, personOf(decision))),
    discard: (decision) =>
      decide(deps, decision, 'discarded', () => discardFile(deps, decision.file, personOf(decision))),
  }
}

async function withTotals(tx: Parameters<typeof intakeTotals>[0], intakes: readonly Intake[]) {
  const ids = intakes.map(({ intake }) => intake)
  const totals = await intakeTotals(tx, ids)
  return intakes.flatMap((intake) => {
    const of = totals.get(intake.intake)
    return of === undefined ? [] : [{ ...intake, ...of }]
  })
}

/** Does what a person said about a file, notes who and why in the audit, and has the folders looked at. */
async function decide(
  { db, now, pickUp }: BulkPortDeps,
  { by, reason }: FileDecision,
  word: string,
  act: () => Promise<IntakeFile>,
): Promise<IntakeFile> {
  const file = await act()
  const target = `${file.intake} ${file.name} ${reason}`.trim()
  await db.transact((tx) => noteChanges(now)(tx, by, `file ${word}`, target))
  pickUp.wake()
  return file
}

/** Who says so, and why, for the reason that is kept with a file. */
function personOf({ by, reason }: FileDecision): string {
  return reason === '' ? by.name : `${by.name} (${reason.replace(/\.$/, '')})`
}

const COLUMNS = ['at', 'partner', 'login', 'address', 'action', 'path', 'bytes', 'ms', 'result'] as const
const linesAtOnce = 1000

function transferPorts({ db }: BulkPortDeps): BulkPorts['transfers'] {
  return {
    async list({ after, limit, ...listing }) {
      const until = readPlace(after, { transfer: 'number' })?.transfer ?? null
      const rows = await db.transact((tx) =>
        latestTransfers(tx, { ...filterOf(listing), until, limit: limit + 1 }),
      )
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items, next: more ? placeAfter({ transfer: last.transfer }) : null }
    },
    csv(listing) {
      async function* texts(): AsyncGenerator<string> {
        yield csvRow(COLUMNS, ',')
        let after = 0
        for (;;) {
          const start = after
          const rows = await db.transact((tx) =>
            listTransfers(tx, { ...filterOf(listing), after: start, limit: linesAtOnce }),
          )
          yield rows.map(csvLine).join('')
          if (rows.length < linesAtOnce) return
          after = rows.at(-1)?.transfer ?? after
        }
      }
      return {
        fileName: 'transfers.csv',
        contentType: 'text/csv; charset=utf-8',
        stream: Readable.from(bytesOf(texts()), { objectMode: false }),
      }
    },
  }
}

function filterOf({ partner, from, before }: TransferListing) {
  return { partner, ...(from === null ? {} : { from }), ...(before === null ? {} : { before }) }
}

function csvLine(line: StoredTransfer): string {
  return csvRow(
    COLUMNS.map((name) => String(line[name] ?? '')),
    ',',
  )
}
