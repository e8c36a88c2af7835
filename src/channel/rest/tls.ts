import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { Fault } from '../../fault/fault.ts'
import type { TlsFiles } from './config.ts'

/**
 * Reads the certificate, its key and the client authorities, and proves that they fit together before
 * anything serves them. Throws fault CONFIG_WRONG, which names the file but shows nothing of it.
 */
export async function readTls(files: TlsFiles): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all([
    readPem(files.cert),
    readPem(files.key),
    files.clientCa === null ? null : readPem(files.clientCa),
  ])
  const options: SecureContextOptions = {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ...(ca === null ? {} : { ca }),
  }
  try {
    createSecureContext(options)
  } catch (cause) {
    throw new Fault(
      'CONFIG_WRONG',
      { reason: `The certificate ${files.cert} and the key ${files.key} cannot be used together.` },
      cause,
    )
  }
  return options
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Fault('CONFIG_WRONG', { reason: `${path} cannot be read.` }, cause)
  }
}
