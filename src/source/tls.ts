import type { ServerSpec } from './source.ts'

/** Options of Node's TLS for a database; null where the connection is plain. */
export function tlsOptions({
  tls,
  ca,
  host,
}: ServerSpec): { rejectUnauthorized: boolean; ca?: string; servername?: string } | null {
  if (tls === 'off') return null
  return {
    rejectUnauthorized: tls === 'verify',
    ...(ca === null ? {} : { ca }),
    // An address has no name to ask for.
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  }
}
