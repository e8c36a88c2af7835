import type { Command } from 'commander'
import { examplesOf } from '../src/cli/command.ts'
import { buildProgram } from '../src/cli/commands.ts'
import { EXITS } from '../src/cli/exits.ts'

/** docs/guide/command-line.md, from the command tree. */
export async function commandPage(): Promise<string> {
  const program = await buildProgram('', 'all')
  const exits = Object.values(EXITS).map(({ code, about }) => `| ${code} | ${about} |`)
  const commands = program.commands.map(
    (command) => `| [\`${command.name()}\`](#${command.name()}) | ${command.summary()} |`,
  )
  return [
    '# The command line\n',
    'In a clone, `npx tributary` is the command. `tributary <command> --help` shows flags and examples; `--json`',
    'makes any command write one JSON text instead of tables, and its errors one JSON object on standard error.\n',
    '| Command | What it does |\n|---|---|',
    `${commands.join('\n')}\n`,
    '## Exit codes\n',
    '| Code | Meaning |\n|---|---|',
    `${exits.join('\n')}\n`,
    '## Which node, and who you are\n',
    'Commands that speak to a node take its address and your account from flags, else from the environment',
    '(`TRIBUTARY_URL`, `TRIBUTARY_CLIENT_ID`, `TRIBUTARY_CLIENT_SECRET`), else from what `tributary login` kept in',
    '`~/.config/tributary/profile.json`, which only you can read. There is no flag for the secret, because other',
    'users of a machine can read command lines. A private certificate authority is named in `NODE_EXTRA_CA_CERTS`.\n',
    'Colours and progress bars appear only on a terminal; `NO_COLOR=1` turns colours off.\n',
    program.commands.map((command) => section(command, '', 2)).join('\n'),
    'This page is made from `src/cli` by `npm run docs`.\n',
  ].join('\n')
}

function section(command: Command, before: string, level: number): string {
  const name = `${before} ${command.name()}`.trim()
  const title = `${'#'.repeat(level)} ${name}\n\n${command.description()}\n`
  const children = command.commands.map((child) => section(child, name, level + 1))
  if (children.length > 0) return `${title}\n${children.join('\n')}`
  const args = command.registeredArguments.map((argument) => {
    const inner = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? ` <${inner}>` : ` [${inner}]`
  })
  const flags = command.options.map(({ flags: text, description, defaultValue, mandatory }) => {
    const fallback = defaultValue === undefined ? '' : ` (default: \`${String(defaultValue)}\`)`
    return `| \`${text}\` | ${description.replaceAll('|', '\\|')}${mandatory ? ' (needed)' : ''}${fallback} |`
  })
  const examples = examplesOf(command).map(([line, about]) => `# ${about}\n${line}`)
  return [
    title,
    `\`\`\`sh\ntributary ${name}${args.join('')} [options]\n\`\`\`\n`,
    `| Flag | What it does |\n|---|---|\n${flags.join('\n')}\n`,
    `\`\`\`sh\n${examples.join('\n\n')}\n\`\`\`\n`,
  ].join('\n')
}
