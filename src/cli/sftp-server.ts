import type { Command } from 'commander'
import type { ServerKey } from '../channel/rest/ports-bulk.ts'
import type { Client } from './client.ts'
import type { Screen } from './output.ts'
import { serverLeaf } from './server-command.ts'

/** Where clients find the file server, and what an account finds there. */
export interface FileServer {
  readonly available: boolean
  readonly host: string | null
  readonly port: number | null
  /** `SHA256:…` */
  readonly fingerprints: readonly string[]
  readonly keys: readonly ServerKey[]
  /** Those that will take their place. */
  readonly nextKeys: readonly ServerKey[]
  /** Of whom the rest is said. */
  readonly account: string
  readonly mayConnect: boolean
  readonly folders: readonly {
    readonly exchange: string
    readonly realm: string
    readonly input: readonly string[]
    readonly output: string
    readonly archive: string
  }[]
}

/** @param account as this account finds it; the caller's own when left out */
export function fileServerOf(client: Client, account?: string): Promise<FileServer> {
  return client.get<FileServer>('/v1/file-server', { account })
}

/** The host to connect to: where it listens on every address, the one by which the API was reached. */
function hostOf(host: string, url: string): string {
  return host === '0.0.0.0' || host === '::' ? new URL(url).hostname : host
}

/**
 * How to connect, with the fingerprints that clients show at the first visit, and the folders that are there then.
 * @param url address by which the API is reached
 */
export function showServer(screen: Screen, server: FileServer, url: string): void {
  const { available, host, port, account, mayConnect } = server
  if (!available || host === null || port === null) {
    screen.line('This node has no file server: set TRIBUTARY_SFTP_PORT and start it again.')
    return
  }
  if (mayConnect) screen.line(`sftp -P ${port} ${account}@${hostOf(host, url)}`)
  else {
    screen.line(`The file server is at ${hostOf(host, url)}, port ${port}. ${account} may not sign in to it.`)
    screen.line('The centre lets an account in: tributary partner channel <account> sftp on')
  }
  screen.line('Keys of the server, to compare with what your program shows at the first visit:')
  showKeys(screen, server.keys)
  if (server.nextKeys.length > 0) {
    screen.line('Keys that will take their place; let your program know them too:')
    showKeys(screen, server.nextKeys)
  }
  if (mayConnect) showFolders(screen, server)
}

function showKeys(screen: Screen, keys: readonly ServerKey[]): void {
  const width = Math.max(0, ...keys.map(({ kind }) => kind.length))
  for (const { kind, fingerprint } of keys) screen.line(`  ${kind.padEnd(width)}  ${fingerprint}`)
}

function showFolders(screen: Screen, { folders }: FileServer): void {
  if (folders.length === 0) return
  screen.line()
  screen.table(
    ['Exchange', 'Realm', 'You put files into', 'Results', 'Originals'].map((title) => ({ title })),
    folders.map(({ exchange, realm, input, output, archive }) => [
      exchange,
      realm,
      input.join(', '),
      output,
      archive,
    ]),
  )
}

/** `sftp server`: what somebody needs to connect. */
export function serverCommand(): Command {
  return serverLeaf<object>(
    'server',
    'Shows how to connect to the file server: address, port, its keys, and the folders of your exchanges.',
    [['tributary sftp server', 'Compare the keys with what your SFTP program shows']],
    async ({ out, client, profile }) => {
      const server = await fileServerOf(client)
      out.result(server, (screen) => showServer(screen, server, profile.url))
      return 'ok'
    },
  )
}
