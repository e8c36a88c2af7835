import type { Command } from 'commander'
import { agentInitCommand } from './agent-init.ts'
import { agentInstallCommand } from './agent-install.ts'
import { agentCheckCommand, agentRunCommand, agentRunOnceCommand } from './agent-run.ts'
import { agentStatusCommand } from './agent-status.ts'
import { branch } from './command.ts'

export function agentCommand(): Command {
  return branch(
    'agent',
    'The agent beside a database: it asks the node for jobs, takes records out of views, sends them, and deletes its ' +
      'temporary file once the node has them for good. All of it is told by one file.',
    agentInitCommand(),
    agentCheckCommand(),
    agentInstallCommand(),
    agentRunCommand(),
    agentRunOnceCommand(),
    agentStatusCommand(),
  )
}
