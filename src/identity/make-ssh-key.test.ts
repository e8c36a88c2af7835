import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { makeSshKey } from './make-ssh-key.ts'

test('every key that is made can be read', () => {
  for (let made = 0; made < 1000; made += 1)
    expect(ssh2.utils.parseKey(makeSshKey('ed25519').private)).not.toBeInstanceOf(Error)
  expect(ssh2.utils.parseKey(makeSshKey('ecdsa').private)).not.toBeInstanceOf(Error)
})
