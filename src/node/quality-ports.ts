import type { QualityPorts } from '../channel/rest/ports-quality.ts'
import { scorecard } from '../feedback/scorecard.ts'
import { dateIn, type RunDeps } from '../run/deps.ts'
import { foundByMonth, receivedByMonth } from '../store/quality.ts'

/** Scorecards, counted anew each time they are asked for. */
export function createQualityPorts({
  db,
  definitions,
  now,
}: Pick<RunDeps, 'db' | 'definitions' | 'now'>): QualityPorts {
  return {
    async card({ partner, ...query }) {
      const period = { ...query, zone: definitions.get(query.exchange).zone }
      return db.transact(async (tx) =>
        scorecard(
          partner,
          monthsOf(query.from, query.to),
          await receivedByMonth(tx, period),
          await foundByMonth(tx, period),
        ),
      )
    },
    today: (exchange) => dateIn(definitions.get(exchange).zone, now()),
  }
}

/** Every month (`YYYY-MM`) from one day to another. */
function monthsOf(from: string, to: string): string[] {
  const months: string[] = []
  const last = to.slice(0, 7)
  for (let [year = 0, month = 0] = from.split('-').map(Number); ; month += 1) {
    if (month > 12) {
      year += 1
      month = 1
    }
    const name = `${year}-${String(month).padStart(2, '0')}`
    if (name > last) return months
    months.push(name)
  }
}
