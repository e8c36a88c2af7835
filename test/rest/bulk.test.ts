import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { BulkStatus, IntakeView, TreeEntry } from '../../src/channel/rest/ports-bulk.ts'
import { incompleteUploads, markIncomplete } from '../../src/store/incomplete-uploads.ts'
import type { IntakeFile } from '../../src/store/intake-files.ts'
import type { IntakeReport } from '../../src/store/intakes.ts'
import type { StoredTransfer } from '../../src/store/transfers.ts'
import { newPostgresUrl } from '../database.ts'
import { makeWells, wellFile } from '../flow/wells.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Files, what was sent back, the transfer log and how folders stand, by the API of a real node. */

const soon = { timeout: 30_000, interval: 100 }
const password = 'a-Passphrase-of-our-own-7'
const input = '/wells/PROD/INPUT'
const output = '/wells/PROD/OUTPUT'
let folder = ''
let node: NodeProcess
let centre: Client
let alder: Client
let birch: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk-'))
  // Springs are wells whose files need a checksum.
  await writeExchange('wells', 'files: { gather_seconds: 1 }')
  await writeExchange('springs', 'files: { gather_seconds: 1, checksum: required }')
  node = await startTributary({
    TRIBUTARY_DATA: join(folder, 'data'),
    TRIBUTARY_EXCHANGES: join(folder, 'exchanges'),
    DATABASE_URL: await newPostgresUrl(),
    TRIBUTARY_SFTP_PORT: '0',
    TRIBUTARY_SFTP_HOST: '127.0.0.1',
    TRIBUTARY_SCAN_SECONDS: '1',
  })
  centre = await firstSignIn(node, password)
  alder = await newAgency('alder', ['submit', 'read'])
  birch = await newAgency('birch', ['read'])
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function writeExchange(name: string, files: string): Promise<void> {
  const target = join(folder, 'exchanges', name)
  await cp(new URL('../fixtures/exchanges/wells', import.meta.url).pathname, target, { recursive: true })
  const path = join(target, 'exchange.yaml')
  const text = await readFile(path, 'utf8')
  await writeFile(path, `${text.replace('exchange: wells', `exchange: ${name}`)}${files}\n`)
}

async function newAgency(partner: string, grants: readonly string[]): Promise<Client> {
  const name = `${partner}-feed`
  await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
  await centre.json('POST', '/v1/accounts', { body: { name, partner, kind: 'machine' } })
  for (const exchange of ['wells', 'springs'])
    await centre.json('PUT', `/v1/accounts/${name}/grants/${exchange}`, { body: { grants } })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${name}/secret`,
  )
  return signIn(node.url, secret.clientId, secret.clientSecret)
}

interface Items<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

const contentOf = (path: string, partner = 'alder') =>
  `/v1/partners/${partner}/files/content?path=${encodeURIComponent(path)}`

function put(path: string, body: string | Uint8Array, client = centre): Promise<Response> {
  const headers = { 'content-type': 'application/octet-stream' }
  return client.request('PUT', contentOf(path), { body, headers })
}

async function tokenOf(): Promise<string> {
  const body = { account: 'administrator', password }
  return (await centre.json<{ access_token: string }>('POST', '/v1/authenticate', { body })).access_token
}

async function list(path: string, client = alder, more = ''): Promise<Items<TreeEntry>> {
  return client.json('GET', `/v1/partners/alder/files?path=${encodeURIComponent(path)}${more}`)
}

/** The file of this name in the latest intake that has it, when it has come to this state. */
async function fileIn(state: string, name: string, exchange = 'wells'): Promise<IntakeFile> {
  return vi.waitFor(async () => {
    const intakes = await centre.json<Items<IntakeView>>('GET', `/v1/intakes?exchange=${exchange}`)
    for (const { intake } of intakes.items) {
      const { items } = await centre.json<Items<IntakeFile>>('GET', `/v1/intakes/${intake}/files`)
      const file = items.find((one) => one.name === name)
      if (file !== undefined) {
        expect(file.state).toBe(state)
        return file
      }
    }
    throw new Error(`${name} was not picked up`)
  }, soon)
}

async function doneIntake(intake: string): Promise<IntakeView> {
  return vi.waitFor(async () => {
    const view = await centre.json<IntakeView>('GET', `/v1/intakes/${intake}`)
    expect(view.state).toBe('done')
    return view
  }, soon)
}

test('a file that an operator puts in is picked up, reported, and its reports come back by the API', async () => {
  const faulty = makeWells(4).map((well, index) => (index === 2 ? { ...well, state: 'Q' } : well))
  const answer = await put(`${input}/first.csv`, await wellFile('csv', faulty))
  expect(answer.status).toBe(201)
  expect(await answer.json()).toMatchObject({ name: 'first.csv', kind: 'file', incomplete: false })
  const file = await fileIn('done', 'first.csv')
  expect(file).toMatchObject({ total: 4, success: 3, errors: 1, format: 'csv' })
  const view = await doneIntake(file.intake)
  expect(view).toMatchObject({ partner: 'alder', files: 1, byState: { done: 1 }, total: 4, errors: 1 })

  const path = `/v1/intakes/${file.intake}/reports`
  const { items } = await alder.json<Items<IntakeReport>>('GET', path)
  expect(new Set(items.map(({ kind }) => kind))).toEqual(
    new Set(['errors', 'log', 'log-csv', 'receipt', 'summary-csv', 'summary-xml']),
  )
  const lying = (await list(output)).items
  expect(lying.map(({ name }) => name)).toEqual(items.map(({ name }) => name))
  for (const { name, size, contentType } of items) {
    const report = await alder.request('GET', `${path}/${name}`)
    expect(report.headers.get('content-type')).toBe(contentType)
    expect(report.headers.get('content-disposition')).toContain(name)
    const bytes = Buffer.from(await report.arrayBuffer())
    expect(bytes).toHaveLength(size)
    const inOutput = await alder.request('GET', contentOf(`${output}/${name}`))
    expect(Buffer.from(await inOutput.arrayBuffer()).equals(bytes)).toBe(true)
  }
  expect((await alder.request('GET', `${path}/nothing.csv`)).status).toBe(404)
}, 60_000)

test('another partner sees none of it, and may change nothing', async () => {
  const { items } = await alder.json<Items<IntakeView>>('GET', '/v1/intakes?state=done')
  const [intake] = items
  expect(intake?.partner).toBe('alder')
  const paths = ['', '/files', '/reports', `/reports/${intake?.intake}_log.txt`]
  for (const path of paths)
    expect((await birch.request('GET', `/v1/intakes/${intake?.intake}${path}`)).status, path).toBe(404)
  expect((await birch.json<Items<IntakeView>>('GET', '/v1/intakes')).items).toEqual([])
  expect((await birch.request('GET', '/v1/intakes?partner=alder')).status).toBe(404)
  expect((await birch.request('GET', '/v1/partners/alder/files')).status).toBe(404)
  expect((await birch.request('GET', contentOf(`${input}/first.csv`))).status).toBe(404)
  expect((await birch.request('GET', '/v1/transfers?partner=alder')).status).toBe(404)
  const file = await fileIn('done', 'first.csv')
  for (const word of ['rerun', 'hold', 'release', 'discard'])
    expect((await birch.request('POST', `/v1/intake-files/${file.file}/${word}`)).status, word).toBe(404)
  expect((await put(`${input}/b.csv`, 'x', alder)).status).toBe(403)
  expect((await alder.request('DELETE', contentOf(`${output}/${intake?.intake}_log.txt`))).status).toBe(403)
  expect((await alder.request('GET', '/v1/status/bulk')).status).toBe(403)
})

test('intakes and their files come page by page, each once', async () => {
  for (const name of ['p1.json', 'p2.json', 'p3.json'])
    await put(`${input}/${name}`, await wellFile('json', makeWells(1, { number: name })))
  const { intake } = await fileIn('done', 'p3.json')
  await doneIntake((await fileIn('done', 'p1.json')).intake)
  await doneIntake(intake)
  const all: string[] = []
  let after: string | null = null
  do {
    const query: string = after === null ? '' : `&after=${after}`
    const page: Items<IntakeView> = await alder.json('GET', `/v1/intakes?limit=1${query}`)
    expect(page.items.length).toBeLessThanOrEqual(1)
    all.push(...page.items.map((one) => one.intake))
    after = page.next
  } while (after !== null)
  const whole = await alder.json<Items<IntakeView>>('GET', '/v1/intakes')
  expect(all).toEqual(whole.items.map((one) => one.intake))
  expect(all).toEqual([...all].sort().reverse())
  const files = `/v1/intakes/${intake}/files`
  const expected = (await alder.json<Items<IntakeFile>>('GET', files)).items.map(({ name }) => name)
  const names: string[] = []
  after = null
  do {
    const query: string = after === null ? '' : `&after=${after}`
    const page: Items<IntakeFile> = await alder.json('GET', `${files}?limit=1${query}`)
    names.push(...page.items.map(({ name }) => name))
    after = page.next
  } while (after !== null)
  expect(names).toEqual(expected)
  expect((await alder.json<Items<IntakeFile>>('GET', `${files}?state=refused`)).items).toEqual([])
  expect((await alder.request('GET', '/v1/intakes?after=nonsense')).status).toBe(400)
}, 60_000)

test('a file held for its checksum is released or discarded by the centre, with the reason', async () => {
  for (const name of ['kept.json', 'lost.json'])
    await put(`/springs/PROD/INPUT/${name}`, await wellFile('json', makeWells(1, { number: name })))
  const kept = await fileIn('held', 'kept.json', 'springs')
  const lost = await fileIn('held', 'lost.json', 'springs')
  expect((await alder.request('POST', `/v1/intake-files/${kept.file}/release`)).status).toBe(403)
  const reason = 'The checksum was told by telephone.'
  const released = await centre.json('POST', `/v1/intake-files/${kept.file}/release`, { body: { reason } })
  expect(released).toMatchObject({
    state: 'taken',
    reason: 'Released by administrator (The checksum was told by telephone).',
  })
  const discarded = await centre.json('POST', `/v1/intake-files/${lost.file}/discard`)
  expect(discarded).toMatchObject({ state: 'discarded', reason: 'Discarded by administrator.' })
  expect((await centre.request('POST', `/v1/intake-files/${lost.file}/release`)).status).toBe(409)
  expect(await fileIn('done', 'kept.json', 'springs')).toMatchObject({ total: 1, success: 1 })
  const { intake } = await fileIn('discarded', 'lost.json', 'springs')
  expect((await doneIntake(intake)).total).toBeLessThanOrEqual(1)
}, 60_000)

test('a partner has its own file run again, once it is in the archive', async () => {
  const file = await fileIn('done', 'first.csv')
  expect((await birch.request('POST', `/v1/intake-files/${file.file}/rerun`)).status).toBe(404)
  const again = await alder.json('POST', `/v1/intake-files/${file.file}/rerun`, {
    body: { reason: 'Once more.' },
  })
  expect(again).toMatchObject({ name: 'first.csv', file: file.file })
  const second = await vi.waitFor(async () => {
    const found = await fileIn('done', 'first.csv')
    expect(found.intake).not.toBe(file.intake)
    return found
  }, soon)
  // Nothing in it is new: what was stored is an insert on a stored key now.
  expect(second).toMatchObject({ total: 4 })
  const missing = await alder.request('POST', '/v1/intake-files/no-such-file/rerun')
  expect(missing.status).toBe(404)
}, 60_000)

test('a tree shows the folders of the exchanges alone, its files by pages, and leads nowhere else', async () => {
  expect((await list('/')).items.map(({ name }) => name)).toEqual(['springs', 'wells'])
  expect((await list('/wells/PROD')).items.map(({ name }) => name)).toEqual(['ARCHIVE', 'INPUT', 'OUTPUT'])
  const archived = (await list('/wells/PROD/ARCHIVE')).items.map(({ name }) => name)
  expect(archived).toContain('first.csv')
  const paged: string[] = []
  let after: string | null = null
  do {
    const page = await list(
      '/wells/PROD/ARCHIVE',
      alder,
      `&limit=2${after === null ? '' : `&after=${after}`}`,
    )
    paged.push(...page.items.map(({ name }) => name))
    after = page.next
  } while (after !== null)
  expect(paged).toEqual(archived)
  // The feed works in the live realm only.
  expect((await alder.request('GET', '/v1/partners/alder/files?path=/wells/TEST/INPUT')).status).toBe(404)
  const tree = join(folder, 'data/files/alder')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(tree, output.slice(1), 'link.txt'))
  await mkdir(join(tree, '.work'), { recursive: true })
  const wrong = [
    '/../../secret.txt',
    '/.work/x',
    `${output}/link.txt`,
    `${output}/../../../.work/x`,
    `${input}/.hidden`,
    '/etc/passwd',
    `${input}/a\0b`,
    `${output}/${'x'.repeat(300)}`,
  ]
  for (const path of wrong) {
    expect((await alder.request('GET', contentOf(path))).status, path).toBe(404)
    expect((await put(path, 'x')).status, path).toBeGreaterThanOrEqual(400)
    expect((await centre.request('DELETE', contentOf(path))).status, path).toBeGreaterThanOrEqual(400)
  }
  expect(await readFile(join(folder, 'secret.txt'), 'utf8')).toBe('secret')
  expect((await list(output)).items.map(({ name }) => name)).not.toContain('link.txt')
  expect((await alder.request('GET', contentOf('/wells/PROD'))).status).toBe(400)
  expect((await put(`${output}/mine.txt`, 'x')).status).toBe(403)
  expect((await put('/wells/PROD/ARCHIVE/mine.txt', 'x')).status).toBe(403)
  expect((await put(`${input}/a\u2215b.csv`, 'x')).status).toBe(400)
  const unknown = '/v1/partners/nobody/files/content?path=/wells/PROD/INPUT/a.csv'
  expect((await centre.request('PUT', unknown, { body: 'x' })).status).toBe(404)
})

test('a whole folder that leads elsewhere by a link is no folder', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  await writeFile(join(elsewhere, 'a.txt'), 'x')
  await mkdir(join(folder, 'data/files/alder/springs/TEST'), { recursive: true })
  const target = join(folder, 'data/files/alder/springs/TEST/OUTPUT')
  await rm(target, { recursive: true, force: true })
  await symlink(elsewhere, target)
  expect((await centre.request('GET', '/v1/partners/alder/files?path=/springs/TEST/OUTPUT')).status).toBe(404)
  expect((await centre.request('GET', contentOf('/springs/TEST/OUTPUT/a.txt'))).status).toBe(404)
  await rm(target)
})

test('an upload that breaks off leaves nothing, and one over a broken one makes it whole', async () => {
  const tree = join(folder, 'data/files/alder')
  const path = `${input}/broken.csv`
  const token = await tokenOf()
  await new Promise<void>((resolve) => {
    const call = request(`${node.url}${contentOf(path)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-length': 1_000_000 },
    })
    call.on('error', () => resolve())
    call.write('a'.repeat(100_000), () => setTimeout(() => call.destroy(), 200))
  })
  expect((await list(input)).items.map(({ name }) => name)).not.toContain('broken.csv')
  expect((await incompleteUploads(tree)).list).toEqual([])
  // As a connection of the file server leaves it.
  const { durable } = await markIncomplete(tree, path.slice(1), Date.now())
  await durable()
  await writeFile(join(tree, path.slice(1)), 'half')
  expect((await list(input)).items).toMatchObject([{ name: 'broken.csv', bytes: 4, incomplete: true }])
  expect((await put(path, await wellFile('csv', makeWells(2)))).status).toBe(201)
  expect(await fileIn('done', 'broken.csv')).toMatchObject({ total: 2, bytes: expect.any(Number) })
}, 60_000)

test('an operator removes reports and uploads, but no originals', async () => {
  const report = (await list(output)).items[0]?.name ?? ''
  expect((await centre.request('DELETE', contentOf(`${output}/${report}`))).status).toBe(204)
  expect((await list(output)).items.map(({ name }) => name)).not.toContain(report)
  expect((await centre.request('DELETE', contentOf(`${output}/${report}`))).status).toBe(404)
  const original = '/wells/PROD/ARCHIVE/first.csv'
  expect((await centre.request('DELETE', contentOf(original))).status).toBe(403)
  expect((await centre.request('GET', contentOf(original))).status).toBe(200)
})

test('the transfer log has a line for each, newest first, and all of it as CSV', async () => {
  // A transfer is noted when its last byte has left, which may be after the client has it.
  const items = await vi.waitFor(async () => {
    const log = await alder.json<Items<StoredTransfer>>('GET', '/v1/transfers?limit=1000')
    expect(log.items[0]).toMatchObject({ action: 'download', path: '/wells/PROD/ARCHIVE/first.csv' })
    return log.items
  })
  expect(items.every(({ partner }) => partner === 'alder')).toBe(true)
  const numbers = items.map(({ transfer }) => transfer)
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
  const uploads = items.filter(({ action, path }) => action === 'upload' && path === `${input}/first.csv`)
  expect(uploads).toMatchObject([{ login: 'administrator', result: 'ok' }])
  expect(items.filter(({ action }) => action === 'download').length).toBeGreaterThan(5)
  expect(items.some(({ action, path }) => action === 'remove' && path.startsWith(output))).toBe(true)
  const page = await alder.json<Items<StoredTransfer>>('GET', '/v1/transfers?limit=2')
  const rest = await alder.json<Items<StoredTransfer>>('GET', `/v1/transfers?limit=1000&after=${page.next}`)
  expect([...page.items, ...rest.items]).toEqual(items)

  const csv = await alder.request('GET', '/v1/transfers', { headers: { accept: 'text/csv' } })
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = (await csv.text()).trimEnd().split('\r\n')
  expect(lines[0]).toBe('at,partner,login,address,action,path,bytes,ms,result')
  expect(lines).toHaveLength(items.length + 1)
  const later = new Date(Date.now() + 60_000).toISOString()
  const none = await alder.json<Items<StoredTransfer>>('GET', `/v1/transfers?from=${later}`)
  expect(none.items).toEqual([])
  expect((await birch.json<Items<StoredTransfer>>('GET', '/v1/transfers')).items).toEqual([])
})

test('the status tells what waits, what is in work, and when folders were looked at', async () => {
  const tree = join(folder, 'data/files/birch/wells/PROD/INPUT')
  await mkdir(tree, { recursive: true })
  // A temporary name is left alone until it is old.
  await writeFile(join(tree, 'waits.csv.part'), 'x')
  const status = await vi.waitFor(async () => {
    const now = await centre.json<BulkStatus>('GET', '/v1/status/bulk')
    expect(now.waiting).toEqual([
      {
        partner: 'birch',
        exchange: 'wells',
        realm: 'live',
        place: '',
        files: 1,
        more: false,
        oldest: expect.any(String),
      },
    ])
    expect(now.intakes).toEqual({})
    return now
  }, soon)
  expect(status.troubles).toEqual([])
  expect(status.mail).toEqual({ queued: 0, paused: 0, bounced: 0, givenUp: 0, oldest: null })
  const since = (at: string | null) => Date.now() - Date.parse(at ?? '')
  expect(since(status.lastScanAt)).toBeLessThan(60_000)
})

test('everybody is told where the file server is, with its keys and the folders of its exchanges', async () => {
  const server = await alder.json<{ port: number; fingerprints: string[]; folders: object[] }>(
    'GET',
    '/v1/file-server',
  )
  expect(server).toMatchObject({ available: true, host: '127.0.0.1', port: node.sftp?.port })
  expect(server.fingerprints).toEqual(node.sftp?.fingerprints)
  expect(server.folders).toContainEqual({
    exchange: 'wells',
    realm: 'live',
    input: ['wells/PROD/INPUT'],
    output: 'wells/PROD/OUTPUT',
    archive: 'wells/PROD/ARCHIVE',
  })
  expect(server.folders).toHaveLength(2)
})
