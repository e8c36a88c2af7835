import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import { newPostgresUrl } from '../database.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Calls that say they are bulk are reported like files too, on a real node that is killed while they run. */

const ORI = 'CA0990100'
const folders: string[] = []
let stop: Record<string, unknown> & { Officer: { UID: string } }

beforeAll(async () => {
  const file = new URL('../../exchanges/ripa/cases/tc03/input.json', import.meta.url)
  stop = JSON.parse(await readFile(file, 'utf8'))
})
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const [year = '', month = '', day = ''] = new Date(Date.now() - 7 * 86_400_000)
  .toISOString()
  .slice(0, 10)
  .split('-')

interface Bulk {
  readonly id: string
  readonly minute: number
  readonly application: string
  /** Errors in the record, but none that refuses it. */
  readonly faulty?: boolean
}

/** Sends a stop; its status, or null when there was no answer. */
async function call(
  client: Client,
  { id, minute, application, faulty = false }: Bulk,
): Promise<number | null> {
  const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const body = {
    ...stop,
    LEARecordID: id,
    SDate: `${month}/${day}/${year}`,
    STime: time,
    ...(faulty ? { SDur: '' } : {}),
  }
  const answer = client.request('POST', '/sdcs/ripa/stop', {
    headers: {
      'content-type': 'application/json',
      ORI,
      LEARecordID: id,
      OfficerUID: stop.Officer.UID,
      StopDate: body.SDate,
      StopTime: time,
      BrowserType: 'Chrome',
      ResourceType: 'JSON',
      CallingApplication: application,
    },
    body: JSON.stringify(body),
  })
  return answer.then(
    ({ status }) => status,
    () => null,
  )
}

async function agencyOf(node: NodeProcess): Promise<Client> {
  const centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
  await centre.json('POST', '/v1/partners', { body: { name: 'alder', title: 'Alder Police' } })
  await centre.request('PUT', `/v1/partners/alder/identifiers/ori/${ORI}`)
  await centre.json('POST', '/v1/accounts', { body: { name: 'rms', partner: 'alder', kind: 'machine' } })
  await centre.json('PUT', '/v1/accounts/rms/grants/ripa', { body: { grants: ['submit', 'read'] } })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    '/v1/accounts/rms/secret',
  )
  return signIn(node.url, secret.clientId, secret.clientSecret)
}

interface Stored {
  /** Records stored or refused by calls, by LEA record id, with the name they are collected under. */
  readonly calls: Readonly<Record<string, string | null>>
  readonly intakes: readonly { readonly kind: string; readonly partner: string; readonly state: string }[]
  readonly strays: number
}

async function storedIn(databaseUrl: string, data: string): Promise<Stored> {
  const db = databaseUrl === '' ? await openPglite(join(data, 'database')) : openPostgres(databaseUrl)
  try {
    return await db.transact(async (tx) => {
      const calls = await tx.rows<{ id: string; name: string | null }>(sql`
        select convert_from(d.bytes, 'UTF8')::jsonb ->> 'LEARecordID' as id, c.file_name as name
          from submission s join document d on d.sha256 = s.document left join intake_call c on c.tracking = s.tracking
         where s.channel = 'sdcs'`)
      const intakes = await tx.rows<Stored['intakes'][number]>(sql`select kind, partner, state from intake`)
      const strays = await tx.rows(sql`
        select 1 from intake_call c where not exists (select 1 from submission s where s.tracking = c.tracking)`)
      return {
        calls: Object.fromEntries(calls.map(({ id, name }) => [id, name])),
        intakes,
        strays: strays.length,
      }
    })
  } finally {
    await db.close()
  }
}

const DATABASES = [
  { name: 'embedded database', url: async () => '' },
  { name: 'PostgreSQL', url: newPostgresUrl },
]

test.each(DATABASES)(
  'on the $name, what a bulk call was answered is collected for its report, and no other call is',
  async ({ url }) => {
    const databaseUrl = await url()
    const { node, data } = await startedNode(databaseUrl)
    const agency = await agencyOf(node)
    const sent: Bulk[] = [
      { id: 'A1', minute: 1, application: 'LEAFTP' },
      { id: 'A2', minute: 2, application: 'leaftp', faulty: true },
      { id: 'A3', minute: 1, application: 'LEAFTP' },
      { id: 'A4', minute: 4, application: 'RMSWS' },
    ]
    const statuses: (number | null)[] = []
    for (const one of sent) statuses.push(await call(agency, one))
    // The moment of the last answer: nothing may be left to do.
    await node.kill()
    expect(statuses).toEqual([200, 304, 409, 200])
    const { calls, intakes, strays } = await storedIn(databaseUrl, data)
    const name = (id: string) => expect.stringMatching(new RegExp(`^\\d{14}_${ORI}_${id}\\.json$`))
    expect(calls).toEqual({ A1: name('A1'), A2: name('A2'), A3: name('A3'), A4: null })
    expect(intakes).toEqual([{ kind: 'calls', partner: 'alder', state: 'gathering' }])
    expect(strays).toBe(0)
  },
  60_000,
)

test.each(DATABASES)(
  'on the $name, a node killed while bulk calls run has both the record and its place in the report, or neither',
  async ({ url }) => {
    const databaseUrl = await url()
    const { node, data } = await startedNode(databaseUrl)
    const agency = await agencyOf(node)
    const answered = new Set<string>()
    let over = false
    let next = 0
    const lanes = Array.from({ length: 8 }, async () => {
      while (!over) {
        next += 1
        const id = `K${next}`
        const status = await call(agency, {
          id,
          minute: next % 1440,
          application: 'LEAFTP',
          faulty: next % 3 === 0,
        })
        if (status === null) return
        answered.add(id)
      }
    })
    while (answered.size < 60) await sleep(5)
    await node.kill()
    over = true
    await Promise.all(lanes)
    const { calls, strays } = await storedIn(databaseUrl, data)
    expect(Object.entries(calls).filter(([, name]) => name === null)).toEqual([])
    expect(strays).toBe(0)
    for (const id of answered) expect(calls).toHaveProperty(id)
  },
  60_000,
)

async function startedNode(databaseUrl: string): Promise<{ node: NodeProcess; data: string }> {
  const data = await mkdtemp(join(tmpdir(), 'bulk-'))
  folders.push(data)
  const database = databaseUrl === '' ? {} : { DATABASE_URL: databaseUrl }
  return { data, node: await startTributary({ TRIBUTARY_DATA: data, ...database }) }
}
