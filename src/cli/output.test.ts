import { expect, test } from 'vitest'
import { CommandError } from './exits.ts'
import { createOutput, writeError } from './output.ts'

function stream(isTTY = false) {
  const written: string[] = []
  return { isTTY, write: (text: string) => written.push(text), text: () => written.join('') }
}

test('a table is as wide as its cells, numbers to the right', () => {
  const stdout = stream()
  createOutput({ json: false }, stdout, stream()).screen.table(
    [{ title: 'Outcome' }, { title: 'Records', align: 'right' }],
    [
      ['created', 12_345],
      ['rejected', 7],
    ],
  )
  expect(stdout.text()).toBe('Outcome   Records\ncreated    12,345\nrejected        7\n')
})

test('with --json nothing but the result reaches standard output', () => {
  const stdout = stream()
  const stderr = stream()
  const out = createOutput({ json: true }, stdout, stderr)
  out.screen.line('for people')
  out.note('for people')
  out.result({ ok: true }, (screen) => screen.line('for people'))
  expect([stdout.text(), stderr.text()]).toEqual(['{"ok":true}\n', ''])
})

test('control characters from foreign data never reach the terminal', () => {
  const stdout = stream(true)
  createOutput({ json: false }, stdout, stream()).screen.table([{ title: 'Key' }], [['a\u001b[2Jb\nc\u009b']])
  expect(stdout.text()).toContain('a\\x1b[2Jb\\x0ac\\x9b')
})

test('an error is one line, whatever its message holds', () => {
  const stderr = stream()
  writeError(new CommandError('refused', 'first\n  second', 'Do this.'), false, stderr)
  expect(stderr.text()).toBe('error: first second Do this.\n')
})
