import { execFile } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What the numbers were measured on, as one line. */
export async function machineLine(postgresVersion: string): Promise<string> {
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const kernel = (await run('uname', ['-sr'])).stdout.trim()
  return (
    `${cpus().length} cores (${model}), ${memory} GB, ${kernel}, Node ${process.versions.node}, ` +
    `PostgreSQL ${postgresVersion}`
  )
}

/** How busy the machine was with everything on it: the mean number of runnable tasks in the last minute. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

/** Is a program installed? */
export async function installed(program: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  )
}
