import { join } from 'node:path'
import type { FileServer } from '../channel/rest/ports-bulk.ts'
import type { SftpLog } from '../channel/sftp/ports.ts'
import { SftpServer } from '../channel/sftp/server.ts'
import type { Database } from '../db/database.ts'
import type { Identity } from '../identity/identity.ts'
import type { Definitions } from '../run/deps.ts'
import { grouped } from '../store/grouped.ts'
import { putTransfers, type Transfer } from '../store/transfers.ts'
import type { Config } from './config.ts'

/** Where partners find the file server. */
export type SftpAddress = FileServer

/** Folder of the partners' trees, in the data folder. */
export function filesFolder(config: Pick<Config, 'dataFolder'>): string {
  return join(config.dataFolder, 'files')
}

const limits = {
  signInMs: 30_000,
  refusalMs: 1000,
  accountCheckMs: 30_000,
  sessionsPerAccountMax: 20,
  handlesPerSessionMax: 100,
}

/** Starts the file server when the settings name a port for it; null otherwise. */
export async function startSftp(deps: {
  readonly config: Config
  readonly db: Database
  readonly identity: Identity
  readonly definitions: Pick<Definitions, 'list'>
  readonly log: SftpLog
  readonly now: () => number
  readonly onUploaded: (partner: string) => void
}): Promise<{ readonly server: SftpServer; readonly address: SftpAddress } | null> {
  const { config, db, identity, log, now } = deps
  if (config.sftpPort === null) return null
  const keys = await identity.sftp.hostKeys()
  const put = grouped(async (rows: readonly Transfer[]) => {
    await db.transact((tx) => putTransfers(tx, rows))
    return rows.map(() => undefined)
  })
  const server = new SftpServer({
    config: {
      ...limits,
      host: config.sftpHost,
      port: config.sftpPort,
      hostKeys: keys.map((key) => key.privateKey),
      filesFolder: filesFolder(config),
      quotaBytes: config.sftpQuotaBytes,
      freeBytesMin: config.sftpFreeBytesMin,
      fileBytesMax: config.documentBytesMax,
      folderFilesMax: config.sftpFolderFilesMax,
      connectionsMax: config.sftpConnectionsMax,
      idleMs: config.sftpIdleSeconds * 1000,
    },
    identity: identity.sftp,
    exchanges: () => deps.definitions.list(),
    transfer: (line) => put({ at: new Date(now()).toISOString(), ...line }),
    log,
    now,
    onUploaded: deps.onUploaded,
  })
  const listening = await server.listen()
  const address = {
    ...listening,
    fingerprints: keys.map((key) => key.fingerprint),
    keys: keys.map(({ kind, fingerprint, publicKey }) => ({ kind, fingerprint, publicKey })),
  }
  log.info({ ...listening, fingerprints: address.fingerprints }, 'sftp.started')
  return { server, address }
}
