import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import type { Config } from '../node/config.ts'
import { leaf } from './command.ts'
import { atLeastOne } from './server-command.ts'

interface Given {
  readonly data?: string
  readonly host?: string
  readonly port?: number
  readonly exchanges?: string
  readonly printConfig?: boolean
}

export function startCommand(): Command {
  return leaf<Given>(
    'start',
    'Starts the node and stays until it is told to end (Ctrl-C, SIGTERM). Settings come from the environment; ' +
      '--print-config lists them all. Without DATABASE_URL it keeps everything in the embedded database.',
    [
      ['tributary start', 'On the embedded database in ./data, at http://127.0.0.1:8080'],
      ['DATABASE_URL=postgres://tributary@db/tributary tributary start', 'On a PostgreSQL server'],
      ['tributary start --print-config', 'Show every setting with its value'],
    ],
    async ({ given, out }) => {
      const { describeConfig, readConfig } = await import('../node/config.ts')
      const config = readConfig(process.env, flagsOf(given))
      if (given.printConfig === true) {
        out.screen.line(describeConfig(config))
        return 'ok'
      }
      // Half the memory at the same speed: else the heap may grow fourfold before it is collected.
      setFlagsFromString('--heap-growing-percent=100')
      const { startNode } = await import('../node/start.ts')
      const node = await startNode(config)
      const { url, sftp, administrator } = node
      out.result({ event: 'started', url, sftp, administrator }, (screen) => {
        screen.line(`Tributary listens at ${screen.bold(node.url)} (API description: ${node.url}/docs)`)
        if (sftp !== null) {
          screen.line(`File server (SFTP) at ${sftp.host}, port ${sftp.port}; its keys:`)
          for (const { kind, fingerprint } of sftp.keys) screen.line(`  ${kind}  ${fingerprint}`)
        }
        if (config.databaseUrl === null)
          screen.line(
            'Embedded database: it survives a killed process, not a power cut. Set DATABASE_URL for real data.',
          )
        if (node.administrator === null) return
        screen.line('')
        screen.line('This is the first start. Sign in once with this password and set one of your own:')
        screen.pairs([
          ['account', node.administrator.account],
          ['password', node.administrator.password],
        ])
      })
      process.on('SIGHUP', () => void node.reloadCertificate())
      await ended()
      await node.close()
      return 'ok'
    },
    (command) =>
      command
        .option('--data <folder>', 'folder for documents and the embedded database')
        .option('--host <address>', 'address to listen on')
        .option('--port <number>', 'port to listen on', atLeastOne)
        .option('--exchanges <folder>', 'folder of exchange definitions')
        .option('--print-config', 'show every setting and end'),
  )
}

function flagsOf({ data, host, port, exchanges }: Given): Partial<Config> {
  return {
    ...(data === undefined ? {} : { dataFolder: data }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(exchanges === undefined ? {} : { exchangesFolder: exchanges }),
  }
}

/** Resolves when the process is asked to end. A second request ends it at once. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
