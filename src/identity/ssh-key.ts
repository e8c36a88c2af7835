import { createPublicKey, hash } from 'node:crypto'
import ssh2 from 'ssh2'
import { Fault } from '../fault/fault.ts'

/** A public key as OpenSSH writes it. */
export interface SshKey {
  /** `SHA256:…` */
  readonly fingerprint: string
  /** Kind and base64, on one line. */
  readonly publicKey: string
  /** What stands behind the key in its file: often a name and a machine. */
  readonly comment: string
}

const KINDS: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
])
const rsaBitsMin = 2048
const charsMax = 10_000

/**
 * Reads one public key: a line of a `.pub` or `authorized_keys` file, or the format of RFC 4716 that PuTTY
 * exports. Throws fault BAD_REQUEST saying what is wrong with it.
 */
export function readSshKey(text: string): SshKey {
  if (text.length > charsMax) throw refused('This is too long for a public key.')
  if (text.includes('PRIVATE KEY'))
    throw refused('This is a private key. Keep it secret, and give the public one (.pub).')
  const line = text.startsWith('---- BEGIN SSH2 PUBLIC KEY ----') ? fromRfc4716(text) : text.trim()
  if (/[\r\n]/.test(line)) throw refused('Give one public key at a time.')
  const [kind = '', base64 = '', ...comment] = line.split(/\s+/)
  if (!KINDS.has(kind))
    throw refused(`'${kind.slice(0, 40)}' is not a kind of key: ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa.`)
  const publicKey = `${kind} ${base64}`
  const key = ssh2.utils.parseKey(publicKey)
  if (key instanceof Error) throw refused('This is not a public key as OpenSSH writes it.')
  const parsed = Array.isArray(key) ? key[0] : key
  if (parsed === undefined || parsed.type !== kind) throw refused('The key is not of the kind it says.')
  if (kind === 'ssh-rsa' && rsaBits(parsed.getPublicPEM()) < rsaBitsMin)
    throw refused(`An RSA key has at least ${rsaBitsMin} bits.`)
  return { fingerprint: sshFingerprint(parsed.getPublicSSH()), publicKey, comment: comment.join(' ') }
}

/** `SHA256:…` of a key in SSH's binary form, as `ssh-keygen -l` prints it. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${hash('sha256', blob, 'base64').replace(/=+$/, '')}`
}

function rsaBits(pem: string): number {
  return createPublicKey(pem).asymmetricKeyDetails?.modulusLength ?? 0
}

/** The same key on one line. Header lines may go on after a backslash (RFC 4716, 3.3). */
function fromRfc4716(text: string): string {
  const lines = text
    .trim()
    .replaceAll(/\\\r?\n/g, '')
    .split(/\r?\n/)
    .slice(1, -1)
  const base64 = lines.filter((line) => !line.includes(':')).join('')
  const comment =
    lines.find((line) => /^comment:/i.test(line))?.replace(/^comment:\s*"?(.*?)"?$/i, '$1') ?? ''
  const blob = Buffer.from(base64, 'base64')
  const kind = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1') : ''
  return `${kind} ${base64} ${comment}`.trim()
}

function refused(reason: string): Fault {
  return new Fault('BAD_REQUEST', { reason })
}
