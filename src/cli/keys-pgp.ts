import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { FilePolicy, PgpKey } from '../store/pgp-keys.ts'
import type { Client } from './client.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { readInput } from './read-input.ts'
import { serverLeaf } from './server-command.ts'

export function pgpCommand(): Command {
  return branch(
    'pgp',
    'OpenPGP keys: those that partners sign their files with, and those of the node that they encrypt for.',
    addCommand(),
    listCommand(),
    makeCommand(),
    exportCommand(),
    retireCommand(),
    policyCommand(),
  )
}

const OURS = '/v1/pgp-keys'

function theirs(partner: string): string {
  return `/v1/partners/${encodeURIComponent(partner)}/pgp-keys`
}

function addCommand(): Command {
  return serverLeaf<{ readonly partner: string; readonly file: string }>(
    'add <partner> <file>',
    'Takes the public key that a partner signs with, in ASCII armor; - reads standard input. A key that is known is ' +
      'brought up to date (a later expiry, say).',
    [
      ['tributary keys pgp add alder-pd alder-public.asc', 'What gpg --armor --export wrote'],
      [
        'gpg --armor --export records@alder.example.org | tributary keys pgp add alder-pd -',
        'Without a file',
      ],
    ],
    async ({ given, out, client }) => {
      const publicKey = await readInput(given.file)
      const key = await client.send<PgpKey>('POST', theirs(given.partner), { publicKey })
      out.result(key, (screen) => {
        screen.line(`${given.partner} signs with ${key.fingerprint} (${key.userId}).`)
        screen.line('\nCompare the fingerprint with what the partner reads out to you.')
      })
      return 'ok'
    },
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly partner?: string; readonly retired?: boolean }>(
    'list [partner]',
    "Lists the keys of the node that files are encrypted for, and with a partner's name the keys that it signs with.",
    [
      ['tributary keys pgp list', 'Keys of the node'],
      ['tributary keys pgp list alder-pd --retired', 'Those that concern a partner, also those out of use'],
    ],
    async ({ given, out, client }) => {
      const items = [...(await ourKeys(client, given.partner, given.retired === true))]
      if (given.partner !== undefined) items.push(...(await keysAt(client, theirs(given.partner), given)))
      out.result({ items }, (screen) => showKeys(screen, items))
      return 'ok'
    },
    (command) => command.option('--retired', 'those out of use too'),
  )
}

async function keysAt(
  client: Client,
  path: string,
  { retired = false }: { readonly retired?: boolean },
): Promise<readonly PgpKey[]> {
  return (await client.get<{ items: readonly PgpKey[] }>(path, { retired })).items
}

/** Keys of the node that this partner may encrypt for, or all; newest first. */
async function ourKeys(
  client: Client,
  partner: string | undefined,
  retired: boolean,
): Promise<readonly PgpKey[]> {
  const keys = await keysAt(client, OURS, { retired })
  return keys.filter((key) => partner === undefined || key.partner === null || key.partner === partner)
}

function showKeys(screen: Screen, keys: readonly PgpKey[]): void {
  screen.table(
    ['Fingerprint', 'Whose', 'For', 'User id', 'Expires', 'Retired'].map((title) => ({ title })),
    keys.map(({ fingerprint, purpose, partner, userId, expiresAt, retiredAt }) => [
      fingerprint,
      purpose === 'ours' ? 'the node' : partner,
      purpose === 'ours' ? (partner ?? 'all partners') : 'signing',
      userId,
      expiresAt,
      retiredAt,
    ]),
  )
}

function makeCommand(): Command {
  return serverLeaf<{ readonly partner?: string; readonly kind: string }>(
    'make',
    'Makes a key that partners encrypt for. Older keys go on opening files until they are retired. The private part ' +
      'never leaves the node.',
    [
      ['tributary keys pgp make', 'For all partners'],
      ['tributary keys pgp make --partner alder-pd --kind rsa3072', 'For one whose software knows no curves'],
    ],
    async ({ given, out, client }) => {
      const { partner, kind } = given
      const key = await client.send<PgpKey>('POST', OURS, { partner, kind })
      out.result(key, (screen) => {
        screen.line(`Made ${key.fingerprint} (${key.userId}).`)
        const of = partner === undefined ? '' : ` --partner ${partner}`
        screen.line(`\nTo hand it out: tributary keys pgp export${of} --file node-public.asc`)
      })
      return 'ok'
    },
    (command) =>
      command
        .option('--partner <name>', 'for this partner only')
        .addOption(
          new Option('--kind <kind>', 'RSA is for software that knows no curves')
            .choices(['curve25519', 'rsa3072'])
            .default('curve25519'),
        ),
  )
}

function exportCommand(): Command {
  return serverLeaf<{ readonly fingerprint?: string; readonly partner?: string; readonly file?: string }>(
    'export [fingerprint]',
    'Writes the public part of a key of the node, for those who encrypt: the newest one, or that of the fingerprint.',
    [
      ['tributary keys pgp export --file node-public.asc', 'The newest key for all partners'],
      ['tributary keys pgp export --partner alder-pd', "A partner's newest key, to standard output"],
    ],
    async ({ given, out, client }) => {
      const { file } = given
      const key = await keyToExport(client, given)
      if (file !== undefined) await writeFile(file, key.publicKey, { flag: 'wx' })
      out.result(key, (screen) => {
        if (file === undefined) process.stdout.write(key.publicKey)
        else screen.line(`Wrote ${key.fingerprint} to ${file}.`)
      })
      return 'ok'
    },
    (command) =>
      command
        .option('--partner <name>', 'the newest key that this partner may encrypt for')
        .option('--file <path>', 'write it into a new file'),
  )
}

async function keyToExport(
  client: Client,
  { fingerprint, partner }: { readonly fingerprint?: string; readonly partner?: string },
): Promise<PgpKey> {
  const wanted = fingerprint?.replaceAll(/\s/g, '').toUpperCase()
  const keys = await ourKeys(client, partner, wanted !== undefined)
  // A key for this one partner goes before one for all.
  const [newest] = [
    ...keys.filter((key) => key.partner === (partner ?? null)),
    ...(partner === undefined ? [] : keys),
  ]
  const key = wanted === undefined ? newest : keys.find((one) => one.fingerprint === wanted)
  if (key !== undefined) return key
  throw new CommandError('missing', 'The node has no such key.', 'Make one: tributary keys pgp make.')
}

function retireCommand(): Command {
  return serverLeaf<{ readonly fingerprint: string; readonly partner?: string }>(
    'retire <fingerprint>',
    'Takes a key out of use: one of the node, or with --partner one that the partner signs with. Files encrypted for ' +
      'it or signed with it are refused from then on.',
    [
      [
        'tributary keys pgp retire 9FFE1B1C0B7A4D1E8A5C3D2F6E4B8A7C5D3E2F1A',
        'A key of the node, once the new one is in use',
      ],
      [
        'tributary keys pgp retire 77A1C2B3D4E5F60718293A4B5C6D7E8F90A1B2C3 --partner alder-pd',
        "A partner's key that was lost",
      ],
    ],
    async ({ given, out, client }) => {
      const fingerprint = given.fingerprint.replaceAll(/\s/g, '').toUpperCase()
      const path = given.partner === undefined ? OURS : theirs(given.partner)
      await client.send('DELETE', `${path}/${encodeURIComponent(fingerprint)}`)
      out.result({ fingerprint, retired: true }, (screen) => screen.line(`Retired ${fingerprint}.`))
      return 'ok'
    },
    (command) => command.option('--partner <name>', 'whose key it is'),
  )
}

interface PolicyFlags {
  readonly partner: string
  readonly exchange: string
  readonly encrypt?: boolean
  readonly sign?: boolean
}

function policyCommand(): Command {
  return serverLeaf<PolicyFlags>(
    'policy <partner> <exchange>',
    "Shows or says how a partner's files of an exchange must be protected. What no flag names stays as it is.",
    [
      ['tributary keys pgp policy alder-pd ripa', 'Show it'],
      ['tributary keys pgp policy alder-pd ripa --encrypt --sign', 'Take only encrypted and signed files'],
      ['tributary keys pgp policy alder-pd ripa --no-encrypt --no-sign', 'Take them open, too'],
    ],
    async ({ given, out, client }) => {
      const { partner, exchange, encrypt, sign } = given
      const path = ['v1', 'partners', partner, 'file-policies', exchange].map(encodeURIComponent).join('/')
      let policy = await client.get<FilePolicy>(`/${path}`)
      if (encrypt !== undefined || sign !== undefined)
        policy = await client.send<FilePolicy>('PUT', `/${path}`, {
          mustEncrypt: encrypt ?? policy.mustEncrypt,
          mustSign: sign ?? policy.mustSign,
        })
      out.result(policy, (screen) =>
        screen.pairs([
          ['Must be encrypted', policy.mustEncrypt ? 'yes' : 'no'],
          ['Must be signed', policy.mustSign ? 'yes' : 'no'],
        ]),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('--encrypt', 'files must be encrypted')
        .option('--no-encrypt', 'they need not be')
        .option('--sign', 'files must be signed')
        .option('--no-sign', 'they need not be'),
  )
}
