import type { Command } from 'commander'
import { branch } from './command.ts'
import { serverLeaf } from './server-command.ts'

/** A key of the file server. */
interface HostKey {
  readonly fingerprint: string
  readonly kind: string
  readonly publicKey: string
  readonly state: 'in use' | 'next' | 'retired'
  /** Does the node that was asked show it to clients now? */
  readonly shown: boolean
  readonly createdAt: string
  readonly retiredAt: string | null
}

const url = '/v1/host-keys'

export function hostCommand(): Command {
  return branch(
    'host',
    'Keys by which clients know the file server. A new key waits beside the one in use, so that partners can be told; ' +
      'it takes its place when that is retired and the node is started again.',
    listCommand(),
    newCommand(),
    retireCommand(),
  )
}

function listCommand(): Command {
  return serverLeaf<object>(
    'list',
    'Lists the keys of the file server: in use, next and retired.',
    [['tributary keys host list', 'With their fingerprints']],
    async ({ out, client }) => {
      const { items } = await client.get<{ items: readonly HostKey[] }>(url)
      out.result({ items }, (screen) => {
        screen.table(
          ['Kind', 'Fingerprint', 'State', 'Shown now', 'Made', 'Retired'].map((title) => ({ title })),
          items.map(({ kind, fingerprint, state, shown, createdAt, retiredAt }) => [
            kind,
            fingerprint,
            state,
            shown ? 'yes' : 'no',
            createdAt,
            retiredAt,
          ]),
        )
        if (items.some(({ state, shown }) => shown && state !== 'in use'))
          screen.line('\nStart the node again: it still shows a key that was retired.')
      })
      return 'ok'
    },
  )
}

function newCommand(): Command {
  return serverLeaf<{ readonly kind?: string }>(
    'new',
    'Makes new keys for the file server, one of each kind. The old ones stay in use until they are retired.',
    [
      ['tributary keys host new', 'Then tell the partners, and retire the old ones'],
      ['tributary keys host new --kind ssh-ed25519', 'Of one kind only'],
    ],
    async ({ given, out, client }) => {
      const { items } = await client.send<{ items: readonly HostKey[] }>('POST', url, { kind: given.kind })
      out.result({ items }, (screen) => {
        screen.line('Made. Tell the partners; their programs must know these keys beside the old ones:')
        for (const { fingerprint, publicKey } of items) screen.line(`  ${fingerprint}\n    ${publicKey}`)
        screen.line('\nLater: tributary keys host retire <old fingerprint>, and start the node again.')
      })
      return 'ok'
    },
    (command) => command.option('--kind <kind>', 'ssh-ed25519 or ecdsa-sha2-nistp256 (default: both)'),
  )
}

function retireCommand(): Command {
  return serverLeaf<{ readonly fingerprint: string }>(
    'retire <fingerprint>',
    'Retires a key of the file server, and forgets its private part. Clients are shown the next one of its kind as ' +
      'soon as the node is started again. The only key of a kind cannot be retired.',
    [
      [
        'tributary keys host retire SHA256:uNiVztksCsDhcc0u9e8BrqFo3Z4u8XZJgYbJx0Zz8a0',
        'By its fingerprint, as the list shows it',
      ],
    ],
    async ({ given, out, client }) => {
      const { fingerprint } = given
      await client.send('DELETE', `${url}/${encodeURIComponent(fingerprint)}`)
      out.result({ fingerprint, retired: true }, (screen) =>
        screen.line(`${fingerprint} is retired. Start the node again, so that it shows the next key.`),
      )
      return 'ok'
    },
  )
}
