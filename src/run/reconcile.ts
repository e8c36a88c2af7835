import type { Tx } from '../db/database.ts'
import type { Definition, DifferenceKind } from '../exchange/definition.ts'
import { type ReconcileReport, reconcileOf, reportOf, type TypeCounts } from '../match/reconcile.ts'
import type { AbsentQuery } from '../store/absent.ts'
import { countDifferences, countSides, putOnlyCentre } from '../store/differences.ts'
import type { Submission } from '../store/model.ts'

/**
 * Ends a reconciliation whose file was compared to its end: adds what is at the centre alone, and sums up. A file
 * without any record of a type says nothing of that type, unless it is the only one or must be there.
 */
export async function reconciled(
  tx: Tx,
  submission: Submission,
  definition: Definition,
): Promise<ReconcileReport> {
  const { book, tracking, surveyChangeNo, unreadableKeys, counts } = submission
  const types = definition.types.map(({ name }) => name)
  const query: AbsentQuery = {
    book,
    tracking,
    changeNo: surveyChangeNo ?? 0,
    types,
    whole: types.length === 1 ? types : definition.batch.required,
    within: definition.refresh.within !== undefined,
  }
  await putOnlyCentre(tx, query, reconcileOf(definition).fixOrder.indexOf('only-centre'))
  const found = await countDifferences(tx, book, tracking)
  const sides = await countSides(tx, query)
  const said = sides.filter(({ type, partner }) => partner > 0 || query.whole.includes(type))
  const named = new Set([...said.map(({ type }) => type), ...found.map(({ type }) => type), ...query.whole])
  const of = (type: string, kind: DifferenceKind) =>
    found.find((one) => one.type === type && one.kind === kind)?.count ?? 0
  const perType = types
    .filter((type) => named.has(type))
    .map((type): TypeCounts => {
      const side = sides.find((one) => one.type === type)
      return {
        type,
        partner: side?.partner ?? 0,
        centre: side?.centre ?? 0,
        differences: {
          'only-partner': of(type, 'only-partner'),
          'only-centre': of(type, 'only-centre'),
          different: of(type, 'different'),
          repeated: of(type, 'repeated'),
        },
      }
    })
  return reportOf(definition, perType, { unreadable: unreadableKeys, refused: counts.rejected })
}
