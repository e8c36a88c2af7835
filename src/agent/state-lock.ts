import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault/fault.ts'

/**
 * Takes the agent's state folder for this process alone. What a killed agent left is taken over.
 * @returns gives it back
 * Throws fault CONFLICT while another agent runs on it.
 */
export async function lockState(state: string): Promise<() => Promise<void>> {
  await mkdir(state, { recursive: true, mode: 0o700 })
  const path = join(state, 'agent.lock')
  for (let tries = 0; tries < 3; tries += 1) {
    const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return null
    })
    if (file !== null) {
      await file.writeFile(await nameOf(process.pid)).finally(() => file.close())
      return () => rm(path, { force: true })
    }
    const holder = await readFile(path, 'utf8').catch(() => '')
    const pid = Number(holder.split(' ')[0])
    // A number may have been given to another process since; with its time of start it is one of a kind.
    if (holder !== '' && Number.isInteger(pid) && pid > 0 && (await nameOf(pid)) === holder)
      throw new Fault('CONFLICT', { reason: `Another agent (process ${pid}) runs on ${state}.` })
    await rm(path, { force: true })
  }
  throw new Fault('CONFLICT', { reason: `Another agent is starting on ${state}.` })
}

/** A process by number and start (Linux); '' where it is not there. */
async function nameOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  if (stat !== '') return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  try {
    process.kill(pid, 0)
    return `${pid} `
  } catch {
    return ''
  }
}
