import { mkdir, readdir } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import { foldersOf } from '../../exchange/file-name.ts'
import { Files, type Ground } from './files.ts'
import { createGuests, type Guest, type Guests } from './guests.ts'
import type { SftpDeps } from './ports.ts'
import { Session } from './session.ts'
import { createSignIns, type SignIns } from './sign-in.ts'
import { createSpace } from './space.ts'
import { createTransferLog } from './transfer-log.ts'
import { type Tree, treeOf } from './tree.ts'
import { Uploads } from './uploads.ts'

/** What is offered to clients: only algorithms without known weaknesses, the quickest first. */
const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies NonNullable<ConstructorParameters<typeof ssh2.Server>[0]['algorithms']>

const channelsPerConnectionMax = 8
/** Twice the room that a client is given (2 MiB) before what it sent was taken. */
const channelBytesMax = 4 * 2 ** 20
/** A connection that was told to end is cut after this time. */
const partingMs = 2000
const treeMs = 1000
/** A client that does not answer so many pings is gone. */
const pingMs = 15_000
const pingsMax = 3

/**
 * The file server: SFTP over SSH, for uploads to and downloads from the partners' trees. Shells, commands and
 * forwarded ports are refused.
 */
export class SftpServer {
  readonly #deps: SftpDeps
  readonly #log: ReturnType<typeof createTransferLog>
  readonly #guests: Guests
  readonly #signIns: SignIns
  readonly #uploads: Uploads
  readonly #grounds = new Map<string, Ground>()
  readonly #sessions = new Set<Session>()
  readonly #ssh: ssh2.Server
  readonly #net: Server
  readonly #timers: readonly NodeJS.Timeout[]

  constructor(deps: SftpDeps) {
    const { config, log } = deps
    this.#deps = deps
    this.#guests = createGuests(config)
    this.#log = createTransferLog(deps.transfer, log)
    const transfer = this.#log.write
    this.#signIns = createSignIns({ ...deps, transfer }, this.#guests)
    this.#uploads = new Uploads({ ...deps, transfer, treeOf: (partner) => this.#treePathOf(partner) })
    this.#ssh = new ssh2.Server({
      hostKeys: [...config.hostKeys],
      algorithms: ALGORITHMS,
      ident: 'Tributary',
      keepaliveInterval: pingMs,
      keepaliveCountMax: pingsMax,
    })
    this.#ssh.on('connection', (connection, info) => {
      const guest = this.#guests.find(info.ip, info.port)
      if (guest === null) connection.end()
      else this.#serve(connection, guest)
    })
    this.#net = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#welcome(socket))
    this.#net.on('error', (error) => log.error({ reason: error.message }, 'sftp.server'))
    this.#timers = [
      setInterval(() => this.#sweep(), Math.min(5000, config.idleMs / 4)),
      setInterval(() => void this.#checkAccounts(), config.accountCheckMs),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** Paths of a partner's tree (from its top) that are being written or not yet safe on disk. */
  openForWriting(partner: string): ReadonlySet<string> {
    return this.#uploads.openForWriting(partner)
  }

  /** Does something with a file while nobody can open it for writing; null when somebody has. */
  whileClosed<T>(partner: string, path: string, action: () => Promise<T>): Promise<T | null> {
    return this.#uploads.whileClosed(partner, path, action)
  }

  async listen(): Promise<{ readonly port: number; readonly host: string }> {
    const { config } = this.#deps
    await mkdir(config.filesFolder, { recursive: true, mode: 0o700 })
    for (const entry of await readdir(config.filesFolder, { withFileTypes: true }))
      if (entry.isDirectory()) await this.#uploads.recover(entry.name)
    await new Promise<void>((resolve, reject) => {
      this.#net.once('error', reject)
      this.#net.listen(config.port, config.host, () => {
        this.#net.off('error', reject)
        resolve()
      })
    })
    const address = this.#net.address()
    return {
      port: typeof address === 'object' && address !== null ? address.port : config.port,
      host: config.host,
    }
  }

  /** Ends all sessions; what was closed in order is safe when it resolves. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    const closed = this.#net.listening
      ? new Promise((resolve) => this.#net.close(resolve))
      : Promise.resolve()
    await Promise.all([...this.#sessions].map((session) => session.end()))
    for (const { socket } of this.#guests.all()) part(socket)
    await closed
    await this.#uploads.close()
    await this.#log.settled()
  }

  #welcome(socket: Socket): void {
    const { config, log } = this.#deps
    const guest = this.#guests.admit(socket)
    if (guest === null) {
      socket.destroy()
      return
    }
    const timer = setTimeout(() => {
      if (guest.who === null) socket.destroy()
    }, config.signInMs)
    socket.once('close', () => {
      clearTimeout(timer)
      void this.#signIns
        .left(guest)
        .catch((error: unknown) => log.error({ reason: String(error) }, 'sftp.sign-in.failed'))
    })
    this.#ssh.injectSocket(socket)
  }

  #serve(connection: Connection, guest: Guest): void {
    const { socket } = guest
    let channels = 0
    connection.on('error', () => part(socket))
    connection.on('end', () => part(socket))
    connection.on(
      'authentication',
      (request) => void this.#signIns.answer(guest, request, () => part(socket)),
    )
    connection.on('session', (accept, reject) => {
      if (channels >= channelsPerConnectionMax) {
        reject()
        return
      }
      const session = accept()
      channels += 1
      session.on('close', () => {
        channels -= 1
      })
      let started = false
      session.on('subsystem', (start, refuse, { name }) => {
        if (name === 'sftp' && !started && guest.who !== null) {
          started = true
          this.#open(start(), guest)
        } else refuse?.()
      })
    })
  }

  #open(channel: ServerChannel, guest: Guest): void {
    const { socket, who } = guest
    if (who === null) return
    const ground = this.#groundOf(who.partner)
    const { config, log, now } = this.#deps
    const { fileBytesMax } = config
    const tree = this.#createTreeView(guest)
    const files = new Files({
      who,
      address: guest.address,
      tree,
      ground,
      uploads: this.#uploads,
      transfer: this.#log.write,
      fileBytesMax,
      now,
    })
    const session = new Session({
      channel,
      files,
      room: ground.space.room,
      log,
      handlesMax: config.handlesPerSessionMax,
      unsent: () => socket.writableLength,
      together: (send) => {
        socket.cork()
        send()
        socket.uncork()
      },
      leave: () => {
        channel.exit(0)
        channel.end()
      },
      onActivity: () => {
        guest.activeAt = performance.now()
      },
    })
    this.#sessions.add(session)
    const nudge = () => session.nudge()
    // A client that sends more than it was given room for is not held in memory.
    const guard = () => {
      if (channel.readableLength > channelBytesMax) socket.destroy()
    }
    const end = () => {
      socket.off('drain', nudge)
      socket.off('data', guard)
      socket.off('close', end)
      void session.end().finally(() => this.#sessions.delete(session))
    }
    socket.on('drain', nudge)
    socket.on('data', guard)
    socket.on('close', end)
    channel.on('close', end)
  }

  /** The folders as the account's grants and the exchanges are now, looked up again after a moment. */
  #createTreeView(guest: Guest): () => Tree {
    let at = Number.NEGATIVE_INFINITY
    let tree: Tree = new Map()
    return () => {
      if (performance.now() - at > treeMs && guest.who !== null) {
        tree = treeOf(guest.who, this.#deps.exchanges())
        at = performance.now()
      }
      return tree
    }
  }

  #groundOf(partner: string): Ground {
    const known = this.#grounds.get(partner)
    if (known !== undefined) return known
    const treePath = this.#treePathOf(partner)
    const inputs = () =>
      (['live', 'test'] as const).flatMap((realm) =>
        this.#deps.exchanges().flatMap(({ files }) => foldersOf(files, realm).input),
      )
    const made = { treePath, space: createSpace(treePath, () => [...new Set(inputs())], this.#deps.config) }
    this.#grounds.set(partner, made)
    return made
  }

  #treePathOf(partner: string): string {
    return join(this.#deps.config.filesFolder, partner)
  }

  /** Ends connections that do nothing. */
  #sweep(): void {
    for (const { who, activeAt, socket } of this.#guests.all())
      if (who !== null && performance.now() - activeAt > this.#deps.config.idleMs) part(socket)
  }

  /** Ends the sessions of accounts that were closed or lost the channel, and renews what the others may do. */
  async #checkAccounts(): Promise<void> {
    for (const guest of this.#guests.all()) {
      if (guest.who === null) continue
      try {
        guest.who = await this.#deps.identity.account(guest.who.account)
        if (guest.who === null) part(guest.socket)
      } catch (error) {
        this.#deps.log.warn({ reason: String(error) }, 'sftp.account.unknown')
      }
    }
  }
}

/** What waits to be sent is sent, but not for long. */
function part(socket: Socket): void {
  if (socket.destroyed) return
  socket.end()
  void sleep(partingMs, null, { ref: false }).then(() => socket.destroy())
}
