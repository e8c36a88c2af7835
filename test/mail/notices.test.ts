import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { clearBounce, dropContact, listContacts, mailAddress, markBounced } from '../../src/store/contacts.ts'
import { listMails, putMail } from '../../src/store/mails.ts'
import { dueDigests, takeDigest } from '../../src/store/notices.ts'
import { testDatabases } from '../database.ts'
import { addContact, addPartner, MONDAY, note } from './notice.ts'

const hourMs = 3_600_000
const year = MONDAY + 365 * 24 * hourMs

describe.each(testDatabases())('on $name', ({ open }) => {
  let db: Database
  let serial = 0

  beforeAll(async () => {
    db = await open()
  })
  afterAll(() => db.close())

  /** A partner of its own for each test. */
  async function partner(): Promise<string> {
    serial += 1
    await addPartner(db, `p${serial}`)
    return `p${serial}`
  }

  function dueOf(name: string): Promise<{ address: string; dueAt: string }[]> {
    return db.transact((tx) =>
      tx.rows(sql`
        select c.address, to_char(d.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as "dueAt"
          from notice_due d join contact c using (contact) where c.partner = ${name} order by d.due_at, c.address`),
    )
  }

  test('each contact is due at its own time, by the clock of the exchange', async () => {
    const name = await partner()
    for (const frequency of ['at-once', 'hourly', 'daily', 'weekly'] as const)
      await addContact(db, name, `${frequency}@alder.example`, frequency)
    await note(db, name, `${name}-a`)
    expect(await dueOf(name)).toEqual([
      { address: 'at-once@alder.example', dueAt: '2026-03-02 20:30' },
      { address: 'hourly@alder.example', dueAt: '2026-03-02 21:00' },
      { address: 'daily@alder.example', dueAt: '2026-03-03 14:00' },
      { address: 'weekly@alder.example', dueAt: '2026-03-09 13:00' },
    ])
  })

  test('the same intake noted again tells nobody twice', async () => {
    const name = await partner()
    await addContact(db, name, 'a@alder.example')
    expect(await note(db, name, `${name}-a`)).toBe(true)
    expect(await note(db, name, `${name}-a`)).toBe(false)
    expect(await dueOf(name)).toHaveLength(1)
  })

  test('a contact of all exchanges is told of each, and of none twice when it is named for one as well', async () => {
    const name = await partner()
    await addContact(db, name, 'all@alder.example', 'at-once', '*')
    await addContact(db, name, 'other@alder.example', 'at-once', 'votecal')
    await addContact(db, name, 'both@alder.example', 'daily', '*')
    await addContact(db, name, 'both@alder.example', 'hourly', 'ripa')
    await note(db, name, `${name}-a`)
    expect(await dueOf(name)).toEqual([
      { address: 'all@alder.example', dueAt: '2026-03-02 20:30' },
      { address: 'both@alder.example', dueAt: '2026-03-02 21:00' },
    ])
  })

  test('a file whose name no text of the database can hold is told all the same', async () => {
    const name = await partner()
    const contact = await addContact(db, name, 'a@alder.example')
    const refused = [{ name: 'a\0b\ud800c\\u0000', code: 'FILE_NAME_WRONG', reason: '' }]
    await note(db, name, `${name}-a`, { files: { total: 1, refused, refusedMore: 0 } })
    const digest = await db.transact((tx) => takeDigest(tx, { contact, exchange: 'ripa' }, year))
    expect(digest?.notices[0]?.content.files.refused[0]?.name).toBe('a�b�c\\u0000')
  })

  test('another partner is told nothing', async () => {
    const [one, other] = [await partner(), await partner()]
    await addContact(db, other, 'a@birch.example')
    await note(db, one, `${one}-a`)
    expect(await dueOf(other)).toEqual([])
  })

  test('an address that was refused is not due until an operator clears it', async () => {
    const name = await partner()
    const contact = await addContact(db, name, `gone@${name}.example`)
    await note(db, name, `${name}-a`)
    await db.transact((tx) => markBounced(tx, `gone@${name}.example`, '550 no such user', MONDAY))
    await note(db, name, `${name}-b`)
    expect(await dueOf(name)).toHaveLength(1)
    const [shown] = await db.transact((tx) => listContacts(tx, name))
    expect(shown).toMatchObject({ bouncedAt: '2026-03-02T20:30:00Z', bounceReason: '550 no such user' })
    const mine = async () =>
      (await db.transact((tx) => dueDigests(tx, year, 100))).filter((due) => due.contact === contact)
    expect(await mine()).toEqual([])
    expect(await db.transact((tx) => takeDigest(tx, { contact, exchange: 'ripa' }, year))).toBeNull()
    expect(await db.transact((tx) => clearBounce(tx, contact))).toBe(true)
    expect(await mine()).toEqual([{ contact, exchange: 'ripa' }])
  })

  test('notices are taken once, by time', async () => {
    const name = await partner()
    const contact = await addContact(db, name, 'a@alder.example', 'hourly')
    await note(db, name, `${name}-b`, {}, MONDAY + 60_000)
    await note(db, name, `${name}-a`)
    const due = { contact, exchange: 'ripa' }
    expect(await db.transact((tx) => takeDigest(tx, due, MONDAY + 60_000))).toBeNull()
    const digest = await db.transact((tx) => takeDigest(tx, due, MONDAY + hourMs))
    expect(digest).toMatchObject({ partner: name, address: 'a@alder.example', frequency: 'hourly' })
    expect(digest?.notices.map(({ intake, content }) => [intake, content.records.received])).toEqual([
      [`${name}-a`, 120],
      [`${name}-b`, 120],
    ])
    expect(await db.transact((tx) => takeDigest(tx, due, year))).toBeNull()
  })

  test('notices taken by one that fails are there for the next', async () => {
    const name = await partner()
    const contact = await addContact(db, name, 'a@alder.example')
    await note(db, name, `${name}-a`)
    const due = { contact, exchange: 'ripa' }
    const failing = db.transact(async (tx) => {
      await takeDigest(tx, due, year)
      throw new Error('killed')
    })
    await expect(failing).rejects.toThrow('killed')
    expect((await db.transact((tx) => takeDigest(tx, due, year)))?.notices).toHaveLength(1)
  })

  test('two that take the same digest at once make one mail of it', async () => {
    const name = await partner()
    const contact = await addContact(db, name, 'a@alder.example')
    for (let index = 0; index < 20; index += 1) await note(db, name, `${name}-${index}`)
    const due = { contact, exchange: 'ripa' }
    const taken = await Promise.all(
      Array.from({ length: 4 }, () => db.transact((tx) => takeDigest(tx, due, year))),
    )
    expect(taken.flatMap((digest) => digest?.notices ?? [])).toHaveLength(20)
    expect(taken.filter((digest) => digest !== null)).toHaveLength(1)
  })

  test('a contact added again changes how often it is told; one that is removed takes its queued mails along', async () => {
    const name = await partner()
    const contact = await addContact(db, name, 'a@alder.example', 'daily')
    expect(await addContact(db, name, 'a@alder.example', 'weekly')).toBe(contact)
    expect(await db.transact((tx) => listContacts(tx, name))).toMatchObject([
      { contact, frequency: 'weekly' },
    ])
    await note(db, name, `${name}-a`)
    const mail = { mail: `${name}-m`, contact, partner: name, exchange: 'ripa', recipient: 'a@alder.example' }
    await db.transact((tx) => putMail(tx, { ...mail, subject: 's', text: 't', html: 'h', at: MONDAY }))
    expect(await db.transact((tx) => dropContact(tx, 'another', contact))).toBe(false)
    expect(await db.transact((tx) => dropContact(tx, name, contact))).toBe(true)
    expect(await dueOf(name)).toEqual([])
    const wanted = { partner: name, state: null, before: null, limit: 10 }
    expect(await db.transact((tx) => listMails(tx, wanted))).toEqual([])
  })
})

test('an address is one plain address', () => {
  expect(mailAddress(' chief+ripa@Alder.Example ')).toBe('chief+ripa@alder.example')
  expect(mailAddress('chief@bücher.example')).toBe('chief@xn--bcher-kva.example')
  const wrong = [
    '',
    'chief',
    '@alder.example',
    'a@b@c',
    'a b@c.example',
    'a@c.example, b@c.example',
    'A <a@c.example>',
    'a@c.example\r\nBcc: b@c.example',
    'a\r\n@c.example',
    'a@-c.example',
    '"a b"@c.example',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@c.example`,
    `a@${'c'.repeat(254)}`,
  ]
  expect(wrong.filter((text) => mailAddress(text) !== null)).toEqual([])
})
