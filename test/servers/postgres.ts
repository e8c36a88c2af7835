import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/** A private PostgreSQL server for tests: own folder, own port on 127.0.0.1, own password. */
export interface PostgresServer {
  /** Connection string of the superuser for one of its databases. */
  url(database: string): string
  /** Makes an empty database (or a copy of a template) and gives its connection string. */
  createDatabase(template?: string): Promise<string>
  /** Ends the server at once, as a crash would; its data stay. */
  halt(): Promise<void>
  /** Starts it again after `halt`, on the same port. */
  resume(): Promise<void>
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

const installCommand = 'apt-get install -y postgresql'
const startMsMax = 60_000

const serverSettings = {
  synchronous_commit: 'on',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
}

/**
 * The server is a child of a small shell that holds the other end of our pipe: when this process ends, by
 * whatever cause, the pipe closes and the shell ends the server and removes its folder.
 */
const keeper = `
programs=$1 folder=$2 port=$3
shift 3
"$programs/postgres" -D "$folder" -p "$port" "$@" &
server=$!
read -r word || word=gone
kill -QUIT $server 2>/dev/null
wait $server
[ "$word" = halt ] || rm -rf "$folder"
`

const run = promisify(execFile)

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/**
 * Starts a server of the newest version installed. As root it runs as the user `postgres`, which refuses
 * to be root; otherwise as the caller.
 * Without `fsync` it outlives the end of its processes, though not of the machine: that is enough for tests.
 * Throws when no PostgreSQL server (14 or later) is installed, naming the command that installs it.
 */
export async function startPostgres({ fsync = true } = {}): Promise<PostgresServer> {
  const programs = await newestPrograms()
  const owner = process.getuid?.() === 0 ? await postgresUser() : {}
  const folder = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  const password = randomBytes(12).toString('hex')
  await initialise(programs, folder, password, owner)
  const port = await freePort()
  const settings = { ...serverSettings, fsync: fsync ? 'on' : 'off' }
  let shell = await launch(programs, folder, port, { owner, settings })

  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  return {
    url,
    async createDatabase(template = 'template0') {
      const name = `t_${randomBytes(6).toString('hex')}`
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      try {
        await client.query(`create database ${name} template ${client.escapeIdentifier(template)}`)
      } finally {
        await client.end()
      }
      return url(name)
    },
    halt: () => end(shell, 'halt\n'),
    async resume() {
      shell = await launch(programs, folder, port, { owner, settings })
    },
    async stop() {
      if (shell.exitCode === null) await end(shell, '')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Folder of the newest server programs that Debian's packages installed. */
async function newestPrograms(): Promise<string> {
  const root = '/usr/lib/postgresql'
  const versions = (await readdir(root).catch((): string[] => []))
    .map(Number)
    .filter((version) => version >= 14)
    .sort((a, b) => b - a)
  for (const version of versions) {
    const programs = join(root, String(version), 'bin')
    if ((await readdir(programs).catch((): string[] => [])).includes('initdb')) return programs
  }
  throw new Error(`The tests need a PostgreSQL server, 14 or later. Install it with: ${installCommand}`)
}

async function postgresUser(): Promise<Owner> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

async function initialise(programs: string, folder: string, password: string, owner: Owner): Promise<void> {
  const passwordFile = `${folder}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  try {
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await chown(folder, owner.uid, owner.gid)
      await chown(passwordFile, owner.uid, owner.gid)
    }
    await run(
      join(programs, 'initdb'),
      [
        ...['--pgdata', folder, '--username', 'postgres', '--pwfile', passwordFile],
        // Only the making of an empty cluster goes unsynced; the server itself syncs.
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-sync'],
      ],
      { ...owner, cwd: '/' },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Starts the server and resolves when it takes connections. */
async function launch(
  programs: string,
  folder: string,
  port: number,
  { owner, settings }: { readonly owner: Owner; readonly settings: Readonly<Record<string, string>> },
): Promise<ChildProcess> {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const shell = spawn('sh', ['-c', keeper, 'keeper', programs, folder, String(port), ...options], {
    ...owner,
    cwd: '/',
    // A group of its own, so that Ctrl-C in the terminal ends the tests first and the server after them.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  await ready(shell).catch(async (error: unknown) => {
    await end(shell, '')
    throw error
  })
  // Neither the server nor its pipes keep the test run alive.
  shell.unref()
  return shell
}

function ready(shell: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = () => reject(new Error(`The PostgreSQL server for the tests did not start:\n${log}`))
    const timer = setTimeout(fail, startMsMax)
    shell.once('exit', fail)
    // Read to the end, or the server would stop at a full pipe.
    shell.stderr?.on('data', (text: Buffer) => {
      if (log.length < 10_000) log += text.toString()
      if (log.includes('ready to accept connections')) {
        clearTimeout(timer)
        shell.off('exit', fail)
        resolve()
      } else if (/FATAL:(?! +the database system is (starting up|not yet accepting))/.test(log)) fail()
    })
  })
}

async function end(shell: ChildProcess, word: string): Promise<void> {
  if (shell.exitCode !== null) return
  shell.ref()
  const ended = new Promise((resolve) => shell.once('exit', resolve))
  shell.stdin?.end(word)
  await ended
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
