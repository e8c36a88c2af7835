import type { Sql } from '../db/sql.ts'

/**
 * A column of times as ISO texts in UTC, with milliseconds.
 * @param column written in our code, never input
 */
export function isoTime(column: string): Sql {
  return { text: `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, values: [] }
}

/** Milliseconds since 1970 as an ISO text in UTC. */
export function isoOf(at: number): string {
  return new Date(at).toISOString()
}
