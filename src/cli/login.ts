import type { Command } from 'commander'
import { type Ask, createAsk } from './ask.ts'
import { changePassword, createClient, signIn } from './client.ts'
import { leaf } from './command.ts'
import { CommandError } from './exits.ts'
import { keepKeys } from './kept-keys.ts'
import { checkedUrl, keepProfile, type Profile, type ServerFlags, serverFlags } from './profile.ts'

export function loginCommand(): Command {
  return leaf<ServerFlags>(
    'login',
    'Keeps the address of a node and the key of your account on this machine, readable by you alone, after trying ' +
      'them. What no flag gives is asked for; the secret is asked for, or read from TRIBUTARY_CLIENT_SECRET, or from ' +
      'standard input. A password that was for one use is changed on the way (the next line of input).',
    [
      ['tributary login', 'Be asked for everything'],
      ['tributary login --url https://node.example.org --client-id north-feed < secret.txt', 'In a script'],
    ],
    async ({ given, out }) => {
      const ask = createAsk()
      const profile = await askProfile(given, ask).finally(() => ask.close())
      const client = createClient(profile)
      const { items } = await client.get<{ items: readonly { exchange: string }[] }>('/v1/exchanges')
      const path = await keepProfile(profile)
      await keepKeys(client)
      const exchanges = items.map(({ exchange }) => exchange)
      out.result({ url: profile.url, clientId: profile.clientId, profile: path, exchanges }, (screen) => {
        screen.line(`${screen.good('Signed in')} to ${profile.url} as ${profile.clientId}; kept in ${path}.`)
        screen.line(exchanges.length === 0 ? 'No exchanges yet.' : `Exchanges: ${exchanges.join(', ')}`)
      })
      return 'ok'
    },
    serverFlags,
  )
}

/** What flags and environment do not give is asked for. A password for one use is changed on the way. */
async function askProfile(given: ServerFlags, ask: Ask): Promise<Profile> {
  const { env } = process
  const url = checkedUrl(given.url ?? env.TRIBUTARY_URL ?? (await ask.line('Address of the node: ')))
  const clientId = given.clientId ?? env.TRIBUTARY_CLIENT_ID ?? (await ask.line('Account or client id: '))
  const clientSecret = env.TRIBUTARY_CLIENT_SECRET ?? (await ask.secret('Secret or password: '))
  if (clientId === '' || clientSecret === '')
    throw new CommandError('usage', 'An account and its secret are needed.')
  const profile = { url, clientId, clientSecret }
  if (!(await signIn(profile)).mustChangePassword) return profile
  const fresh = await ask.secret('This password was for one use. New password: ')
  if (ask.terminal && (await ask.secret('The same again: ')) !== fresh)
    throw new CommandError('usage', 'The two are not the same; nothing was changed.')
  await changePassword(profile, fresh)
  return { ...profile, clientSecret: fresh }
}
