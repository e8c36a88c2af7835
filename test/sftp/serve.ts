import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Client, type ConnectConfig, type SFTPWrapper } from 'ssh2'
import type { SftpConfig, SftpIdentity } from '../../src/channel/sftp/ports.ts'
import { SftpServer } from '../../src/channel/sftp/server.ts'
import type { FileRules } from '../../src/exchange/definition.ts'
import { makeSshKey } from '../../src/identity/make-ssh-key.ts'
import { readSshKey } from '../../src/identity/ssh-key.ts'
import type { Who } from '../../src/identity/who.ts'
import type { Transfer } from '../../src/store/transfers.ts'

export const password = 'river stones are round'

export const rules: FileRules = {
  root: '',
  realms: { live: 'PROD', test: 'TEST' },
  input: ['INPUT'],
  output: 'OUTPUT',
  archive: 'ARCHIVE',
  names: [],
  stableSeconds: 30,
  gatherSeconds: 5,
  incompleteMinutes: 60,
  checksum: 'none',
  archiveDays: 30,
  calls: { applications: [], gatherMinutes: 60 },
}

/** A file server in this process, with accounts of two partners. */
export interface Served {
  readonly server: SftpServer
  readonly port: number
  readonly folder: string
  /** A path in the tree of `north`. */
  path(...names: string[]): string
  readonly transfers: Omit<Transfer, 'at'>[]
  /** Partners, as they were told to have uploaded. */
  readonly uploaded: string[]
  readonly errors: object[]
  readonly accounts: Map<string, Who>
  /** Fingerprints of the keys that sign any account in. */
  readonly keys: Set<string>
  /** Signed in as `north-feed` unless told otherwise. */
  connect(how?: Partial<ConnectConfig>): Promise<{ client: Client; sftp: SFTPWrapper }>
  /** Command-line options of OpenSSH's clients to come here by key as `north-feed`. */
  readonly openssh: readonly string[]
  readonly keyFile: string
  close(): Promise<void>
}

export function account(name: string, partner: string, more: Partial<Who> = {}): Who {
  const grants: Who['grants'] = [{ exchange: 'stops', grants: ['submit', 'read'] }]
  return {
    account: `id-of-${name}`,
    name,
    partner,
    centre: false,
    kind: 'machine',
    realms: ['live', 'test'],
    grants,
    ...more,
  }
}

export async function serve(given: Partial<SftpConfig> = {}): Promise<Served> {
  const top = await mkdtemp(join(tmpdir(), 'tributary-sftp-'))
  const folder = join(top, 'files')
  const accounts = new Map([
    ['north-feed', account('north-feed', 'north')],
    ['south-feed', account('south-feed', 'south')],
  ])
  const { keyFile, fingerprint } = await makeKey(top)
  const keys = new Set([fingerprint])
  const transfers: Omit<Transfer, 'at'>[] = []
  const uploaded: string[] = []
  const errors: object[] = []
  const server = new SftpServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      hostKeys: [makeSshKey('ed25519').private],
      filesFolder: folder,
      quotaBytes: 0,
      freeBytesMin: 0,
      fileBytesMax: 2 ** 33,
      folderFilesMax: 100_000,
      connectionsMax: 100,
      idleMs: 60_000,
      signInMs: 10_000,
      refusalMs: 50,
      accountCheckMs: 30_000,
      sessionsPerAccountMax: 20,
      handlesPerSessionMax: 100,
      ...given,
    },
    identity: identityOf(accounts, keys),
    exchanges: () => [{ exchange: 'stops', files: rules }],
    transfer: async (line) => void transfers.push(line),
    log: { info: () => {}, warn: (fields) => errors.push(fields), error: (fields) => errors.push(fields) },
    now: () => Date.now(),
    onUploaded: (partner) => uploaded.push(partner),
  })
  const { port } = await server.listen()
  for (const partner of ['north', 'south'])
    for (const realm of ['PROD', 'TEST'])
      for (const name of ['INPUT', 'OUTPUT', 'ARCHIVE'])
        await mkdir(join(folder, partner, realm, name), { recursive: true })
  return {
    server,
    port,
    folder,
    path: (...names) => join(folder, 'north', ...names),
    transfers,
    uploaded,
    errors,
    accounts,
    keys,
    connect: (how = {}) => connect({ port, username: 'north-feed', password, ...how }),
    openssh: opensshOptions(keyFile),
    keyFile,
    async close() {
      await server.close()
      await rm(top, { recursive: true, force: true })
    },
  }
}

/** Options that keep OpenSSH's clients from reading or writing anything of the user who runs the tests. */
export function opensshOptions(keyFile: string): readonly string[] {
  return [
    ...['-F', '/dev/null', '-i', keyFile, '-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none'],
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
    ...['-o', 'BatchMode=yes'],
  ]
}

export async function makeKey(
  folder: string,
): Promise<{ keyFile: string; publicKey: string; fingerprint: string }> {
  const pair = makeSshKey('ed25519')
  const keyFile = join(folder, 'key')
  await writeFile(keyFile, pair.private, { mode: 0o600 })
  return { keyFile, publicKey: pair.public, fingerprint: readSshKey(pair.public).fingerprint }
}

function identityOf(accounts: ReadonlyMap<string, Who>, keys: ReadonlySet<string>): SftpIdentity {
  const refused = { ok: false, refusal: { partner: null, account: null, login: '(unknown)' } } as const
  const signedIn = (login: string, fits: boolean) => {
    const who = accounts.get(login)
    return who === undefined || !fits ? refused : ({ ok: true, who } as const)
  }
  return {
    byPassword: async ({ login, secret }) => signedIn(login, secret === password),
    keyKnown: async (offered) => keys.has(offered.fingerprint) && accounts.has(offered.login),
    byKey: async (offered, proven) => signedIn(offered.login, proven && keys.has(offered.fingerprint)),
    refuse: async () => refused.refusal,
    account: async (id) => [...accounts.values()].find((who) => who.account === id) ?? null,
  }
}

export function connect(how: ConnectConfig): Promise<{ client: Client; sftp: SFTPWrapper }> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.on('error', reject)
    client.on('close', () => reject(new Error('the connection was closed')))
    // Else a packet, which is sent in three pieces, waits for an acknowledgement in its middle.
    client.on('ready', () => client.setNoDelay(true))
    client.on('ready', () =>
      client.sftp((error, sftp) => (error ? reject(error) : resolve({ client, sftp }))),
    )
    client.connect({ host: '127.0.0.1', ...how })
  })
}
