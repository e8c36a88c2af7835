import type { SftpLog, WriteTransfer } from './ports.ts'

/**
 * The transfer log as the file server uses it: a line that cannot be stored is told in the node's own log, and
 * keeps nobody from their files.
 */
export function createTransferLog(store: WriteTransfer, log: SftpLog) {
  const storing = new Set<Promise<void>>()

  /** Resolves when the line is stored, or could not be. */
  const write: WriteTransfer = (line) => {
    const { partner, login, action, path, result } = line
    const done = store(line)
      .catch((error: unknown) =>
        log.error({ partner, login, action, path, result, reason: String(error) }, 'sftp.transfer-log.away'),
      )
      .finally(() => storing.delete(done))
    storing.add(done)
    return done
  }

  return {
    write,
    /** Resolves when no line is on its way. */
    async settled(): Promise<void> {
      while (storing.size > 0) await Promise.all(storing)
    },
  }
}
