import type { SourceSpec } from './source.ts'

/** How SQL is spelled for one kind of database. */
export interface Dialect {
  /** A name of a column as the database itself spells it. */
  quote(name: string): string
  /** The n-th parameter, from 1. */
  parameter(n: number): string
  /** A parameter that holds a time as text, to be compared with a column of times. */
  time(n: number): string
  /** A parameter that holds a whole number as text. */
  number(n: number): string
}

const doubled = (name: string) => `"${name.replaceAll('"', '""')}"`
const dollar = (n: number) => `$${n}`
const mark = () => '?'

const DIALECTS: Readonly<Record<SourceSpec['driver'], Dialect>> = {
  // A parameter without a type takes that of the column it is compared with.
  postgres: { quote: doubled, parameter: dollar, time: dollar, number: dollar },
  mysql: { quote: backticked, parameter: mark, time: mark, number: mark },
  mariadb: { quote: backticked, parameter: mark, time: mark, number: mark },
  sqlserver: {
    quote: (name) => `[${name.replaceAll(']', ']]')}]`,
    parameter: (n) => `@p${n}`,
    time: (n) => `cast(@p${n} as datetime2)`,
    number: (n) => `cast(@p${n} as bigint)`,
  },
  oracle: {
    quote: doubled,
    parameter: (n) => `:${n}`,
    time: (n) => `to_timestamp(:${n}, 'YYYY-MM-DD HH24:MI:SS.FF')`,
    number: (n) => `to_number(:${n})`,
  },
  // A column without a type holds what was put in: a number must be compared with a number.
  sqlite: { quote: doubled, parameter: mark, time: mark, number: () => 'cast(? as integer)' },
  files: { quote: doubled, parameter: mark, time: mark, number: mark },
}

export function dialectOf(driver: SourceSpec['driver']): Dialect {
  return DIALECTS[driver]
}

function backticked(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

const plainName = String.raw`[\p{L}_][\p{L}\p{N}_$#]*`
const quotedName = String.raw`"(?:[^"]|"")+"|\[(?:[^\]]|\]\])+\]|\x60(?:[^\x60]|\x60\x60)+\x60`
const part = `(?:${plainName}|${quotedName})`
const viewName = new RegExp(`^${part}(?:\\.${part}){0,3}$`, 'u')

/**
 * May this stand as a view in a statement? A name, or names parted by dots, each plain or quoted as the database
 * quotes. Plain names are written as they are, so that the database folds their case as it always does.
 */
export function isViewName(text: string): boolean {
  return viewName.test(text)
}
