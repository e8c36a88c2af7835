/** One line of the table: what we did, what the peer did, and what we want. */
export interface Result {
  readonly work: string
  readonly ours: number
  readonly peer: string
  readonly theirs: number
  readonly unit: string
  /** Ours by theirs; for memory, theirs is the limit. */
  readonly ratio: number
  readonly aim: string
  readonly met: boolean
  /** Everything measured, for the JSON file. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** Compares two rates; `aim` is the smallest ratio wanted. */
export function compared(
  work: string,
  unit: string,
  ours: number,
  peer: { readonly name: string; readonly rate: number },
  aim: number,
  detail: Result['detail'],
): Result {
  const ratio = ours / peer.rate
  return {
    work,
    ours,
    peer: peer.name,
    theirs: peer.rate,
    unit,
    ratio,
    aim: `≥ ${aim}`,
    met: ratio >= aim,
    detail,
  }
}

/** The results as a Markdown table. */
export function table(results: readonly Result[]): string {
  const lines = results.map((r) =>
    [
      r.work,
      shown(r.ours, r.unit),
      r.peer,
      shown(r.theirs, r.unit),
      r.ratio.toFixed(2),
      r.aim,
      r.met ? 'yes' : 'no',
    ].join(' | '),
  )
  return [
    '| Work | Tributary | Against | Against, measured | Ratio | Aim | Met |',
    '|---|---:|---|---:|---:|---:|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')
}

function shown(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : 1
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })} ${unit}`
}
