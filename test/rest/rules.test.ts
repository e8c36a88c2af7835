import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubmissionView } from '../../src/channel/rest/ports.ts'
import type { RuleSetView, TryResult } from '../../src/channel/rest/ports-rules.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import { newPostgresUrl } from '../database.ts'
import { electorsFolder, NC_VOTERS, ncFile, ruleText, vriRequest } from '../fixtures/electors.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Rules by the API of a real node: what the centre does with them, and what partners see of them. */

const CASES = [
  { name: 'embedded database', url: async () => null },
  { name: 'PostgreSQL', url: () => newPostgresUrl() },
]

describe.each(CASES)('rules by API on the $name', ({ url }) => {
  let folder = ''
  let database: string | null = null
  let node: NodeProcess
  let centre: Client
  let alder: Client
  let birch: Client

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'))
    await cp(electorsFolder, join(folder, 'exchanges', 'electors'), { recursive: true })
    database = await url()
    node = await startTributary({
      TRIBUTARY_DATA: join(folder, 'data'),
      TRIBUTARY_EXCHANGES: join(folder, 'exchanges'),
      ...(database === null ? {} : { DATABASE_URL: database }),
    })
    centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
    alder = await newCounty('alder', ['submit', 'read'])
    birch = await newCounty('birch', ['submit', 'read', 'manage'])
  }, 90_000)

  afterAll(async () => {
    await node?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function newCounty(partner: string, grants: readonly string[]): Promise<Client> {
    await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
    await centre.json('POST', '/v1/accounts', { body: { name: `${partner}-ems`, partner, kind: 'machine' } })
    await centre.json('PUT', `/v1/accounts/${partner}-ems/grants/electors`, { body: { grants } })
    const made = await centre.json<{ clientId: string; clientSecret: string }>(
      'POST',
      `/v1/accounts/${partner}-ems/secret`,
    )
    return signIn(node.url, made.clientId, made.clientSecret)
  }

  const put = (
    { partner, ...body }: { readonly partner: string; readonly [name: string]: unknown },
    client = centre,
  ) => client.request('PUT', `/v1/rules/electors/${partner}`, { body })

  async function submit(client: Client, text: string): Promise<SubmissionView> {
    const { tracking } = await client.json<SubmissionView>('POST', '/v1/exchanges/electors/submissions', {
      body: text,
      headers: { 'content-type': 'text/csv' },
    })
    for (;;) {
      const view = await client.json<SubmissionView>('GET', `/v1/submissions/${tracking}`)
      if (view.closedAt !== null) return view
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  test('rules are checked, tried, put, and then what is sent is judged by them', async () => {
    const content = await ruleText('north-carolina')
    const data = ncFile(NC_VOTERS)
    const checked = await centre.json<{ problems: []; changes: { place: string }[] }>(
      'POST',
      '/v1/rules/electors/check',
      { body: { partner: 'alder', content } },
    )
    expect(checked.problems).toEqual([])
    expect(checked.changes.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['exchange crosswalks party map alder', 'elector layouts']),
    )

    const before = await centre.json<TryResult>('POST', '/v1/rules/electors/try', {
      body: { partner: 'alder', data },
    })
    expect(before.counts).toMatchObject({ received: 5, rejected: 5 })
    const tried = await centre.json<TryResult>('POST', '/v1/rules/electors/try', {
      body: { partner: 'alder', content, data, limit: 2 },
    })
    expect(tried.counts).toEqual({ received: 5, rejected: 0, filtered: 2, translated: 4, withErrors: 1 })
    expect(tried.records).toHaveLength(2)
    expect(tried.records[0]).toMatchObject({
      key: 'AA900001',
      result: 'accepted',
      body: { party: 'democratic', registered_on: '2001-03-09' },
    })
    expect(tried.records[0]?.notes).toContainEqual({
      path: 'party',
      rule: 'crosswalk party',
      from: 'DEM',
      to: 'democratic',
    })
    const { items: none } = await centre.json<{ items: unknown[] }>('GET', '/v1/submissions')
    expect(none, 'trying stores nothing').toEqual([])

    const answer = await put({ partner: 'alder', reason: 'The state file as it is', content })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe('/v1/rules/electors/alder/1')
    expect(await answer.json()).toMatchObject({
      version: 1,
      state: 'in-effect',
      madeBy: 'administrator',
      content,
    })

    const done = await submit(alder, data)
    expect(done).toMatchObject({
      state: 'completed',
      rules: [{ partner: 'alder', version: 1 }],
      counts: { received: 5, created: 3, filtered: 2, translated: 4, withErrors: 1 },
    })
    const { items } = await alder.json<{
      items: { outcome: string; notes: unknown[]; findings: object[] }[]
    }>('GET', `/v1/submissions/${done.tracking}/outcomes`)
    expect(items[0]?.notes.length).toBeGreaterThan(3)
    expect(items[2]).toMatchObject({ outcome: 'filtered', findings: [{ code: 'NC-REMOVED' }] })
    expect((await submit(birch, data)).counts).toMatchObject({ received: 5, rejected: 5 })
  })

  test('a call with one record is judged by them too', async () => {
    expect((await put({ partner: 'birch', reason: 'x', content: await ruleText('vri') })).status).toBe(201)
    const answer = await birch.request('POST', '/v1/exchanges/electors/elector?names=wire', {
      body: vriRequest('V9'),
    })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ outcome: 'created', key: 'V9', body: { county: 'mahoning' } })
  })

  test('a version is put for later, shown, compared and withdrawn; one in effect stays', async () => {
    const later = new Date(Date.now() + 86_400_000).toISOString()
    const content = 'types: { elector: { fields: { name.last: { transforms: [upper] } } } }'
    const coming = (await (
      await put({ partner: '*', effectiveAt: later, reason: 'From tomorrow', content })
    ).json()) as RuleSetView
    expect(coming).toMatchObject({ partner: '*', version: 1, state: 'coming', effectiveAt: later })
    const path = '/v1/rules/electors/*/1'
    expect(await centre.json('GET', path)).toMatchObject({ content, reason: 'From tomorrow' })
    const compared = await centre.json<{ differences: { place: string }[] }>(
      'GET',
      '/v1/rules/electors/*/compare?before=0&after=1',
    )
    expect(compared.differences).toEqual([
      { place: 'elector.name.last transforms', change: 'added', before: null, after: '["upper"]' },
    ])
    const withdraw = () => centre.request('POST', `${path}/withdraw`, { body: { reason: 'Too early' } })
    expect(await (await withdraw()).json()).toMatchObject({
      state: 'withdrawn',
      withdrawnBy: 'administrator',
      withdrawnReason: 'Too early',
    })
    expect((await withdraw()).status).toBe(409)
    const inEffect = await centre.request('POST', '/v1/rules/electors/alder/1/withdraw', {
      body: { reason: 'x' },
    })
    expect(inEffect.status).toBe(409)
    const { items } = await centre.json<{ items: RuleSetView[] }>('GET', '/v1/rules/electors')
    expect(items.map(({ partner, version, state }) => [partner, version, state])).toEqual([
      ['*', 1, 'withdrawn'],
      ['alder', 1, 'in-effect'],
      ['birch', 1, 'in-effect'],
    ])
    expect(items[0]).not.toHaveProperty('content')
  })

  test.each([
    [
      'rules with a mistake',
      { partner: 'alder', content: 'types: { voter: {} }' },
      400,
      "types.voter: rules of alder:1:10: There is no record type 'voter'.",
    ],
    ['no YAML', { partner: 'alder', content: '{' }, 400, 'rules of alder:1'],
    [
      'a time that is past',
      { partner: 'alder', content: '{}', effectiveAt: '2020-01-01T00:00:00Z' },
      400,
      'from now on',
    ],
    ['no time', { partner: 'alder', content: '{}', effectiveAt: 'soon' }, 400, 'date-time'],
    ['an unknown partner', { partner: 'cedar', content: '{}' }, 404, 'partner cedar'],
  ])('%s is refused', async (_, body, status, text) => {
    const answer = await put({ reason: 'x', ...body })
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(text)
  })

  test('rules for all that do not go with those of a partner are refused', async () => {
    const content = 'crosswalks: { status: { list: party, map: { A: other } } }'
    const answer = await put({ partner: '*', reason: 'x', content })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('rules of alder')
  })

  test('rules are for the centre; a partner sees its own and those for all', async () => {
    const content = '{}'
    for (const client of [alder, birch]) {
      expect((await put({ partner: 'alder', reason: 'x', content }, client)).status).toBe(403)
      const body = { partner: 'alder', content, data: 'x' }
      expect((await client.request('POST', '/v1/rules/electors/try', { body })).status).toBe(403)
      expect(
        (await client.request('POST', '/v1/rules/electors/alder/1/withdraw', { body: { reason: 'x' } }))
          .status,
      ).toBe(403)
      expect((await client.request('GET', '/v1/rules/electors/alder/compare?before=0&after=1')).status).toBe(
        403,
      )
    }
    const { items } = await alder.json<{ items: RuleSetView[] }>('GET', '/v1/rules/electors')
    expect(new Set(items.map(({ partner }) => partner))).toEqual(new Set(['*', 'alder']))
    expect((await alder.request('GET', '/v1/rules/electors/alder/1')).status).toBe(200)
    expect((await alder.request('GET', '/v1/rules/electors/birch/1')).status).toBe(404)
    expect((await alder.request('GET', '/v1/rules/electors?partner=birch')).status).toBe(404)
    expect((await alder.request('GET', '/v1/rules/ripa')).status).toBe(404)
  })

  test('data that cannot be read is told, not judged', async () => {
    const answer = await centre.request('POST', '/v1/rules/electors/try', {
      body: { partner: 'alder', data: '{"elector_id": ' },
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('The data cannot be read')
  })

  test('who put and withdrew rules is in the audit log', async () => {
    await node.stop()
    const db = database === null ? await openPglite(join(folder, 'data', 'database')) : openPostgres(database)
    const entries = await db.transact((tx) =>
      tx.rows<{ action: string; target: string; status: number }>(
        sql`select action, target, status from audit_entry where action like '%/v1/rules/%' order by entry`,
      ),
    )
    await db.close()
    expect(entries).toContainEqual({
      action: 'PUT /v1/rules/:exchange/:partner',
      target: 'exchange=electors partner=alder',
      status: 201,
    })
    expect(entries.filter(({ action }) => action.endsWith('/withdraw')).map(({ status }) => status)).toEqual(
      expect.arrayContaining([200, 409, 403]),
    )
  })
})
