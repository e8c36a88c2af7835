import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { identifier, sql } from '../../src/db/sql.ts'
import type { DigestTemplates } from '../../src/feedback/mail/templates.ts'
import { createSmtp, type MailTransport, SMTP_TIMES } from '../../src/outbound/smtp.ts'
import { mailPause } from '../../src/run/mail-retry.ts'
import { type Mailer, startMailer } from '../../src/run/mailer.ts'
import { clearBounce, listContacts } from '../../src/store/contacts.ts'
import { claimMail, listMails, type Mail, mailQueue, retryMail, settleMail } from '../../src/store/mails.ts'
import { testDatabases } from '../database.ts'
import { addContact, addPartner, MONDAY, note, ZONE } from './notice.ts'
import { openPostOffice, type PostOffice, plainSettings } from './post-office.ts'

const minuteMs = 60_000
const soon = { timeout: 20_000 }

describe.each(testDatabases())('on $name', ({ open }) => {
  const opened: (() => Promise<unknown>)[] = []
  let db: Database

  beforeAll(async () => {
    db = await open()
    await addPartner(db, 'alder', 'Alder Police Department')
  })
  afterEach(async () => {
    for (const end of opened.splice(0).reverse()) await end()
    for (const table of ['notice_due', 'notice', 'mail', 'contact'])
      await db.transact((tx) => tx.rows(sql`delete from ${identifier(table)}`))
  })
  afterAll(() => db.close())

  /** A node's mailer with a clock that is set by hand, and a partner `alder` with a contact. */
  async function begin(templates: Partial<DigestTemplates> = {}) {
    const office = await openPostOffice()
    opened.push(() => office.close())
    const contact = await addContact(db, 'alder', 'chief@alder.example')
    const clock = { now: MONDAY }
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const start = (transport: MailTransport | null, leaseSeconds = 30): Mailer => {
      const mailer = startMailer(
        {
          db,
          now: () => clock.now,
          log,
          transport,
          publicUrl: 'https://exchange.example',
          exchanges: {
            list: () => [{ exchange: 'ripa', title: 'RIPA stop data', zone: ZONE }],
            mailTemplates: () => templates,
          },
        },
        leaseSeconds,
      )
      opened.push(() => mailer.close())
      return mailer
    }
    return { office, contact, clock, log, start }
  }

  const smtp = (office: PostOffice, times = SMTP_TIMES) => createSmtp(plainSettings(office.port), times)

  function mails(): Promise<Mail[]> {
    return db.transact((tx) => listMails(tx, { partner: 'alder', state: null, before: null, limit: 100 }))
  }

  /** Waits until the one mail looks like that. */
  function until(wanted: Partial<Mail>): Promise<void> {
    return vi.waitFor(async () => expect(await mails()).toMatchObject([wanted]), soon)
  }

  test('a mail reaches the contact as text and HTML, and no mailbox answers it', async () => {
    const { office, start } = await begin()
    await note(db, 'alder', 'intake-a')
    start(smtp(office))
    await until({ state: 'sent', attempts: 1, sentAt: '2026-03-02T20:30:00Z', lastError: null })
    const [sent] = office.received
    expect(sent).toMatchObject({ from: 'exchange@centre.example', to: ['chief@alder.example'] })
    expect(sent?.mail).toMatchObject({
      subject: 'RIPA stop data: 5 of 120 records rejected',
      from: { name: 'Stop data exchange', address: 'exchange@centre.example' },
      to: [{ address: 'chief@alder.example' }],
      messageId: `<${(await mails())[0]?.mail}@centre.example>`,
    })
    expect(sent?.mail.text).toContain('intake-a')
    expect(sent?.mail.html).toContain('intake-a')
    expect(sent?.raw).toMatch(/^Auto-Submitted: auto-generated/m)
  })

  test('what is due by one time is one mail, for each contact and exchange', async () => {
    const { office, clock, start } = await begin()
    await addContact(db, 'alder', 'daily@alder.example', 'daily', '*')
    const mailer = start(smtp(office))
    for (const intake of ['a', 'b', 'c']) await note(db, 'alder', `intake-${intake}`)
    await vi.waitFor(() => expect(office.received.length).toBeGreaterThan(0), soon)
    expect(office.received.flatMap(({ to }) => to)).not.toContain('daily@alder.example')
    clock.now += 24 * 60 * minuteMs
    mailer.wake()
    const daily = () => office.received.filter(({ to }) => to.includes('daily@alder.example'))
    await vi.waitFor(() => expect(daily()).toHaveLength(1), soon)
    expect(daily()[0]?.mail.text).toMatch(/Deliveries +3\n/)
    expect(daily()[0]?.mail.text).toMatch(/Records received +360\n/)
  })

  test('names with line ends add no header and no recipient', async () => {
    const { office, start } = await begin()
    await addPartner(db, 'evil', 'Evil\r\nBcc: all@evil.example\r\n\r\n<script>')
    await addContact(db, 'evil', 'evil@evil.example')
    const name = 'a\r\nBcc: all@evil.example\r\n.\r\nMAIL FROM:<x@evil.example>\r\n'
    const files = { total: 1, refused: [{ name, code: 'FILE_NAME_WRONG', reason: name }], refusedMore: 0 }
    await note(db, 'evil', 'x\r\nBcc: all@evil.example', { files, reports: [name] })
    start(smtp(office))
    await vi.waitFor(() => expect(office.received).toHaveLength(1), soon)
    const [sent] = office.received
    expect(sent?.to).toEqual(['evil@evil.example'])
    expect(sent?.mail.bcc).toBeUndefined()
    expect(sent?.mail.headers.map(({ key }) => key).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
    ])
    expect(sent?.mail.text).not.toMatch(/^Bcc/m)
    expect(sent?.mail.html).not.toContain('<script>')
  })

  test('a mail waits while the server is down, and goes out when it is back', async () => {
    const { office, clock, start } = await begin()
    await note(db, 'alder', 'intake-a')
    await office.close()
    const mailer = start(smtp(office))
    await until({ state: 'queued', attempts: 1, nextAt: '2026-03-02T20:31:00Z' })
    expect((await mails())[0]?.lastError).toContain('ECONNREFUSED')
    clock.now += minuteMs
    mailer.wake()
    await until({ state: 'queued', attempts: 2, nextAt: '2026-03-02T20:33:00Z' })
    const back = await openPostOffice({}, office.port)
    opened.push(() => back.close())
    clock.now += 2 * minuteMs
    mailer.wake()
    await until({ state: 'sent', attempts: 3 })
    expect(back.received).toHaveLength(1)
  })

  test('after five days of trying a mail is given up, and an operator can have it tried again', async () => {
    const { office, clock, start } = await begin()
    office.refuse.rcpt = () => '451 4.7.1 greylisted'
    await note(db, 'alder', 'intake-a')
    const mailer = start(smtp(office))
    await until({ attempts: 1, lastError: '451 4.7.1 greylisted' })
    for (let attempt = 1; attempt < 100; attempt += 1) {
      const [mail] = await mails()
      if (mail?.nextAt == null) break
      clock.now = Date.parse(mail.nextAt)
      mailer.wake()
      await vi.waitFor(async () => expect((await mails())[0]?.attempts).toBe(attempt + 1), soon)
      await vi.waitFor(async () => expect((await mails())[0]?.nextAt).not.toBe(mail.nextAt), soon)
    }
    await until({ state: 'given-up', lastError: '451 4.7.1 greylisted' })
    const days = (clock.now - MONDAY) / (24 * 60 * minuteMs)
    expect(days).toBeGreaterThanOrEqual(5)
    expect(days).toBeLessThan(5.5)
    expect((await db.transact((tx) => listContacts(tx, 'alder')))[0]?.bouncedAt).toBeNull()
    office.refuse.rcpt = () => null
    const [mail] = await mails()
    expect(await db.transact((tx) => retryMail(tx, mail?.mail ?? '', clock.now))).toBe(true)
    mailer.wake()
    await until({ state: 'sent', attempts: 1 })
    expect(await db.transact((tx) => retryMail(tx, mail?.mail ?? '', clock.now))).toBe(false)
  })

  test('an address that is refused for good gets nothing more until an operator clears it', async () => {
    const { office, contact, start } = await begin()
    office.refuse.rcpt = () => '550 5.1.1 no such user'
    await note(db, 'alder', 'intake-a')
    const mailer = start(smtp(office))
    await until({ state: 'bounced', lastError: '550 5.1.1 no such user' })
    expect(await db.transact((tx) => listContacts(tx, 'alder'))).toMatchObject([
      { bouncedAt: '2026-03-02T20:30:00Z', bounceReason: '550 5.1.1 no such user' },
    ])
    await note(db, 'alder', 'intake-b')
    office.refuse.rcpt = () => null
    const [refused] = await mails()
    await db.transact((tx) => retryMail(tx, refused?.mail ?? '', MONDAY))
    mailer.wake()
    expect(await db.transact((tx) => claimMail(tx, MONDAY, 30))).toBeNull()
    expect(await db.transact(mailQueue)).toMatchObject({ queued: 1, paused: 1, bounced: 0 })
    await db.transact((tx) => clearBounce(tx, contact))
    mailer.wake()
    await until({ state: 'sent' })
    expect(await db.transact(mailQueue)).toMatchObject({ queued: 0, oldest: null })
  })

  test('a mail that the server refuses after it read it is refused for good', async () => {
    const { office, start } = await begin()
    office.refuse.data = () => '554 5.6.0 not wanted'
    await note(db, 'alder', 'intake-a')
    start(smtp(office))
    await until({ state: 'bounced', lastError: '554 5.6.0 not wanted' })
  })

  test('a server that does not relay for us is our trouble and not the address', async () => {
    const { office, start } = await begin()
    office.refuse.rcpt = () => '554 5.7.1 relay access denied'
    await note(db, 'alder', 'intake-a')
    start(smtp(office))
    await until({ state: 'queued', attempts: 1, lastError: '554 5.7.1 relay access denied' })
  })

  test('one refused address keeps no other back', async () => {
    const { office, start } = await begin()
    office.refuse.rcpt = (address) => (address.startsWith('chief') ? '550 5.1.1 no such user' : null)
    await addContact(db, 'alder', 'clerk@alder.example')
    await note(db, 'alder', 'intake-a')
    start(smtp(office))
    await vi.waitFor(
      async () =>
        expect((await mails()).map(({ recipient, state }) => `${recipient} ${state}`).sort()).toEqual([
          'chief@alder.example bounced',
          'clerk@alder.example sent',
        ]),
      soon,
    )
  })

  test('a server that hangs delays mails, and mails are made all the same', async () => {
    const { office, clock, start } = await begin()
    office.hangs = true
    await note(db, 'alder', 'intake-a')
    const mailer = start(smtp(office, { connectMs: 500, silenceMs: 60_000, mailMs: 1500 }))
    await vi.waitFor(() => expect(office.received).toHaveLength(1), soon)
    await note(db, 'alder', 'intake-b')
    mailer.wake()
    await vi.waitFor(async () => expect(await mails()).toHaveLength(2), { timeout: 1000 })
    const first = office.received[0]?.mail.messageId ?? ''
    await vi.waitFor(
      async () =>
        expect((await mails()).find(({ mail }) => first.includes(mail))).toMatchObject({
          state: 'queued',
          lastError: 'The mail server took longer than 1.5 seconds.',
        }),
      soon,
    )
    office.hangs = false
    clock.now += 10 * minuteMs
    mailer.wake()
    await vi.waitFor(
      async () => expect((await mails()).map(({ state }) => state)).toEqual(['sent', 'sent']),
      soon,
    )
  })

  test('a node that closes does not wait for a server that hangs, and the mail is not counted as tried', async () => {
    const { office, start } = await begin()
    office.hangs = true
    await note(db, 'alder', 'intake-a')
    const mailer = start(smtp(office))
    await vi.waitFor(() => expect(office.received).toHaveLength(1), soon)
    await mailer.close()
    expect(await mails()).toMatchObject([{ state: 'queued', attempts: 0, lastError: null }])
  })

  test('sent but not noted: it goes out again as the same message, and the late note is refused', async () => {
    const { office, start } = await begin()
    await note(db, 'alder', 'intake-a')
    const composer = start(null)
    await until({ state: 'queued' })
    await composer.close()
    // A process that is killed between the answer of the server and its commit.
    const lost = await db.transact((tx) => claimMail(tx, MONDAY, 1))
    if (lost === null) throw new Error('there is no mail')
    const { mail: id, recipient: to, subject, text, html, createdAt: date } = lost
    await smtp(office).send({ id, to, subject, text, html, date })
    start(smtp(office))
    await until({ state: 'sent', attempts: 2 })
    const [first, second] = office.received
    expect(second?.mail.messageId).toBe(first?.mail.messageId)
    expect(second?.raw).toBe(first?.raw)
    const late = await db.transact((tx) => settleMail(tx, lost, { state: 'bounced', error: 'late' }, MONDAY))
    expect(late).toBe(false)
    expect(await mails()).toMatchObject([{ state: 'sent' }])
  })

  test('without a mail server mails wait, and the log says so once', async () => {
    const { log, start } = await begin()
    const mailer = start(null)
    await note(db, 'alder', 'intake-a')
    mailer.wake()
    await until({ state: 'queued', attempts: 0 })
    const told = () => log.warn.mock.calls.filter(([, text]) => String(text).startsWith('mail.waits'))
    await vi.waitFor(() => expect(told()).toHaveLength(1), soon)
    await note(db, 'alder', 'intake-b')
    mailer.wake()
    await vi.waitFor(async () => expect(await mails()).toHaveLength(2), soon)
    expect(told()).toHaveLength(1)
  })

  test('two nodes on one database send each mail once', async () => {
    const { office, start } = await begin()
    for (const mailer of [start(smtp(office)), start(smtp(office))]) mailer.wake()
    for (let index = 0; index < 20; index += 1) {
      await addContact(db, 'alder', `clerk${index}@alder.example`)
      await note(db, 'alder', `intake-${index}`)
    }
    await vi.waitFor(
      async () => {
        const { queued } = await db.transact(mailQueue)
        expect(queued).toBe(0)
        expect(office.received.length).toBeGreaterThan(20)
        const told = office.received.flatMap(({ to, mail }) =>
          [...(mail.text ?? '').matchAll(/^intake-\d+/gm)].map(([intake]) => `${to} ${intake}`),
        )
        expect(told).toHaveLength(20 + (20 * 21) / 2)
        expect(new Set(told).size).toBe(told.length)
      },
      { timeout: 30_000, interval: 200 },
    )
  })

  test('templates of the exchange are used; where one fails, the mail is made with those of Tributary', async () => {
    const { office, log, start } = await begin({
      subject: 'Ours: {{ exchange.title }}',
      text: '{{ partner.name | divided_by: 0 | modulo: nothing.at.all }}{% render "gone" %}',
    })
    await note(db, 'alder', 'intake-a')
    start(smtp(office))
    await vi.waitFor(() => expect(office.received).toHaveLength(1), soon)
    expect(office.received[0]?.mail.text).toContain('Records received')
    expect(log.warn.mock.calls.map(([, text]) => text)).toContain('mail.template-failed')
  })
})

test('pauses double from a minute to six hours and end after five days', () => {
  expect([1, 2, 3, 9, 10, 20].map((attempts) => (mailPause(attempts) ?? 0) / minuteMs)).toEqual([
    1, 2, 4, 256, 360, 360,
  ])
  expect(mailPause(28)).not.toBeNull()
  expect(mailPause(40)).toBeNull()
})
