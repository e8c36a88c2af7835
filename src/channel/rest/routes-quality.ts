import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { scorecardCsv } from '../../feedback/scorecard.ts'
import type { Realm } from '../../store/model.ts'
import { allow, realmOf } from './access.ts'
import type { RestContext } from './context.ts'
import { sendDownload } from './downloads.ts'
import { answer, PLACE, parameters, problems, REALM } from './schemas.ts'

const monthsMax = 36
const monthsDefault = 6
const day = { type: 'string', format: 'date' } as const

interface Asked {
  readonly exchange: string
  readonly realm?: Realm
  readonly partner?: string
  readonly from?: string
  readonly to?: string
  readonly format: 'json' | 'csv'
}

const QUERY = parameters(
  {
    exchange: PLACE.exchange,
    ...REALM,
    partner: {
      type: 'string',
      maxLength: 100,
      description: 'Whose; others than the centre get their own. Left out by the centre: all together.',
    },
    from: {
      ...day,
      description: 'First day, of which the whole month counts; default five months before `to`.',
    },
    to: { ...day, description: 'Last day; default today.' },
    format: { type: 'string', enum: ['json', 'csv'], default: 'json' },
  },
  ['exchange'],
)

/** A partner's findings by rule and month, beside the median of the others. */
export function qualityRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get<{ Querystring: Asked }>(
    '/v1/quality',
    {
      onRequest: signIn,
      schema: {
        tags: ['overview'],
        summary: 'Findings per 1,000 records, by rule and by month',
        description:
          'Beside each rate stands the median of the other partners, where at least three of them sent anything; ' +
          'none is ever named. Notes are not counted, nor are trials.',
        querystring: QUERY,
        response: { 200: scorecardAnswer(), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { exchange, realm, partner, format } = request.query
      const { who } = allow(request, ports, exchange, 'read', 'submit')
      if (!who.centre && partner !== undefined && partner !== who.partner)
        throw new Fault('NOT_ALLOWED', { reason: 'Only the centre sees the quality of other partners.' })
      const whose = who.centre ? (partner ?? null) : who.partner
      const period = periodOf(request.query, ports.quality.today(exchange))
      const card = await ports.quality.card({
        exchange,
        realm: realmOf(who, realm),
        partner: whose,
        ...period,
      })
      if (format === 'csv')
        return sendDownload(reply, {
          fileName: `quality-${exchange}-${whose ?? 'all'}-${period.to}.csv`,
          contentType: 'text/csv; charset=utf-8',
          stream: Readable.from([scorecardCsv(card)], { objectMode: false }),
        })
      return { exchange, partner: whose, ...period, ...card }
    },
  )
}

function periodOf({ from, to }: Asked, today: string): { readonly from: string; readonly to: string } {
  const last = to ?? today
  const [year = 0, month = 1] = (from ?? last).split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 - (from === undefined ? monthsDefault - 1 : 0), 1))
  const start = first.toISOString().slice(0, 10)
  if (start > last) throw new Fault('BAD_REQUEST', { reason: 'The first day is after the last.' })
  const [endYear = 0, endMonth = 1] = last.split('-').map(Number)
  const months = (endYear - first.getUTCFullYear()) * 12 + endMonth - first.getUTCMonth()
  if (months > monthsMax) throw new Fault('BAD_REQUEST', { reason: `Ask for ${monthsMax} months at most.` })
  return { from: start, to: last }
}

function scorecardAnswer(): object {
  const json = answer('The scorecard; with `format=csv` as a table.', { $ref: 'Scorecard#' }) as {
    readonly content: object
  }
  return { ...json, content: { ...json.content, 'text/csv': { schema: { type: 'string' } } } }
}
