import type { Command } from 'commander'
import type { AgentConfig } from '../agent/config.ts'
import { isNodeError } from '../agent/node-error.ts'
import { CommandError, exitOfStatus } from './exits.ts'

/** Where the agent's file is when no flag says otherwise. */
export const AGENT_FILE = '/etc/tributary-agent/agent.yaml'

export interface AgentFlags {
  readonly config: string
}

export function agentFlags(command: Command): Command {
  return command.option('-c, --config <file>', "the agent's file", AGENT_FILE)
}

/** Reads the agent's file with what is needed for that only. */
export async function loadAgentFile({ config }: AgentFlags): Promise<AgentConfig> {
  const { readAgentConfig } = await import('../agent/config.ts')
  return readAgentConfig(config, process.env)
}

/** What the node did not do, as the error of a command. */
export function asAgentError(error: unknown): unknown {
  if (!isNodeError(error)) return error
  const exit = error.status === 0 ? 'unreachable' : exitOfStatus(error.status)
  return new CommandError(exit, error.message, 'tributary agent check tells more.', error.code)
}
