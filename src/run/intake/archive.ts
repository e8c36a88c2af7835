import type { Definition } from '../../exchange/definition.ts'
import { foldersOf } from '../../exchange/file-name.ts'
import { archivedBefore, listIntakeFiles, noteArchived } from '../../store/intake-files.ts'
import type { IntakeDeps, PartnerTree, TreeIntake } from './deps.ts'
import { eachInTree } from './side-by-side.ts'

const movedAtOnce = 500
const dayMs = 24 * 3600 * 1000

/** Moves an intake's originals into the archive folder, checksums with them. */
export async function archiveFiles(
  deps: IntakeDeps,
  { intake: { intake, realm }, tree }: TreeIntake,
  definition: Definition,
): Promise<void> {
  const { archive } = foldersOf(definition.files, realm)
  const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake))
  const left = files.filter(({ archived }) => archived === null)
  for (let index = 0; index < left.length; index += movedAtOnce) {
    const some = left.slice(index, index + movedAtOnce)
    const names = await eachInTree(tree.files, some, ({ file, name }) =>
      tree.files.archive(file, archive, name),
    )
    await deps.db.transact((tx) =>
      noteArchived(
        tx,
        some.map(({ file }) => file),
        names,
      ),
    )
  }
}

/** Removes originals that have been in the archive for as long as their exchange keeps them. */
export async function sweepArchive(
  deps: Pick<IntakeDeps, 'db' | 'now' | 'definitions'>,
  tree: PartnerTree,
): Promise<number> {
  let removed = 0
  for (const { exchange, files } of deps.definitions.list())
    for (const realm of ['live', 'test'] as const) {
      const mailbox = { partner: tree.partner, place: tree.place, exchange, realm }
      const before = deps.now() - files.archiveDays * dayMs
      for (;;) {
        const old = await deps.db.transact((tx) => archivedBefore(tx, mailbox, before, movedAtOnce))
        if (old.length === 0) break
        for (const { archived } of old) await tree.files.remove(foldersOf(files, realm).archive, archived)
        const ids = old.map(({ file }) => file)
        await deps.db.transact((tx) =>
          noteArchived(
            tx,
            ids,
            ids.map(() => null),
          ),
        )
        removed += old.length
      }
    }
  return removed
}
