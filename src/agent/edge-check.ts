import type { Definition } from '../exchange/definition.ts'
import { type Parcel, type RawTree, worst } from '../exchange/parcel.ts'
import { createJudge } from '../judge/judge.ts'

/** What the check of an extract counted. No value of any record is in it. */
export interface EdgeTally {
  readonly records: number
  /** Records with a fatal finding or an error. */
  readonly withErrors: number
  readonly filtered: number
  /** Findings by code, most frequent first. */
  readonly codes: readonly { readonly code: string; readonly field: string; readonly count: number }[]
}

export interface EdgeCheck {
  /** @param text the record as it will be sent */
  look(type: string, records: readonly { readonly tree: RawTree; readonly text: string }[]): void
  tally(): EdgeTally
}

/**
 * Checks records with the code of the centre. What only the centre can know (is the key taken, does the voter
 * exist) it cannot tell.
 * @param partner whose crosswalks to use
 */
export function createEdgeCheck(definition: Definition, partner: string, now: Date): EdgeCheck {
  const judge = createJudge(definition)
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: definition.zone }).format(now)
  const codes = new Map<string, { code: string; field: string; count: number }>()
  let position = 0
  let withErrors = 0
  let filtered = 0

  function count({ findings, filtered: dropped }: Parcel): void {
    const severity = worst(findings)
    if (severity === 'fatal' || severity === 'error') withErrors += 1
    if (dropped) filtered += 1
    for (const { code, field } of findings) {
      const one = codes.get(`${code} ${field}`)
      if (one === undefined) codes.set(`${code} ${field}`, { code, field, count: 1 })
      else one.count += 1
    }
  }

  return {
    look(type, records) {
      const raw = records.map(({ tree, text }) => {
        position += 1
        return { position, line: position, member: '', shape: { kind: 'tree', tree } as const, text }
      })
      for (const parcel of judge.judge(raw, { partner, today, type })) count(parcel)
    },
    tally: () => ({
      records: position,
      withErrors,
      filtered,
      codes: [...codes.values()].toSorted((a, b) => b.count - a.count).slice(0, 100),
    }),
  }
}
