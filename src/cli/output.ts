import { stripVTControlCharacters } from 'node:util'
import type { CommandError } from './exits.ts'
import { EXITS } from './exits.ts'

/** How a column of a table is set. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** What a command writes for people. Every text may have come from a file, so control characters are shown. */
export interface Screen {
  line(text?: string): void
  /** Columns as wide as their longest cell. */
  table(columns: readonly Column[], rows: readonly (readonly (string | number | null)[])[]): void
  /** Names and values, one pair a line. */
  pairs(pairs: readonly (readonly [string, string | number | null])[]): void
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

export interface Output {
  readonly json: boolean
  /** Text for people, on standard output; silent with --json. */
  readonly screen: Screen
  /** With --json the one JSON text of the command, otherwise what `human` writes. */
  result(value: unknown, human: (screen: Screen) => void): void
  /** A remark beside the result, on standard error; silent with --json. */
  note(text: string): void
}

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** Colours only where a person looks, and never against https://no-color.org. */
export function wantsColour(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

export function createOutput(
  options: { readonly json: boolean },
  stdout: Stream = process.stdout,
  stderr: Stream = process.stderr,
): Output {
  const paint = (open: number, close: number) => (text: string) =>
    wantsColour(stdout) ? `\u001b[${open}m${text}\u001b[${close}m` : text
  const line = (text = '') => {
    if (!options.json) stdout.write(`${text}\n`)
  }
  const bold = paint(1, 22)
  const dim = paint(2, 22)
  const screen: Screen = {
    line,
    table: (columns, rows) => {
      for (const text of tableLines(columns, rows, bold)) line(text)
    },
    pairs: (pairs) => {
      const width = Math.max(...pairs.map(([name]) => name.length))
      for (const [name, value] of pairs) line(`${dim(name.padEnd(width))}  ${shown(value)}`)
    },
    bold,
    dim,
    good: paint(32, 39),
    bad: paint(31, 39),
  }
  return {
    json: options.json,
    screen,
    result(value, human) {
      if (options.json) stdout.write(`${JSON.stringify(value)}\n`)
      else human(screen)
    },
    note(text) {
      if (!options.json) stderr.write(`${text}\n`)
    },
  }
}

function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly (string | number | null)[])[],
  bold: (text: string) => string,
): string[] {
  const cells = rows.map((row) => columns.map((_, index) => shown(row[index] ?? null)))
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => widthOf(row[index] ?? ''))),
  )
  const lineOf = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [bold(lineOf(columns.map(({ title }) => title))), ...cells.map(lineOf)]
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'right' ? space + text : text + space
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

/** A value for people; control characters from foreign data cannot move the cursor. */
function shown(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return value.toLocaleString('en-US')
  return printable(value)
}

/** Text with its control characters (escape sequences, line breaks …) made visible. */
export function printable(text: string): string {
  let result = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0)
    result += control ? `\\x${code.toString(16).padStart(2, '0')}` : character
  }
  return result
}

/** One line for people, or one JSON object, on standard error. */
export function writeError(error: CommandError, json: boolean, stderr: Stream = process.stderr): void {
  const message = printable(error.message.replaceAll(/\s*\n\s*/g, ' '))
  if (json) {
    const { code, exit, hint } = error
    stderr.write(`${JSON.stringify({ error: { code, message, hint, exitCode: EXITS[exit].code } })}\n`)
    return
  }
  const hint = error.hint === null ? '' : ` ${error.hint}`
  const label = wantsColour(stderr) ? '\u001b[31merror:\u001b[39m' : 'error:'
  stderr.write(`${label} ${message}${hint}\n`)
}
