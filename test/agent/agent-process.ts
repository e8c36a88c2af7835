import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AgentStatus, readStatus } from '../../src/agent/status.ts'

const ends: (() => void)[] = []

/** Removes folders and ends agents; for `afterAll` of each file, whose tests may run at the same time. */
export function putAway(): void {
  for (const end of ends.splice(0).reverse()) end()
}

const bin = fileURLToPath(new URL('../../bin/tributary.js', import.meta.url))

/** A folder for an agent: its file, and its state below. Removed by `putAway`. */
export function agentFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-agent-'))
  mkdirSync(join(folder, 'state'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A real agent in a process of its own. */
export interface AgentProcess {
  readonly process: ChildProcess
  /** What it wrote so far. */
  log(): string
  /** Ends it as a crash does, at once. */
  kill(): Promise<void>
  /** Asks it to end. */
  stop(): Promise<number | null>
  readonly ended: Promise<number | null>
}

/**
 * Starts the built agent on `agent.yaml` of its folder.
 * @param under a command that runs it in its own place (`exec`)
 */
export function startAgent(
  folder: string,
  words: readonly string[] = ['run'],
  under: readonly string[] = [],
): AgentProcess {
  const [program = '', ...rest] = [
    ...under,
    process.execPath,
    bin,
    'agent',
    ...words,
    '--config',
    join(folder, 'agent.yaml'),
  ]
  const child = spawn(program, rest, { env: { PATH: process.env.PATH ?? '', HOME: folder }, stdio: 'pipe' })
  let log = ''
  const add = (text: Buffer) => {
    log = (log + text.toString()).slice(-200_000)
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  ends.push(() => child.kill('SIGKILL'))
  return {
    process: child,
    log: () => log,
    ended,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Writes the agent's file; JSON is YAML too. */
export function writeConfig(folder: string, config: object): void {
  writeFileSync(join(folder, 'agent.yaml'), JSON.stringify({ state: 'state', ...config }, null, 2))
}

/** Temporary files that are there. */
export function extractsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'state'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('extract'),
  )
}

export function attemptsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'state', 'attempts'))
}

export function statusOf(folder: string): Promise<AgentStatus | null> {
  return readStatus(join(folder, 'state'))
}

/** Waits for something to become true. */
export async function eventually<T>(test: () => T | Promise<T>, what: string, seconds = 40): Promise<T> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const found = await test()
    if (found) return found
    if (Date.now() > until) throw new Error(`it never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
