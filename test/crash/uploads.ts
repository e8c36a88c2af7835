import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type SFTPWrapper } from 'ssh2'
import { stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'

/** A file that an agency uploads once. */
export interface Upload {
  readonly name: string
  readonly body: string
}

/** Where the node's file server is at this moment; null while the node is away. */
export type Where = () => { readonly port: number } | null

export interface Login {
  readonly username: string
  readonly password: string
}

const folder = '/PROD/INPUT'

/** Single stops as JSON with some tables of many between them, in the order of their names. */
export function makeUploads(ori: string, seed: number, singles: number): Upload[] {
  const stops = [...generateStops({ seed, ori, count: singles + 120, faults: 0.2 })]
  const uploads: Upload[] = []
  const time = (number: number) => `202603021${String(number).padStart(5, '0')}`
  for (const [index, stop] of stops.slice(0, singles).entries())
    uploads.push({
      name: `${time(10_000 + index)}_${ori}_${stop.leaRecordId}.json`,
      body: JSON.stringify(stopTree(stop)),
    })
  for (let part = 0; part < 3; part += 1) {
    const rows = stops.slice(singles + part * 40, singles + part * 40 + 40)
    const lines = [stopHeader('v2'), ...rows.flatMap((stop) => stopRows(stop))]
    uploads.push({
      name: `${time(20_000 + part)}_${ori}.csv`,
      body: `${lines.map((cells) => cells.join('|')).join('\n')}\n`,
    })
  }
  return uploads
}

/**
 * Uploads as a careful agency does: under a temporary name, then renamed, and after a broken connection once more
 * unless the file has arrived meanwhile.
 */
export async function uploadAll(uploads: readonly Upload[], login: Login, where: Where): Promise<void> {
  let session: Session | null = null
  for (const { name, body } of uploads) {
    let renaming = false
    let arrived = false
    while (!arrived) {
      session ??= await connect(login, where)
      if (session === null) {
        await sleep(50)
        continue
      }
      const { sftp } = session
      try {
        if (!renaming || (await there(sftp, `${name}.part`))) {
          await write(sftp, `${folder}/${name}.part`, body)
          renaming = true
          await rename(sftp, `${folder}/${name}.part`, `${folder}/${name}`)
        }
        arrived = true
      } catch {
        // The node went away; what has arrived is seen when it is back.
        session.end()
        session = null
      }
    }
  }
  session?.end()
}

interface Session {
  readonly sftp: SFTPWrapper
  end(): void
}

async function connect(login: Login, where: Where): Promise<Session | null> {
  const place = where()
  if (place === null) return null
  const client = new ssh2.Client()
  // The library leaves what waits hanging when the connection breaks.
  const closed = new Promise<never>((_, reject) => client.once('close', () => reject(new Error('closed'))))
  closed.catch(() => {})
  client.on('error', () => {})
  try {
    const ready = new Promise<void>((resolve) => client.once('ready', resolve))
    client.connect({ host: '127.0.0.1', port: place.port, readyTimeout: 5000, ...login })
    await Promise.race([ready, closed])
    const opened = new Promise<SFTPWrapper>((resolve, reject) =>
      client.sftp((error, made) => (error === undefined ? resolve(made) : reject(error))),
    )
    const sftp = await Promise.race([opened, closed])
    broken.set(sftp, closed)
    return { sftp, end: () => client.destroy() }
  } catch {
    client.destroy()
    return null
  }
}

const broken = new WeakMap<SFTPWrapper, Promise<never>>()

function until<T>(sftp: SFTPWrapper, operation: Promise<T>): Promise<T> {
  return Promise.race([operation, broken.get(sftp) as Promise<never>])
}

function write(sftp: SFTPWrapper, path: string, body: string): Promise<void> {
  const written = new Promise<void>((resolve, reject) =>
    sftp.writeFile(path, body, (error) => (error ? reject(error) : resolve())),
  )
  return until(sftp, written)
}

function rename(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  const renamed = new Promise<void>((resolve, reject) =>
    sftp.rename(from, to, (error) => (error ? reject(error) : resolve())),
  )
  return until(sftp, renamed)
}

function there(sftp: SFTPWrapper, name: string): Promise<boolean> {
  const listed = new Promise<boolean>((resolve, reject) =>
    sftp.readdir(folder, (error, list) =>
      error ? reject(error) : resolve(list.some((entry) => entry.filename === name)),
    ),
  )
  return until(sftp, listed)
}
