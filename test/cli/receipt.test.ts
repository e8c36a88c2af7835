import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { appendLeaves, leafHash, prove, rootOf } from '../../src/identity/merkle.ts'
import { tributary, workFolder } from './tributary.ts'

const cwd = workFolder()
const lines = Array.from({ length: 700 }, (_, index) =>
  JSON.stringify({
    position: index + 1,
    outcome: index % 7 === 0 ? 'rejected' : 'created',
    salt: `s${index}`,
  }),
)
const args = ['receipt', 'verify', 'one.receipt', '--keys', 'keys.json']

function file(name: string, content: string | Buffer): void {
  writeFileSync(join(cwd, name), content)
}

async function* each(items: readonly string[]): AsyncGenerator<string> {
  yield* items
}

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const claims = {
    kind: 'receipt',
    tracking: '1-abc',
    exchange: 'visits',
    partner: 'north',
    document: {
      sha256: createHash('sha256').update('the file').digest('hex'),
      bytes: 8,
      fileName: 'visits.csv',
    },
    receivedAt: '2026-03-01T08:00:00.000Z',
    counts: { received: 700, created: 600, rejected: 100 },
    log: { lines: 700, root: rootOf(appendLeaves([], lines.map(leafHash))) },
  }
  const signed = (typ: string, stated: object = claims) =>
    new CompactSign(Buffer.from(JSON.stringify(stated)))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ })
      .sign(privateKey)
  const jws = await signed('tributary-paper+jwt')
  file('one.receipt', `${jws}\n`)
  const second = await signed('tributary-paper+jwt', {
    ...claims,
    tracking: '1-def',
    log: { lines: 0, root: '' },
  })
  file('both.jws', `${jws}\n${second}\n`)
  file('token.receipt', `${await signed('at+jwt')}\n`)
  file('keys.json', JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }] }))
  const [header, , signature] = jws.split('.')
  const forged = Buffer.from(JSON.stringify({ ...claims, counts: { received: 700, created: 700 } }))
  file('forged.receipt', `${header}.${forged.toString('base64url')}.${signature}\n`)
  const other = await generateKeyPair('EdDSA', { extractable: true })
  file('other-keys.json', JSON.stringify({ keys: [{ ...(await exportJWK(other.publicKey)), kid: 'k1' }] }))
  // As the node writes it: gzip members one after another.
  const half = (from: number, to: number) => gzipSync(`${lines.slice(from, to).join('\n')}\n`)
  file('log.gz', Buffer.concat([half(0, 300), half(300, 700)]))
  file('log.ndjson', `${lines.join('\n')}\n`)
  file('visits.csv', 'the file')
  file('proof.json', JSON.stringify(await prove(each(lines), (line) => line.includes('"position":17,'))))
})

test('a receipt, its session log, its document and one record’s proof verify without a server', async () => {
  for (const log of ['log.gz', 'log.ndjson']) {
    const more = ['--log', log, '--document', 'visits.csv', '--proof', 'proof.json']
    const { code, stdout } = await tributary([...args, ...more], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('The receipt is valid.')
    expect(stdout).toContain('all 700 lines are as the receipt states')
  }
})

test('every receipt of a file that holds several is verified, and one of them held against its log', async () => {
  const both = ['receipt', 'verify', 'both.jws', '--keys', 'keys.json']
  const all = await tributary([...both, '--json'], { cwd })
  expect(all.code).toBe(0)
  expect(JSON.parse(all.stdout)).toMatchObject({
    valid: true,
    receipts: [{ receipt: { tracking: '1-abc' } }, { receipt: { tracking: '1-def' } }],
  })
  const unsaid = await tributary([...both, '--log', 'log.gz'], { cwd })
  expect(unsaid.code).toBe(2)
  expect(unsaid.stderr).toContain('--tracking')
  expect((await tributary([...both, '--tracking', '1-abc', '--log', 'log.gz'], { cwd })).code).toBe(0)
  expect((await tributary([...both, '--tracking', '1-def', '--log', 'log.gz'], { cwd })).code).toBe(1)
  expect((await tributary([...both, '--tracking', '1-xyz'], { cwd })).code).toBe(3)
})

test('an altered receipt, and one signed with another key, do not verify', async () => {
  const forged = await tributary(['receipt', 'verify', 'forged.receipt', '--keys', 'keys.json', '--json'], {
    cwd,
  })
  expect(forged.code).toBe(1)
  expect(JSON.parse(forged.stdout)).toMatchObject({
    valid: false,
    checks: [{ name: 'signature', holds: false }],
  })
  const other = await tributary(['receipt', 'verify', 'one.receipt', '--keys', 'other-keys.json'], { cwd })
  expect(other.code).toBe(1)
  const token = await tributary(['receipt', 'verify', 'token.receipt', '--keys', 'keys.json'], { cwd })
  expect(token.code).toBe(1)
})

test('a session log in which anything was changed, left out or cut off does not verify', async () => {
  const changed = lines.map((line, index) => (index === 351 ? line.replace('created', 'updated') : line))
  file('changed.ndjson', changed.join('\n'))
  file('shorter.ndjson', lines.slice(0, -1).join('\n'))
  file('cut.gz', gzipSync(lines.join('\n')).subarray(0, 500))
  for (const log of ['changed.ndjson', 'shorter.ndjson', 'cut.gz'])
    expect((await tributary([...args, '--log', log], { cwd })).code, log).toBe(1)
})

test('another document or an altered proof does not verify', async () => {
  file('other.csv', 'another file')
  file('lie.json', JSON.stringify({ line: lines[3], path: [] }))
  expect((await tributary([...args, '--document', 'other.csv'], { cwd })).code).toBe(1)
  expect((await tributary([...args, '--proof', 'lie.json'], { cwd })).code).toBe(1)
})

test('without any keys it says where to get them', async () => {
  const { code, stderr } = await tributary(['receipt', 'verify', 'one.receipt'], { cwd })
  expect(code).toBe(3)
  expect(stderr).toContain('--keys')
})
