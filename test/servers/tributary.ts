import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const bin = new URL('../../bin/tributary.js', import.meta.url).pathname

/** A node of a test lives for seconds: only what runs very often is worth compiling well. */
export const SHORT_LIVED = ['--liftoff-only', '--v8-pool-size=1', '--interrupt-budget=1000000']

/** A real node in a process of its own. */
export interface NodeProcess {
  readonly url: string
  /** Where its file server listens; null when it has none. */
  readonly sftp: { readonly host: string; readonly port: number; readonly fingerprints: string[] } | null
  readonly process: ChildProcess
  /** Name and one-time password of the administrator; only at the first start on an empty database. */
  readonly administrator: { readonly account: string; readonly password: string } | null
  /** What it wrote to its log so far. */
  log(): string
  /** Ends it as a crash does, at once. */
  kill(): Promise<void>
  /** Asks it to end. */
  stop(): Promise<number | null>
}

/**
 * Starts `tributary start --json` and waits until it listens. Rejects with its log when it ends instead.
 * @param under a command that runs the node in its own place (`exec`), with what it needs before the node's words
 * @param flags of Node itself
 */
export function startTributary(
  env: Readonly<Record<string, string>>,
  under: readonly string[] = [],
  flags: readonly string[] = SHORT_LIVED,
): Promise<NodeProcess> {
  const [program = '', ...words] = [...under, process.execPath, ...flags, bin, 'start', '--json']
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH ?? '', TRIBUTARY_PORT: '0', TRIBUTARY_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-100_000)
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`the node ended with ${code} before it listened:\n${log}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const started = JSON.parse(line) as Pick<NodeProcess, 'url' | 'sftp' | 'administrator'>
      resolve({
        url: started.url,
        sftp: started.sftp,
        administrator: started.administrator,
        process: child,
        log: () => log,
        kill: async () => {
          child.kill('SIGKILL')
          await ended
        },
        stop: async () => {
          child.kill('SIGTERM')
          return ended
        },
      })
    })
  })
}

/** A signed-in client of a node's REST channel. */
export interface Client {
  readonly token: string | null
  request(method: string, path: string, options?: RequestOptions): Promise<Response>
  json<T = Record<string, unknown>>(method: string, path: string, options?: RequestOptions): Promise<T>
}

interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | object
}

export function clientOf(url: string, token: string | null): Client {
  const request: Client['request'] = (method, path, options = {}) => {
    const raw = typeof options.body === 'string' || options.body instanceof Uint8Array
    return fetch(new URL(path, url), {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(options.body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: raw ? (options.body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(options.body) }),
    })
  }
  return {
    token,
    request,
    async json<T>(method: string, path: string, options?: RequestOptions) {
      const response = await request(method, path, options)
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return (text === '' ? null : JSON.parse(text)) as T
    },
  }
}

/** Signs in with a name and password, or a machine's id and secret. */
export async function signIn(url: string, account: string, password: string): Promise<Client> {
  const answer = await clientOf(url, null).json<{ access_token: string }>('POST', '/v1/authenticate', {
    body: { account, password },
  })
  return clientOf(url, answer.access_token)
}

/** The administrator after the first start: changes the one-time password and signs in. */
export async function firstSignIn(node: NodeProcess, newPassword: string): Promise<Client> {
  const { administrator } = node
  if (administrator === null) throw new Error('this node was started before')
  await clientOf(node.url, null).json('POST', '/v1/password', { body: { ...administrator, newPassword } })
  return signIn(node.url, administrator.account, newPassword)
}
