import { type Command, InvalidArgumentError } from 'commander'
import type { Client } from './client.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { serverLeaf } from './server-command.ts'
import { type FileServer, fileServerOf, showServer } from './sftp-server.ts'

type Channel = 'rest' | 'sftp' | 'agent'

interface Account {
  readonly name: string
  readonly partner: string
  readonly channels: readonly Channel[]
  readonly realms: readonly string[]
  readonly grants: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
}

interface Given {
  readonly account: string
  readonly channel: string
  readonly state: string
}

/** `partner channel`: by which ways an account may come in. */
export function channelCommand(): Command {
  return serverLeaf<Given>(
    'channel <account> <channel> <state>',
    'Lets an account come in by a channel, or no longer: sftp (the file server), rest (the API) or agent (the program ' +
      "beside a partner's database); on or off. Shows how to connect to the file server, and what is still missing.",
    [
      ['tributary partner channel alder-feed sftp on', 'Let it sign in to the file server'],
      ['tributary partner channel alder-feed rest off', 'And no longer to the API'],
      ['tributary partner channel alder-agent agent on', 'Let an agent ask for jobs with it'],
    ],
    async ({ given, out, client, profile }) => {
      const channel = oneOf(given.channel, ['sftp', 'rest', 'agent'])
      const on = oneOf(given.state, ['on', 'off']) === 'on'
      const before = await findAccount(client, given.account)
      const others = before.channels.filter((one) => one !== channel)
      const account = await client.send<Account>(
        'PUT',
        `/v1/accounts/${encodeURIComponent(before.name)}/channels`,
        { channels: on ? [...others, channel] : others },
      )
      const server = on && channel === 'sftp' ? await fileServerOf(client, account.name) : null
      const keys = server === null ? 0 : await keyCount(client, account.name)
      out.result(
        { ...account, ...(server === null ? {} : { fileServer: server, sshKeys: keys }) },
        (screen) => {
          const names = account.channels.length === 0 ? 'no channel' : account.channels.join(' and ')
          screen.line(`${account.name} may come in by ${names}.`)
          if (server !== null) showConnection(screen, { account, server, keys, url: profile.url })
        },
      )
      return 'ok'
    },
  )
}

function oneOf<T extends string>(text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text)
  if (found === undefined) throw new InvalidArgumentError(`'${text}' must be ${words.join(' or ')}.`)
  return found
}

async function findAccount(client: Client, name: string): Promise<Account> {
  const { items } = await client.get<{ items: readonly Account[] }>('/v1/accounts')
  const found = items.find((account) => account.name.toLowerCase() === name.toLowerCase())
  if (found === undefined) throw new CommandError('missing', `There is no account ${name}.`)
  return found
}

async function keyCount(client: Client, account: string): Promise<number> {
  const path = `/v1/accounts/${encodeURIComponent(account)}/ssh-keys`
  return (await client.get<{ items: readonly unknown[] }>(path)).items.length
}

interface Connection {
  readonly account: Account
  readonly server: FileServer
  readonly keys: number
  /** Of the API. */
  readonly url: string
}

/** An account that works in one realm sees the folders of that one only, which surprises whoever tests. */
function showRealms(screen: Screen, { name, realms }: Account): void {
  if (realms.includes('live') && realms.includes('test')) return
  const [seen, hidden] = realms.includes('live') ? ['live', 'test'] : ['test', 'live']
  screen.line(`\nIt works in ${seen} only, and sees no folders for ${hidden}. For both:`)
  screen.line(`  tributary account realms ${name} live test`)
}

function showConnection(screen: Screen, { account, server, keys, url }: Connection): void {
  screen.line()
  showServer(screen, server, url)
  showRealms(screen, account)
  const granted = account.grants.filter(({ grants }) => grants.includes('submit') || grants.includes('read'))
  if (granted.length === 0) {
    screen.line('\nIt sees no folders yet. Grant it an exchange:')
    screen.line(`  tributary account grant ${account.name} <exchange> submit read`)
  }
  if (keys === 0) {
    screen.line('\nIt has no key yet. A password, or the secret of the account, works too:')
    screen.line(`  tributary keys ssh add ${account.name} <file.pub>`)
    screen.line(`  tributary account secret ${account.name}`)
  }
}
