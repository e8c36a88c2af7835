import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { tributary, workFolder } from './tributary.ts'

const cwd = workFolder()
const run = promisify(execFile)

test('help lists every command and the exit codes', async () => {
  const { code, stdout } = await tributary(['--help'], { cwd })
  expect(code).toBe(0)
  for (const { name, summary } of COMMANDS) {
    expect(stdout).toContain(`  ${name} `)
    expect(stdout).toContain(summary)
  }
  expect(stdout).toMatch(/Exit codes:\n {2}0 .+\n {2}1 /)
})

test('the version is that of the package', async () => {
  const { code, stdout } = await tributary(['--version'], { cwd })
  expect(code).toBe(0)
  expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/)
})

describe.each(COMMANDS.map(({ name }) => name))('tributary %s', (name) => {
  test(`has help with examples or with commands below: ${name}`, async () => {
    const { code, stdout, stderr } = await tributary([name, '--help'], { cwd })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples:\n {2}# |Commands:\n/)
  })
})

test('a wrong command line is told in one line, and ends with 2', async () => {
  for (const args of [['nonsense'], ['submit', 'x.csv'], ['status', '--limit', '0'], ['check']]) {
    const { code, stdout, stderr } = await tributary(args, { cwd })
    expect([code, stdout], args.join(' ')).toEqual([2, ''])
    expect(stderr).toMatch(/^error: [^\n]+\n$/)
  }
})

test('a missing file ends with 3, named', async () => {
  const { code, stderr } = await tributary(['receipt', 'verify', 'nowhere.receipt'], { cwd })
  expect(code).toBe(3)
  expect(stderr).toBe('error: There is no file nowhere.receipt.\n')
})

test('with --json an error is one JSON object', async () => {
  const { code, stdout, stderr } = await tributary(['receipt', 'verify', 'nowhere', '--json'], { cwd })
  expect([code, stdout]).toEqual([3, ''])
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'missing', message: 'There is no file nowhere.', hint: null, exitCode: 3 },
  })
})

test('bash completes commands, commands below them, and flags', async () => {
  const { stdout } = await tributary(['completion', 'bash'], { cwd })
  const script = join(cwd, 'completion.bash')
  writeFileSync(script, stdout)
  const complete = async (...words: string[]) => {
    const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tributary; echo "\${COMPREPLY[*]}"`
    return (await run('bash', ['-c', program, 'bash', script, ...words])).stdout.trim().split(' ')
  }
  expect(await complete('tributary', 'che')).toEqual(['check'])
  expect(await complete('tributary', 'receipt', 'v')).toEqual(['verify'])
  expect(await complete('tributary', 'receipt', 'verify', '--l')).toEqual(['--log'])
  expect(await complete('tributary', 'submit', '--dry-run', '--ref')).toEqual(['--refresh'])
})

test('the scripts for zsh and fish name every command', async () => {
  for (const shell of ['zsh', 'fish']) {
    const { code, stdout } = await tributary(['completion', shell], { cwd })
    expect(code).toBe(0)
    for (const { name } of COMMANDS) expect(stdout).toContain(`'${name}`)
  }
  expect((await tributary(['completion', 'tcsh'], { cwd })).code).toBe(2)
})
