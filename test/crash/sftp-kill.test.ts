import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import { newPostgresUrl } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { openPostOffice, type PostOffice } from '../mail/post-office.ts'
import { type Client, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { randomFrom } from './random.ts'
import { type Login, makeUploads, type Upload, uploadAll } from './uploads.ts'

/** KILLS=100 for a long night. */
const kills = Number(process.env.KILLS ?? 3)
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const agencies = [1, 2].map((number) => {
  const ori = `CA000020${number}`
  return { partner: `sheriff-${number}`, ori, uploads: makeUploads(ori, number, 10) }
})
const folders: string[] = []
let exchanges: string
let quiet: Ended

beforeAll(async () => {
  exchanges = await impatientExchanges()
  quiet = await play({ databaseUrl: await newPostgresUrl(), kills: 0 })
}, 120_000)
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const DATABASES = [
  { name: 'embedded database', url: async () => '' },
  { name: 'PostgreSQL', url: newPostgresUrl },
]

test.concurrent.each(DATABASES)(
  'files uploaded to a node on the $name that is killed again and again are each processed once, answered once and told of once',
  async ({ url }) => {
    const stormy = await play({ databaseUrl: await url(), kills })
    const told = `KILL_SEED=${seed}, ${stormy.kills} kills`
    expect(stormy.kills, told).toBeGreaterThanOrEqual(Math.min(3, kills))
    for (const part of ['files', 'records', 'findings'] as const)
      expect(stormy[part], `${part}; ${told}`).toEqual(quiet[part])
    const names = agencies.flatMap(({ uploads }) => uploads.map(({ name }) => name))
    expect(stormy.reportedFiles, told).toEqual(names.toSorted())
    expect(stormy.archived, told).toEqual(names.toSorted())
    expect(stormy.strayFiles, told).toEqual([])
    expect(stormy.mailsTold, told).toEqual(stormy.intakes)
  },
  240_000,
)

/** RIPA, but with reports as soon as no file follows for a second. */
async function impatientExchanges(): Promise<string> {
  const folder = await makeFolder()
  await cp(new URL('../../exchanges/ripa', import.meta.url).pathname, join(folder, 'ripa'), {
    recursive: true,
  })
  const head = join(folder, 'ripa', 'exchange.yaml')
  const text = await readFile(head, 'utf8')
  await writeFile(head, text.replace('  output: OUTPUT\n', '  output: OUTPUT\n  gather_seconds: 1\n'))
  return folder
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sftp-kill-'))
  folders.push(folder)
  return folder
}

interface Ended {
  readonly kills: number
  readonly files: unknown
  readonly records: unknown
  readonly findings: unknown
  /** Names of files in the logs that were sent back, each as often as it stands there. */
  readonly reportedFiles: readonly string[]
  readonly archived: readonly string[]
  /** What lies where nothing should be left. */
  readonly strayFiles: readonly string[]
  readonly intakes: readonly string[]
  /** Intakes that mails speak of; a mail sent twice under one id counts once. */
  readonly mailsTold: readonly string[]
}

async function play(plan: { readonly databaseUrl: string; readonly kills: number }): Promise<Ended> {
  const data = await makeFolder()
  const office = await openPostOffice()
  const env = {
    TRIBUTARY_DATA: data,
    TRIBUTARY_EXCHANGES: exchanges,
    TRIBUTARY_LEASE_SECONDS: '1',
    TRIBUTARY_SCAN_SECONDS: '1',
    TRIBUTARY_SFTP_PORT: '0',
    TRIBUTARY_SFTP_HOST: '127.0.0.1',
    TRIBUTARY_MAIL_URL: `smtp://127.0.0.1:${office.port}`,
    TRIBUTARY_MAIL_FROM: 'node@tributary.example',
    TRIBUTARY_MAIL_TLS: 'off',
    ...(plan.databaseUrl === '' ? {} : { DATABASE_URL: plan.databaseUrl }),
  }
  const place: { node: NodeProcess | null } = { node: await startTributary(env) }
  const centre = await firstSignIn(place.node as NodeProcess, 'a long enough password')
  const logins = await register(centre)
  let over = false
  const uploading = Promise.all(
    agencies.map(({ uploads }, index) =>
      uploadAll(uploads, logins[index] as Login, () => place.node?.sftp ?? null),
    ),
  )
  const working = uploading.then(() => settled(data, place, office)).finally(() => (over = true))
  working.catch(() => {})
  const random = randomFrom(seed)
  let killed = 0
  while (!over && killed < plan.kills) {
    await Promise.race([sleep(200 + random() * 1500), working.catch(() => {})])
    if (over) break
    const { node } = place
    place.node = null
    await node?.kill()
    killed += 1
    place.node = await startTributary(env)
  }
  await working
  expect(await place.node?.stop()).toBe(0)
  await office.close()
  return endedAs(plan.databaseUrl, data, office, killed)
}

async function register(centre: Client): Promise<Login[]> {
  const logins: Login[] = []
  for (const { partner, ori } of agencies) {
    const account = `${partner}-files`
    await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
    await centre.json('PUT', `/v1/partners/${partner}/identifiers/ori/${ori}`)
    await centre.json('POST', '/v1/accounts', { body: { name: account, partner, kind: 'machine' } })
    await centre.json('PUT', `/v1/accounts/${account}/grants/ripa`, { body: { grants: ['submit', 'read'] } })
    await centre.json('PUT', `/v1/accounts/${account}/channels`, { body: { channels: ['sftp'] } })
    await centre.json('POST', `/v1/partners/${partner}/contacts`, {
      body: { exchange: 'ripa', address: `desk@${partner}.example`, frequency: 'at-once' },
    })
    const { clientId, clientSecret } = await centre.json<{ clientId: string; clientSecret: string }>(
      'POST',
      `/v1/accounts/${account}/secret`,
    )
    logins.push({ username: clientId, password: clientSecret })
  }
  return logins
}

/** Resolves when every file has come to its archive and as many intakes were told of as there are logs. */
async function settled(data: string, place: { node: NodeProcess | null }, office: PostOffice): Promise<void> {
  for (;;) {
    await sleep(100)
    if (place.node === null) continue
    const waiting = await Promise.all(
      agencies.map(async ({ partner, uploads }) => {
        const archived = await filesIn(data, partner, 'ARCHIVE')
        return archived.length < uploads.length
      }),
    )
    if (waiting.includes(true)) continue
    const logs = (await Promise.all(agencies.map(({ partner }) => filesIn(data, partner, 'OUTPUT')))).flat()
    const intakes = logs.filter((name) => name.endsWith('_log.txt')).length
    if (toldOf(office).length >= intakes) return
  }
}

const filesIn = (data: string, partner: string, folder: string) =>
  readdir(join(data, 'files', partner, 'PROD', folder)).catch((): string[] => [])

/** Ids of the intakes in the subjects and texts of mails, each mail once however often it was sent. */
function toldOf(office: PostOffice): string[] {
  const mails = new Map(office.received.map(({ mail }) => [mail.messageId, mail.text ?? '']))
  return [...mails.values()]
    .flatMap((text) => [...new Set(text.match(/\d{14}-RIPA-[A-Z2-7]{8}/gi) ?? [])])
    .toSorted()
}

async function endedAs(
  databaseUrl: string,
  data: string,
  office: PostOffice,
  killed: number,
): Promise<Ended> {
  const db = databaseUrl === '' ? await openPglite(join(data, 'database')) : openPostgres(databaseUrl)
  try {
    await expectSoundBooks(db)
    const read = <R>(statement: ReturnType<typeof sql>) => db.transact((tx) => tx.rows<R>(statement))
    const files = await read(sql`
      select i.partner, f.name, f.folder, f.bytes, f.state, f.code, f.total, f.success, f.errors
        from intake_file f join intake i using (intake) order by 1, 2`)
    const records = await read(sql`
      select b.owner, r.key, r.status, r.version, encode(r.content_hash, 'hex') as content
        from record r join book b using (book) order by 1, 2`)
    const findings = await read(sql`
      select f.key, f.code, f.severity, f.path, count(*)::int as count from finding f group by 1, 2, 3, 4 order by 1, 2, 3, 4`)
    const intakes = await read<{ intake: string; state: string }>(
      sql`select intake, state from intake order by 1`,
    )
    expect(intakes.filter(({ state }) => state !== 'done')).toEqual([])
    return {
      kills: killed,
      files,
      records,
      findings,
      ...(await treesOf(data)),
      intakes: intakes.map(({ intake }) => intake),
      mailsTold: toldOf(office),
    }
  } finally {
    await db.close()
  }
}

async function treesOf(data: string): Promise<Pick<Ended, 'reportedFiles' | 'archived' | 'strayFiles'>> {
  const reported: string[] = []
  const archived: string[] = []
  const stray: string[] = []
  const known = new Set(agencies.flatMap(({ uploads }) => uploads.map((upload: Upload) => upload.name)))
  for (const { partner } of agencies) {
    for (const name of await filesIn(data, partner, 'OUTPUT')) {
      if (!name.endsWith('_log.csv')) continue
      const text = await readFile(join(data, 'files', partner, 'PROD', 'OUTPUT', name), 'utf8')
      reported.push(
        ...text.split('\n').flatMap((line) =>
          line
            .split(',')
            .filter((cell) => known.has(cell))
            .slice(0, 1),
        ),
      )
    }
    archived.push(...(await filesIn(data, partner, 'ARCHIVE')))
    stray.push(...(await filesIn(data, partner, 'INPUT')))
    const work = join(data, 'files', partner, '.work')
    const left = await readdir(work, { withFileTypes: true }).catch(() => [])
    stray.push(...left.filter((entry) => entry.isFile()).map((entry) => entry.name))
  }
  return { reportedFiles: reported.toSorted(), archived: archived.toSorted(), strayFiles: stray }
}
