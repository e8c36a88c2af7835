import type { Tx } from '../../db/database.ts'
import type { TakenFile } from '../../store/file-tree.ts'
import {
  gatheredBy,
  hasHeld,
  knownFiles,
  moveHeld,
  type NewIntakeFile,
  pathsInIntake,
  putIntakeFiles,
} from '../../store/intake-files.ts'
import { findGathering, type Intake, moveIntake, openIntake } from '../../store/intakes.ts'
import { newRecordId } from '../../store/record-id.ts'
import { uploadersOf } from '../../store/transfers.ts'
import type { IntakeDeps, PartnerTree } from './deps.ts'
import type { InputFolder } from './input-folders.ts'
import type { Found, Scanner } from './scan.ts'
import { eachInTree } from './side-by-side.ts'
import { checksumName, fileIdentity, isIncomplete, isTemporary } from './upload-names.ts'

/** An intake holds no more than this, so that its reports do not keep a partner waiting. */
const filesMax = 20_000
const bytesMax = 256 * 2 ** 20
/** Files taken, and noted, together: they share the syncs of their folders and a transaction. */
const filesAtOnce = 500

const mailboxOf = ({ partner, place }: PartnerTree, { definition, realm }: InputFolder) =>
  ({ partner, place, exchange: definition.exchange, realm, kind: 'files' }) as const

/**
 * Notes files that were taken by a process that ended before it noted them. First of all, and whenever the tree's
 * work comes from another process.
 */
export async function recover(
  deps: IntakeDeps,
  tree: PartnerTree,
  inputs: ReadonlyMap<string, InputFolder>,
): Promise<void> {
  const taken = await tree.files.taken()
  for (let index = 0; index < taken.length; index += filesAtOnce) {
    const some = taken.slice(index, index + filesAtOnce)
    const known = await deps.db.transact((tx) =>
      knownFiles(
        tx,
        some.map(({ file }) => file),
      ),
    )
    const byFolder = new Map<string, TakenFile[]>()
    for (const file of some)
      if (!known.has(file.file)) byFolder.set(file.folder, [...(byFolder.get(file.folder) ?? []), file])
    for (const [folder, files] of byFolder) {
      const input = inputs.get(folder)
      if (input !== undefined) await note(deps, tree, input, files)
      else deps.log.error({ partner: tree.partner, folder, files: files.length }, 'intake.folder-unknown')
    }
  }
}

/** Takes what is complete in one folder. */
export async function gather(
  deps: IntakeDeps,
  tree: PartnerTree,
  input: InputFolder,
  scanner: Scanner,
): Promise<number> {
  const gathering = () =>
    deps.db.transact(async (tx) => {
      const open = await findGathering(tx, mailboxOf(tree, input))
      return open === null ? new Set<string>() : pathsInIntake(tx, open.intake)
    })
  const found = await scanner.scan(tree, input, gathering, deps.now())
  let count = 0
  for (let index = 0; index < found.length; index += filesAtOnce) {
    const files = await take(deps, tree, input, found.slice(index, index + filesAtOnce))
    count += files.length
    if (files.length > 0) await note(deps, tree, input, files)
  }
  return count
}

async function take(
  deps: IntakeDeps,
  tree: PartnerTree,
  { folder }: InputFolder,
  found: readonly Found[],
): Promise<TakenFile[]> {
  const now = deps.now()
  const taken = await eachInTree(tree.files, found, ({ name, incomplete }) =>
    tree.files.take(folder, name, fileIdentity(newRecordId(now), incomplete), now),
  )
  return taken.filter((file) => file !== null)
}

/** Notes taken files in the intake that gathers; a full one is ended, and the next files open another. */
async function note(
  deps: IntakeDeps,
  tree: PartnerTree,
  input: InputFolder,
  files: readonly TakenFile[],
): Promise<void> {
  const full = await deps.db.transact(async (tx) => {
    const { intake } = await openIntake(tx, mailboxOf(tree, input), deps.now())
    const paths = files.map(({ folder, name }) => `${folder}/${name}`)
    const accounts = tree.uploads === null ? null : await uploadersOf(tx, tree.partner, paths)
    await putIntakeFiles(
      tx,
      files.map((file, index) => {
        const account = accounts?.get(paths[index] as string) ?? `partner:${tree.partner}`
        return newRow(file, intake, account, input)
      }),
    )
    const gathered = await gatheredBy(tx, intake)
    return gathered.files >= filesMax || gathered.bytes >= bytesMax ? intake : null
  })
  if (full !== null) await deps.db.transact((tx) => endGathering(tx, tree, input, full, deps.now()))
}

function newRow(
  file: TakenFile,
  intake: string,
  account: string,
  { definition }: InputFolder,
): NewIntakeFile {
  // No whole file is taken under a temporary name.
  const incomplete = isIncomplete(file.file) || isTemporary(file.name)
  const minutes = definition.files.incompleteMinutes
  return {
    intake,
    file: file.file,
    name: file.name,
    folder: file.folder,
    bytes: file.bytes,
    modifiedAt: new Date(file.modifiedAt).toISOString(),
    takenAt: new Date(file.takenAt).toISOString(),
    account,
    state: incomplete ? 'refused' : 'taken',
    code: incomplete ? 'FILE_INCOMPLETE' : null,
    reason: incomplete ? `The file was not sent to its end within ${minutes} minutes.` : null,
    format: incomplete ? null : (checksumName(file.name)?.kind ?? null),
  }
}

/** Stops an intake's gathering. What is held goes to the next one. False when it was stopped before. */
export async function endGathering(
  tx: Tx,
  tree: PartnerTree,
  input: Pick<InputFolder, 'definition' | 'realm'>,
  intake: string,
  now: number,
): Promise<boolean> {
  if (!(await moveIntake(tx, intake, 'gathering', 'checking', now))) return false
  if (!(await hasHeld(tx, intake))) return true
  const { partner, place } = tree
  const { exchange } = input.definition
  const next = await openIntake(tx, { partner, place, exchange, realm: input.realm, kind: 'files' }, now)
  await moveHeld(tx, intake, next.intake)
  return true
}

/** Is it time to stop gathering? */
export async function isGathered(
  tx: Tx,
  { intake }: Intake,
  gatherSeconds: number,
  now: number,
): Promise<boolean> {
  const { files, lastTakenAt } = await gatheredBy(tx, intake)
  return files > 0 && lastTakenAt !== null && now - lastTakenAt >= gatherSeconds * 1000
}
