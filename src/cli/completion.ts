import { type Command, Option } from 'commander'
import { leaf } from './command.ts'
import { buildProgram } from './commands.ts'
import { CommandError } from './exits.ts'

/** A command and what may follow it. */
interface Place {
  /** Words after `tributary`, '' for none. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly about: string }[]
}

const SHELLS: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

export function completionCommand(): Command {
  return leaf<{ readonly shell: string }>(
    'completion <shell>',
    'Writes a script that completes commands and flags in bash, zsh or fish.',
    [
      [
        'source <(tributary completion bash)',
        'bash, for this session; put the line into ~/.bashrc to keep it',
      ],
      ['tributary completion zsh > "$fpath[1]/_tributary"', 'zsh, from the next session on'],
      ['tributary completion fish > ~/.config/fish/completions/tributary.fish', 'fish'],
    ],
    async ({ given, out }) => {
      const write = SHELLS[given.shell]
      if (write === undefined)
        throw new CommandError(
          'usage',
          `There is no completion for ${given.shell}.`,
          'Choose bash, zsh or fish.',
        )
      const script = write(placesOf(await buildProgram('', 'all')))
      out.result({ shell: given.shell, script }, () => process.stdout.write(script))
      return 'ok'
    },
  )
}

function placesOf(command: Command, path = ''): Place[] {
  const commands = command.commands.map((child) => ({
    word: child.name(),
    about: child.summary() || firstSentence(child.description()),
  }))
  const flags = [...command.options, new Option('--help', 'show flags and examples')]
    .filter((option) => option.long !== undefined && !option.hidden)
    .map((option) => ({ word: option.long ?? '', about: firstSentence(option.description) }))
  const children = command.commands.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()))
  return [{ path, words: [...commands, ...flags] }, ...children]
}

function firstSentence(text: string): string {
  return text.split(/[.:;](\s|$)/)[0] ?? text
}

function bashScript(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  )
  return `# Completion of tributary for bash.
_tributary() {
  local current=\${COMP_WORDS[COMP_CWORD]} place='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${place:+$place }$word" in
${pathPattern(places)}) place="\${place:+$place }$word" ;;
    esac
  done
  case $place in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _tributary tributary
`
}

function pathPattern(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join('|')
}

function zshScript(places: readonly Place[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''").replaceAll(':', '\\:')
  const cases = places.map(
    ({ path, words }) =>
      `    '${path}') choices=(${words.map(({ word, about }) => `'${quoted(word)}:${quoted(about)}'`).join(' ')}) ;;`,
  )
  return `#compdef tributary
# Completion of tributary for zsh.
_tributary() {
  local place='' word
  local -a choices
  for word in "\${words[@]:1:CURRENT-2}"; do
    case "\${place:+$place }$word" in
${pathPattern(places)}) place="\${place:+$place }$word" ;;
    esac
  done
  case $place in
${cases.join('\n')}
  esac
  _describe 'tributary' choices
  _files
}
if [ "$funcstack[1]" = _tributary ]; then _tributary "$@"; else compdef _tributary tributary; fi
`
}

function fishScript(places: readonly Place[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, about }) => {
      const flag = word.startsWith('--')
      const what = flag ? `-l ${word.slice(2)}` : `-f -a ${quoted(word)}`
      return `complete -c tributary -n ${quoted(`test "$(__tributary_path)" = "${path}"`)} ${what} -d ${quoted(about)}`
    }),
  )
  return `# Completion of tributary for fish.
function __tributary_path
  set -l path
  set -l known ${places.map(({ path }) => quoted(path)).join(' ')}
  for word in (commandline -opc)[2..]
    contains -- (string join ' ' $path $word) $known; and set -a path $word
  end
  string join ' ' $path
end
${lines.join('\n')}
`
}
