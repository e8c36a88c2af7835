/** What a spreadsheet program may take for the start of a formula, after any apostrophes of ours. */
const FORMULA_START = /^'*[=+\-@\t\r]/
/** A number is harmless, and its sign is not a formula. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/
const NEUTRALISED = /^'+[=+\-@\t\r]/

/**
 * A CSV cell that no spreadsheet program will compute: one that begins with `=`, `+`, `-`, `@`, tab or CR
 * gets an apostrophe before it. Plain numbers such as -118.25 stay. A text that already looks so gets one
 * more, so that `restore` gives back every text exactly.
 */
export function neutralise(cell: string): string {
  return FORMULA_START.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
}

/** Takes back what `neutralise` did. */
export function restore(cell: string): string {
  return cell.charCodeAt(0) === 39 && NEUTRALISED.test(cell) ? cell.slice(1) : cell
}
