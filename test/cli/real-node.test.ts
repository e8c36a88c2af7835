import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stopHeader, stopRows } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'

/** The commands against a real node: what an office does from its first start to its first corrected file. */

const bin = new URL('../../bin/tributary.js', import.meta.url).pathname
const ORI = 'CA0990100'
const password = 'a-Passphrase-of-our-own-7'
let folder = ''
let node: NodeProcess
const env: Record<string, string> = { PATH: process.env.PATH ?? '' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  await firstSignIn(node, password)
  Object.assign(env, { HOME: folder, TRIBUTARY_URL: node.url })
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function tributary(as: { id: string; secret: string }, ...args: string[]) {
  const more = { TRIBUTARY_CLIENT_ID: as.id, TRIBUTARY_CLIENT_SECRET: as.secret }
  const done = await promisify(execFile)(process.execPath, [bin, ...args, '--json'], {
    env: { ...env, ...more },
  }).catch((error: { code: number; stdout: string; stderr: string }) => error)
  const code = 'code' in done ? done.code : 0
  const text = done.stdout.trim()
  return { code, result: text === '' ? null : JSON.parse(text), errors: done.stderr }
}

const administrator = { id: 'administrator', secret: password }

/** Recent invented stops as the agency's system would write them. */
function stopsFile(count: number, faults: number): string {
  const firstDay = new Date(Date.now() - 62 * 86_400_000).toISOString().slice(0, 10)
  const rows = [...generateStops({ seed: 5, count, ori: ORI, faults, firstDay })].flatMap((stop) =>
    stopRows(stop),
  )
  return [stopHeader('v2'), ...rows].map((row) => csvRow(row, '|')).join('')
}

test('from a new partner to a corrected file, all by command', async () => {
  expect((await tributary(administrator, 'partner', 'add', 'alder-pd', '--title', 'Alder Police')).code).toBe(
    0,
  )
  expect((await tributary(administrator, 'partner', 'identify', 'alder-pd', 'ori', ORI)).code).toBe(0)
  expect((await tributary(administrator, 'account', 'add', 'alder-feed', '--partner', 'alder-pd')).code).toBe(
    0,
  )
  await tributary(administrator, 'account', 'grant', 'alder-feed', 'ripa', 'submit', 'read', 'validate')
  const made = await tributary(administrator, 'account', 'secret', 'alder-feed')
  const agency = { id: made.result.clientId, secret: made.result.clientSecret }

  const path = join(folder, 'stops.csv')
  await writeFile(path, stopsFile(300, 0.2))
  const checked = await tributary(agency, 'check', path, '--exchange', 'ripa')
  const sent = await tributary(agency, 'submit', path, '--exchange', 'ripa')
  expect(sent.code).toBe(1)
  const { tracking, counts } = sent.result.submissions[0]
  expect(counts.received).toBe(300)
  expect(counts.created + counts.rejected).toBe(300)
  expect(checked.result.records).toBe(300)
  expect(checked.result.outcomes).toMatchObject({ created: counts.created, rejected: counts.rejected })

  const errors = join(folder, 'errors.csv')
  expect((await tributary(agency, 'errors', tracking, '--file', errors)).code).toBeLessThan(2)
  expect(await readFile(errors, 'utf8')).toContain('Error_Code')

  const receipt = join(folder, 'receipt.jws')
  await tributary(agency, 'receipt', 'get', tracking, '--file', receipt)
  expect((await tributary(agency, 'receipt', 'verify', receipt)).code).toBe(0)
}, 60_000)

test('an agency cannot do what only the centre may', async () => {
  const made = await tributary(administrator, 'account', 'secret', 'alder-feed')
  const agency = { id: made.result.clientId, secret: made.result.clientSecret }
  expect((await tributary(agency, 'partner', 'add', 'other', '--title', 'Other')).code).toBe(4)
}, 30_000)
