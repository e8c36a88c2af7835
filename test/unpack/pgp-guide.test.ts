import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSealed } from '../../src/unpack/pgp.ts'
import { newOurKey, publicPartOf, readTheirKey } from '../../src/unpack/pgp-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'guide-'))
const home = join(folder, 'home')
const env = { ...process.env, GNUPGHOME: home }
afterAll(() => {
  execFileSync('gpgconf', ['--kill', 'all'], { env })
  rmSync(folder, { recursive: true, force: true })
})

test("a technician who follows the guide's commands sends a file that is opened", async () => {
  mkdirSync(home, { mode: 0o700 })
  // Answers what gpg asks a person: the passphrase, and whether they are sure.
  writeFileSync(join(folder, 'passphrase'), '')
  writeFileSync(
    join(home, 'gpg.conf'),
    `batch\nyes\nquiet\npinentry-mode loopback\npassphrase-file ${join(folder, 'passphrase')}\n`,
  )
  const ours = await newOurKey('Tributary', 'curve25519', Date.now())
  writeFileSync(join(folder, 'node-public.asc'), await publicPartOf(ours.armored))
  writeFileSync(join(folder, '20240102030405_CA0990100.csv'), 'id|name\n1|Ann\n')
  const guide = readFileSync(new URL('../../docs/guide/pgp.md', import.meta.url), 'utf8')
  const commands = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text]) => text ?? '')
  expect(commands.length).toBe(4)
  for (const text of commands)
    execFileSync('bash', ['-euo', 'pipefail', '-c', text], { cwd: folder, env, stdio: 'pipe' })
  const theirs = await readTheirKey(readFileSync(join(folder, 'alder-public.asc'), 'utf8'), Date.now())
  const opened = await openSealed(
    { path: join(folder, '20240102030405_CA0990100.csv.pgp') },
    { ours: [ours.armored], theirs: [theirs.armored], mustEncrypt: true, mustSign: true },
    join(folder, 'opened'),
  )
  expect(opened).toMatchObject({ encrypted: true, signedBy: theirs.fingerprint })
  expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe('id|name\n1|Ann\n')
})
