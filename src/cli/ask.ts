import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from './exits.ts'

/** Asks the person, or reads a line of standard input where nobody types. */
export interface Ask {
  /** A person is typing. */
  readonly terminal: boolean
  line(question: string): Promise<string>
  /** Does not show what is typed. */
  secret(question: string): Promise<string>
  close(): void
}

/** Close it when nothing more is asked, so that the command can end. */
export function createAsk(): Ask {
  const terminal = process.stdin.isTTY === true
  let hidden = false
  const screen = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) process.stderr.write(chunk)
      done()
    },
  })
  let reader: ReturnType<typeof createInterface> | null = null
  let lines: AsyncIterator<string> | null = null

  async function answer(question: string, hide: boolean): Promise<string> {
    reader ??= createInterface({ input: process.stdin, output: screen, terminal })
    lines ??= reader[Symbol.asyncIterator]()
    if (terminal) process.stderr.write(question)
    hidden = hide
    const { value, done } = await lines.next()
    hidden = false
    if (terminal && hide) process.stderr.write('\n')
    if (done) throw new CommandError('usage', 'Nobody answered.', 'Give flags, or run it in a terminal.')
    return value.trim()
  }
  return {
    terminal,
    line: (question) => answer(question, false),
    secret: (question) => answer(question, true),
    close: () => reader?.close(),
  }
}
