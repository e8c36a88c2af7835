import { version } from '../installed/version.ts'
import { buildProgram, COMMANDS } from './commands.ts'
import { asCommandError, CommandError, EXITS } from './exits.ts'
import { writeError } from './output.ts'

/** The command that the arguments call: the first that is not a flag, or the one after `help`. */
function calledBy(args: readonly string[]): string | null {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const name = words[0] === 'help' ? words[1] : words[0]
  return COMMANDS.some((command) => command.name === name) ? (name ?? null) : null
}

/** What Commander throws when it has shown a help or a version, which is no error. */
const SHOWN = new Set(['commander.helpDisplayed', 'commander.version'])

function usageError(error: Error & { code: string }): CommandError {
  if (error.code === 'commander.help')
    return new CommandError('usage', 'A command is missing.', 'The list is above.')
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  const sentence = /[.)?]$/.test(message) ? message : `${message}.`
  return new CommandError('usage', sentence, 'Add --help to see what is possible.')
}

async function main(args: readonly string[]): Promise<void> {
  // `tributary … | head` closes the pipe early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXITS.ok.code)
    throw error
  })
  try {
    const program = await buildProgram(version, calledBy(args))
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    const byCommander =
      error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
    if (byCommander && SHOWN.has(String(error.code))) return
    const told = byCommander ? usageError(error as Error & { code: string }) : asCommandError(error)
    writeError(told, args.includes('--json'))
    if (process.env.DEBUG === 'tributary') console.error(error)
    process.exitCode = EXITS[told.exit].code
  }
}

await main(process.argv.slice(2))
