import type {
  Definition,
  DifferenceKind,
  Reconcile,
  ReconcileCategory,
  ToleranceBand,
} from '../exchange/definition.ts'
import { DIFFERENCE_KINDS } from '../exchange/words.ts'

/** How records of one type stand, counted. */
export interface TypeCounts {
  readonly type: string
  /** Keys in the partner's file. */
  readonly partner: number
  /** Records at the centre. */
  readonly centre: number
  readonly differences: Readonly<Record<DifferenceKind, number>>
}

/** What became of one category. */
export interface CategoryReport {
  readonly category: string
  readonly title: string
  readonly types: readonly string[]
  readonly partner: number
  readonly centre: number
  readonly same: number
  readonly differences: Readonly<Record<DifferenceKind, number>>
  /** The sum of the differences, and how many there may be. */
  readonly total: number
  readonly allowed: number
  readonly met: boolean
}

export interface ReconcileReport {
  /** Every category is within its tolerance, and every key of the file could be read. */
  readonly met: boolean
  /** Records of the file whose key could not be read: what they are cannot be told. */
  readonly unreadable: number
  /** Records of the file that the centre would not take. */
  readonly refused: number
  /** In the order in which they are to be put right. */
  readonly categories: readonly CategoryReport[]
  readonly fixOrder: readonly DifferenceKind[]
}

/** How the definition wants files held against the centre. */
export function reconcileOf({ exchange, title, types, reconcile }: Definition): Reconcile {
  const known = types.map(({ name }) => name)
  const stated = reconcile?.categories ?? []
  const fixOrder = reconcile?.fixOrder ?? DIFFERENCE_KINDS
  if (stated.length === 0)
    return { fixOrder, categories: [{ name: exchange, title, types: known, tolerance: [] }] }
  const named = new Set(stated.flatMap((category) => category.types))
  const rest = known.filter((name) => !named.has(name))
  if (rest.length === 0) return { fixOrder, categories: stated }
  return {
    fixOrder,
    categories: [...stated, { name: 'other', title: 'Other records', types: rest, tolerance: [] }],
  }
}

/**
 * The verdict. A category of which neither the file nor the question says anything (a file of another type) is left
 * out.
 */
export function reportOf(
  definition: Definition,
  counts: readonly TypeCounts[],
  { unreadable, refused }: Pick<ReconcileReport, 'unreadable' | 'refused'>,
): ReconcileReport {
  const { categories, fixOrder } = reconcileOf(definition)
  const reports = categories.flatMap((category) => {
    const own = counts.filter(({ type }) => category.types.includes(type))
    return own.length === 0 ? [] : [categoryReport(category, own)]
  })
  return {
    met: unreadable === 0 && reports.every(({ met }) => met),
    unreadable,
    refused,
    categories: reports,
    fixOrder,
  }
}

function categoryReport(category: ReconcileCategory, counts: readonly TypeCounts[]): CategoryReport {
  const sum = (pick: (one: TypeCounts) => number) => counts.reduce((total, one) => total + pick(one), 0)
  const differences = Object.fromEntries(
    DIFFERENCE_KINDS.map((kind) => [kind, sum((one) => one.differences[kind])]),
  ) as Record<DifferenceKind, number>
  const total = Object.values(differences).reduce((left, right) => left + right, 0)
  const [partner, centre] = [sum((one) => one.partner), sum((one) => one.centre)]
  const allowed = allowedIn(category.tolerance, centre)
  return {
    category: category.name,
    title: category.title,
    types: counts.map(({ type }) => type),
    partner,
    centre,
    same: partner - differences['only-partner'] - differences.different - differences.repeated,
    differences,
    total,
    allowed,
    met: total <= allowed,
  }
}

/** How many of so many records may differ. */
export function allowedIn(bands: readonly ToleranceBand[], records: number): number {
  const band = bands.find(({ upTo }) => upTo === null || records <= upTo)
  if (band === undefined) return 0
  // 0.07 of 100 is 7, whatever binary fractions make of it.
  return Math.max(band.differences, Math.floor(Number((records * band.share).toPrecision(12))))
}
