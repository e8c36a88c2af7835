import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault/fault.ts'

/**
 * Takes a data folder for this process alone; the embedded database has no lock of its own. A lock left by
 * a killed process is taken over.
 * @returns gives the folder back
 * Throws fault FOLDER_IN_USE when a living process holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = lockIn(folder)
  const mine = `${process.pid} ${await startOf(process.pid)}`
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const handle = await open(path, 'wx', 0o600)
      await handle.write(mine)
      await handle.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const pid = await holderOf(folder)
    if (pid !== null) throw new Fault('FOLDER_IN_USE', { pid, folder })
    await rm(path, { force: true })
  }
  throw new Fault('FOLDER_IN_USE', { pid: 'unknown', folder })
}

/** The living process that has taken a data folder; null when none has. */
export async function holderOf(folder: string): Promise<string | null> {
  const [pid = '', start = ''] = (await readFile(lockIn(folder), 'utf8').catch(() => '')).split(' ')
  return (await lives(Number(pid), start)) ? pid : null
}

function lockIn(folder: string): string {
  return join(folder, 'node.lock')
}

async function lives(pid: number, start: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  // The number may have been given to another process since.
  const now = await startOf(pid)
  return now === '' || start === '' || now === start
}

/** Start time of a process in clock ticks since boot (Linux), '' elsewhere. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
