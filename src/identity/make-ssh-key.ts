import ssh2 from 'ssh2'

/** A pair of keys as OpenSSH writes them. */
export interface SshKeyPair {
  readonly private: string
  readonly public: string
}

/**
 * Makes a pair of keys. Some three in a thousand of the Ed25519 keys that the library makes cannot be read, by itself
 * or by OpenSSH, so each is read before it is given away.
 */
export function makeSshKey(kind: 'ed25519' | 'ecdsa'): SshKeyPair {
  for (;;) {
    const pair =
      kind === 'ed25519'
        ? ssh2.utils.generateKeyPairSync('ed25519')
        : ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
    const read = ssh2.utils.parseKey(pair.private)
    if (!(read instanceof Error)) return { private: pair.private, public: pair.public.trim() }
  }
}
