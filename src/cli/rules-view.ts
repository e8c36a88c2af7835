import type { RuleProblem } from '../exchange/overlay.ts'
import type { Screen } from './output.ts'

export function rulesPath(...parts: readonly (string | number)[]): string {
  return `/v1/rules/${parts.map((part) => encodeURIComponent(part)).join('/')}`
}

/** Problems one a line, as editors follow them; the path of keys is told where it helps. */
export function showProblems(screen: Screen, problems: readonly RuleProblem[]): void {
  for (const { file, line, column, path, message, fix } of problems)
    screen.line(
      `${screen.bad(`${file}:${line}:${column}`)}${path === '' ? '' : ` ${path}`}: ${message} ${fix}`,
    )
}
