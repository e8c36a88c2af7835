import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2'

/** A private MariaDB server for tests: own folder, own port on 127.0.0.1, own password. */
export interface MariadbServer {
  readonly port: number
  readonly password: string
  /** Runs statements as the superuser. */
  run(...statements: readonly string[]): Promise<void>
  /** Ends the server at once, as a crash would; its data stay. */
  halt(): Promise<void>
  /** Starts it again after `halt`, on the same port. */
  resume(): Promise<void>
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

const program = '/usr/sbin/mariadbd'
const run = promisify(execFile)

/** As in test/servers/postgres.ts: when this process ends, the shell ends the server and removes its folder. */
const keeper = `
program=$1 folder=$2
shift 2
"$program" --no-defaults --datadir="$folder" "$@" &
server=$!
read -r word || word=gone
kill -KILL $server 2>/dev/null
wait $server
[ "$word" = halt ] || rm -rf "$folder"
`

/** Starts a server. Throws when none is installed, naming the command that installs it. */
export async function startMariadb(): Promise<MariadbServer> {
  await access(program).catch(() => {
    throw new Error('The tests need MariaDB. Install it with: apt-get install -y mariadb-server')
  })
  const folder = await mkdtemp(join(tmpdir(), 'tributary-mariadb-'))
  const password = randomBytes(12).toString('hex')
  const owner = process.getuid?.() === 0 ? await ownerOf('mysql') : {}
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid)
  await run(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${folder}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { ...owner, cwd: '/' },
  )
  const init = `${folder}.sql`
  await writeFile(
    init,
    `create user tests@'127.0.0.1' identified by '${password}';
grant all on *.* to tests@'127.0.0.1' with grant option;`,
  )
  await run('chmod', ['644', init])
  const port = await freePort()
  let shell = await launch(folder, port, owner, [`--init-file=${init}`])
  await rm(init)
  const statements = async (...texts: readonly string[]) => {
    const connection = createConnection({ host: '127.0.0.1', port, user: 'tests', password })
    try {
      for (const text of texts)
        await new Promise<void>((resolve, reject) =>
          connection.query(text, (error) => (error === null ? resolve() : reject(error))),
        )
    } finally {
      connection.destroy()
    }
  }
  return {
    port,
    password,
    run: statements,
    halt: () => end(shell, 'halt\n'),
    async resume() {
      shell = await launch(folder, port, owner, [])
    },
    async stop() {
      await end(shell, '')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function ownerOf(user: string): Promise<{ uid?: number; gid?: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

async function launch(
  folder: string,
  port: number,
  owner: { uid?: number; gid?: number },
  more: readonly string[],
): Promise<ChildProcess> {
  const words = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${folder}/server.sock`, ...more]
  const shell = spawn('sh', ['-c', keeper, 'keeper', program, folder, ...words], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  await new Promise<void>((resolve, reject) => {
    let log = ''
    const fail = () => reject(new Error(`MariaDB did not start:\n${log}`))
    shell.once('exit', fail)
    shell.stderr?.on('data', (text: Buffer) => {
      if (log.length < 20_000) log += text.toString()
      if (!log.includes('ready for connections')) return
      shell.off('exit', fail)
      resolve()
    })
  })
  shell.unref()
  return shell
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
