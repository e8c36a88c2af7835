import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { ownFile } from '../installed/own-file.ts'
import { type AgentFlags, agentFlags, loadAgentFile } from './agent-file.ts'
import { leaf } from './command.ts'
import { CommandError } from './exits.ts'

interface Given extends AgentFlags {
  readonly user: string
  readonly print?: boolean
}

const unitFile = '/etc/systemd/system/tributary-agent.service'
const program = fileURLToPath(ownFile('bin/tributary.js'))

export function agentInstallCommand(): Command {
  return leaf<Given>(
    'install',
    'Makes the agent a service of this machine (systemd): an account of its own, its files readable by that account ' +
      'alone, a unit that may do no more than the agent needs, started now and at every start of the machine. Needs root; ' +
      '--print changes nothing.',
    [
      ['sudo tributary agent install', 'Install and start the service'],
      ['tributary agent install --print', 'Only show the unit'],
    ],
    async ({ given, out }) => {
      const { unitText } = await import('../agent/unit.ts')
      const config = await loadAgentFile(given)
      const file = resolve(given.config)
      const unit = unitText({
        node: process.execPath,
        program,
        config: file,
        state: config.state,
        user: given.user,
      })
      if (given.print === true) {
        out.result({ unit }, (screen) => screen.line(unit.trimEnd()))
        return 'ok'
      }
      if (process.getuid?.() !== 0)
        throw new CommandError(
          'refused',
          'Installing a service needs root.',
          'Use sudo, or --print to see the unit.',
        )
      if (!isThere('/run/systemd/system'))
        throw new CommandError(
          'usage',
          'This machine does not run systemd.',
          'Use tributary agent run-once from cron.',
        )
      addUser(given.user)
      ownFiles(dirname(file), given.user, config.state)
      writeFileSync(unitFile, unit, { mode: 0o644 })
      systemctl('daemon-reload')
      systemctl('enable', 'tributary-agent.service')
      systemctl('restart', 'tributary-agent.service')
      out.result({ unit: unitFile, user: given.user }, (screen) => {
        screen.line(`${screen.good('Installed')} as ${unitFile}; it runs as ${given.user}.`)
        screen.line('Look at it with: tributary agent status, journalctl -u tributary-agent')
      })
      return 'ok'
    },
    (command) =>
      agentFlags(command)
        .option('--user <name>', 'account of the service; made where there is none', 'tributary-agent')
        .option('--print', 'show the unit and change nothing'),
  )
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function addUser(user: string): void {
  try {
    execFileSync('id', ['-u', user], { stdio: 'ignore' })
  } catch {
    run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', user])
  }
}

/** The agent's file and the secrets beside it: root's, and readable by the agent's account alone. */
function ownFiles(folder: string, user: string, state: string): void {
  const gid = Number(execFileSync('id', ['-g', user]).toString())
  const uid = Number(execFileSync('id', ['-u', user]).toString())
  chownSync(folder, 0, gid)
  chmodSync(folder, 0o750)
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!statSync(path).isFile()) continue
    chownSync(path, 0, gid)
    chmodSync(path, 0o640)
  }
  // What the agent made while it was tried as root must become its own.
  if (isThere(state)) run('chown', ['-R', `${uid}:${gid}`, state])
  else run('install', ['-d', '-m', '0700', '-o', String(uid), '-g', String(gid), state])
}

function systemctl(...words: readonly string[]): void {
  run('systemctl', words)
}

function run(command: string, words: readonly string[]): void {
  try {
    execFileSync(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new CommandError(
      'internal',
      `${command} ${words.join(' ')} failed: ${told}`,
      'Nothing after it was done.',
    )
  }
}
