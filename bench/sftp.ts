import { spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeSshKey } from '../src/identity/make-ssh-key.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { run } from '../test/sftp/programs.ts'
import { opensshOptions } from '../test/sftp/serve.ts'
import { compared, type Result } from './results.ts'
import { type Contender, interleave, timed } from './rounds.ts'
import { openSite, psql } from './site.ts'

const megabyte = 2 ** 20
const sshd = '/usr/sbin/sshd'
const sftpServer = '/usr/lib/openssh/sftp-server'

/** Where OpenSSH's client goes to, and the folders it uses there. */
interface Place {
  readonly url: string
  readonly upload: string
  readonly download: string
}

/**
 * One large file up and down with OpenSSH's client: against Tributary, and against OpenSSH's own server, which
 * is started for this beside it, on the same disk.
 */
export async function measureSftp(
  postgres: PostgresServer,
  folder: string,
  { megabytes, rounds }: { megabytes: number; rounds: number },
): Promise<Result[]> {
  const file = join(folder, 'large.bin')
  await writeRandom(file, megabytes)
  const keys = await mkdtemp(join(tmpdir(), 'tributary-bench-keys-'))
  const pair = makeSshKey('ed25519')
  const keyFile = join(keys, 'key')
  await writeFile(keyFile, pair.private, { mode: 0o600 })
  const theirs = await startOpenSsh(keys, folder, pair.public)
  const data = join(folder, 'node')
  const site = await openSite(postgres, {
    env: { TRIBUTARY_DATA: data, TRIBUTARY_SFTP_PORT: '0', TRIBUTARY_SFTP_HOST: '127.0.0.1' },
  })
  try {
    const partner = await site.partner('alpha', 'CA0990001')
    const account = `${partner.name}-records`
    await allowKey(site.database, account, pair.public)
    const tree = join(data, 'files', partner.name)
    // A name that says it is unfinished is not picked up.
    const ours: Place = {
      url: `sftp://${account}@127.0.0.1:${site.node.sftp?.port}`,
      upload: '/TEST/INPUT/large.part',
      download: '/TEST/OUTPUT/large.bin',
    }
    await mkdir(join(tree, 'TEST', 'OUTPUT'), { recursive: true, mode: 0o700 })
    await run('cp', [file, join(tree, 'TEST', 'OUTPUT', 'large.bin')])
    const options = opensshOptions(keyFile)
    const work = { options, file, back: join(folder, 'back.bin'), bytes: megabytes * megabyte }
    const contenders = [ours, theirs.place].flatMap((place) => [up(place, work), down(place, work)])
    const [upOurs, downOurs, upTheirs, downTheirs] = await interleave(contenders, rounds)
    if (!upOurs || !downOurs || !upTheirs || !downTheirs) throw new Error('nothing was measured')
    const rate = (seconds: number) => megabytes / seconds
    const peer = (seconds: number) => ({ name: 'OpenSSH’s sshd and sftp-server', rate: rate(seconds) })
    const detail = { megabytes, timings: [upOurs, downOurs, upTheirs, downTheirs] }
    const what = `${megabytes.toLocaleString('en-US')} MB by SFTP`
    return [
      compared(`upload of ${what}`, 'MB/s', rate(upOurs.median), peer(upTheirs.median), 0.6, detail),
      compared(`download of ${what}`, 'MB/s', rate(downOurs.median), peer(downTheirs.median), 0.6, detail),
    ]
  } finally {
    await site.close()
    theirs.stop()
    await rm(keys, { recursive: true, force: true })
  }
}

interface Work {
  readonly options: readonly string[]
  readonly file: string
  readonly back: string
  readonly bytes: number
}

function up({ url, upload }: Place, { options, file }: Work): Contender {
  return { name: `up ${url}`, run: () => timed(() => batch(options, url, `put ${file} ${upload}`)) }
}

function down({ url, download }: Place, { options, back, bytes }: Work): Contender {
  return {
    name: `down ${url}`,
    async run() {
      await rm(back, { force: true })
      const seconds = await timed(() => batch(options, url, `get ${download} ${back}`))
      if ((await stat(back)).size !== bytes) throw new Error('not all came back')
      return seconds
    },
  }
}

export async function batch(options: readonly string[], url: string, command: string): Promise<void> {
  const { code, err } = await run('sftp', [...options, '-b', '-', url], `${command}\n`)
  if (code !== 0) throw new Error(`${command}: ${err}`)
}

async function writeRandom(path: string, megabytes: number): Promise<void> {
  const handle = await open(path, 'w')
  const piece = Buffer.alloc(megabyte)
  for (let written = 0; written < megabytes; written += 1) await handle.write(randomFillSync(piece))
  await handle.close()
}

export async function allowKey(database: string, account: string, publicKey: string): Promise<void> {
  const { readSshKey } = await import('../src/identity/ssh-key.ts')
  const { fingerprint } = readSshKey(publicKey)
  await psql(
    database,
    `update account set channels = '{rest,sftp}' where login = '${account}'`,
    `insert into account_key (fingerprint, account, public_key, title)
     select '${fingerprint}', account, '${publicKey.trim()}', 'bench' from account where login = '${account}'`,
  )
}

/** OpenSSH's server for the user who runs this, on a free port. */
export async function startOpenSsh(
  keys: string,
  folder: string,
  publicKey: string,
): Promise<{ place: Place; stop(): void }> {
  const port = await freePort()
  const hostKey = join(keys, 'host')
  await writeFile(hostKey, makeSshKey('ed25519').private, { mode: 0o600 })
  const allowed = join(keys, 'allowed')
  await writeFile(allowed, publicKey, { mode: 0o600 })
  await chmod(keys, 0o700)
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${allowed}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    `PidFile ${join(keys, 'pid')}`,
    `Subsystem sftp ${sftpServer}`,
  ]
  const config = join(keys, 'config')
  await writeFile(config, `${settings.join('\n')}\n`)
  // As root it parts its rights in this folder, which Debian makes when the service starts.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const child = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString()
  })
  while (!log.includes('Server listening')) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`)
    await sleep(20)
  }
  const up = join(folder, 'openssh-up.bin')
  const download = join(folder, 'large.bin')
  const url = `sftp://${userInfo().username}@127.0.0.1:${port}`
  return { place: { url, upload: up, download }, stop: () => child.kill() }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
