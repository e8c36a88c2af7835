import { Command, type CommanderError } from 'commander'
import { EXITS, type Exit } from './exits.ts'
import { createOutput, type Output } from './output.ts'

/** A command line to type, and what it does. */
export type Example = readonly [line: string, about: string]

const examples = new WeakMap<Command, readonly Example[]>()

/** The examples of a command, for its help and for the reference page. */
export function examplesOf(command: Command): readonly Example[] {
  return examples.get(command) ?? []
}

/** What every action is given: flags and arguments by name, and where to write. */
export interface Call<Given> {
  readonly given: Given
  readonly out: Output
}

/**
 * A command that does something: with examples in its help, and with --json.
 * @param usage name and arguments (`show <exchange>`, `submit <file...>`); arguments become `given.exchange`
 * @param act does it and says how it ended
 * @param shape adds the flags
 */
export function leaf<Given>(
  usage: string,
  description: string,
  lines: readonly Example[],
  act: (call: Call<Given>) => Promise<Exit>,
  shape: (command: Command) => Command = (command) => command,
): Command {
  const [name = '', ...args] = usage.split(' ')
  const command = new Command(name).description(description)
  for (const argument of args) command.argument(argument)
  shape(command).option('--json', 'write one JSON text instead of tables')
  examples.set(command, lines)
  command.addHelpText('after', `\nExamples:\n${exampleText(lines)}`)
  return command.action(async () => {
    const options = command.opts<{ json?: boolean }>()
    const named = command.registeredArguments.map((argument, index) => [
      argument.name(),
      command.processedArgs[index],
    ])
    const given = { ...options, ...Object.fromEntries(named) } as Given
    const exit = await act({ given, out: createOutput({ json: options.json === true }) })
    process.exitCode = EXITS[exit].code
  })
}

/** A command that only holds others (`tributary partner …`). */
export function branch(name: string, description: string, ...children: readonly Command[]): Command {
  const command = new Command(name).description(description)
  for (const child of children) command.addCommand(child)
  return command
}

function exampleText(lines: readonly Example[]): string {
  return lines.map(([line, about]) => `  # ${about}\n  $ ${line}`).join('\n\n')
}

/** Commander throws instead of ending the process, in this command and in all below. */
export function throwing(command: Command): Command {
  command.exitOverride((error: CommanderError) => {
    throw error
  })
  command.configureOutput({ outputError: () => {} })
  for (const child of command.commands) throwing(child)
  return command
}
