import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditPorts } from '../../src/channel/rest/ports-operations.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createAuditPorts } from '../../src/node/audit-ports.ts'
import { healthChecks, type SystemFacts } from '../../src/node/health-checks.ts'
import { type AuditLine, putAuditLines } from '../../src/store/audit.ts'
import { databaseBytes } from '../../src/store/installation.ts'
import { testDatabases } from '../database.ts'
import { type Served, serve } from './serve.ts'

const OLIVE = '0b0f6a52-7a7e-4f6d-9d0c-1f5d3c1b2a90'
const any = {
  who: null,
  partner: null,
  action: null,
  target: null,
  from: null,
  until: null,
  kind: 'all',
} as const
const page = { limit: 100, after: null }

function line(minute: number, action: string, more: Partial<AuditLine> = {}): AuditLine {
  const at = new Date(Date.UTC(2026, 2, 2, 8, minute)).toISOString()
  const who = { account: OLIVE, partner: 'centre', request: `r${minute}`, address: '10.0.0.7' }
  return { at, action, target: '', status: 200, ...who, ...more }
}

describe.each(testDatabases())('the audit log is searched ($name)', ({ open }) => {
  let db: Database
  let audit: AuditPorts

  beforeAll(async () => {
    db = await open()
    audit = createAuditPorts(db, async () => ({ keys: [] }))
    await db.transact(async (tx) => {
      await tx.rows(sql`insert into partner (partner, name) values ('centre', 'Centre')`)
      await tx.rows(sql`
        insert into account (account, login, partner, kind, realms)
        values (${OLIVE}::uuid, 'olive.office', 'centre', 'person', '{live}')`)
      await putAuditLines(tx, [
        line(0, 'signed in'),
        line(1, 'GET /v1/jobs'),
        line(2, 'POST /v1/jobs/:job/pause', { target: 'job=Voters-nightly' }),
        line(3, 'POST /v1/jobs/:job/pause', {
          target: 'job=wells',
          status: 403,
          partner: 'alder',
          account: 'x',
        }),
        line(4, 'POST /v1/session', { account: null, partner: null, status: 401 }),
      ])
    })
  })

  afterAll(() => db?.close())

  const found = async (filter: Partial<Parameters<AuditPorts['search']>[0]>) =>
    (await audit.search({ ...any, ...filter }, page)).items.map(({ request }) => request)

  test('by who, what, what to, when, and how it ended', async () => {
    expect(await found({})).toEqual(['r4', 'r3', 'r2', 'r1', 'r0'])
    expect(await found({ who: 'OLIVE' })).toEqual(['r2', 'r1', 'r0'])
    expect(await found({ who: OLIVE })).toEqual(['r2', 'r1', 'r0'])
    expect(await found({ partner: 'alder' })).toEqual(['r3'])
    expect(await found({ action: 'PAUSE' })).toEqual(['r3', 'r2'])
    expect(await found({ target: 'voters' })).toEqual(['r2'])
    expect(await found({ kind: 'changes' })).toEqual(['r4', 'r3', 'r2', 'r0'])
    expect(await found({ kind: 'refused' })).toEqual(['r4', 'r3'])
    expect(await found({ from: '2026-03-02T08:01:00Z', until: '2026-03-02T08:03:00Z' })).toEqual(['r2', 'r1'])
    // Signs that stand for others in patterns are nothing but themselves.
    expect(await found({ target: '%' })).toEqual([])
  })

  test('page by page, each line once, with the name of who did it', async () => {
    const first = await audit.search(any, { limit: 2, after: null })
    const second = await audit.search(any, { limit: 3, after: first.next })
    expect([...first.items, ...second.items].map(({ request }) => request)).toEqual([
      'r4',
      'r3',
      'r2',
      'r1',
      'r0',
    ])
    expect(second.next).toBeNull()
    expect(second.items[0]).toMatchObject({
      login: 'olive.office',
      at: '2026-03-02T08:02:00.000Z',
      sealed: false,
    })
    await expect(audit.search(any, { limit: 2, after: 'nonsense' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  test('a log that is not sealed yet is not called changed', async () => {
    expect(await audit.verify(null)).toMatchObject({ ok: true, seals: 0, unsealed: 5 })
  })

  test('the database tells its size', async () => {
    expect(await db.transact(databaseBytes)).toBeGreaterThan(1_000_000)
  })
})

describe('who may look', () => {
  let served: Served

  beforeAll(async () => {
    served = await serve()
  })
  afterAll(() => served?.server.close())

  test.each(['/v1/audit', '/v1/system'])('%s is for administrators of the centre', async (path) => {
    expect((await served.ask(path)).status).toBe(403)
    expect((await served.ask(path, { as: null })).status).toBe(401)
  })

  test('verifying too', async () => {
    const post = { method: 'POST' }
    expect((await served.ask('/v1/audit/verify', post)).status).toBe(403)
    expect((await served.ask('/v1/audit/verify', { ...post, as: 'centre' })).status).toBe(200)
    expect(await (await served.ask('/v1/audit?kind=changes', { as: 'centre' })).json()).toEqual({
      items: [],
      next: null,
    })
    expect((await served.ask('/v1/audit?kind=none', { as: 'centre' })).status).toBe(400)
  })
})

describe('health', () => {
  const now = Date.parse('2026-03-02T08:00:00Z')
  const well: SystemFacts = {
    version: '1',
    runtime: 'Node.js 20',
    startedAt: '2026-03-01T00:00:00Z',
    uptimeSeconds: 1,
    database: { kind: 'postgres', durable: true, bytes: 1 },
    disk: { freeBytes: 500e9, totalBytes: 1e12 },
    queued: 0,
    mail: { sending: true, queued: 0, paused: 0, bounced: 0, givenUp: 0, oldest: null },
    fileServer: { host: 'localhost', port: 22 },
    intakes: { open: 0, stuck: 0, lastScanAt: null },
    jobs: { openAlerts: 0, acknowledged: 0, silentAgents: 0, agents: 2 },
    exchanges: [],
  }
  const notGood = (facts: Partial<SystemFacts>) =>
    healthChecks({ ...well, ...facts }, now)
      .filter(({ health }) => health !== 'good')
      .map(({ check, health, state }) => `${check} ${health} ${state}`)

  test('nothing is wrong with a node that is well', () => {
    expect(notGood({})).toEqual([])
  })

  test('each trouble is told by its name', () => {
    expect(notGood({ database: { kind: 'pglite', durable: false, bytes: 1 } })).toEqual([
      'database warn embedded',
    ])
    expect(notGood({ disk: { freeBytes: 50e9, totalBytes: 1e12 } })).toEqual(['disk warn low'])
    expect(notGood({ disk: { freeBytes: 1e9, totalBytes: 1e12 } })).toEqual(['disk bad full'])
    expect(notGood({ disk: null })).toEqual(['disk warn unknown'])
    expect(notGood({ queued: 5000 })).toEqual(['queue warn waiting'])
    expect(notGood({ fileServer: null })).toEqual(['file-server warn off'])
    expect(notGood({ intakes: { open: 3, stuck: 1, lastScanAt: null } })).toEqual(['intakes bad stuck'])
    expect(notGood({ jobs: { openAlerts: 2, acknowledged: 1, silentAgents: 1, agents: 2 } })).toEqual([
      'jobs bad alerts',
      'agents warn silent',
    ])
  })

  test('what somebody looks after is to be known', () => {
    expect(notGood({ jobs: { openAlerts: 1, acknowledged: 1, silentAgents: 0, agents: 2 } })).toEqual([
      'jobs warn acknowledged',
    ])
  })

  test('mail that fails, is late or cannot go out', () => {
    const mail = (more: Partial<SystemFacts['mail']>) => notGood({ mail: { ...well.mail, ...more } })
    expect(mail({ queued: 2, oldest: '2026-03-02T07:00:00Z' })).toEqual([])
    expect(mail({ queued: 2, oldest: '2026-03-01T07:00:00Z' })).toEqual(['mail bad late'])
    expect(mail({ bounced: 1 })).toEqual(['mail warn failed'])
    expect(mail({ sending: false })).toEqual(['mail warn off'])
  })
})
