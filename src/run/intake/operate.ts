import { foldersOf } from '../../exchange/file-name.ts'
import { Fault } from '../../fault/fault.ts'
import {
  decideFile,
  findIntakeFile,
  type IntakeFile,
  type IntakeFileState,
} from '../../store/intake-files.ts'
import { findIntake } from '../../store/intakes.ts'
import type { IntakeDeps, PartnerTree, Trees } from './deps.ts'

type OperateDeps = Pick<IntakeDeps, 'db' | 'definitions'>

/**
 * Has a file picked up once more: its original is put back from the archive to where it lay, under its own name.
 * Throws NOT_FOUND, and NOT_ALLOWED_NOW when the original is not in the archive, or a file of its name waits.
 */
export async function rerunFile(deps: OperateDeps, trees: Trees, file: string): Promise<IntakeFile> {
  const row = await mustFind(deps, file)
  const intake = await deps.db.transact((tx) => findIntake(tx, row.intake))
  const tree = intake === null ? null : await trees.find(intake.partner, intake.place)
  if (intake === null || tree === null)
    throw new Fault('NOT_FOUND', { what: `place of file ${file} any more` })
  if (intake.state !== 'done' || row.archived === null) throw notThere(row)
  if (await holds(tree, row.folder, row.name))
    throw new Fault('NOT_ALLOWED_NOW', { reason: `A file ${row.name} waits in ${row.folder} already.` })
  const { archive } = foldersOf(deps.definitions.get(intake.exchange).files, intake.realm)
  const bytes = await tree.files.get(archive, row.archived)
  if (bytes === null) throw notThere(row)
  await tree.files.put(row.folder, row.name, bytes)
  return row
}

function notThere({ name }: IntakeFile): Fault {
  return new Fault('NOT_ALLOWED_NOW', { reason: `The original of ${name} is not in the archive.` })
}

async function holds({ files }: PartnerTree, folder: string, name: string): Promise<boolean> {
  for await (const file of files.list(folder)) if (file.name === name) return true
  return false
}

/**
 * Keeps a file that was taken from going on, until it is released or discarded; for as long as its intake gathers.
 * @param by who says so, for the reason that is kept with the file
 * Throws NOT_FOUND, NOT_ALLOWED_NOW.
 */
export function holdFile(deps: OperateDeps, file: string, by: string): Promise<IntakeFile> {
  return decide(deps, file, 'taken', { state: 'held', reason: `Held by ${by}.` })
}

/** Lets a held file go on, also without the checksum that it waits for. Throws NOT_FOUND, NOT_ALLOWED_NOW. */
export function releaseFile(deps: OperateDeps, file: string, by: string): Promise<IntakeFile> {
  return decide(deps, file, 'held', { state: 'taken', reason: `Released by ${by}.` })
}

/** Ends a held file: nothing of it is processed; it is reported and archived. Throws NOT_FOUND, NOT_ALLOWED_NOW. */
export function discardFile(deps: OperateDeps, file: string, by: string): Promise<IntakeFile> {
  return decide(deps, file, 'held', { state: 'discarded', reason: `Discarded by ${by}.` })
}

async function decide(
  deps: OperateDeps,
  file: string,
  from: IntakeFileState,
  to: { readonly state: IntakeFileState; readonly reason: string },
): Promise<IntakeFile> {
  const { name, state } = await mustFind(deps, file)
  if (!(await deps.db.transact((tx) => decideFile(tx, file, from, to))))
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `The file ${name} is ${state}, not ${from} in an intake that gathers.`,
    })
  return mustFind(deps, file)
}

async function mustFind({ db }: OperateDeps, file: string): Promise<IntakeFile> {
  const row = await db.transact((tx) => findIntakeFile(tx, file))
  if (row === null) throw new Fault('NOT_FOUND', { what: `file ${file}` })
  return row
}
