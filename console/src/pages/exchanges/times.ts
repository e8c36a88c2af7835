/** What a person chose for date and time, in their zone, as a time for the node. */
export function isoOf(local: string): string {
  return new Date(local).toISOString()
}
