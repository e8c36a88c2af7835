import type { Realm, Schemas } from '../../api/client.ts'

type Job = Schemas['Job']

/** A rule as it stands in the form: numbers and times are the texts that were typed. */
export interface JobDraft {
  readonly title: string
  readonly job: string
  readonly exchange: string
  readonly realm: Realm
  readonly everybody: boolean
  readonly partners: readonly string[]
  readonly extract: Job['extract']
  readonly cron: string
  readonly zone: string
  readonly calendar: string
  readonly from: string
  readonly until: string
  readonly priority: string
  readonly arriveMinutes: string
  readonly retryMinutes: string
  readonly retryLimit: string
  readonly missed: Job['missed']
  readonly own: boolean
  readonly ownFrom: string
  readonly ownUntil: string
  readonly perDayMax: string
  readonly atOnceMax: string
}

/** The draft of a job that there is not yet, with what is usual. */
export function newDraft(exchange: string, realm: Realm, zone: string): JobDraft {
  return {
    title: '',
    job: '',
    exchange,
    realm,
    everybody: true,
    partners: [],
    extract: 'changes',
    cron: '',
    zone,
    calendar: '',
    from: '',
    until: '',
    priority: '100',
    arriveMinutes: '240',
    retryMinutes: '30',
    retryLimit: '3',
    missed: 'once',
    own: false,
    ownFrom: '',
    ownUntil: '',
    perDayMax: '3',
    atOnceMax: '10',
  }
}

/** The draft that a job's present rule makes. */
export function draftOf(job: Job): JobDraft {
  const { window, ownStart, partners } = job
  return {
    ...newDraft(job.exchange, job.realm, job.zone),
    title: job.title,
    job: job.job,
    everybody: partners === null,
    partners: partners ?? [],
    extract: job.extract,
    cron: job.cron ?? '',
    calendar: job.calendar ?? '',
    from: window?.from ?? '',
    until: window?.until ?? '',
    priority: String(job.priority),
    arriveMinutes: String(job.arriveMinutes),
    retryMinutes: String(job.retryMinutes),
    retryLimit: String(job.retryLimit),
    missed: job.missed,
    own: ownStart !== null,
    ownFrom: ownStart?.hours?.from ?? '',
    ownUntil: ownStart?.hours?.until ?? '',
    ...(ownStart === null
      ? {}
      : { perDayMax: String(ownStart.perDayMax), atOnceMax: String(ownStart.atOnceMax) }),
  }
}

/** What the node is told: the whole rule, so that nothing falls back to what is usual. */
export function ruleOf(draft: JobDraft) {
  const { title, exchange, realm, extract, missed } = draft
  return {
    title: title.trim(),
    exchange,
    realm,
    partners: draft.everybody ? null : [...draft.partners],
    extract,
    cron: textOrNull(draft.cron),
    zone: draft.zone.trim(),
    calendar: textOrNull(draft.calendar),
    window: hoursOf(draft.from, draft.until),
    priority: Number(draft.priority),
    arriveMinutes: Number(draft.arriveMinutes),
    retryMinutes: Number(draft.retryMinutes),
    retryLimit: Number(draft.retryLimit),
    missed,
    ownStart: draft.own
      ? {
          hours: hoursOf(draft.ownFrom, draft.ownUntil),
          perDayMax: Number(draft.perDayMax),
          atOnceMax: Number(draft.atOnceMax),
        }
      : null,
  }
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function hoursOf(from: string, until: string): { from: string; until: string } | null {
  return from === '' && until === '' ? null : { from, until }
}
