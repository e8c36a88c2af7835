import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import { sha256 } from '../../src/node/exchange-folder.ts'
import { submitOne } from '../../src/run/one-record.ts'
import type { Submission } from '../../src/store/model.ts'
import { listRuleSets, putRuleSet, withdrawRuleSet } from '../../src/store/rule-sets.ts'
import { testDatabases } from '../database.ts'
import {
  laid,
  loadElectors,
  NC_HEADER,
  NC_VOTERS,
  type NcVoter,
  ncFile,
  ruleText,
  vriRequest,
} from '../fixtures/electors.ts'
import { expectBalance, expectSoundBooks } from './balance.ts'
import { openRiver, type River } from './river.ts'

const noon = Date.parse('2026-03-02T12:00:00Z')

describe.each(testDatabases())('rules of partners on the $name', ({ open }) => {
  let own: Definition
  let river: River
  let db: Database
  let now = noon
  let number = 0

  beforeAll(async () => {
    own = await loadElectors()
    db = await open()
    river = await openRiver(db, [own], undefined, () => (now += 1))
  })
  afterAll(async () => {
    await expectSoundBooks(db)
    await river.close()
  })

  async function county(): Promise<string> {
    number += 1
    const name = `county-${number}`
    await db.transact((tx) => tx.rows(sql`insert into partner (partner, name) values (${name}, ${name})`))
    return name
  }

  async function put(partner: string, content: string, from = now): Promise<number> {
    const version = await db.transact((tx) =>
      putRuleSet(tx, {
        exchange: 'electors',
        partner,
        effectiveAt: new Date(from).toISOString(),
        content,
        reason: 'a test',
        madeBy: 'test',
        madeAt: new Date(now).toISOString(),
      }),
    )
    await river.rules.look()
    return version
  }

  async function send(partner: string, content: string, scope: Submission['scope'] = 'incremental') {
    const done = await river.send(content, { partner, owner: partner, scope, fileName: 'electors' })
    const judging = await db.transact((tx) => river.deps.definitions.pinned(tx, done.definitionHash))
    await expectBalance(river, judging, done)
    return done
  }

  async function bodies(partner: string): Promise<Record<string, unknown>> {
    const rows = await db.transact((tx) =>
      tx.rows<{ key: string; body: unknown }>(sql`
        select key, body from record join book using (book) where owner = ${partner} order by key`),
    )
    return Object.fromEntries(rows.map(({ key, body }) => [key, body]))
  }

  test('a voter file of others goes all the way, by the rules of its sender alone', async () => {
    const [nc, other] = [await county(), await county()]
    const version = await put(nc, await ruleText('north-carolina'))
    const done = await send(nc, ncFile(NC_VOTERS))
    expect(done.counts).toMatchObject({
      received: 5,
      created: 3,
      filtered: 2,
      rejected: 0,
      withErrors: 1,
      translated: 4,
    })
    expect(done.rules).toEqual([{ partner: nc, version }])
    expect(await bodies(nc)).toMatchObject({
      AA900001: { name: { last: 'ALDERSON' }, party: 'democratic', registered_on: '2001-03-09' },
      AA900002: { county: '92' },
    })
    const log = await river.log(done.tracking)
    expect(log[0]?.notes).toEqual(
      expect.arrayContaining([{ path: 'party', rule: 'crosswalk party', from: 'DEM', to: 'democratic' }]),
    )
    expect(log[2]).toMatchObject({ outcome: 'filtered', findings: [{ code: 'NC-REMOVED' }] })

    // The same file by another county: nothing of those rules is hers.
    const refused = await send(other, ncFile(NC_VOTERS))
    expect(refused.counts).toMatchObject({ received: 5, rejected: 5, translated: 0 })
    expect(refused.rules).toEqual([])
    expect(refused.definitionHash).toBe(own.hash)
  })

  test('an error file has the columns of its sender, and corrects what it names when it is sent again', async () => {
    const partner = await county()
    await put(partner, await ruleText('north-carolina'))
    const first = await send(partner, ncFile(NC_VOTERS))
    const judging = await db.transact((tx) => river.deps.definitions.pinned(tx, first.definitionHash))
    const { stream } = await errorFile(river.deps, first, judging)
    const text = Buffer.concat(await stream.toArray()).toString()
    const [header = '', ...rows] = text.trimEnd().split('\n')
    expect(header.split('\t')).toEqual(expect.arrayContaining([...NC_HEADER, 'Error_Field']))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain('party_cd')
    const again = await send(partner, text.replace('XYZ', 'REP').replace('13/45/2016', '10/31/2016'))
    expect(again.counts).toMatchObject({ received: 1, updated: 1, withErrors: 0 })
    expect((await river.log(again.tracking))[0]).toMatchObject({ corrects: `${first.tracking}:5` })
    expect((await bodies(partner)).AA900005).toMatchObject({
      party: 'republican',
      registered_on: '2016-10-31',
    })
  })

  test('requests in the interchange format: as a document, as lines, and one by one', async () => {
    const state = await county()
    await put(state, await ruleText('vri'))
    const lines = ['V1', 'V2'].map((id) => `${JSON.stringify(vriRequest(id))}\n`).join('')
    expect((await send(state, lines)).counts).toMatchObject({ received: 2, created: 2, translated: 2 })
    const again = await send(state, JSON.stringify(vriRequest('V1')))
    expect(again.counts).toMatchObject({ received: 1, unchanged: 1 })
    const call = await submitOne(
      { ...river.deps, realtime: river.realtime },
      {
        who: {
          account: 'caller',
          name: 'caller',
          partner: state,
          centre: false,
          kind: 'machine',
          realms: ['live'],
          grants: [],
        },
        exchange: 'electors',
        realm: 'live',
        partner: state,
        channel: 'test',
        type: 'elector',
        operation: null,
        recordId: null,
        expectedVersion: null,
        idempotencyKey: null,
        bytes: Buffer.from(JSON.stringify(vriRequest('V3'))),
        format: 'json',
        names: 'wire',
      },
    )
    expect(call).toMatchObject({ outcome: 'created', key: 'V3', findings: [] })
    expect((await bodies(state)).V3).toMatchObject({ county: 'mahoning', citizen: true })
    expect((await river.submission(call.tracking)).counts).toMatchObject({ received: 1, translated: 1 })
  })

  test('records that stand under a member of their own, as results in the interchange format do', async () => {
    const state = await county()
    await put(
      state,
      `
formats: { json: { wrapper: VoterRecord } }
types:
  elector:
    layouts:
      record:
        of: tree
        when: { "@type": VRI.VoterRecord }
        fields:
          elector_id: "Voter.VoterId[Type=state-voter-registration-id].StringValue"
          name.first: Voter.Name.FirstName
          name.last: Voter.Name.LastName
          status: VoterStatus
          precinct: "District[Type=precinct].ExternalIdentifier[Type=local-level][1].Value"
`,
    )
    const record = (id: string, VoterStatus: string) => ({
      '@type': 'VRI.VoterRecord',
      Voter: {
        Name: { FirstName: 'INVENTA', LastName: 'EXAMPLE' },
        VoterId: [
          { Type: 'ssn4', StringValue: '0000' },
          { Type: 'state-voter-registration-id', StringValue: id },
        ],
      },
      VoterStatus,
      District: [
        { Type: 'county', ExternalIdentifier: [{ Type: 'fips', Value: '39099' }] },
        { Type: 'precinct', ExternalIdentifier: [{ Type: 'local-level', Value: '12-B' }] },
      ],
    })
    const results = {
      '@type': 'VRI.VoterRecordResults',
      TransactionId: 't-1',
      VoterRecord: [record('S1', 'active'), record('S2', 'inactive'), record('S3', 'other')],
    }
    const done = await send(state, JSON.stringify(results))
    expect(done.counts).toMatchObject({ received: 3, created: 3, withErrors: 1, translated: 0 })
    expect(await bodies(state)).toMatchObject({
      S1: { status: 'active', precinct: '12-B' },
      S2: { status: 'inactive', name: { last: 'EXAMPLE' } },
    })
  })

  test('what is received before a version takes effect is judged by the one before, whenever it is processed', async () => {
    const partner = await county()
    const rules = (code: string) => `crosswalks: { status: { list: status, map: { X: ${code} } } }
types: { elector: { fields: { status: { crosswalk: status } } } }`
    const elector = (id: string) =>
      JSON.stringify({ elector_id: id, name: { first: 'A', last: 'B' }, status: 'X' })
    const bare = await send(partner, elector('E0'))
    const first = await put(partner, rules('active'))
    const second = await put(partner, rules('inactive'), now + 3_600_000)
    const options = { partner, owner: partner }
    const before = await river.receive(elector('E1'), options)
    now += 3_600_000
    const after = await river.receive(elector('E2'), options)
    await river.drain()
    expect(await bodies(partner)).toMatchObject({
      E0: { status: 'X' },
      E1: { status: 'active' },
      E2: { status: 'inactive' },
    })
    expect(bare.rules).toEqual([])
    expect((await river.submission(before)).rules).toEqual([{ partner, version: first }])
    expect((await river.submission(after)).rules).toEqual([{ partner, version: second }])
    // Each verdict can be repeated later by what the submission was pinned to.
    const { definitionHash } = await river.submission(before)
    const kept = await db.transact((tx) => river.deps.definitions.pinned(tx, definitionHash))
    expect(kept.crosswalks.status?.map).toEqual({ [partner]: { X: 'active' } })
    expect(kept.rules).toEqual([{ partner, version: first }])
  })

  test('rules for all lie under those of a partner; a version that is withdrawn never takes effect', async () => {
    const [one, two] = [await county(), await county()]
    const all = await put('*', 'crosswalks: { party: { map: { L: other, G: other } } }')
    const mine = await put(one, 'crosswalks: { party: { map: { G: unaffiliated } } }')
    const later = await put(one, 'crosswalks: { party: { map: { L: democratic } } }', now + 60_000)
    const withdrawal = { at: new Date(now).toISOString(), by: 'test', reason: 'too early' }
    const set = { exchange: 'electors', partner: one, version: later }
    expect(await db.transact((tx) => withdrawRuleSet(tx, set, withdrawal))).toBe(true)
    expect(await db.transact((tx) => withdrawRuleSet(tx, set, withdrawal))).toBe(false)
    expect(await db.transact((tx) => withdrawRuleSet(tx, { ...set, version: mine }, withdrawal))).toBe(false)
    await river.rules.look()
    now += 120_000
    const file = ['L', 'G']
      .map((party) =>
        JSON.stringify({ elector_id: party, name: { first: 'A', last: 'B' }, status: 'active', party }),
      )
      .join('\n')
    const [first, second] = [await send(one, file), await send(two, file)]
    expect(await bodies(one)).toMatchObject({ L: { party: 'other' }, G: { party: 'unaffiliated' } })
    expect(await bodies(two)).toMatchObject({ L: { party: 'other' }, G: { party: 'other' } })
    expect(first.rules).toEqual([
      { partner: '*', version: all },
      { partner: one, version: mine },
    ])
    expect(second.rules).toEqual([{ partner: '*', version: all }])
    await put('*', '{}')
  })

  describe('a full refresh', () => {
    const voter = (id: string, more: NcVoter = {}): NcVoter => ({
      ...NC_VOTERS[1],
      ncid: id,
      voter_reg_num: id,
      ...more,
    })
    let partner = ''

    beforeAll(async () => {
      partner = await county()
      await put(partner, await ruleText('north-carolina'))
      const stored = ['K1', 'K2', 'K3', 'K4'].map((id) => voter(id))
      expect((await send(partner, ncFile(stored), 'refresh')).counts).toMatchObject({ created: 4 })
    })

    test('deletes nothing whose key was seen, also where the record is filtered or rejected', async () => {
      const rejected = voter('K3', { precinct_abbrv: 'far too long for one' })
      const file = [voter('K1'), voter('K2', { status_cd: 'R' }), rejected]
      const done = await send(partner, ncFile(file), 'refresh')
      expect(done.counts).toMatchObject({ received: 3, filtered: 1, rejected: 1, unchanged: 1, removed: 1 })
      expect(done.preview).toMatchObject({ reject: 2, remove: 1 })
      expect(Object.keys(await bodies(partner))).toEqual(['K1', 'K2', 'K3'])
    })

    test.each([
      ['of a record', voter('')],
      ['of a filtered record', voter('', { status_cd: 'R' })],
    ])('deletes nothing where the key %s cannot be read', async (_, unreadable) => {
      const done = await send(partner, ncFile([voter('K1'), unreadable]), 'refresh')
      expect(done.counts).toMatchObject({ received: 2, removed: 0 })
      expect(done.unreadableKeys).toBe(1)
      expect(Object.keys(await bodies(partner))).toEqual(['K1', 'K2', 'K3'])
    })

    test('by the same rules again changes nothing', async () => {
      const file = ncFile([voter('K1'), voter('K2'), voter('K3')])
      await send(partner, file, 'refresh')
      expect((await send(partner, file, 'refresh')).counts).toMatchObject({
        unchanged: 3,
        updated: 0,
        removed: 0,
      })
    })
  })

  test('rules that no longer fit a definition that has changed stop its submissions, and say why', async () => {
    const partner = await county()
    await put(partner, 'types: { elector: { fields: { gone: { transforms: [upper] } } } }')
    const sending = river.receive('{}', { partner, owner: partner })
    await expect(sending).rejects.toMatchObject({ code: 'RULES_WRONG' })
    await expect(sending).rejects.toThrow(/There is no field 'gone' here/)
  })

  test('the versions of a partner are numbered, kept and listed, newest first', async () => {
    const partner = await county()
    const put2 = await Promise.all([put(partner, '{}'), put(partner, '{}')])
    expect(put2.toSorted()).toEqual([1, 2])
    const sets = await db.transact((tx) => listRuleSets(tx, 'electors', [partner]))
    expect(sets.map(({ version }) => version)).toEqual([2, 1])
  })

  test('a definition with rules has the hash of its content', async () => {
    const definition = laid(own, 'x', await ruleText('vri'))
    const { hash, ...content } = definition
    const { canonicalText } = await import('../../src/exchange/load.ts')
    expect(hash).toBe(sha256(canonicalText(content)))
  })
})
