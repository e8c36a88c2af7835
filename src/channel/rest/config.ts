import { BlockList, isIP } from 'node:net'
import { Fault } from '../../fault/fault.ts'

/** What the operator decides about the REST channel. Every limit has its unit in its name. */
export interface RestConfig {
  /** Address to listen on; a name or an IP address. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Paths of PEM files, read again at `reloadCertificate` and when they change; null: plain HTTP. */
  readonly tls: TlsFiles | null
  /**
   * A proxy ends TLS in front of this node. Its addresses or networks (CIDR) may be named; then nobody else
   * is served over plain HTTP, and only they are believed about where a request comes from.
   */
  readonly behindProxy: boolean | readonly string[]
  /** Largest document of a submission. */
  readonly documentBytesMax: number
  /** Largest body of a call that carries one record. */
  readonly recordBytesMax: number
  /** Largest header block of a request. */
  readonly headerBytesMax: number
  /** How long a client may take for the headers, and for a small body. */
  readonly smallBodyMs: number
  /** How long a client may be silent while it sends a document. */
  readonly idleMs: number
  readonly connectionsMax: number
  /** How long open requests may take after `close` before they are cut. */
  readonly closeMs: number
}

export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Authorities that sign client certificates; null: certificates count by their fingerprint alone. */
  readonly clientCa: string | null
}

/** Limits that suit a small node; `host` and `port` are the loopback and any free port. */
export const REST_DEFAULTS: RestConfig = {
  host: '127.0.0.1',
  port: 0,
  tls: null,
  behindProxy: false,
  documentBytesMax: 4 * 2 ** 30,
  recordBytesMax: 2 ** 20,
  headerBytesMax: 16 * 2 ** 10,
  smallBodyMs: 20_000,
  idleMs: 60_000,
  connectionsMax: 2_000,
  closeMs: 20_000,
}

/**
 * Refuses a configuration in which passwords or data would cross a network unencrypted, or
 * that names a proxy wrongly. Throws fault CONFIG_WRONG.
 */
export function checkRestConfig(config: RestConfig): void {
  proxyList(config.behindProxy)
  const { behindProxy } = config
  const declared = typeof behindProxy === 'boolean' ? behindProxy : behindProxy.length > 0
  if (config.tls !== null || isLoopback(config.host) || declared) return
  throw new Fault('CONFIG_WRONG', {
    reason:
      `The REST channel would serve plain HTTP on ${config.host}, which other machines can reach. ` +
      'Give it a certificate and key, listen on 127.0.0.1, or declare the proxy that ends TLS in front of it.',
  })
}

/** Is this listening address, or the far end of a connection, on this machine? */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^::ffff:/i, '').replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

/** Tests whether an address is one of the declared proxies. Throws fault CONFIG_WRONG at a bad entry. */
export function proxyList(entries: boolean | readonly string[]): (address: string) => boolean {
  if (typeof entries === 'boolean') return () => entries
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address)
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix)
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32))
      throw new Fault('CONFIG_WRONG', { reason: `"${entry}" is neither an IP address nor a network.` })
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4')
  }
  return (address) => {
    const bare = address.replace(/^::ffff:/i, '')
    const family = isIP(bare)
    return family !== 0 && list.check(bare, family === 6 ? 'ipv6' : 'ipv4')
  }
}
