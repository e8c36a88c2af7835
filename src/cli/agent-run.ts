import { setFlagsFromString } from 'node:v8'
import { type Command, InvalidArgumentError } from 'commander'
import type { Agent, AgentLog } from '../agent/agent.ts'
import { type AgentFlags, agentFlags, asAgentError, loadAgentFile } from './agent-file.ts'
import { leaf } from './command.ts'

export function agentRunCommand(): Command {
  return leaf<AgentFlags>(
    'run',
    'Asks the node for jobs and does them, until it is told to end (Ctrl-C, SIGTERM). What happens goes to standard ' +
      'output as JSON, a line each, without any value of a record. A job under way when it ends goes on at the next start.',
    [
      ['tributary agent run', 'As the service does'],
      ['tributary agent run --config ./agent.yaml', 'With a file of your own'],
    ],
    async ({ given }) => {
      const ended = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort())
      await withAgent(given, (agent) => agent.run(ended.signal))
      return 'ok'
    },
    agentFlags,
  )
}

export function agentRunOnceCommand(): Command {
  return leaf<AgentFlags>(
    'run-once',
    'Does what the node has to do now and ends, for machines where cron runs things. What an earlier run has left ' +
      'unfinished goes on. Ends with 1 when a job failed.',
    [['*/15 * * * * tributary agent run-once', 'A line for crontab']],
    async ({ given, out }) => {
      const ended = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort())
      const count = await withAgent(given, (agent) => agent.runOnce(ended.signal)).catch((error: unknown) => {
        throw asAgentError(error)
      })
      out.result({ event: 'agent.ended', ...count }, (screen) =>
        screen.line(`${count.done} jobs done, ${count.failed} failed.`),
      )
      return count.failed > 0 ? 'findings' : 'ok'
    },
    agentFlags,
  )
}

async function withAgent<T>(given: AgentFlags, act: (agent: Agent) => Promise<T>): Promise<T> {
  // A smaller young generation and an old one that is collected sooner: half the memory beside a database.
  setFlagsFromString('--max-semi-space-size=2')
  setFlagsFromString('--heap-growing-percent=20')
  // Whatever the agent makes is for its own account alone.
  process.umask(0o077)
  const config = await loadAgentFile(given)
  const [{ createAgent }, { lockState }, { default: pino }, { version }] = await Promise.all([
    import('../agent/agent.ts'),
    import('../agent/state-lock.ts'),
    import('pino'),
    import('../installed/version.ts'),
  ])
  const journal = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 1, sync: true }),
  )
  const log: AgentLog = (event, details) => journal.info({ event, ...details })
  const release = await lockState(config.state)
  try {
    const agent = await createAgent(config, version, log)
    log('agent.started', {
      version,
      node: config.node.url,
      batches: config.batches.map(({ exchange }) => exchange),
    })
    return await act(agent)
  } finally {
    await release()
  }
}

interface CheckGiven extends AgentFlags {
  readonly rows: number
}

export function agentCheckCommand(): Command {
  return leaf<CheckGiven>(
    'check',
    'Tries everything a job needs: the file, the state folder, the node and its account, each source, the columns of ' +
      'each view against the definition, and the first rows as the centre would judge them. Sends nothing. Ends with 1 ' +
      'when something is wrong.',
    [
      ['tributary agent check', 'After every change of the file'],
      ['tributary agent check --rows 1000', 'Look at more rows'],
    ],
    async ({ given, out }) => {
      const config = await loadAgentFile(given)
      const { checkAgent } = await import('../agent/check.ts')
      const { createNodeCalls } = await import('../agent/node-calls.ts')
      const calls = createNodeCalls(config.node)
      const found = []
      const { screen } = out
      const marks = { good: screen.good('good '), odd: screen.bold('look '), wrong: screen.bad('wrong') }
      for await (const tried of checkAgent(config, calls, given.rows)) {
        found.push(tried)
        screen.line(`${marks[tried.result]}  ${tried.what}`)
        for (const line of tried.lines) screen.line(`       ${line}`)
      }
      calls.close()
      const wrong = found.some(({ result }) => result === 'wrong')
      out.result({ ok: !wrong, tried: found }, () => {})
      return wrong ? 'findings' : 'ok'
    },
    (command) =>
      agentFlags(command).option('--rows <number>', 'rows of each view to check', wholeNumber, 200),
  )
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
