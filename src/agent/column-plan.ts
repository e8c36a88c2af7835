import type { Definition, Operation, RecordType } from '../exchange/definition.ts'
import { suggestion } from '../exchange/problem.ts'
import type { ViewConfig } from './config.ts'
import { type Target, type WireNames, wireNamesOf } from './wire-names.ts'

/** How a row of a view becomes a record. */
export interface ColumnPlan {
  readonly type: RecordType
  /** Columns to select, as the database spells them. */
  readonly columns: readonly string[]
  /** Where the value of each goes; null: it is needed for something else (the time of change). */
  readonly targets: readonly (Target | null)[]
  /** Places among `columns` of the key of a record, in the order of the identity. */
  readonly key: readonly number[]
  /** What a row says it wants, where no column does; null: nothing. */
  readonly rowWord: string | null
  /** How a deletion is said; null: the exchange has none, or none is needed. */
  readonly deleteWord: string | null
  /** Place of the time of change among `columns`; -1: none. */
  readonly timeAt: number
}

/** What is wrong with a view, and what is only odd about it, in sentences. */
export interface PlanReport {
  readonly problems: string[]
  readonly warnings: string[]
}

/**
 * Holds the columns of a view, and what the configuration says of them, against the definition. Everything that
 * is wrong is told at once; the plan is null then.
 */
export function planColumns(
  definition: Definition,
  view: ViewConfig,
  found: readonly string[],
): PlanReport & { readonly plan: ColumnPlan | null } {
  const report: PlanReport = { problems: [], warnings: [] }
  const type =
    view.type === null ? definition.types[0] : definition.types.find(({ name }) => name === view.type)
  if (type === undefined) {
    const known = definition.types.map(({ name }) => name)
    report.problems.push(
      `The exchange ${definition.exchange} has no type '${view.type}'. ${suggestion(view.type ?? '', known)}`,
    )
    return { ...report, plan: null }
  }
  const names = wireNamesOf(type)
  const { columns, targets } = bind(view, found, names, report)
  const timeAt = placeOfTime(view, found, columns, targets, report)
  const key = keyPlaces(type, targets, report)
  const words = operationWords(type, view, targets, report)
  reportPresence(type, targets, report)
  if (view.changes?.by === 'tracking') reportTracked(view.changes.key, type, columns, targets, report)
  const plan = { type, columns, targets, key, ...words, timeAt }
  return { ...report, plan: report.problems.length === 0 ? plan : null }
}

/** Each column with its place, or a sentence about why it has none. */
function bind(
  view: ViewConfig,
  found: readonly string[],
  names: WireNames,
  report: PlanReport,
): { columns: string[]; targets: (Target | null)[] } {
  const columns: string[] = []
  const targets: (Target | null)[] = []
  const taken = new Map<string, string>()
  const map = foldedMap(view, found, report)
  for (const column of found) {
    const given = map.get(column)
    if (given === null) continue
    const target = names.find(given ?? column)
    if (target === null && given === undefined && isTimeColumn(view, column)) continue
    if (target === null && given === undefined && view.otherColumns === 'leave_out') continue
    if (target === null && given === undefined && view.otherColumns === 'refuse') {
      report.problems.push(
        `The column '${column}' of ${view.view} is no field of the exchange. ${suggestion(column, names.all)} ` +
          'Name its field under columns, or write nothing there to leave it out.',
      )
      continue
    }
    if (target === null && given !== undefined && view.otherColumns !== 'send') {
      report.problems.push(
        `There is no field '${given}' for the column '${column}'. ${suggestion(given, names.all)}`,
      )
      continue
    }
    const place = target ?? { path: [given ?? column], field: null, name: '', isOperation: false }
    const path = place.path.join('.')
    const other = taken.get(path)
    if (other !== undefined)
      report.problems.push(
        `The columns '${other}' and '${column}' both go to '${path}'. Leave one of them out.`,
      )
    taken.set(path, column)
    columns.push(column)
    targets.push(place)
  }
  return { columns, targets }
}

/** The configured names by the database's own spelling of the columns. */
function foldedMap(
  view: ViewConfig,
  found: readonly string[],
  report: PlanReport,
): Map<string, string | null> {
  const map = new Map<string, string | null>()
  for (const [name, field] of view.columns) {
    const column = spelled(name, found)
    if (column === null)
      report.problems.push(`The view ${view.view} has no column '${name}'. ${suggestion(name, found)}`)
    else map.set(column, field)
  }
  return map
}

/** A configured name as the database spells it; null where there is none. */
export function spelled(name: string, found: readonly string[]): string | null {
  return (
    found.find((one) => one === name) ?? found.find((one) => one.toLowerCase() === name.toLowerCase()) ?? null
  )
}

function isTimeColumn({ changes }: ViewConfig, column: string): boolean {
  return changes?.by === 'timestamp' && changes.column.toLowerCase() === column.toLowerCase()
}

function placeOfTime(
  { changes, view }: ViewConfig,
  found: readonly string[],
  columns: string[],
  targets: (Target | null)[],
  report: PlanReport,
): number {
  if (changes?.by !== 'timestamp') return -1
  const column = spelled(changes.column, found)
  if (column === null) {
    report.problems.push(
      `The view ${view} has no column '${changes.column}'. ${suggestion(changes.column, found)}`,
    )
    return -1
  }
  const place = columns.indexOf(column)
  if (place !== -1) return place
  columns.push(column)
  targets.push(null)
  return columns.length - 1
}

function keyPlaces(
  type: RecordType,
  targets: readonly (Target | null)[],
  report: PlanReport,
): readonly number[] {
  return type.identity.key.map((name) => {
    const place = targets.findIndex((target) => target?.name === name)
    const field = type.fields.find((one) => one.name === name)
    // Where the centre maps the columns itself, it finds the key itself.
    if (place === -1 && !targets.some((target) => target !== null && isSentAsIs(target)))
      report.problems.push(`No column gives '${field?.path.join('.') ?? name}', which is part of the key.`)
    return place
  })
}

function isSentAsIs(target: Target): boolean {
  return target.field === null && target.path.length === 1 && !target.isOperation
}

function operationWords(
  type: RecordType,
  { changes }: ViewConfig,
  targets: readonly (Target | null)[],
  report: PlanReport,
): Pick<ColumnPlan, 'rowWord' | 'deleteWord'> {
  const wordOf = (operation: Operation) =>
    type.lifecycle.operations[operation] === undefined
      ? null
      : (Object.entries(type.operation.values).find(([, value]) => value === operation)?.[0] ?? null)
  const stated = targets.some((target) => target?.isOperation === true)
  const rowWord = stated || type.operation.fallback === 'upsert' ? null : wordOf('upsert')
  if (!stated && rowWord === null && type.operation.fallback === null)
    report.problems.push(
      `No column gives '${type.operation.path.join('.')}', which says what to do with a record, and the exchange does ` +
        'not take whatever is new or changed.',
    )
  const wanted = changes !== null && changes.by !== 'timestamp' && changes.deletions === 'send'
  const deleteWord = wanted ? wordOf('delete') : null
  if (wanted && deleteWord === null)
    report.problems.push('The exchange takes no deletions. Write deletions: ignore.')
  return { rowWord, deleteWord }
}

/** What every record must have and no column gives. */
function reportPresence(type: RecordType, targets: readonly (Target | null)[], report: PlanReport): void {
  if (targets.some((target) => target !== null && isSentAsIs(target))) return
  for (const field of type.fields) {
    if (!field.required || field.when !== null || type.identity.key.includes(field.name)) continue
    const given = targets.some(
      (target) => target !== null && field.path.every((part, at) => target.path[at] === part),
    )
    if (!given)
      report.warnings.push(`No column gives '${field.path.join('.')}', which every record must have.`)
  }
}

/** A deletion names a record by its key, which must be what the table of changes holds. */
function reportTracked(
  pairs: readonly (readonly [ofTable: string, ofView: string])[],
  type: RecordType,
  columns: readonly string[],
  targets: readonly (Target | null)[],
  report: PlanReport,
): void {
  const names = pairs.map(([, ofView]) => {
    const column = spelled(ofView, columns)
    if (column === null)
      report.problems.push(`The view has no column '${ofView}' for the key of the table of changes.`)
    return column === null ? null : (targets[columns.indexOf(column)]?.name ?? null)
  })
  const missing = type.identity.key.filter((name) => !names.includes(name))
  if (missing.length > 0 && !names.includes(null))
    report.problems.push(
      `The key of the table of changes lacks '${missing.join("', '")}' of the record's key.`,
    )
}
