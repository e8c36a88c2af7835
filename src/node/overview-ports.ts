import type { OverviewPorts } from '../channel/rest/ports-overview.ts'
import { dateIn, type RunDeps } from '../run/deps.ts'
import { listAlerts } from '../store/alerts.ts'
import { NO_COUNTS } from '../store/model.ts'
import {
  activityByDay,
  countFaultyRecords,
  countOpenWorkItems,
  countTroubledFiles,
  listTroubledSubmissions,
} from '../store/overview.ts'

const dayMs = 86_400_000
/** Deliveries that were refused or broke off are of interest for so long. */
const troubleDays = 14
const shownMax = 20

/** What the first page of the console shows: how things went, and what needs a person. */
export function createOverviewPorts({ db, now }: Pick<RunDeps, 'db' | 'now'>): OverviewPorts {
  return {
    async activity({ days, zone, ...overlook }) {
      const at = now()
      const dates = datesUpTo(dateIn(zone, at), days)
      const [from = '', to = ''] = [dates[0], dates.at(-1)]
      // A zone is at most a day away from UTC; what was received before the first date is left out below.
      const since = new Date(Date.parse(from) - dayMs).toISOString()
      const found = await db.transact((tx) => activityByDay(tx, overlook, since, zone))
      const known = new Map(found.map((one) => [one.day, one]))
      return { from, to, items: dates.map((day) => known.get(day) ?? { day, submissions: 0, ...NO_COUNTS }) }
    },
    async attention(overlook) {
      const since = new Date(now() - troubleDays * dayMs).toISOString()
      return db.transact(async (tx) => ({
        alerts: (
          await listAlerts(tx, {
            partners: overlook.partners,
            exchange: null,
            job: null,
            open: true,
            limit: shownMax,
            before: null,
          })
        ).filter(({ exchange, realm }) => overlook.exchanges.includes(exchange) && realm === overlook.realm),
        submissions: await listTroubledSubmissions(tx, overlook, since, shownMax),
        records: await countFaultyRecords(tx, overlook),
        files: await countTroubledFiles(tx, overlook, since),
        workItems: await countOpenWorkItems(tx, overlook),
        since,
      }))
    },
  }
}

/** So many ISO dates, the last one being `to`. */
function datesUpTo(to: string, days: number): string[] {
  const last = Date.parse(to)
  return Array.from({ length: days }, (_, index) =>
    new Date(last - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
}
