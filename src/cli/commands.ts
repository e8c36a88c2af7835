import { Command } from 'commander'
import { throwing } from './command.ts'
import { EXITS } from './exits.ts'

interface Entry {
  readonly name: string
  readonly summary: string
  readonly group: string
  readonly load: () => Promise<Command>
}

const SENDING = 'For those who send:'
const DEFINING = 'For those who define an exchange:'
const RUNNING = 'For those who run a node:'
const REST = 'Beside all that:'

/** Every command with the line that stands in the help; its module is loaded only when it is called. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'check',
    summary: 'check a file against an exchange, without a server',
    group: SENDING,
    load: async () => (await import('./check.ts')).checkCommand(),
  },
  {
    name: 'login',
    summary: 'keep the address and key of a node on this machine',
    group: SENDING,
    load: async () => (await import('./login.ts')).loginCommand(),
  },
  {
    name: 'submit',
    summary: 'send files and show what became of their records',
    group: SENDING,
    load: async () => (await import('./submit.ts')).submitCommand(),
  },
  {
    name: 'status',
    summary: 'show submissions and how far they are',
    group: SENDING,
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  {
    name: 'errors',
    summary: 'show or download what was wrong with a submission',
    group: SENDING,
    load: async () => (await import('./errors.ts')).errorsCommand(),
  },
  {
    name: 'receipt',
    summary: 'fetch receipts and verify them without a server',
    group: SENDING,
    load: async () => (await import('./receipt.ts')).receiptCommand(),
  },
  {
    name: 'intake',
    summary: 'what came by files: progress, reports, another run',
    group: SENDING,
    load: async () => (await import('./intake.ts')).intakeCommand(),
  },
  {
    name: 'reconcile',
    summary: 'hold everything you have against what the centre has',
    group: SENDING,
    load: async () => (await import('./reconcile.ts')).reconcileCommand(),
  },
  {
    name: 'message',
    summary: 'what the centre changed in your records: list, show, clear',
    group: SENDING,
    load: async () => (await import('./message.ts')).messageCommand(),
  },
  {
    name: 'work-item',
    summary: 'what partners are asked to settle, and their answers',
    group: SENDING,
    load: async () => (await import('./work-item.ts')).workItemCommand(),
  },
  {
    name: 'transfers',
    summary: 'show or download the transfer log',
    group: SENDING,
    load: async () => (await import('./transfers.ts')).transfersCommand(),
  },
  {
    name: 'agent',
    summary: 'send from a database of your own, when the node asks for it',
    group: SENDING,
    load: async () => (await import('./agent.ts')).agentCommand(),
  },
  {
    name: 'exchange',
    summary: 'check, show, make and compare exchange definitions',
    group: DEFINING,
    load: async () => (await import('./exchange.ts')).exchangeCommand(),
  },
  {
    name: 'codes',
    summary: 'import and look up code lists',
    group: DEFINING,
    load: async () => (await import('./codes.ts')).codesCommand(),
  },
  {
    name: 'rules',
    summary: 'codes, layouts and filters of partners: try and put them',
    group: DEFINING,
    load: async () => (await import('./rules.ts')).rulesCommand(),
  },
  {
    name: 'job',
    summary: 'what agents are asked to send and when; runs and attempts',
    group: RUNNING,
    load: async () => (await import('./job.ts')).jobCommand(),
  },
  {
    name: 'calendar',
    summary: 'days on which jobs rest',
    group: RUNNING,
    load: async () => (await import('./calendar.ts')).calendarCommand(),
  },
  {
    name: 'alert',
    summary: 'jobs that do not go well: list, acknowledge, watch',
    group: RUNNING,
    load: async () => (await import('./alert.ts')).alertCommand(),
  },
  {
    name: 'session',
    summary: 'who sent what and what became of it, and how that changes',
    group: RUNNING,
    load: async () => (await import('./session.ts')).sessionCommand(),
  },
  {
    name: 'record',
    summary: 'give a record to another owner',
    group: RUNNING,
    load: async () => (await import('./record.ts')).recordCommand(),
  },
  {
    name: 'start',
    summary: 'start the node',
    group: RUNNING,
    load: async () => (await import('./start.ts')).startCommand(),
  },
  {
    name: 'demo',
    summary: 'see it all run on invented data',
    group: RUNNING,
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  {
    name: 'audit',
    summary: 'verify and export the audit log',
    group: RUNNING,
    load: async () => (await import('./audit.ts')).auditCommand(),
  },
  {
    name: 'backup',
    summary: 'write everything the node keeps into a folder',
    group: RUNNING,
    load: async () => (await import('./backup.ts')).backupCommand(),
  },
  {
    name: 'restore',
    summary: 'put a backup into an empty node',
    group: RUNNING,
    load: async () => (await import('./backup.ts')).restoreCommand(),
  },
  {
    name: 'partner',
    summary: 'add and list partners and their identifiers',
    group: RUNNING,
    load: async () => (await import('./partner.ts')).partnerCommand(),
  },
  {
    name: 'account',
    summary: 'add accounts, say what they may do, make their secrets',
    group: RUNNING,
    load: async () => (await import('./account.ts')).accountCommand(),
  },
  {
    name: 'keys',
    summary: 'keys for the file server, and for encrypted and signed files',
    group: RUNNING,
    load: async () => (await import('./keys.ts')).keysCommand(),
  },
  {
    name: 'place',
    summary: 'folders and buckets outside the file server',
    group: RUNNING,
    load: async () => (await import('./place.ts')).placeCommand(),
  },
  {
    name: 'sftp',
    summary: 'look into the folders of partners: list, get, put, remove',
    group: RUNNING,
    load: async () => (await import('./sftp-files.ts')).sftpCommand(),
  },
  {
    name: 'contact',
    summary: 'who is written to about deliveries, and how often',
    group: RUNNING,
    load: async () => (await import('./contact.ts')).contactCommand(),
  },
  {
    name: 'mail',
    summary: 'mails about deliveries, and sending one again',
    group: RUNNING,
    load: async () => (await import('./mail.ts')).mailCommand(),
  },
  {
    name: 'bulk',
    summary: 'how file server, folders, deliveries and mail queue stand',
    group: RUNNING,
    load: async () => (await import('./bulk-status.ts')).bulkCommand(),
  },
  {
    name: 'completion',
    summary: 'completion of commands and flags for your shell',
    group: REST,
    load: async () => (await import('./completion.ts')).completionCommand(),
  },
]

/**
 * The command tree. Modules of commands are loaded for the one that is called only, so that help is instant.
 * @param wanted name of the command to load, 'all', or null for none
 */
export async function buildProgram(version: string, wanted: string | null): Promise<Command> {
  const program = new Command('tributary')
    .description(
      'Takes in records from many organisations, checks each one, and tells every sender the result.',
    )
    .version(version, '-V, --version', 'show the version')
    .usage('<command> [options]')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', `\n${exitText()}\n\nFlags and examples of a command: tributary <command> --help`)
  for (const { name, summary, group, load } of COMMANDS) {
    const command = wanted === 'all' || wanted === name ? await load() : new Command(name)
    program.addCommand(command.summary(summary).helpGroup(group))
  }
  return throwing(program)
}

/** The table of exit codes, as the help shows it. */
export function exitText(): string {
  const lines = Object.values(EXITS).map(({ code, about }) => `  ${code}  ${about}`)
  return ['Exit codes:', ...lines].join('\n')
}
