/** Their codes and ours as people type them: a pair a line, with a comma, a semicolon, a tab or `=` between. */

export interface Pairs {
  readonly map: Readonly<Record<string, string>>
  /** Numbers of the lines that are no pair. */
  readonly wrong: readonly number[]
}

export function readPairs(text: string): Pairs {
  const map: Record<string, string> = {}
  const wrong: number[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const parts = line.split(/[,;\t=]/).map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    const [theirs = '', ours = ''] = parts
    if (parts.length !== 2 || theirs === '' || ours === '') wrong.push(index + 1)
    else map[theirs] = ours
  }
  return { map, wrong }
}

export function writePairs(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .map(([theirs, ours]) => `${theirs} = ${ours}`)
    .join('\n')
}

/** The same as a file that spreadsheets open. */
export function pairsCsv(map: Readonly<Record<string, string>>): string {
  const cell = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return Object.entries(map)
    .map((pair) => `${pair.map(cell).join(',')}\r\n`)
    .join('')
}
