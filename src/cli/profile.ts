import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { CommandError } from './exits.ts'

/** Where the node is, and with which key to speak to it. */
export interface Profile {
  /** Base address without a slash at its end. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

/** Flags of every command that speaks to a node. */
export interface ServerFlags {
  readonly url?: string
  readonly clientId?: string
}

/**
 * Adds those flags. There is none for the secret: other users of the machine can read command lines.
 */
export function serverFlags(command: Command): Command {
  return command
    .option('--url <address>', 'address of the node (TRIBUTARY_URL, or as kept by tributary login)')
    .option(
      '--client-id <id>',
      'client id of the account (TRIBUTARY_CLIENT_ID); its secret: TRIBUTARY_CLIENT_SECRET',
    )
}

/** The file that `tributary login` writes. */
export function profilePath(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'tributary', 'profile.json')
}

/**
 * Flags go before the environment, the environment before the kept profile.
 * Throws CommandError when anything is missing, naming it.
 */
export async function readProfile(
  flags: ServerFlags,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Profile> {
  const kept = await readKept(profilePath(env))
  const url = flags.url ?? env.TRIBUTARY_URL ?? kept.url
  const clientId = flags.clientId ?? env.TRIBUTARY_CLIENT_ID ?? kept.clientId
  // A kept secret belongs to the kept account at the kept address, and goes nowhere else.
  const same = clientId === kept.clientId && (url === undefined || checkedUrl(url) === kept.url)
  const clientSecret = env.TRIBUTARY_CLIENT_SECRET ?? (same ? kept.clientSecret : undefined)
  if (url === undefined || clientId === undefined || clientSecret === undefined)
    throw new CommandError(
      'usage',
      `No ${url === undefined ? 'address of a node' : 'account'} is known.`,
      'Run tributary login, or set TRIBUTARY_URL, TRIBUTARY_CLIENT_ID and TRIBUTARY_CLIENT_SECRET.',
    )
  return { url: checkedUrl(url), clientId, clientSecret }
}

/** Keeps the profile, readable by this user alone. Returns the file's path. */
export async function keepProfile(profile: Profile, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const path = profilePath(env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // A new file takes the old one's place, so that its mode holds and a crash leaves one or the other.
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(fresh, path)
  return path
}

/** The address in one spelling. Throws CommandError for anything but http(s), and for plain http to others. */
export function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw new CommandError('usage', `${text} is not an address.`, 'It looks like https://node.example.org.')
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !loopback)
    throw new CommandError('usage', `${text} would send the secret unencrypted.`, 'Use https.')
  return url.href.replace(/\/$/, '')
}

async function readKept(path: string): Promise<Partial<Profile>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    return JSON.parse(text) as Partial<Profile>
  } catch {
    throw new CommandError('usage', `${path} is damaged.`, 'Run tributary login again.')
  }
}
