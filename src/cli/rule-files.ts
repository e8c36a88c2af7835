import { readFile } from 'node:fs/promises'
import type { Definition } from '../exchange/definition.ts'
import { overlay } from '../exchange/overlay.ts'
import { problemLine } from '../exchange/problem.ts'
import { sha256 } from '../node/exchange-folder.ts'
import { CommandError } from './exits.ts'

/** The definition with the rule sets of these files laid over it. Throws CommandError naming every problem. */
export async function withRuleFiles(
  definition: Definition,
  partner: string,
  files: readonly string[],
): Promise<Definition> {
  let result = definition
  for (const file of files) {
    const { definition: laid, problems } = overlay(
      result,
      [{ partner, content: await readFile(file, 'utf8') }],
      sha256,
    )
    if (laid === null)
      throw new CommandError(
        'usage',
        problems.map((problem) => problemLine({ ...problem, file })).join('\n'),
        'tributary rules check shows what the rules change.',
      )
    result = laid
  }
  return result
}
