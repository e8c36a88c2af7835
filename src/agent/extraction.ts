import { randomUUID } from 'node:crypto'
import type { Definition } from '../exchange/definition.ts'
import { openSource } from '../source/open.ts'
import type { Row, Source, SourceLimits } from '../source/source.ts'
import { AgentFailure } from './agent-failure.ts'
import { type ColumnPlan, planColumns } from './column-plan.ts'
import type { BatchConfig, SourceConfig, ViewConfig } from './config.ts'
import { createEdgeCheck, type EdgeCheck, type EdgeTally } from './edge-check.ts'
import { createExtract, type ExtractSize } from './extract-file.ts'
import { decodeMarker, encodeMarker, type Marks } from './marker.ts'
import type { PackForm } from './pack.ts'
import type { Job } from './protocol.ts'
import { packFormOf, type RecordDocument, recordDocument } from './record-document.ts'
import { selectView } from './selection.ts'
import type { Snapshot } from './snapshot.ts'
import { isDocument } from './wire-names.ts'
import { type RecordMaker, recordMaker } from './wire-record.ts'

export interface Extraction {
  readonly job: Pick<Job, 'extract' | 'since'>
  readonly definition: Definition
  /** Whose crosswalks the check uses. */
  readonly partner: string
  readonly batch: BatchConfig
  readonly source: SourceConfig
  /** The temporary file to make, and its key. */
  readonly file: { readonly path: string; readonly key: Uint8Array | null }
  readonly snapshotOf: (type: string) => Promise<Snapshot>
  /** Told often; cheap. */
  readonly moved: (records: number, bytes: number) => void
  /** A line for the log of the attempt. */
  readonly note: (line: string) => void
  readonly signal: AbortSignal
}

export interface Extracted extends ExtractSize {
  readonly form: PackForm
  /** Deletions included. */
  readonly records: number
  readonly deletions: number
  readonly marker: string | null
  readonly tally: EdgeTally | null
  /** Snapshots that take their place once the attempt is done: type → generation. */
  readonly generations: Readonly<Record<string, string>>
}

/** A share of few records says nothing. */
const deletionsFreeMax = 20

/**
 * Takes what a job asks for out of the source into a temporary file. Nothing of it is sent yet, and on any
 * failure the file is closed; removing it is for the caller. Throws AgentFailure, SourceError, or what the disk says.
 */
export async function extract(extraction: Extraction): Promise<Extracted> {
  const { source: config, signal, note } = extraction
  signal.throwIfAborted()
  note(`Connecting to source ${config.name} (${config.spec.driver}).`)
  const source = await openSource(config.spec, limitsOf(extraction))
  try {
    const views = await planViews(source, extraction)
    return await write(source, views, extraction)
  } finally {
    await source.close()
  }
}

/** A batch of images is as much in memory as many batches of records. */
const documentRowsMax = 20

function limitsOf({ definition, source }: Extraction): SourceLimits {
  const { limits } = source
  if (!definition.types.some(({ fields }) => fields.some(isDocument))) return limits
  return { ...limits, batchRows: Math.min(limits.batchRows, documentRowsMax) }
}

interface PlannedView {
  readonly view: ViewConfig
  readonly plan: ColumnPlan
  readonly found: readonly string[]
}

/** The views in the order of the types, each held against the definition. Throws COLUMNS_WRONG with everything. */
async function planViews(
  source: Source,
  { definition, batch, note }: Extraction,
): Promise<readonly PlannedView[]> {
  const planned: PlannedView[] = []
  const problems: string[] = []
  for (const view of batch.views) {
    const found = await source.columns(view.view)
    const { plan, warnings, ...report } = planColumns(definition, view, found)
    problems.push(...report.problems)
    for (const warning of warnings) note(`View ${view.view}: ${warning}`)
    if (plan !== null) planned.push({ view, plan, found })
  }
  if (problems.length > 0) throw new AgentFailure('COLUMNS_WRONG', problems.join(' '))
  const order = definition.types.map(({ name }) => name)
  return planned.toSorted((a, b) => order.indexOf(a.plan.type.name) - order.indexOf(b.plan.type.name))
}

async function write(
  source: Source,
  views: readonly PlannedView[],
  extraction: Extraction,
): Promise<Extracted> {
  const { definition, partner, batch, file, note, job } = extraction
  const form = packFormOf(definition)
  const out = await createExtract(file.path, file.key, form)
  const written: Written = {
    document: recordDocument(definition, out),
    check: batch.check.mode === 'off' ? null : createEdgeCheck(definition, partner, new Date()),
    generations: {},
    records: 0,
    deletions: 0,
    moved: () => extraction.moved(written.records, out.bytes),
  }
  try {
    const since = job.extract === 'full' ? new Map<string, string>() : decodeMarker(job.since)
    const marks = new Map<string, string>()
    for (const view of views) {
      const mark = await writeView(source, view, since, written, extraction)
      if (mark !== null) marks.set(view.plan.type.name, mark)
    }
    await written.document.end()
    const { records, deletions, generations } = written
    const size = await out.finish()
    note(`${records} records (${deletions} of them deletions) in ${size.bytes} bytes.`)
    const tally = written.check?.tally() ?? null
    judgeTally(tally, extraction)
    return { ...size, form, records, deletions, generations, tally, marker: encodeMarker(marks) }
  } catch (error) {
    await out.abandon()
    throw error
  }
}

interface Written {
  readonly document: RecordDocument
  readonly check: EdgeCheck | null
  readonly generations: Record<string, string>
  records: number
  deletions: number
  readonly moved: () => void
}

async function writeView(
  source: Source,
  { view, plan, found }: PlannedView,
  since: Marks,
  written: Written,
  extraction: Extraction,
): Promise<string | null> {
  const { definition, source: config, signal, note, job } = extraction
  const type = plan.type.name
  const before = job.extract === 'full' ? null : (since.get(type) ?? null)
  const snapshot = view.changes?.by === 'snapshot' ? await extraction.snapshotOf(type) : null
  try {
    const known = snapshot === null ? false : beginSnapshot(snapshot, plan, before, written, note)
    const maker = recordMaker(definition, plan)
    const selected = await selectView({ source, config, view, plan, found, since: before, signal })
    note(
      `Reading view ${view.view}${view.where === null ? '' : ' with criteria'}: ${before === null ? 'everything' : 'changes'}.`,
    )
    await written.document.begin(type)
    for await (const rows of selected.rows()) {
      signal.throwIfAborted()
      await put(type, changedOf(rows, maker, snapshot, known), written)
    }
    if (before !== null && selected.gone !== null)
      for await (const keys of selected.gone()) await remove(type, keys.map(maker.deletion), written)
    if (snapshot !== null && known && view.changes?.by === 'snapshot') {
      await removeGone(snapshot, view.changes, type, maker, written, config.limits.batchRows)
    }
    return snapshot === null ? selected.mark() : (written.generations[type] ?? null)
  } finally {
    snapshot?.close()
  }
}

/** Whether what the snapshot holds is what the centre was last done with, so that only differences need be sent. */
function beginSnapshot(
  snapshot: Snapshot,
  plan: ColumnPlan,
  before: string | null,
  written: Written,
  note: (line: string) => void,
): boolean {
  // The centre may have been done with an attempt, and we ended before we heard of it.
  if (before !== null) snapshot.commit(before)
  const known = before !== null && snapshot.generation === before
  if (before !== null && !known)
    note(
      'The snapshot is not that of the last attempt that was done: everything is sent, and deletions wait for a full refresh.',
    )
  const generation = randomUUID()
  const sizeBefore = snapshot.size
  snapshot.begin(generation, [plan.type.name, ...plan.type.identity.key].join(' '))
  written.generations[plan.type.name] = generation
  return known && (sizeBefore === 0 || snapshot.size > 0)
}

interface Made {
  readonly tree: ReturnType<RecordMaker['record']>
  readonly text: string
}

function changedOf(
  rows: readonly Row[],
  maker: RecordMaker,
  snapshot: Snapshot | null,
  known: boolean,
): readonly Made[] {
  const made = rows.map((row) => {
    const tree = maker.record(row)
    return { tree, text: JSON.stringify(tree), row }
  })
  if (snapshot === null) return made
  const changed = snapshot.note(made.map(({ row, text }) => ({ key: maker.keyText(row), text })))
  return known ? made.filter((_, at) => changed[at] === true) : made
}

async function put(type: string, made: readonly Made[], written: Written): Promise<void> {
  written.check?.look(type, made)
  await written.document.write(made.map(({ text }) => text))
  written.records += made.length
  written.moved()
}

async function remove(type: string, trees: readonly Made['tree'][], written: Written): Promise<void> {
  await put(
    type,
    trees.map((tree) => ({ tree, text: JSON.stringify(tree) })),
    written,
  )
  written.deletions += trees.length
}

/** A view that lost its rows by mistake must not delete everyone. */
async function removeGone(
  snapshot: Snapshot,
  changes: { readonly deletions: 'send' | 'ignore'; readonly deleteShareMax: number },
  type: string,
  maker: RecordMaker,
  written: Written,
  batchRows: number,
): Promise<void> {
  if (changes.deletions === 'ignore') return
  const most = Math.max(deletionsFreeMax, Math.floor(snapshot.size * changes.deleteShareMax))
  const begun = written.deletions
  for (const keys of snapshot.gone(batchRows)) {
    await remove(
      type,
      keys.map((key) => maker.deletion(JSON.parse(key) as readonly string[])),
      written,
    )
    if (written.deletions - begun > most)
      throw new AgentFailure(
        'DELETIONS_TOO_MANY',
        `More than ${most} of ${snapshot.size} records of type ${type} are no longer in the view. If that is right, have the ` +
          'centre run a full refresh, or raise delete_share_max.',
      )
  }
}

function judgeTally(tally: EdgeTally | null, { batch, note }: Extraction): void {
  if (tally === null) return
  note(
    `Checked: ${tally.withErrors} of ${tally.records} records have errors, ${tally.filtered} would be filtered.`,
  )
  for (const { code, field, count } of tally.codes.slice(0, 30)) note(`  ${count} × ${code} ${field}`)
  const share = tally.records === 0 ? 0 : tally.withErrors / tally.records
  if (batch.check.mode === 'stop' && share > batch.check.shareMax)
    throw new AgentFailure(
      'CHECK_STOPPED',
      `${tally.withErrors} of ${tally.records} records have errors, more than the share of ${batch.check.shareMax} that is let through.`,
    )
}
