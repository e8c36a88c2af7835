import {
  endChecksums,
  holdUnchecked,
  listIntakeFiles,
  refuseUnchecked,
  trackingsOf,
} from '../../store/intake-files.ts'
import { findIntake, type Intake, moveIntake } from '../../store/intakes.ts'
import { putNotice } from '../../store/notices.ts'
import { archiveFiles } from './archive.ts'
import { checkFiles, isChecksum } from './check.ts'
import type { IntakeDeps, TreeIntake } from './deps.ts'
import { endGathering, isGathered } from './gather.ts'
import { forReport, makeReports, noticeOf, writeReports } from './report.ts'
import { submitFiles } from './submit.ts'
import { noteTotals, submissionsOf } from './totals.ts'

const CLOSED: ReadonlySet<string> = new Set(['completed', 'incomplete', 'refused', 'cancelled'])

/**
 * Takes an intake as far as it can go now: each state is left only when all of its work is done, and every piece
 * of that work can be done again. Killed at any instant, the next call goes on.
 * @returns true when it is done
 */
export async function advance(deps: IntakeDeps, on: TreeIntake): Promise<boolean> {
  let intake = on.intake
  for (;;) {
    if (intake.state === 'done') return true
    if (!(await step(deps, { ...on, intake }))) return false
    const found = await deps.db.transact((tx) => findIntake(tx, intake.intake))
    if (found === null || found.state === intake.state) return false
    intake = found
  }
}

/** Does the work of the state that an intake is in; false when it must wait. */
async function step(deps: IntakeDeps, on: TreeIntake): Promise<boolean> {
  switch (on.intake.state) {
    case 'gathering':
      return on.intake.kind === 'calls' ? gatherCalls(deps, on.intake) : gatherFiles(deps, on)
    case 'checking':
      return check(deps, on)
    case 'processing':
      return process(deps, on)
    default:
      return report(deps, on)
  }
}

async function gatherCalls(deps: IntakeDeps, { intake, exchange, openedAt }: Intake): Promise<boolean> {
  const { gatherMinutes } = deps.definitions.get(exchange).files.calls
  const now = deps.now()
  if (now - Date.parse(openedAt) < gatherMinutes * 60_000) return false
  // The calls were processed when they were answered.
  return deps.db.transact((tx) => moveIntake(tx, intake, 'gathering', 'processing', now))
}

async function gatherFiles(deps: IntakeDeps, { intake, tree, settled }: TreeIntake): Promise<boolean> {
  const definition = deps.definitions.get(intake.exchange)
  const { checksum, gatherSeconds, incompleteMinutes } = definition.files
  return deps.db.transact(async (tx) => {
    const now = deps.now()
    if (checksum === 'required') {
      await holdUnchecked(tx, intake.intake)
      const reason = `No checksum file came within ${incompleteMinutes} minutes.`
      await refuseUnchecked(tx, intake.intake, now - incompleteMinutes * 60_000, reason)
    }
    if (!settled || !(await isGathered(tx, intake, gatherSeconds, now))) return false
    return endGathering(tx, tree, { definition, realm: intake.realm }, intake.intake, now)
  })
}

async function check(deps: IntakeDeps, on: TreeIntake): Promise<boolean> {
  const { intake, exchange } = on.intake
  const definition = deps.definitions.get(exchange)
  await checkFiles(deps, on, definition)
  await submitFiles(deps, on, definition)
  return deps.db.transact((tx) => moveIntake(tx, intake, 'checking', 'processing', deps.now()))
}

/** Waits until every submission is closed; one that is held keeps the intake waiting. */
async function process(deps: IntakeDeps, { intake: { intake, kind } }: TreeIntake): Promise<boolean> {
  if (kind === 'files') {
    const submissions = await submissionsOf(deps, await deps.db.transact((tx) => trackingsOf(tx, intake)))
    if (submissions.some(({ state }) => !CLOSED.has(state))) return false
    const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake))
    await noteTotals(deps, submissions, files)
    if (await hasUnread(deps, intake))
      return deps.db.transact((tx) => moveIntake(tx, intake, 'processing', 'checking', deps.now()))
  }
  return deps.db.transact(async (tx) => {
    await endChecksums(tx, intake, deps.now())
    return moveIntake(tx, intake, 'processing', 'reporting', deps.now())
  })
}

/** Are there files of a submission that broke before it came to them? */
async function hasUnread(deps: IntakeDeps, intake: string): Promise<boolean> {
  const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake))
  return files.some((file) => file.state === 'taken' && !isChecksum(file))
}

/** Reports, then the archive, then done and told: what is in OUTPUT is whole before anybody hears of it. */
async function report(deps: IntakeDeps, on: TreeIntake): Promise<boolean> {
  const { intake, partner, exchange, realm, kind } = on.intake
  const definition = deps.definitions.get(exchange)
  const made = await forReport(deps, on.intake, definition)
  await makeReports(deps, made)
  await writeReports(deps, on, definition)
  if (kind === 'files') await archiveFiles(deps, on, definition)
  const refused = made.files.filter(({ code, total }) => code !== null && total === 0)
  const content = await noticeOf(deps, made, refused)
  const done = await deps.db.transact(async (tx) => {
    const at = deps.now()
    if (!(await moveIntake(tx, intake, 'reporting', 'done', at))) return false
    await putNotice(tx, { partner, exchange, realm, intake, content, at, zone: definition.zone })
    return true
  })
  if (done) deps.log.info({ intake, partner, ...content.records, files: content.files.total }, 'intake.done')
  return done
}
