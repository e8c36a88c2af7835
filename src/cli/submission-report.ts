import type { SubmissionView } from '../channel/rest/ports.ts'
import { OUTCOMES } from '../exchange/parcel.ts'
import type { Exit } from './exits.ts'
import type { Screen } from './output.ts'

/** How submissions are shown, wherever a command shows some. */

/** What each state means to the one who sent it. */
const STATE_TEXT: Readonly<Record<SubmissionView['state'], string>> = {
  queued: 'waiting for its turn',
  surveying: 'being surveyed before anything changes',
  held: 'held until a person releases it',
  processing: 'being processed',
  completed: 'completed',
  incomplete: 'ended before the end of the file',
  refused: 'refused, nothing was stored',
  cancelled: 'cancelled',
}

/** In these states nothing more happens by itself. */
export function isSettled(view: SubmissionView): boolean {
  return ['held', 'completed', 'incomplete', 'refused', 'cancelled'].includes(view.state)
}

/** Did everything in it go through without complaint? */
export function exitOf(views: readonly SubmissionView[]): Exit {
  const sound = views.every(
    ({ state, counts }) =>
      !['held', 'incomplete', 'refused', 'cancelled'].includes(state) &&
      counts.rejected === 0 &&
      counts.withErrors === 0,
  )
  return sound ? 'ok' : 'findings'
}

/** One submission in full: where it stands and its outcome table. */
export function showSubmission(screen: Screen, view: SubmissionView): void {
  const { counts } = view
  screen.pairs([
    ['Tracking number', view.tracking],
    ['File', view.fileName],
    ['Exchange', view.realm === 'live' ? view.exchange : `${view.exchange} (${view.realm})`],
    ['Partner', view.partner],
    ['State', STATE_TEXT[view.state] + (view.dryRun ? ' (dry run: nothing was changed)' : '')],
    ...(view.reason === null ? [] : [['Reason', view.reason] as const]),
    ...(view.repeats === null ? [] : [['Same bytes as', view.repeats] as const]),
    ...view.corrects.map((link) => ['Corrects', linkText(link)] as const),
    ...view.correctedBy.map((link) => ['Corrected by', linkText(link)] as const),
    ['Received', view.receivedAt],
    ...(view.closedAt === null ? [] : [['Closed', view.closedAt] as const]),
  ])
  screen.line()
  screen.table(
    [{ title: 'Outcome' }, { title: 'Records', align: 'right' }],
    [...OUTCOMES.map((outcome) => [outcome, counts[outcome]] as const), ['received', counts.received]],
  )
  const lost = counts.rejected + counts.filtered
  if (counts.filtered > 0)
    screen.line(
      `\n${lost.toLocaleString('en-US')} records were not taken: ${counts.rejected} rejected, ${counts.filtered} filtered.`,
    )
  if (counts.translated > 0)
    screen.line(
      `\n${counts.translated.toLocaleString('en-US')} records were translated; the session log says how.`,
    )
  if (counts.withErrors > 0)
    screen.line(`\n${counts.withErrors.toLocaleString('en-US')} of the stored records have errors.`)
  if (counts.removed > 0)
    screen.line(
      `${counts.removed.toLocaleString('en-US')} records were deleted because the file left them out.`,
    )
}

function linkText({ tracking, records }: SubmissionView['corrects'][number]): string {
  return `${tracking} (${records.toLocaleString('en-US')} ${records === 1 ? 'record' : 'records'})`
}

/** Several submissions, one a line. */
export function showSubmissions(screen: Screen, views: readonly SubmissionView[]): void {
  if (views.length === 0) {
    screen.line('No submissions.')
    return
  }
  const right = 'right' as const
  screen.table(
    [
      { title: 'Tracking number' },
      { title: 'File' },
      { title: 'State' },
      { title: 'Received', align: right },
      ...OUTCOMES.map((title) => ({ title, align: right })),
      { title: 'with errors', align: right },
    ],
    views.map(({ tracking, fileName, state, counts }) => [
      tracking,
      fileName,
      state,
      counts.received,
      ...OUTCOMES.map((outcome) => counts[outcome]),
      counts.withErrors,
    ]),
  )
}
