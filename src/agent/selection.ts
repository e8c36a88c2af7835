import { dialectOf } from '../source/dialect.ts'
import { paced } from '../source/paced.ts'
import type { Question, Row, Source, SourceValue } from '../source/source.ts'
import {
  type ChangeTable,
  changedSince,
  goneKeys,
  inStretch,
  lastOf,
  selectRows,
} from '../source/statement.ts'
import { type ColumnPlan, spelled } from './column-plan.ts'
import type { ChangesConfig, SourceConfig, ViewConfig } from './config.ts'
import { isCount, later, secondsBefore } from './marker.ts'

/** What of a view an attempt reads. */
export interface Selected {
  /** Rows in the order of the plan's columns. */
  rows(): AsyncIterable<readonly Row[]>
  /** Keys to be deleted, in the order of the record's key, or null where the source cannot tell. */
  gone: (() => AsyncIterable<readonly (readonly SourceValue[])[]>) | null
  /** How far the view was read, once all rows came; null where the source has no such thing. */
  mark(): string | null
}

export interface Selecting {
  readonly source: Source
  readonly config: SourceConfig
  readonly view: ViewConfig
  readonly plan: ColumnPlan
  /** Columns of the view, as the database spells them. */
  readonly found: readonly string[]
  /** How far it was read before; null: everything is wanted. */
  readonly since: string | null
  readonly signal: AbortSignal
}

/** Rows of a view, as its configuration finds what changed. Throws SourceError. */
export async function selectView(selecting: Selecting): Promise<Selected> {
  const { view } = selecting
  if (view.changes?.by === 'timestamp') return byTime(selecting, view.changes)
  if (view.changes?.by === 'tracking') return byTable(selecting, view.changes)
  return { rows: () => ask(selecting, everything(selecting)), gone: null, mark: () => null }
}

function everything({ config, view, plan }: Selecting): Question {
  if (config.spec.driver === 'files') return { text: view.view, values: [] }
  const { where } = view
  return selectRows(dialectOf(config.spec.driver), {
    view: view.view,
    columns: plan.columns,
    where,
    conditions: [],
  })
}

async function* ask(selecting: Selecting, question: Question): AsyncGenerator<readonly Row[]> {
  const { source, config, plan, found, signal } = selecting
  const rows = paced(source.rows(question), config.limits, signal)
  if (config.spec.driver !== 'files') {
    yield* rows
    return
  }
  // Rows of files hold every column; those of the plan are picked.
  const places = plan.columns.map((column) => found.indexOf(column))
  for await (const batch of rows) yield batch.map((row) => places.map((at) => row[at] ?? null))
}

function byTime(selecting: Selecting, changes: ChangesConfig & { by: 'timestamp' }): Selected {
  const { config, view, plan, since } = selecting
  const column = plan.columns[plan.timeAt] ?? ''
  let mark = since ?? ''
  const from = since === null ? null : secondsBefore(since, changes.overlapSeconds)
  const dialect = dialectOf(config.spec.driver)
  const question =
    from === null
      ? everything(selecting)
      : selectRows(dialect, {
          view: view.view,
          columns: plan.columns,
          where: view.where,
          conditions: [changedSince(dialect, column, from, isCount(from))],
        })
  return {
    async *rows() {
      for await (const batch of ask(selecting, question)) {
        for (const row of batch) mark = later(mark, String(row[plan.timeAt] ?? ''))
        yield batch
      }
    },
    gone: null,
    mark: () => (mark === '' ? null : mark),
  }
}

async function byTable(selecting: Selecting, changes: ChangesConfig & { by: 'tracking' }): Promise<Selected> {
  const { source, config, view, plan, found, since, signal } = selecting
  const dialect = dialectOf(config.spec.driver)
  const table = await spelledTable(source, changes, found)
  let upTo = '0'
  for await (const rows of source.rows(lastOf(dialect, table))) upTo = String(rows[0]?.[0] ?? '0')
  const mark = () => upTo
  if (since === null || !isCount(since))
    return { rows: () => ask(selecting, everything(selecting)), gone: null, mark }
  // Numbers are taken before they are committed: some lower than the last may have come since.
  const after = String(Math.max(0, Number(since) - changes.overlap))
  const stretch = { after, upTo }
  const { where } = view
  const question = selectRows(dialect, {
    view: view.view,
    columns: plan.columns,
    where,
    conditions: [inStretch(dialect, view.view, table, stretch)],
  })
  const order = plan.key.map((place) => table.key.findIndex(([, ofView]) => ofView === plan.columns[place]))
  return {
    rows: () => ask(selecting, question),
    gone:
      changes.deletions === 'ignore'
        ? null
        : async function* () {
            const gone = goneKeys(dialect, { view: view.view, where }, table, stretch)
            for await (const rows of paced(source.rows(gone), config.limits, signal))
              yield rows.map((row) => order.map((at) => row[at] ?? null))
          },
    mark,
  }
}

/** The table of changes with its columns as the database spells them. */
async function spelledTable(
  source: Source,
  { table, key, sequence, operation }: ChangesConfig & { by: 'tracking' },
  found: readonly string[],
): Promise<ChangeTable> {
  const columns = await source.columns(table)
  const own = (name: string) => spelled(name, columns) ?? name
  return {
    table,
    key: key.map(([ofTable, ofView]) => [own(ofTable), spelled(ofView, found) ?? ofView]),
    sequence: own(sequence),
    operation: operation === null ? null : { column: own(operation.column), deletes: operation.deletes },
  }
}
