import { release } from 'node:os'
import { failureOf, placesOf } from './agent-failure.ts'
import type { Attempt } from './attempts.ts'
import type { BatchConfig, SourceConfig } from './config.ts'
import type { Failure } from './protocol.ts'

export interface FailureFacts {
  readonly attempt: Attempt
  /** Null where the agent is not configured for the exchange. */
  readonly batch: BatchConfig | null
  readonly source: SourceConfig | null
  readonly version: string
  readonly freeBytes: number
  readonly records: number
  /** Lines that the attempt has written so far. */
  readonly log: string
  readonly at: Date
}

/** The node takes 1 MiB; ours are some kilobytes. */
const logCharsMax = 500_000
/** The log has all of it. */
const messageCharsMax = 2000

/**
 * What is told of a failed attempt: what was done when, and the state of everything around it. It holds codes,
 * names, counts and times. It never holds a value of a record, the text of a condition, or a secret.
 */
export function failureReport(error: unknown, facts: FailureFacts): Failure {
  const { code, message } = failureOf(error)
  const { attempt, batch, source, records, at } = facts
  const memory = process.memoryUsage()
  const lines = [
    `Failure: ${code}`,
    message,
    '',
    `Time: ${at.toISOString()}`,
    `Attempt: ${attempt.job.attempt} (number ${attempt.job.attemptNumber} of job ${attempt.job.job}), taken ${attempt.takenAt}, stage ${attempt.stage}, begun ${attempt.starts} times`,
    `Exchange: ${attempt.job.exchange} (${attempt.job.realm}), ${attempt.job.extract}`,
    `Records so far: ${records}`,
    `Agent: ${facts.version}, Node.js ${process.version}, ${process.platform} ${release()} ${process.arch}, up ${Math.round(process.uptime())} s`,
    `Memory: ${Math.round(memory.rss / 2 ** 20)} MiB resident, ${Math.round(memory.heapUsed / 2 ** 20)} MiB heap`,
    `Free space of the state folder: ${Math.round(facts.freeBytes / 2 ** 20)} MiB`,
    ...(source === null ? [] : sourceLines(source)),
    ...(batch?.views ?? []).map(
      ({ view, where, changes, columns }) =>
        `View: ${view}, ${where === null ? 'without' : 'with'} criteria, ${columns.size} columns mapped, changes by ${changes?.by ?? 'nothing'}`,
    ),
    '',
    'What was done:',
    facts.log.trimEnd(),
    '',
    'Where in the code:',
    ...placesOf(error),
  ]
  const text = lines.join('\n')
  const cut = text.length > logCharsMax ? `${text.slice(0, logCharsMax)}\n[cut]` : text
  return { code, message: message.slice(0, messageCharsMax), log: `${cut}\n`, records, at: at.toISOString() }
}

function sourceLines({ name, spec, limits }: SourceConfig): readonly string[] {
  const where =
    spec.driver === 'sqlite'
      ? spec.path
      : spec.driver === 'files'
        ? spec.folder
        : `${spec.host}:${spec.port}/${spec.database}`
  const { batchRows, rowsPerSecond, pauseMs, statementSeconds } = limits
  return [
    `Source: ${name} (${spec.driver}) at ${where}`,
    `Limits: ${batchRows} rows a batch, ${rowsPerSecond} rows a second, pause ${pauseMs} ms, silence ${statementSeconds} s`,
  ]
}
