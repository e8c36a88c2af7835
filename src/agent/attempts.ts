import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readWritten, syncFolder, writeDurably } from './durable.ts'
import type { Failure, Job, Upload } from './protocol.ts'

/**
 * Where an attempt stands, as it is known on the disk. `taken`: nothing of it is whole yet. `extracted`: the file
 * is whole and is being uploaded. `confirmed`: the node has it for good, and ours may go. `failed`: its error log
 * waits to be delivered.
 */
export type Stage = 'taken' | 'extracted' | 'confirmed' | 'failed'

export interface Attempt {
  readonly job: Job
  readonly stage: Stage
  /** ISO time. */
  readonly takenAt: string
  /** How often its extraction was begun. */
  readonly starts: number
  /** From `extracted` on. */
  readonly upload: Upload | null
  readonly generations: Readonly<Record<string, string>>
  /** Once `failed`. */
  readonly failure: Failure | null
}

/** The attempts of this agent: a folder for each, which is there until nothing of it is left to do. */
export interface Attempts {
  /** Those that were under way when the agent ended, oldest first. */
  readonly left: readonly Attempt[]
  create(job: Job, takenAt: string): Promise<Attempt>
  save(attempt: Attempt): Promise<Attempt>
  /** The temporary file. */
  filePath(attempt: Attempt): string
  removeFile(attempt: Attempt): Promise<void>
  /** Adds a line to the attempt's log. */
  note(attempt: Attempt, line: string): Promise<void>
  log(attempt: Attempt): Promise<string>
  /** Removes all of it but its log, which goes to the folder `logs`. */
  close(attempt: Attempt): Promise<void>
}

const logsKept = 50

/**
 * Opens the folder of attempts, and removes what ended attempts have left: temporary files that are not whole or
 * no longer needed, folders without a state that can be read.
 */
export async function openAttempts(state: string): Promise<Attempts> {
  const folder = join(state, 'attempts')
  const logs = join(state, 'logs')
  for (const path of [folder, logs]) await mkdir(path, { recursive: true, mode: 0o700 })
  const left = await cleaned(folder)
  const of = ({ job }: Attempt, name: string) => join(folder, job.attempt, name)

  return {
    left,
    async create(job, takenAt) {
      if (!isSafeName(job.attempt)) throw new Error('the node gave an attempt a name that cannot be a folder')
      const attempt: Attempt = {
        job,
        stage: 'taken',
        takenAt,
        starts: 0,
        upload: null,
        generations: {},
        failure: null,
      }
      await mkdir(join(folder, job.attempt), { recursive: true, mode: 0o700 })
      await syncFolder(folder)
      await writeDurably(of(attempt, STATE), attempt)
      return attempt
    },
    async save(attempt) {
      await writeDurably(of(attempt, STATE), attempt)
      return attempt
    },
    filePath: (attempt) => of(attempt, FILE),
    removeFile: (attempt) => rm(of(attempt, FILE), { force: true }),
    async note(attempt, line) {
      const file = await open(of(attempt, LOG), 'a', 0o600)
      await file.appendFile(`${line}\n`).finally(() => file.close())
    },
    log: (attempt) => readFile(of(attempt, LOG), 'utf8').catch(() => ''),
    async close(attempt) {
      await rename(of(attempt, LOG), join(logs, `${attempt.job.attempt}.log`)).catch(() => {})
      // The state goes last: without it, what is left would be nobody's.
      await rm(of(attempt, FILE), { force: true })
      await rm(join(folder, attempt.job.attempt), { recursive: true, force: true })
      await dropOldLogs(logs)
    },
  }
}

const STATE = 'attempt.json'
const FILE = 'extract'
const LOG = 'log.txt'

function isSafeName(name: string): boolean {
  return /^[\w-][\w.-]{0,99}$/.test(name)
}

async function cleaned(folder: string): Promise<readonly Attempt[]> {
  const left: Attempt[] = []
  for (const name of await readdir(folder)) {
    const attempt = await readWritten<Attempt>(join(folder, name, STATE)).catch(() => null)
    if (attempt === null || attempt.job?.attempt !== name) {
      await rm(join(folder, name), { recursive: true, force: true })
      continue
    }
    if (attempt.stage !== 'extracted') await rm(join(folder, name, FILE), { force: true })
    await rm(join(folder, name, `${STATE}.new`), { force: true })
    left.push(attempt)
  }
  return left.toSorted((a, b) => a.takenAt.localeCompare(b.takenAt))
}

async function dropOldLogs(logs: string): Promise<void> {
  const names = await readdir(logs)
  if (names.length <= logsKept) return
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(logs, name))).mtimeMs })),
  )
  const old = dated.toSorted((a, b) => b.at - a.at).slice(logsKept)
  for (const { name } of old) await rm(join(logs, name), { force: true })
}
