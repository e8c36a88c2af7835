import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSealOpener, isSealed, OPENER_LIMITS, openSealed } from '../../src/unpack/pgp.ts'
import { sealFor } from '../../src/unpack/seal.ts'
import { checkSeal } from '../../src/unpack/seal-refusal.ts'
import { createGpg, type Gpg } from './gpg.ts'

const folder = mkdtempSync(join(tmpdir(), 'pgp-'))
const opener = createSealOpener()
let gpg: Gpg
let rsaNode: string
let curveNode: string
let agency: string
let rsaAgency: string

beforeAll(() => {
  gpg = createGpg()
  rsaNode = gpg.makeKey('Node RSA <node-rsa@example.org>', 'rsa2048', 'rsa2048')
  curveNode = gpg.makeKey('Node Curve <node-curve@example.org>', 'ed25519', 'cv25519')
  agency = gpg.makeKey('Agency <agency@example.org>', 'ed25519', 'cv25519')
  rsaAgency = gpg.makeKey('Agency RSA <agency-rsa@example.org>', 'rsa2048', null)
})

afterAll(async () => {
  gpg.close()
  await opener.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Asked {
  readonly ours?: readonly string[]
  readonly theirs?: readonly string[]
  readonly mustEncrypt?: boolean
  readonly mustSign?: boolean
  readonly now?: number
}

let count = 0

/** Opens the bytes from memory and from a file, which must agree; on failure no target may be left. */
async function opening(bytes: Uint8Array, asked: Asked = {}) {
  const keys = {
    ours: asked.ours ?? [gpg.privateKey(rsaNode), gpg.privateKey(curveNode)],
    theirs: asked.theirs ?? [gpg.publicKey(agency), gpg.publicKey(rsaAgency)],
    mustEncrypt: asked.mustEncrypt ?? false,
    mustSign: asked.mustSign ?? false,
  }
  count += 1
  const path = join(folder, `${count}.pgp`)
  writeFileSync(path, bytes)
  const one = await outcome(() => opener.open({ bytes }, keys, `${path}.a`, asked.now), `${path}.a`)
  const other = await outcome(() => opener.open({ path }, keys, `${path}.b`, asked.now), `${path}.b`)
  expect(other).toEqual(one)
  return one
}

async function outcome(open: () => Promise<object>, target: string) {
  try {
    const opened = await open()
    expect(statSync(target).mode & 0o777).toBe(0o600)
    return { ...opened, text: readFileSync(target, 'latin1') }
  } catch (error) {
    expect([existsSync(target), existsSync(`${target}.unverified`)]).toEqual([false, false])
    const { name, code, reason } = error as { name: string; code: string; reason: string }
    if (name !== 'SealRefused') throw error
    return { code, reason }
  }
}

const text = `id|name\n${Array.from({ length: 500 }, (_, n) => `${n}|Ann ${n * 7919}`).join('\n')}\n`

/** What the agency's technician runs. */
function sealed(recipient: string, more: readonly string[] = [], signer = agency, content = text): Buffer {
  return gpg.run([...more, '-u', signer, '-r', recipient, '--sign', '--encrypt'], content)
}

/** The 16 digits by which gpg names a key. */
function shortName(fingerprint: string): string {
  return fingerprint.slice(-16)
}

test.each([
  ['binary', []],
  ['armored', ['--armor']],
  ['not compressed', ['-z', '0']],
  ['compressed with zlib', ['--compress-algo', 'zlib']],
  ['compressed with bzip2', ['--compress-algo', 'bzip2']],
  ['for a recipient that it does not name', ['--throw-keyids']],
] as const)('a file that gpg signed and encrypted is opened: %s', async (_, options) => {
  for (const [node, signer] of [
    [rsaNode, rsaAgency],
    [curveNode, agency],
  ] as const) {
    const bytes = sealed(node, options, signer)
    expect(isSealed(bytes.subarray(0, 64))).toBe(true)
    expect(await opening(bytes, { mustEncrypt: true, mustSign: true })).toEqual({
      encrypted: true,
      signedBy: signer,
      bytes: text.length,
      text,
    })
  }
})

test('a file that is only encrypted, only signed, or only packed is opened when no more is asked', async () => {
  const encrypted = gpg.run(['-r', curveNode, '--encrypt'], text)
  expect(await opening(encrypted)).toMatchObject({ encrypted: true, signedBy: null, text })
  const signed = gpg.run(['-u', agency, '--sign'], text)
  expect(await opening(signed)).toMatchObject({ encrypted: false, signedBy: agency, text })
  const packed = gpg.run(['--store'], text)
  expect(await opening(packed)).toMatchObject({ encrypted: false, signedBy: null, text })
  for (const bytes of [encrypted, signed, packed]) expect(isSealed(bytes.subarray(0, 64))).toBe(true)
})

test('an empty file under OpenPGP is opened as an empty file', async () => {
  const bytes = sealed(curveNode, [], agency, '')
  expect(await opening(bytes)).toMatchObject({ bytes: 0, signedBy: agency, text: '' })
})

test('a file without the protection that is asked is refused', async () => {
  const encrypted = gpg.run(['-r', curveNode, '--encrypt'], text)
  expect(await opening(encrypted, { mustSign: true })).toEqual({
    code: 'FILE_PGP_UNSIGNED',
    reason: 'it is not signed, as it must be.',
  })
  const signed = gpg.run(['-u', agency, '--sign'], text)
  expect(await opening(signed, { mustEncrypt: true })).toEqual({
    code: 'FILE_PGP_UNENCRYPTED',
    reason: 'it is not encrypted, as it must be.',
  })
  const plain = { encrypted: false, signedBy: null }
  expect(() => checkSeal(plain, { mustEncrypt: true, mustSign: true })).toThrow('not encrypted')
  expect(() => checkSeal(plain, { mustEncrypt: false, mustSign: true })).toThrow('not signed')
  expect(() => checkSeal(plain, { mustEncrypt: false, mustSign: false })).not.toThrow()
})

test('a file for another key is refused, and the key to use is named', async () => {
  const { code, reason = '' } = (await opening(sealed(agency), { ours: [gpg.privateKey(curveNode)] })) as {
    code: string
    reason?: string
  }
  expect(code).toBe('FILE_PGP_KEY_WRONG')
  expect(reason).toMatch(/^it is encrypted for [0-9A-F]{16}, which is no key of ours; encrypt it for our key/)
  expect(reason).toContain(shortName(curveNode))
  const hidden = sealed(agency, ['--throw-keyids'])
  expect(await opening(hidden, { ours: [gpg.privateKey(curveNode)] })).toMatchObject({
    code: 'FILE_PGP_KEY_WRONG',
  })
})

test('a file under a password is refused', async () => {
  const bytes = gpg.run(['--symmetric', '--passphrase', 'secret'], text)
  expect(isSealed(bytes.subarray(0, 64))).toBe(true)
  const found = await opening(bytes)
  expect(found).toMatchObject({ code: 'FILE_PGP_KEY_WRONG' })
  expect('reason' in found && found.reason).toContain('password')
})

test('a signature by a key that is not known is refused, unless no key is known and none is asked', async () => {
  const bytes = sealed(curveNode)
  const other = await opening(bytes, { theirs: [gpg.publicKey(rsaAgency)] })
  expect(other).toEqual({
    code: 'FILE_PGP_SIGNATURE_BAD',
    reason: `it is signed by ${shortName(agency)}, which is no key of this partner (known: ${shortName(rsaAgency)}).`,
  })
  expect(await opening(bytes, { theirs: [], mustSign: true })).toMatchObject({
    code: 'FILE_PGP_SIGNATURE_BAD',
  })
  expect(await opening(bytes, { theirs: [] })).toMatchObject({ signedBy: null, text })
})

test('a changed byte in a signed file is found by its signature', async () => {
  const bytes = gpg.run(['-u', agency, '-z', '0', '--sign'], text)
  const at = bytes.indexOf('Ann 7919')
  expect(at).toBeGreaterThan(0)
  bytes[at] = 'B'.charCodeAt(0)
  expect(await opening(bytes)).toEqual({
    code: 'FILE_PGP_SIGNATURE_BAD',
    reason: `its signature by ${shortName(agency)} is not good: the content was changed.`,
  })
})

test('a changed byte anywhere in an encrypted file never lets its content through', async () => {
  const bytes = sealed(curveNode, ['-z', '0'])
  for (let at = 3; at < bytes.length; at += 2503) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 0x10
    const found = await opening(changed, { mustEncrypt: true, mustSign: true })
    expect(found, `byte ${at}`).toMatchObject({ code: expect.stringMatching(/^FILE_PGP_/) })
  }
})

test('a file that is cut off anywhere is refused', async () => {
  for (const options of [['-z', '0'], [], ['--armor']]) {
    const bytes = sealed(curveNode, options)
    for (const share of [0.02, 0.6, 0.999]) {
      const found = await opening(bytes.subarray(0, Math.floor(bytes.length * share)))
      expect(found, `${options} ${share}`).toMatchObject({ code: expect.stringMatching(/^FILE_PGP_/) })
    }
  }
})

test('garbage and an empty file are refused, not opened', async () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('nothing of the kind'),
    Buffer.from('-----BEGIN PGP MESSAGE-----\n\nnothing\n-----END PGP MESSAGE-----\n'),
    Buffer.from('-----BEGIN PGP MESSAGE-----\n\n'),
    Buffer.from(Array.from({ length: 5000 }, (_, n) => ((n * 7919) >> 3) & 255)),
    Buffer.concat([sealed(curveNode).subarray(0, 300), Buffer.alloc(3000, 0xd1)]),
    Buffer.from(gpg.publicKey(agency)),
    gpg.run(['--export', agency]),
  ])
    expect(await opening(bytes)).toMatchObject({ code: 'FILE_PGP_BROKEN' })
})

test('a clear-signed text and a message in a message are refused in words', async () => {
  const clear = gpg.run(['-u', agency, '--clearsign'], text)
  expect(isSealed(clear.subarray(0, 64))).toBe(true)
  expect(await opening(clear)).toEqual({
    code: 'FILE_PGP_BROKEN',
    reason: 'it is a clear-signed text; sign with --sign instead.',
  })
  const twice = gpg.run(['-r', curveNode, '-z', '0', '--encrypt', '--no-literal'], sealed(curveNode))
  expect(await opening(twice)).toMatchObject({ code: 'FILE_PGP_BROKEN' })
})

test('a key that has expired or was revoked signs nothing any more', async () => {
  const brief = gpg.makeKey('Brief <brief@example.org>', 'ed25519', null, '2d')
  const bytes = sealed(curveNode, [], brief)
  const theirs = [gpg.publicKey(brief)]
  expect(await opening(bytes, { theirs })).toMatchObject({ signedBy: brief, text })
  const late = await opening(bytes, { theirs, now: Date.now() + 3 * 86_400_000 })
  expect(late).toMatchObject({ code: 'FILE_PGP_SIGNATURE_BAD' })
  expect('reason' in late && late.reason).toContain('expired')

  const revocation = readFileSync(join(gpg.home, 'openpgp-revocs.d', `${brief}.rev`), 'utf8').replace(
    ':-----BEGIN',
    '-----BEGIN',
  )
  gpg.take(revocation)
  expect(await opening(bytes, { theirs: [gpg.publicKey(brief)] })).toEqual({
    code: 'FILE_PGP_SIGNATURE_BAD',
    reason: `it is signed by ${shortName(brief)}, a key that was revoked.`,
  })
})

test('a bomb is refused by its ratio or its size and leaves nothing behind', async () => {
  const zeros = Buffer.alloc(64 * 2 ** 20)
  for (const algorithm of ['zlib', 'bzip2']) {
    const bomb = gpg.run(['-r', curveNode, '--compress-algo', algorithm, '--encrypt'], zeros)
    expect(await opening(bomb)).toEqual({
      code: 'FILE_ARCHIVE_REFUSED',
      reason: expect.stringMatching(/^it unpacks to .* times its size\.$/),
    })
    const roomy = { ...OPENER_LIMITS.seal, ratioMax: 1e6, bytesMax: 2 ** 20 }
    const target = join(folder, `bomb-${algorithm}`)
    const keys = { ours: [gpg.privateKey(curveNode)], theirs: [], mustEncrypt: false, mustSign: false }
    const large = openSealed({ bytes: bomb }, keys, target, Date.now(), { ...OPENER_LIMITS, seal: roomy })
    await expect(large).rejects.toMatchObject({ code: 'FILE_ARCHIVE_REFUSED' })
    expect(existsSync(target)).toBe(false)
  }
})

test('too many recipients and too many signatures are refused', async () => {
  const many = sealed(curveNode, ['-r', rsaNode, '-r', agency])
  const keys = {
    ours: [gpg.privateKey(curveNode)],
    theirs: [gpg.publicKey(agency)],
    mustEncrypt: true,
    mustSign: true,
  }
  const open = (bytes: Uint8Array, limit: object) =>
    openSealed({ bytes }, keys, join(folder, 'many'), Date.now(), {
      ...OPENER_LIMITS,
      seal: { ...OPENER_LIMITS.seal, ...limit },
    })
  await expect(open(many, { recipientsMax: 2 })).rejects.toMatchObject({ code: 'FILE_PGP_BROKEN' })
  const signed = sealed(curveNode, ['-u', rsaAgency])
  await expect(open(signed, { signaturesMax: 1 })).rejects.toMatchObject({ code: 'FILE_PGP_BROKEN' })
  expect(await open(signed, {})).toMatchObject({ signedBy: agency })
})

test('a process that needs too much memory or falls silent is ended and the file refused', async () => {
  const bytes = sealed(curveNode, ['-z', '0'], agency, text.repeat(4000))
  const keys = { ours: [gpg.privateKey(curveNode)], theirs: [], mustEncrypt: true, mustSign: false }
  const target = join(folder, 'limited')
  const open = (limit: object) =>
    openSealed({ bytes }, keys, target, Date.now(), { ...OPENER_LIMITS, ...limit })
  await expect(open({ residentMegabytes: 10 })).rejects.toMatchObject({
    code: 'FILE_PGP_BROKEN',
    reason: 'the process that opened it needed more than 10 MB of memory.',
  })
  await expect(open({ silentMs: 1 })).rejects.toMatchObject({ code: 'FILE_PGP_BROKEN' })
  expect(existsSync(target)).toBe(false)
})

test('a node that is killed while a file is opened leaves no target, and the next one opens the file', async () => {
  const target = join(folder, 'again')
  writeFileSync(`${target}.unverified`, 'half of it')
  const keys = { ours: [gpg.privateKey(curveNode)], theirs: [], mustEncrypt: false, mustSign: false }
  await openSealed({ bytes: sealed(curveNode) }, keys, target)
  expect(readFileSync(target, 'utf8')).toBe(text)
  expect(existsSync(`${target}.unverified`)).toBe(false)
})

test('many files at a time are opened by few processes', async () => {
  const bytes = sealed(curveNode)
  const keys = { ours: [gpg.privateKey(curveNode)], theirs: [], mustEncrypt: true, mustSign: false }
  const targets = Array.from({ length: 40 }, (_, n) => join(folder, `many-${n}`))
  const processes = () =>
    readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .split(' ')
      .filter((pid) => pid !== '' && existsSync(`/proc/${pid}/cmdline`))
      .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pgp-child')).length
  let most = 0
  await Promise.all(
    targets.map(async (target) => {
      await opener.open({ bytes }, keys, target)
      most = Math.max(most, processes())
    }),
  )
  expect(most).toBeLessThanOrEqual(2)
  for (const target of targets) expect(readFileSync(target, 'utf8')).toBe(text)
})

test('a target that exists is not touched', async () => {
  const target = join(folder, 'there')
  writeFileSync(target, 'mine')
  const keys = { ours: [gpg.privateKey(curveNode)], theirs: [], mustEncrypt: false, mustSign: false }
  await expect(openSealed({ bytes: sealed(curveNode) }, keys, target)).rejects.toThrow('EEXIST')
  expect(readFileSync(target, 'utf8')).toBe('mine')
})

test('what we sign and encrypt is opened by gpg', async () => {
  const bytes = await sealFor(Buffer.from(text), {
    theirs: [gpg.publicKey(agency)],
    ours: [gpg.privateKey(curveNode)],
  })
  const status = gpg.run(['--status-fd', '2', '--decrypt'], bytes)
  expect(status.toString()).toBe(text)
  const ours = { ours: [gpg.privateKey(agency)], theirs: [gpg.publicKey(curveNode)] }
  expect(await opening(bytes, ours)).toMatchObject({ encrypted: true, signedBy: curveNode, text })
})

test('other kinds of files are not taken for OpenPGP', () => {
  const compound = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('id|name\n'),
    Buffer.from('\ufeffid|name\n'),
    Buffer.from('\ufeffid|name\n', 'utf16le'),
    Buffer.from('{"Élan":1}'),
    Buffer.from('Élan,Übung,ñandú\n'),
    Buffer.from('Élan,Übung,ñandú\n', 'latin1'),
    Buffer.from('PK\u0003\u0004'),
    Buffer.from([0x1f, 0x8b, 8, 0]),
    Buffer.from(compound),
    Buffer.from('<?xml version="1.0"?>'),
  ])
    expect(isSealed(bytes)).toBe(false)
})
