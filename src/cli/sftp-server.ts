import type { Command } from 'commander'
import type { Client } from './client.ts'
import type { Screen } from './output.ts'
import { serverLeaf } from './server-command.ts'

/** Where clients find the file server, and the folders that the caller sees there. */
export interface FileServer {
  readonly available: boolean
  readonly host: string | null
  readonly port: number | null
  /** `SHA256:…` */
  readonly fingerprints: readonly string[]
  readonly folders: readonly {
    readonly exchange: string
    readonly realm: string
    readonly input: readonly string[]
    readonly output: string
    readonly archive: string
  }[]
}

export function fileServerOf(client: Client): Promise<FileServer> {
  return client.get<FileServer>('/v1/file-server')
}

/** The host to connect to: where it listens on every address, the one by which the API was reached. */
function hostOf(host: string, url: string): string {
  return host === '0.0.0.0' || host === '::' ? new URL(url).hostname : host
}

/**
 * How to connect, with the fingerprints that clients show at the first visit.
 * @param caller who connects, and the address by which it reaches the API
 */
export function showServer(
  screen: Screen,
  server: FileServer,
  { account, url }: { readonly account: string; readonly url: string },
): void {
  const { available, host, port, fingerprints } = server
  if (!available || host === null || port === null) {
    screen.line('This node has no file server: set TRIBUTARY_SFTP_PORT and start it again.')
    return
  }
  screen.line(`sftp -P ${port} ${account}@${hostOf(host, url)}`)
  screen.line('Keys of the server, to compare with what your program shows at the first visit:')
  for (const fingerprint of fingerprints) screen.line(`  ${fingerprint}`)
}

/** `sftp server`: what somebody needs to connect. */
export function serverCommand(): Command {
  return serverLeaf<object>(
    'server',
    'Shows how to connect to the file server: address, port, its keys, and the folders of your exchanges.',
    [['tributary sftp server', 'Compare the keys with what your SFTP program shows']],
    async ({ out, client, profile }) => {
      const server = await fileServerOf(client)
      out.result(server, (screen) => {
        showServer(screen, server, { account: profile.clientId, url: profile.url })
        if (server.folders.length === 0) return
        screen.line()
        screen.table(
          ['Exchange', 'Realm', 'You put files into', 'Results', 'Originals'].map((title) => ({ title })),
          server.folders.map(({ exchange, realm, input, output, archive }) => [
            exchange,
            realm,
            input.join(', '),
            output,
            archive,
          ]),
        )
      })
      return 'ok'
    },
  )
}
