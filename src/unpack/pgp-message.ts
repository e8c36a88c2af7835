import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import {
  type Config,
  type DecryptMessageResult,
  decrypt,
  decryptSessionKeys,
  enums,
  type Key,
  type Message,
  type PrivateKey,
  type PublicKey,
  readKey,
  readMessage,
  readPrivateKey,
  type SessionKey,
  type VerifyMessageResult,
  verify,
} from 'openpgp'
import type { ByteSource } from './byte-source.ts'
import { headOf, sizeOf } from './byte-source.ts'
import { clockAheadMs } from './pgp-key.ts'
import { isArmored, type SealKeys, type SealLimits, SealRefused } from './seal-refusal.ts'

/** What a sealed file turned out to be. */
export interface Opened {
  readonly encrypted: boolean
  /** Fingerprint (upper-case hex) of the partner's key that signed it; null when nothing could be held against one. */
  readonly signedBy: string | null
  readonly bytes: number
}

/** Parsed keys, so that twenty thousand files of one partner parse them once. */
const parsed = new Map<string, Promise<Key>>()
const parsedMax = 200

/** Stands for a recipient that the sender does not name (gpg --hidden-recipient). */
const hiddenKeyId = '0'.repeat(16)

type Signatures = DecryptMessageResult['signatures']
type Content = WebStream<Uint8Array> | Uint8Array

/**
 * Opens one message and writes its content to a new file. What is written before the end is not authenticated:
 * the caller removes the file when this throws.
 * @param now milliseconds since 1970; keys must be in force then.
 * @param onProgress called as bytes are written.
 * Throws SealRefused for what the sender must put right; other errors are of the disk.
 */
export async function openMessage(
  source: ByteSource,
  keys: SealKeys,
  target: string,
  limits: SealLimits,
  now: number,
  onProgress: () => void,
): Promise<Opened> {
  const file = await open(target, 'wx', 0o600)
  try {
    const [ours, theirs, size] = await Promise.all([
      Promise.all(keys.ours.map(privateKeyOf)),
      Promise.all(keys.theirs.map(publicKeyOf)),
      sizeOf(source),
    ])
    const config = configOf(size, limits)
    const { encrypted, data, signatures } = await begin(source, ours, theirs, config, limits, now)
    const bytes = await writeAll(file, data, { size, limits, onProgress })
    const signedBy = await signerOf(signatures, theirs, now, keys.mustSign)
    await file.sync()
    return { encrypted, signedBy, bytes }
  } finally {
    await file.close()
  }
}

function configOf(size: number, limits: SealLimits): Partial<Config> {
  return {
    // Nothing of the file is used before its end is authenticated, so it need not be held in memory until then.
    allowUnauthenticatedStream: true,
    allowUnauthenticatedMessages: false,
    maxDecompressedMessageSize: Math.min(
      limits.bytesMax + 2 ** 20,
      Math.max(limits.ratioFreeBytes, size * limits.ratioMax) + 2 ** 20,
    ),
  }
}

/** Reads as far as the content's beginning. */
async function begin(
  source: ByteSource,
  ours: readonly PrivateKey[],
  theirs: readonly PublicKey[],
  config: Partial<Config>,
  limits: SealLimits,
  now: number,
): Promise<{ encrypted: boolean; data: Content; signatures: Signatures }> {
  const message = await brokenUnlessRead(() => messageOf(source, config))
  const encrypted = isEncrypted(message)
  if (encrypted) checkRecipients(message, ours, limits)
  const date = new Date(now + clockAheadMs)
  const common = { verificationKeys: [...theirs], format: 'binary' as const, date, config }
  const sessionKeys = encrypted ? await sessionKeysOf(message, ours, config) : []
  const read = async () =>
    encrypted ? await decrypt({ message, sessionKeys, ...common }) : await verify({ message, ...common })
  const { data, signatures } = (await brokenUnlessRead(read)) as VerifyMessageResult<Content>
  // Each one costs a hash over the whole content.
  if (signatures.length > limits.signaturesMax)
    throw new SealRefused('FILE_PGP_BROKEN', `it has more than ${limits.signaturesMax} signatures.`)
  return { encrypted, data, signatures }
}

async function messageOf(source: ByteSource, config: Partial<Config>): Promise<Message<Content>> {
  const bytes = 'path' in source ? createReadStream(source.path, { highWaterMark: 2 ** 18 }) : [source.bytes]
  const armored = isArmored(await headOf(source, 64))
  const stream = Readable.from(armored ? latin1Of(bytes) : bytes)
  if (armored)
    return readMessage({ armoredMessage: Readable.toWeb(stream) as WebStream<string>, config }) as Promise<
      Message<Content>
    >
  return readMessage({ binaryMessage: Readable.toWeb(stream) as WebStream<Uint8Array>, config }) as Promise<
    Message<Content>
  >
}

async function* latin1Of(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  for await (const piece of bytes) yield Buffer.from(piece).toString('latin1')
}

function isEncrypted(message: Message<Content>): boolean {
  const { symmetricallyEncryptedData, symEncryptedIntegrityProtectedData, aeadEncryptedData } = enums.packet
  return (
    message.packets.filterByTag(
      symmetricallyEncryptedData,
      symEncryptedIntegrityProtectedData,
      aeadEncryptedData,
    ).length > 0
  )
}

/** The key ids that it is encrypted for must hold one of ours; an id of zeros hides the recipient. */
function checkRecipients(message: Message<Content>, ours: readonly PrivateKey[], limits: SealLimits): void {
  const recipients = message.getEncryptionKeyIDs()
  if (recipients.length > limits.recipientsMax)
    throw new SealRefused('FILE_PGP_BROKEN', `it is encrypted for more than ${limits.recipientsMax} keys.`)
  if (recipients.length === 0)
    throw new SealRefused(
      'FILE_PGP_KEY_WRONG',
      `it is encrypted with a password only; encrypt it for ${ourNames(ours)}.`,
    )
  if (recipients.some((id) => id.toHex() === hiddenKeyId || ours.some((key) => key.getKeys(id).length > 0)))
    return
  const ids = recipients.map((id) => id.toHex().toUpperCase())
  throw new SealRefused(
    'FILE_PGP_KEY_WRONG',
    `it is encrypted for ${listed(ids)}, which is no key of ours; encrypt it for ${ourNames(ours)}.`,
  )
}

async function sessionKeysOf(
  message: Message<Content>,
  ours: readonly PrivateKey[],
  config: Partial<Config>,
): Promise<SessionKey[]> {
  const hidden = message.getEncryptionKeyIDs().some((id) => id.toHex() === hiddenKeyId)
  try {
    return (await decryptSessionKeys({
      message,
      decryptionKeys: [...ours],
      config,
    })) as SessionKey[]
  } catch {
    if (hidden)
      throw new SealRefused(
        'FILE_PGP_KEY_WRONG',
        `none of our keys opens it; encrypt it for ${ourNames(ours)}.`,
      )
    throw new SealRefused('FILE_PGP_BROKEN', changedReason)
  }
}

function ourNames(ours: readonly PrivateKey[]): string {
  return ours.length === 0 ? 'our key (there is none yet)' : `our key ${listed(ours.map(shortName))}`
}

/** The 16 digits by which gpg names a key. */
function shortName(key: Key): string {
  return key.getKeyID().toHex().toUpperCase()
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

/** Writes the content out, within the limits. */
async function writeAll(
  file: FileHandle,
  data: Content,
  bounds: { size: number; limits: SealLimits; onProgress: () => void },
): Promise<number> {
  const { size, limits, onProgress } = bounds
  const ratioBytesMax = Math.max(limits.ratioFreeBytes, size * limits.ratioMax)
  let bytes = 0
  for await (const piece of brokenWhileRead(data instanceof Uint8Array ? [data] : data)) {
    bytes += piece.length
    if (bytes > limits.bytesMax)
      throw new SealRefused('FILE_ARCHIVE_REFUSED', `it unpacks to more than ${limits.bytesMax} bytes.`)
    if (bytes > ratioBytesMax)
      throw new SealRefused(
        'FILE_ARCHIVE_REFUSED',
        `it unpacks to more than ${limits.ratioMax} times its size.`,
      )
    for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten
    onProgress()
  }
  return bytes
}

/** The key that signed; every signature by a key that we know must be good. */
async function signerOf(
  signatures: Signatures,
  theirs: readonly PublicKey[],
  now: number,
  mustSign: boolean,
): Promise<string | null> {
  const unknown: string[] = []
  let signer: string | null = null
  for (const { keyID, verified } of signatures) {
    const key = theirs.find((candidate) => candidate.getKeys(keyID).length > 0)
    if (key === undefined) {
      unknown.push(keyID.toHex().toUpperCase())
      continue
    }
    await checkInForce(key, now)
    try {
      await verified
    } catch (error) {
      throw new SealRefused(
        'FILE_PGP_SIGNATURE_BAD',
        `its signature by ${shortName(key)} is not good: ${plainReason(error)}`,
      )
    }
    signer ??= key.getFingerprint().toUpperCase()
  }
  if (signer === null && unknown.length > 0 && (theirs.length > 0 || mustSign)) {
    const known = theirs.length === 0 ? 'none is known' : `known: ${listed(theirs.map(shortName))}`
    throw new SealRefused(
      'FILE_PGP_SIGNATURE_BAD',
      `it is signed by ${listed(unknown)}, which is no key of this partner (${known}).`,
    )
  }
  return signer
}

/** A key that has expired or was revoked signs nothing any more, whatever time the signature gives. */
async function checkInForce(key: PublicKey, now: number): Promise<void> {
  const date = new Date(now)
  if (await key.isRevoked(undefined, undefined, date))
    throw new SealRefused(
      'FILE_PGP_SIGNATURE_BAD',
      `it is signed by ${shortName(key)}, a key that was revoked.`,
    )
  const expires = await key.getExpirationTime()
  if (expires instanceof Date && expires <= date)
    throw new SealRefused(
      'FILE_PGP_SIGNATURE_BAD',
      `it is signed by ${shortName(key)}, a key that expired on ${expires.toISOString().slice(0, 10)}.`,
    )
}

async function* brokenWhileRead(
  data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* data
  } catch (error) {
    throw refusalOf(error)
  }
}

async function brokenUnlessRead<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw refusalOf(error)
  }
}

/** What the OpenPGP library says of bytes, as a refusal; errors of the disk as they are. */
function refusalOf(error: unknown): unknown {
  if (error instanceof SealRefused || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (/^E[A-Z]+$/.test(code)) return error
  if (/Maximum decompressed|decompressed (?:message )?size/i.test(error.message))
    return new SealRefused('FILE_ARCHIVE_REFUSED', 'it unpacks to too many times its size.')
  return new SealRefused('FILE_PGP_BROKEN', plainReason(error))
}

/**
 * The same words whether the session key or the content is wrong: telling them apart would help to open somebody
 * else's file by sending changed ones (RSA with PKCS #1 padding).
 */
const changedReason = 'it was damaged or changed on its way; send it again.'

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/modification detected|authentication tag|integrity|GCM|OCB|tag mismatch/i, changedReason],
  [
    /premature end|unexpected end|end of (?:packet|stream|file|input)|misformed armored|incomplete/i,
    'it is cut off; send it again.',
  ],
  [/ascii armor integrity|CRC/i, 'its armor is damaged; send it as a binary file.'],
  [/one literal data packet|not allowed|grammar|unexpected packet/i, 'it is a message in a message.'],
  [/not integrity.protected|without integrity/i, 'it lacks protection against change (MDC).'],
  [
    /signed digest did not match|signature verification failed|invalid signature/i,
    'the content was changed.',
  ],
  [/insecure (?:message )?hash/i, 'it uses a hash that is no longer safe; use SHA-256.'],
  [/in the future/i, 'it is dated in the future.'],
  [/expired/i, 'the key had expired.'],
]

function plainReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const found = REASONS.find(([pattern]) => pattern.test(text))
  return found?.[1] ?? `it is damaged (${text.replace(/^.*?: /, '').slice(0, 120)}).`
}

function privateKeyOf(armored: string): Promise<PrivateKey> {
  return remembered(armored, () => readPrivateKey({ armoredKey: armored })) as Promise<PrivateKey>
}

function publicKeyOf(armored: string): Promise<PublicKey> {
  return remembered(armored, () => readKey({ armoredKey: armored })) as Promise<PublicKey>
}

function remembered(armored: string, read: () => Promise<Key>): Promise<Key> {
  const known = parsed.get(armored)
  if (known !== undefined) return known
  if (parsed.size >= parsedMax) parsed.clear()
  const key = read()
  parsed.set(armored, key)
  return key
}
