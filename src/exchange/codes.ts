import { CsvError, csvRows } from './code-file.ts'
import { parseDate, parseDateTime } from './dates.ts'
import type { CodeList, CodeValue } from './definition.ts'
import { type Problem, Problems, type Report, suggestion } from './problem.ts'
import { FORMS } from './shapes.ts'

/** Which columns of a code file hold what. */
export type CodeColumns = NonNullable<CodeList['columns']>

/** The published tables have some ten thousand rows. */
export const CODE_FILE_CHARS_MAX = 50_000_000

/** Problems told of one code file; the rest is counted. */
const problemsToldMax = 20

/**
 * Reads a code list from CSV text with a header row. Columns that are not named are passed over.
 * @param file its name in problems, such as `codes/city.csv`
 */
export function parseCodeFile(
  file: string,
  text: string,
  columns: CodeColumns,
): { readonly values: readonly CodeValue[]; readonly problems: readonly Problem[] } {
  const problems = new Problems()
  const values = new CodeFileReader(file, columns, problems.report).read(text)
  return { values, problems: problems.sorted() }
}

class CodeFileReader {
  readonly #file: string
  readonly #columns: CodeColumns
  readonly #report: Report
  #told = 0

  constructor(file: string, columns: CodeColumns, report: Report) {
    this.#file = file
    this.#columns = columns
    this.#report = report
  }

  read(text: string): readonly CodeValue[] {
    if (text.length > CODE_FILE_CHARS_MAX) {
      this.#tell(
        1,
        1,
        `The file has more than ${CODE_FILE_CHARS_MAX} characters.`,
        'Leave out what nobody uses.',
      )
      return []
    }
    try {
      return this.#rows(text)
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      this.#tell(error.line, 1, error.message, 'Quote the whole cell and double the quotes inside it.')
      return []
    } finally {
      if (this.#told > problemsToldMax)
        this.#report(
          { file: this.#file, line: 1, column: 1 },
          'CODES',
          `There are ${this.#told - problemsToldMax} more problems in this file.`,
          'Put the first ones right and look again.',
        )
    }
  }

  #rows(text: string): readonly CodeValue[] {
    const rows = csvRows(text)
    const first = rows.next()
    if (first.done === true) {
      this.#tell(1, 1, 'The file is empty.', 'Write a header row, and a row for each code.')
      return []
    }
    const header = first.value.cells.map((cell) => cell.trim())
    const { code, label, from, until } = this.#columns
    const index = (column: string | null) => (column === null ? -1 : this.#columnIndex(header, column))
    const at = { code: index(code), label: index(label), from: index(from), until: index(until) }
    if (at.code === -1 || at.label === -1) return []
    const lines = new Map<CodeValue, number>()
    for (const { line, cells } of rows) {
      if (cells.length !== header.length) {
        const fix = 'Give each row as many cells as the header.'
        this.#tell(line, 1, `The row has ${cells.length} cells, the header ${header.length}.`, fix)
        continue
      }
      const cell = (place: number) => (place === -1 ? '' : (cells[place] ?? '').trim())
      const value: CodeValue = {
        code: cell(at.code),
        label: cell(at.label),
        from: this.#date(cell(at.from), line, at.from),
        until: this.#date(cell(at.until), line, at.until),
      }
      if (this.#sane(value, line, at.code)) lines.set(value, line)
    }
    return joinSpans([...lines.keys()], (value, message) =>
      this.#tell(
        lines.get(value) ?? 1,
        at.code + 1,
        message,
        'Keep one of them, or make their dates follow.',
      ),
    )
  }

  #columnIndex(header: readonly string[], column: string): number {
    const index = header.indexOf(column)
    if (index === -1) this.#tell(1, 1, `There is no column '${column}'.`, suggestion(column, header))
    return index
  }

  #date(text: string, line: number, index: number): string | null {
    if (text === '') return null
    // Published tables give some dates with a time of day, which says nothing about the day.
    const date = parseDate(text.length > 10 ? (parseDateTime(text) ?? '').slice(0, 10) : text)
    if (date === null)
      this.#tell(
        line,
        index + 1,
        `'${text}' is not a date.`,
        'Write YYYY-MM-DD or MM/DD/YYYY, or leave it empty.',
      )
    return date
  }

  #sane(value: CodeValue, line: number, index: number): boolean {
    if (!FORMS.code.pattern.test(value.code)) {
      this.#tell(line, index + 1, 'The code is empty or cannot be one.', `Write ${FORMS.code.about}.`)
      return false
    }
    if (value.from === null || value.until === null || value.from <= value.until) return true
    this.#tell(line, index + 1, `'${value.code}' ends before it begins.`, 'Exchange the two dates.')
    return false
  }

  #tell(line: number, column: number, message: string, fix: string): void {
    this.#told += 1
    if (this.#told <= problemsToldMax) this.#report({ file: this.#file, line, column }, 'CODES', message, fix)
  }
}

/**
 * Joins what the same code with the same label says of touching or overlapping spans: published tables repeat a
 * code for every place it is used in. Tells of codes with two labels at the same time.
 */
function joinSpans(
  values: readonly CodeValue[],
  tell: (value: CodeValue, message: string) => void,
): readonly CodeValue[] {
  const byCode = new Map<string, CodeValue[]>()
  for (const value of values) {
    const same = byCode.get(value.code) ?? []
    if (same.length === 0) byCode.set(value.code, same)
    const overlap = same.findIndex((other) => overlapping(other, value))
    const other = same[overlap]
    if (other === undefined) same.push(value)
    else if (other.label === value.label) same[overlap] = joined(other, value)
    else tell(value, `'${value.code}' means '${other.label}' and '${value.label}' at the same time.`)
  }
  return [...byCode.values()].flat()
}

function overlapping(a: CodeValue, b: CodeValue): boolean {
  return (a.from ?? '') <= (b.until ?? '9999') && (b.from ?? '') <= (a.until ?? '9999')
}

function joined(a: CodeValue, b: CodeValue): CodeValue {
  const from = a.from === null || b.from === null ? null : ([a.from, b.from].toSorted()[0] ?? null)
  const until = a.until === null || b.until === null ? null : ([a.until, b.until].toSorted()[1] ?? null)
  return { ...a, from, until }
}

/** What a new version of a code list changes; spans of the same code are compared together. */
export interface CodeChanges {
  readonly added: readonly CodeValue[]
  readonly removed: readonly CodeValue[]
  readonly changed: readonly {
    readonly code: string
    readonly before: readonly CodeValue[]
    readonly after: readonly CodeValue[]
  }[]
}

/** Compares two versions of a code list; order does not matter. */
export function compareCodes(before: readonly CodeValue[], after: readonly CodeValue[]): CodeChanges {
  const old = spansByCode(before)
  const now = spansByCode(after)
  const changed = [...now].flatMap(([code, spans]) => {
    const was = old.get(code)
    return was === undefined || JSON.stringify(was) === JSON.stringify(spans)
      ? []
      : [{ code, before: was, after: spans }]
  })
  return {
    added: [...now].flatMap(([code, spans]) => (old.has(code) ? [] : spans)),
    removed: [...old].flatMap(([code, spans]) => (now.has(code) ? [] : spans)),
    changed,
  }
}

function spansByCode(values: readonly CodeValue[]): ReadonlyMap<string, readonly CodeValue[]> {
  const byCode = new Map<string, CodeValue[]>()
  for (const { code, label, from, until } of values) {
    const spans = byCode.get(code) ?? []
    spans.push({ code, label, from, until })
    byCode.set(code, spans)
  }
  for (const spans of byCode.values()) spans.sort((a, b) => (a.from ?? '').localeCompare(b.from ?? ''))
  return byCode
}
