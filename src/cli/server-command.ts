import { type Command, InvalidArgumentError } from 'commander'
import { type Client, createClient } from './client.ts'
import { type Call, type Example, leaf } from './command.ts'
import type { Exit } from './exits.ts'
import { type Profile, readProfile, type ServerFlags, serverFlags } from './profile.ts'

/** What an action that speaks to a node is given. */
export interface ServerCall<Given> extends Call<Given> {
  readonly client: Client
  readonly profile: Profile
}

/** A command that speaks to a node: a leaf with the flags for its address and account. */
export function serverLeaf<Given>(
  usage: string,
  description: string,
  lines: readonly Example[],
  act: (call: ServerCall<Given>) => Promise<Exit>,
  shape: (command: Command) => Command = (command) => command,
): Command {
  return leaf<Given & ServerFlags>(
    usage,
    description,
    lines,
    async ({ given, out }) => {
      const profile = await readProfile(given)
      return act({ given, out, profile, client: createClient(profile) })
    },
    (command) => serverFlags(shape(command)),
  )
}

/** A whole number above zero, for flags; throws the message that Commander shows. */
export function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(`It must be a whole number above 0.`)
  return Number(text)
}
