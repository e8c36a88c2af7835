import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A partner's or the node's own GnuPG, with a key ring of its own. */
export interface Gpg {
  /** Its folder. */
  readonly home: string
  /** Runs gpg; gives what it wrote. */
  run(args: readonly string[], input?: Uint8Array | string): Buffer
  /** Makes a key without a passphrase that signs and can be encrypted for; gives its fingerprint. */
  makeKey(userId: string, signing: string, encryption: string | null, expires?: string): string
  publicKey(fingerprint: string): string
  privateKey(fingerprint: string): string
  /** Imports a public key. */
  take(armored: string): void
  close(): void
}

const quiet = ['--batch', '--yes', '--quiet', '--no-tty', '--trust-model', 'always', '--passphrase', '']

export function createGpg(): Gpg {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'))
  const env = { ...process.env, GNUPGHOME: home }
  const run = (args: readonly string[], input?: Uint8Array | string): Buffer =>
    execFileSync('gpg', [...quiet, '--pinentry-mode', 'loopback', ...args], {
      env,
      input,
      maxBuffer: 2 ** 30,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  return {
    home,
    run,
    makeKey(userId, signing, encryption, expires = 'never') {
      run(['--quick-gen-key', userId, signing, 'sign', expires])
      const [, fingerprint = ''] = /^fpr:+([0-9A-F]+):/m.exec(
        run(['--list-keys', '--with-colons', userId]).toString(),
      ) ?? ['', '']
      if (encryption !== null) run(['--quick-add-key', fingerprint, encryption, 'encr', expires])
      return fingerprint
    },
    publicKey: (fingerprint) => run(['--armor', '--export', fingerprint]).toString(),
    privateKey: (fingerprint) => run(['--armor', '--export-secret-keys', fingerprint]).toString(),
    take(armored) {
      run(['--import'], armored)
    },
    close() {
      execFileSync('gpgconf', ['--kill', 'all'], { env })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
