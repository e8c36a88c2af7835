import type { Command } from 'commander'
import { branch } from './command.ts'
import { hostCommand } from './keys-host.ts'
import { pgpCommand } from './keys-pgp.ts'
import { sshCommand } from './keys-ssh.ts'

export function keysCommand(): Command {
  return branch(
    'keys',
    'Keys of the bulk channels: those that sign accounts in to the file server, those that it is known by, and those ' +
      'that files are encrypted and signed with. Only public keys are ever given or shown.',
    sshCommand(),
    hostCommand(),
    pgpCommand(),
  )
}
