import { createMessage, encrypt, readKey, readPrivateKey } from 'openpgp'

/** Keys to protect bytes with, armored. */
export interface SealingKeys {
  /** Public keys that it is encrypted for. */
  readonly theirs: readonly string[]
  /** Private keys that it is signed with; none leaves it unsigned. */
  readonly ours: readonly string[]
}

/** Bytes signed and encrypted as a binary OpenPGP message. Held in memory: for reports, not for deliveries. */
export async function sealFor(bytes: Uint8Array, { theirs, ours }: SealingKeys): Promise<Uint8Array> {
  const [encryptionKeys, signingKeys] = await Promise.all([
    Promise.all(theirs.map((armoredKey) => readKey({ armoredKey }))),
    Promise.all(ours.map((armoredKey) => readPrivateKey({ armoredKey }))),
  ])
  const message = await createMessage({ binary: bytes })
  return encrypt({ message, encryptionKeys, signingKeys, format: 'binary' })
}
