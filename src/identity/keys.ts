import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { Database } from '../db/database.ts'
import { type KeyPurpose, type KeyRow, listKeys, putKey } from '../store/keys.ts'

/**
 * The node's Ed25519 keys: one signs access tokens, one signs papers (acknowledgements, receipts, audit
 * seals). Public parts are published; retired keys still verify what they signed.
 */
export interface Keys {
  /** A compact JWS (RFC 7515) over these claims by the newest key of the purpose. */
  sign(purpose: KeyPurpose, type: string, claims: object): Promise<string>
  /**
   * What makes detached signatures (base64url) with the key for papers. Got before a transaction and used in it:
   * reading the keys takes a transaction of its own.
   */
  sealer(): Promise<(text: string) => { readonly kid: string; readonly signature: string }>
  /** The published set (RFC 7517). */
  publicKeys(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>
  /** The public key of this name and purpose; a key that another process has just made is found too. */
  publicKey(purpose: KeyPurpose, kid: string): Promise<KeyObject | null>
  /** Puts a new key in force; the old ones go on verifying. */
  rotate(purpose: KeyPurpose): Promise<void>
}

interface Loaded {
  readonly row: KeyRow
  readonly key: KeyObject
}

/** Keys made by another process are published and used for signing here within this time. */
const staleMs = 60_000
/** Names of keys that nobody knows, as in forged tokens, cause no more than one reading in this time. */
const rereadMs = 1000

export function createKeys(db: Database, now: () => number = Date.now): Keys {
  let loaded: Promise<readonly Loaded[]> | null = null
  let loadedAt = 0

  return {
    async sign(purpose, type, claims) {
      const { row, key } = await newest(purpose)
      const head = encode({ alg: 'EdDSA', kid: row.kid, typ: type })
      const text = `${head}.${encode(claims)}`
      return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
    },
    async sealer() {
      const { row, key } = await newest('paper')
      return (text) => ({ kid: row.kid, signature: sign(null, Buffer.from(text), key).toString('base64url') })
    },
    async publicKeys() {
      return { keys: (await all()).map(({ row }) => row.publicJwk) }
    },
    async publicKey(purpose, kid) {
      const named = ({ row }: Loaded) => row.purpose === purpose && row.kid === kid && !withdrawn(row)
      const found = (await all()).find(named) ?? (await all(rereadMs)).find(named)
      return found === undefined ? null : createPublicKey(found.key)
    },
    async rotate(purpose) {
      const key = newKey(purpose)
      await db.transact((tx) => putKey(tx, key))
      loaded = null
    },
  }

  async function newest(purpose: KeyPurpose): Promise<Loaded> {
    const found = (await all()).find(({ row }) => row.purpose === purpose && !row.retired)
    if (found === undefined) throw new Error(`there is no key for ${purpose}`)
    return found
  }

  /** The keys as they stood at most this long ago. A clock set back counts as long. */
  function all(maxMs = staleMs): Promise<readonly Loaded[]> {
    const at = now()
    if (loaded === null || at - loadedAt >= maxMs || at < loadedAt) {
      loadedAt = at
      loaded = load().catch((error: unknown) => {
        loaded = null
        throw error
      })
    }
    return loaded
  }

  async function load(): Promise<readonly Loaded[]> {
    const rows = await db.transact(async (tx) => {
      const known = await listKeys(tx)
      for (const purpose of ['token', 'paper'] as const)
        if (!known.some((row) => row.purpose === purpose)) await putKey(tx, newKey(purpose))
      return listKeys(tx)
    })
    return rows.map((row) => ({ row, key: createPrivateKey(row.privateKey) }))
  }
}

/** A withdrawn key for tokens signs nobody in; one for papers still verifies the papers it signed. */
function withdrawn(row: KeyRow): boolean {
  return row.retired && row.purpose === 'token'
}

function newKey(purpose: KeyPurpose): Omit<KeyRow, 'retired'> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' })
  // RFC 7638: the thumbprint names the key.
  const kid = hash('sha256', JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }), 'base64url')
  const privateText = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { kid, purpose, privateKey: privateText, publicJwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' } }
}

/** Is this signature over the text by one of these published keys? Needs no server. */
export function sealFits(
  text: string,
  seal: { readonly kid: string; readonly signature: string },
  keys: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const jwk = keys.find((candidate) => candidate.kid === seal.kid)
  if (jwk === undefined || jwk.kty !== 'OKP') return false
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify(null, Buffer.from(text), key, Buffer.from(seal.signature, 'base64url'))
}

/** Claims of a compact JWS by one of these keys, or null when anything about it is wrong. */
export function readSigned(
  jws: string,
  keys: readonly Readonly<Record<string, unknown>>[],
): { readonly type: string; readonly claims: Readonly<Record<string, unknown>> } | null {
  const [head = '', body = '', signature = '', ...more] = jws.split('.')
  if (more.length > 0 || signature === '') return null
  try {
    const header = decode(head)
    if (header.alg !== 'EdDSA' || typeof header.kid !== 'string') return null
    if (!sealFits(`${head}.${body}`, { kid: header.kid, signature }, keys)) return null
    return { type: String(header.typ), claims: decode(body) }
  } catch {
    return null
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
}
