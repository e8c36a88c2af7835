import type { Digest, Notice, NoticeContent } from '../../store/notices.ts'
import { oneLine } from './plain.ts'
import { refusalWords } from './refusal-words.ts'

/** Deliveries that one mail lists; the rest only counts. */
const intakesMax = 30
const reportsMax = 12
const codesMax = 10

interface Records {
  readonly received: number
  readonly accepted: number
  readonly accepted_with_errors: number
  readonly rejected: number
}

interface IntakeView {
  readonly intake: string
  readonly test: boolean
  /** `2026-11-21 10:00` on the exchange's clock. */
  readonly at: string
  readonly folder: string
  /** Address of the delivery in the API; null when the node has no public address. */
  readonly link: string | null
  readonly files: {
    readonly total: number
    readonly refused_total: number
    readonly refused: readonly { readonly name: string; readonly code: string; readonly reason: string }[]
    readonly refused_more: number
  }
  readonly records: Records
  readonly reports: readonly string[]
  readonly reports_more: number
  readonly codes: readonly { readonly code: string; readonly count: number }[]
}

/** What the templates of a mail are given. Its names are what templates say, so they stay. */
export interface DigestView {
  readonly partner: { readonly id: string; readonly name: string }
  readonly exchange: { readonly id: string; readonly title: string; readonly zone: string }
  readonly frequency: string
  /** Address of the node, or null. */
  readonly url: string | null
  /** All that the mail tells of was for trying out. */
  readonly all_test: boolean
  /** Deliveries for trying out among others; the totals leave them out. 0 when all were for trying out. */
  readonly test_intakes: number
  readonly totals: {
    readonly intakes: number
    readonly files: { readonly total: number; readonly refused: number }
    readonly records: Records
  }
  /** The latest first. */
  readonly intakes: readonly IntakeView[]
  readonly intakes_more: number
}

/** What is known of the exchange and the node when a mail is made. */
export interface DigestSetting {
  readonly title: string
  /** IANA zone of the exchange. */
  readonly zone: string
  readonly publicUrl: string | null
}

/** Makes what the templates show out of what is due: cleaned of line ends and of all that hides. */
export function digestView(digest: Digest, setting: DigestSetting): DigestView {
  const live = digest.notices.filter(({ realm }) => realm === 'live')
  const contents = (live.length === 0 ? digest.notices : live).map(({ content }) => content)
  const shown = digest.notices.toReversed().slice(0, intakesMax)
  return {
    partner: { id: digest.partner, name: oneLine(digest.partnerName, 120) },
    exchange: { id: digest.exchange, title: oneLine(setting.title, 120), zone: setting.zone },
    frequency: digest.frequency,
    url: setting.publicUrl,
    all_test: live.length === 0,
    test_intakes: live.length === 0 ? 0 : digest.notices.length - live.length,
    totals: {
      intakes: contents.length,
      files: {
        total: sum(contents, ({ files }) => files.total),
        refused: sum(contents, ({ files }) => files.refused.length + files.refusedMore),
      },
      records: {
        received: sum(contents, ({ records }) => records.received),
        accepted: sum(contents, ({ records }) => records.accepted),
        accepted_with_errors: sum(contents, ({ records }) => records.acceptedWithErrors),
        rejected: sum(contents, ({ records }) => records.rejected),
      },
    },
    intakes: shown.map((notice) => intakeView(notice, setting)),
    intakes_more: digest.notices.length - shown.length,
  }
}

function intakeView({ content, at }: Notice, { zone, publicUrl }: DigestSetting): IntakeView {
  const { files, records, reports, topCodes } = content
  return {
    intake: oneLine(content.intake, 80),
    test: content.realm === 'test',
    at: timeIn(zone, at),
    folder: oneLine(content.outputFolder, 200),
    link: publicUrl === null ? null : linkTo(publicUrl, content.intake),
    files: {
      total: files.total,
      refused_total: files.refused.length + files.refusedMore,
      refused: files.refused.map(({ name, code, reason }) => ({
        name: oneLine(name, 160),
        code: oneLine(code, 60),
        reason: oneLine(refusalWords(code, reason), 300),
      })),
      refused_more: files.refusedMore,
    },
    records: {
      received: records.received,
      accepted: records.accepted,
      accepted_with_errors: records.acceptedWithErrors,
      rejected: records.rejected,
    },
    reports: reports.slice(0, reportsMax).map((name) => oneLine(name, 160)),
    reports_more: Math.max(0, reports.length - reportsMax),
    codes: topCodes.slice(0, codesMax).map(({ code, count }) => ({ code: oneLine(code, 60), count })),
  }
}

/** Where the API tells of a delivery and gives its reports. */
function linkTo(publicUrl: string, intake: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/v1/intakes/${encodeURIComponent(intake)}`
}

function sum(contents: readonly NoticeContent[], of: (content: NoticeContent) => number): number {
  return contents.reduce((total, content) => total + of(content), 0)
}

function timeIn(zone: string, at: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(new Date(at))
}
