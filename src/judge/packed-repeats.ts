import type { Repeat } from './known-records.ts'

/** Repeats by columns, for the way between two processes. */
export interface PackedRepeats {
  readonly position: readonly number[]
  readonly line: readonly number[]
  /** Archive members, each with the number of its first repeat: those that follow are of the same one. */
  readonly members: readonly (readonly [number, string])[]
  readonly rawHashes: string
  readonly recordIds: string
}

/** About how many bytes one takes on its way. */
export const repeatBytes = 110

export function packRepeats(repeats: readonly Repeat[]): PackedRepeats {
  const members: [number, string][] = []
  for (const [index, { member }] of repeats.entries())
    if (members.at(-1)?.[1] !== member) members.push([index, member])
  return {
    position: repeats.map(({ position }) => position),
    line: repeats.map(({ line }) => line),
    members,
    rawHashes: repeats.map(({ rawHash }) => rawHash).join('\n'),
    recordIds: repeats.map(({ recordId }) => recordId).join('\n'),
  }
}

export function unpackRepeats({ position, line, members, ...packed }: PackedRepeats): Repeat[] {
  const rawHashes = packed.rawHashes.split('\n')
  const recordIds = packed.recordIds.split('\n')
  const firsts = new Map(members)
  let member = ''
  return position.map((own, index) => {
    member = firsts.get(index) ?? member
    return {
      position: own,
      line: line[index] as number,
      member,
      rawHash: rawHashes[index] as string,
      recordId: recordIds[index] as string,
    }
  })
}
