/** Where something stands in the files of an exchange; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What can be wrong with a definition. Codes are permanent; the reference page lists them. */
export const PROBLEMS = {
  FILE_MISSING: 'A file that the definition names, or must have, is not in the folder.',
  FILE_UNUSED: 'A file of record types or codes is there but nothing names it.',
  FILE_TOO_LARGE: 'A file is larger than definitions may be.',
  YAML: 'The text is not YAML, or uses a part of YAML that the language leaves out (anchors, aliases, tags).',
  KEY_UNKNOWN: 'The language has no such key at this place.',
  KEY_MISSING: 'A key that must be there is not.',
  TYPE: 'The value is of another type than the key takes.',
  VALUE: 'The value is of the right type but not allowed here.',
  NAME: 'A name is written in a way that the language does not take.',
  DUPLICATE: 'Something that must be unique stands twice.',
  UNKNOWN_NAME: 'A field, list, crosswalk, version or code is named that does not exist.',
  NOT_FOR_TYPE: 'The key means nothing for a field of this type.',
  EXPRESSION: 'A CEL expression is wrong: its syntax, a name in it, or its types.',
  PATTERN: 'A pattern is not in RE2 syntax, or repeats too much.',
  VERSIONS: 'The versions overlap, leave a gap, or end before they begin.',
  IDENTITY: 'A field cannot do what identity asks of it.',
  OPERATION: 'An operation is used that the lifecycle does not offer.',
  REFERENCE: 'A reference cannot lead to what it names: its fields are not those of a key.',
  REFRESH: 'A refresh cannot be kept within a field that records of a type may lack.',
  CODES: 'A code list cannot be read, or holds a code twice at the same time.',
  TEMPLATE: 'A template of a mail does not work: its syntax, a name or a filter in it.',
  PATH: 'Two fields would be read from the same place.',
} as const satisfies Record<string, string>

export type ProblemCode = keyof typeof PROBLEMS

/** One mistake in a definition: where it is, what is wrong, and what to do about it. */
export interface Problem extends Place {
  readonly code: ProblemCode
  readonly message: string
  readonly fix: string
}

export type Report = (place: Place, code: ProblemCode, message: string, fix: string) => void

/** Problems told of one definition at most, so that a wrong file of a million rows stays readable. */
export const PROBLEMS_MAX = 500

/** Collects problems in the order of the files. */
export class Problems {
  readonly #found: Problem[] = []

  readonly report: Report = (place, code, message, fix) => {
    const { file, line, column } = place
    if (this.#found.length < PROBLEMS_MAX) this.#found.push({ file, line, column, code, message, fix })
  }

  sorted(): readonly Problem[] {
    const rank = (problem: Problem) => (problem.file === 'exchange.yaml' ? '' : problem.file)
    return this.#found.toSorted(
      (a, b) => rank(a).localeCompare(rank(b)) || a.line - b.line || a.column - b.column,
    )
  }
}

/** A problem as one line: `types/stop.yaml:12:5: There is no key 'requird'. Did you mean 'required'?` */
export function problemLine({ file, line, column, message, fix }: Problem): string {
  return `${file}:${line}:${column}: ${message} ${fix}`
}

/** What to do about a name that does not exist: the nearest one that does, or all of them. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  if (near !== null) return `Did you mean '${near}'?`
  if (known.length === 0) return 'There is none to name.'
  const shown = known.slice(0, 12).join(', ')
  return known.length > 12 ? `Known are ${shown} and ${known.length - 12} more.` : `Known are ${shown}.`
}

/** The known word with the fewest letters to change, if that is few enough to be a slip. */
function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  // Words of one or two letters are all near each other: there only the case may differ.
  let least = word.length < 3 ? 1 : Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known.slice(0, 5000)) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const changes = changesBetween(word.toLowerCase(), candidate.toLowerCase())
    if (changes < least) {
      best = candidate
      least = changes
    }
  }
  return best
}

/** Letters to insert, remove, replace or swap with their neighbour to make one word of the other. */
function changesBetween(from: string, to: string): number {
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      here.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (here[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = above
    above = here
  }
  return above[to.length] ?? 0
}
