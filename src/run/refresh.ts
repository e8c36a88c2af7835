import type { Refresh } from '../exchange/definition.ts'
import type { Submission } from '../store/model.ts'

/** What a whole-file submission would do, shown to the person who must confirm it. */
export interface Preview {
  readonly live: number
  readonly create: number
  readonly update: number
  readonly unchanged: number
  readonly reject: number
  readonly remove: number
  /** Records that would be deleted with those, as they belong to them. */
  readonly cascade: number
  /** Some of the keys it would delete. */
  readonly removeExamples: readonly string[]
  /** Why nothing is deleted by absence, or null. */
  readonly deletionsHeld: string | null
}

export function previewOf(
  submission: Submission,
  live: number,
  absent: number,
  falling: number,
  examples: readonly { readonly key: string }[],
): Preview & Readonly<Record<string, unknown>> {
  const { counts } = submission
  return {
    live,
    create: counts.created,
    update: counts.updated,
    unchanged: counts.unchanged,
    reject: counts.rejected + counts.filtered,
    remove: absent,
    cascade: falling,
    removeExamples: examples.map((row) => row.key.replaceAll('\u001f', '/')),
    deletionsHeld:
      submission.scope === 'refresh' && submission.unreadableKeys > 0
        ? `The key of ${submission.unreadableKeys} record(s) could not be read, so nothing is deleted for being absent.`
        : null,
  }
}

/**
 * Why a person must confirm, or null. A confirmation covers the numbers that were shown: if the survey now
 * finds more, it is held again.
 */
export function heldReason(
  refresh: Refresh,
  preview: Preview,
  confirmed: Readonly<Record<string, unknown>> | null,
): string | null {
  const deleteMax = Math.min(refresh.deleteCountMax, Math.floor(preview.live * refresh.deleteShareMax))
  const changeMax = Math.floor(preview.live * refresh.changeShareMax)
  const deletes = preview.remove + preview.cascade
  const shown = confirmedNumber(confirmed, 'remove') + Math.max(0, confirmedNumber(confirmed, 'cascade'))
  const tooManyDeletes = deletes > Math.max(deleteMax, shown)
  const tooManyChanges = preview.update > Math.max(changeMax, confirmedNumber(confirmed, 'update'))
  if (tooManyDeletes)
    return `It would delete ${deletes} of ${preview.live} records; more than ${deleteMax} need a person's confirmation.`
  if (tooManyChanges)
    return `It would change ${preview.update} of ${preview.live} records; more than ${changeMax} need a person's confirmation.`
  return null
}

function confirmedNumber(confirmed: Readonly<Record<string, unknown>> | null, name: string): number {
  const value = confirmed?.[name]
  return typeof value === 'number' ? value : -1
}
