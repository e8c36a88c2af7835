import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FormsPorts } from '../../src/channel/rest/ports-forms.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Who } from '../../src/identity/who.ts'
import { createFormsPorts } from '../../src/node/forms-ports.ts'
import type { Definitions } from '../../src/run/deps.ts'
import { openBook } from '../../src/store/books.ts'
import { putPartner } from '../../src/store/partners.ts'
import { testDatabases } from '../database.ts'

const dayMs = 86_400_000
const start = Date.parse('2026-03-10T18:00:00Z')
const definitions = { get: () => ({ owner: 'partner' }) } as unknown as Definitions
const FIRST = '00000000-0000-4000-8000-000000000001'
const SECOND = '00000000-0000-4000-8000-000000000002'

describe.each(testDatabases())('drafts and records with errors ($name)', ({ open }) => {
  let db: Database
  let forms: FormsPorts
  let now = start
  let alder: Who
  let birch: Who

  beforeAll(async () => {
    db = await open()
    forms = createFormsPorts({ db, definitions, now: () => now })
    alder = await person('alder')
    birch = await person('birch')
    await records('alder', [['F1'], ['F1', 'F2'], ['F1', 'F1']])
    await records('birch', [['F2']])
  })

  afterAll(() => db?.close())

  async function person(partner: string): Promise<Who> {
    const account = randomUUID()
    await db.transact(async (tx) => {
      await putPartner(tx, { partner, name: partner, centre: false, profile: null })
      await tx.rows(sql`
        insert into account (account, login, partner, kind, realms)
        values (${account}::uuid, ${`${partner}.clerk`}, ${partner}, 'person', '{live}')`)
    })
    const grants = [{ exchange: 'ripa', grants: ['submit', 'read'] as const }]
    return { account, name: partner, partner, centre: false, kind: 'person', realms: ['live'], grants }
  }

  /** Records with errors of these rules, in the order of their changes. */
  async function records(partner: string, codes: readonly (readonly string[])[]) {
    await db.transact(async (tx) => {
      const { book } = await openBook(tx, 'ripa', 'live', partner)
      for (const [index, found] of codes.entries()) {
        const position = index + 1
        await tx.rows(sql`
          insert into record (book, record_id, type, key, status, version, change_no, operation, definition_version,
                              content_hash, raw_hash, body, submission, position, created_at, changed_at)
          values (${book}, ${randomUUID()}::uuid, 'stop', ${`${partner}\u001f${position}`}, 'submitted-with-errors', 1,
                  ${position}, 'create', 'v2', '', '', '{}', ${`t-${partner}`}, ${position}, now(), now())`)
        for (const [number, code] of found.entries())
          await tx.rows(sql`
            insert into finding (book, tracking, position, number, key, code, severity, path, field, message, value)
            values (${book}, ${`t-${partner}`}, ${position}, ${number}, '', ${code}, 'error', 'city', 'City', 'Wrong.', 'X')`)
      }
    })
  }

  const draft = (title: string) => ({
    title,
    exchange: 'ripa',
    realm: 'live' as const,
    type: 'stop',
    recordId: null,
    body: { lea_record_id: title },
  })
  const titles = async (who: Who) =>
    (await forms.drafts.list(who, { limit: 10, after: null })).items.map(({ title }) => title)

  test('a draft is kept as it was saved last, by its writer alone, for ninety days', async () => {
    await forms.drafts.put(alder, FIRST, draft('A-1'))
    now = start + dayMs
    await forms.drafts.put(alder, SECOND, draft('A-2'))
    // The same number in other hands is another draft.
    await forms.drafts.put(birch, FIRST, draft('B-1'))
    const saved = await forms.drafts.put(alder, SECOND, draft('A-2b'))
    expect(saved.body).toEqual({ lea_record_id: 'A-2b' })
    expect(saved.removedOn).toBe('2026-06-09')
    expect(await titles(alder)).toEqual(['A-2b', 'A-1'])
    expect(await titles(birch)).toEqual(['B-1'])
    now = start + 90 * dayMs
    expect(await titles(alder)).toEqual(['A-2b'])
    await expect(forms.drafts.get(alder, FIRST)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await forms.drafts.put(birch, SECOND, draft('B-2'))
    const rows = await db.transact((tx) =>
      tx.rows(sql`select from draft where updated_at < ${'2026-03-11'}::timestamptz`),
    )
    expect(rows).toEqual([])
    await forms.drafts.drop(alder, SECOND)
    expect(await titles(alder)).toEqual([])
    expect((await forms.drafts.get(birch, SECOND)).title).toBe('B-2')
  })

  test('drafts come in pages, and an account has no end of them', async () => {
    now = start + 100 * dayMs
    for (let number = 0; number < 5; number += 1) {
      now += 1000
      await forms.drafts.put(alder, randomUUID(), draft(`P-${number}`))
    }
    const first = await forms.drafts.list(alder, { limit: 3, after: null })
    const second = await forms.drafts.list(alder, { limit: 3, after: first.next })
    expect(second.next).toBeNull()
    expect([...first.items, ...second.items].map(({ title }) => title)).toEqual([
      'P-4',
      'P-3',
      'P-2',
      'P-1',
      'P-0',
    ])
    const rest = 495
    await db.transact((tx) =>
      tx.rows(sql`
        insert into draft (account, draft, title, exchange, realm, type, body, created_at, updated_at)
        select ${alder.account}::uuid, gen_random_uuid(), '', 'ripa', 'live', 'stop', '{}', t, t
          from generate_series(1, ${rest}::int), (select ${new Date(now).toISOString()}::timestamptz as t) as times`),
    )
    await expect(forms.drafts.put(alder, randomUUID(), draft('one more'))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('records with errors are listed by rule, those of others not at all', async () => {
    const mine = { exchange: 'ripa', realm: 'live', type: 'stop', partners: ['alder'] } as const
    const list = (code: string | null, limit: number, after: string | null) =>
      forms.faulty.list({ ...mine, code, limit, after })
    const first = await list(null, 2, null)
    expect(first.items.map(({ key }) => key)).toEqual(['alder/1', 'alder/2'])
    expect(first.items[1]?.findings.map(({ code }) => code)).toEqual(['F1', 'F2'])
    const second = await list(null, 2, first.next)
    expect([second.items.map(({ key }) => key), second.next]).toEqual([['alder/3'], null])
    expect((await list('F2', 10, null)).items.map(({ key }) => key)).toEqual(['alder/2'])
    const rules = async (partners: readonly string[] | null) =>
      (await forms.faulty.rules({ ...mine, partners })).map(({ code, records: count }) => [code, count])
    // A record with a rule's error twice is one record.
    expect(await rules(['alder'])).toEqual([
      ['F1', 3],
      ['F2', 1],
    ])
    expect(await rules(null)).toEqual([
      ['F1', 3],
      ['F2', 2],
    ])
  })
})
