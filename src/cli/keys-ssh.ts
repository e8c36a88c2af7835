import type { Command } from 'commander'
import type { SshKeyView } from '../channel/rest/ports-registry.ts'
import { branch } from './command.ts'
import { readInput } from './read-input.ts'
import { serverLeaf } from './server-command.ts'

export function sshCommand(): Command {
  return branch(
    'ssh',
    'Public keys that sign an account in to the file server.',
    addCommand(),
    listCommand(),
    removeCommand(),
  )
}

function pathOf(account: string, fingerprint?: string): string {
  const path = `/v1/accounts/${encodeURIComponent(account)}/ssh-keys`
  return fingerprint === undefined ? path : `${path}/${encodeURIComponent(fingerprint)}`
}

function addCommand(): Command {
  return serverLeaf<{ readonly account: string; readonly file: string; readonly title?: string }>(
    'add <account> <file>',
    'Gives an account a public key, as OpenSSH writes it (a .pub file) or as PuTTY exports it; - reads standard ' +
      'input. A key signs in one account; weak keys are refused.',
    [
      ['tributary keys ssh add alder-feed id_ed25519.pub', "The agency's public key"],
      ['tributary keys ssh add alder-feed id_ed25519.pub --title "nightly feed"', 'With a title of its own'],
    ],
    async ({ given, out, client }) => {
      const { account, file, title } = given
      const publicKey = await readInput(file)
      const key = await client.send<SshKeyView>('POST', pathOf(account), { publicKey, title })
      out.result(key, (screen) => {
        screen.line(`${account} signs in with ${key.fingerprint}.`)
        screen.line(`\nIs it let in at the file server? tributary partner channel ${account} sftp on`)
      })
      return 'ok'
    },
    (command) => command.option('--title <text>', "what the key is for (default: the key's own comment)"),
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly account: string }>(
    'list <account>',
    'Lists the public keys of an account. An account may list its own.',
    [['tributary keys ssh list alder-feed', 'Its keys and when they were added']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly SshKeyView[] }>(pathOf(given.account))
      out.result({ items }, (screen) =>
        screen.table(
          [{ title: 'Fingerprint' }, { title: 'Kind' }, { title: 'Title' }, { title: 'Added' }],
          items.map(({ fingerprint, publicKey, title, addedAt }) => [
            fingerprint,
            publicKey.split(' ')[0] ?? '',
            title,
            addedAt,
          ]),
        ),
      )
      return 'ok'
    },
  )
}

function removeCommand(): Command {
  return serverLeaf<{ readonly account: string; readonly fingerprint: string }>(
    'remove <account> <fingerprint>',
    'Takes a public key from an account; the next sign-in with it is refused.',
    [
      [
        'tributary keys ssh remove alder-feed SHA256:uNiVztksCsDhcc0u9e8BrqFo3Z4u8XZJgYbJx0Zz8a0',
        'By its fingerprint, as the list shows it',
      ],
    ],
    async ({ given, out, client }) => {
      const { account, fingerprint } = given
      await client.send('DELETE', pathOf(account, fingerprint))
      out.result({ account, fingerprint, removed: true }, (screen) =>
        screen.line(`${account} no longer signs in with ${fingerprint}.`),
      )
      return 'ok'
    },
  )
}
