import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { checkExchangeFolder, loadExchange } from '../../src/node/exchange-folder.ts'
import { starterFiles } from '../../src/publish/starter.ts'
import { listMails } from '../../src/store/mails.ts'
import { newPostgresUrl } from '../database.ts'
import { startTributary } from '../servers/tributary.ts'
import { addContact, addPartner, note } from './notice.ts'
import { openPostOffice, type PostOffice } from './post-office.ts'

const soon = { timeout: 30_000, interval: 100 }
let folder = ''
let url = ''
let db: Database
let office: PostOffice

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-'))
  url = await newPostgresUrl()
  office = await openPostOffice()
  for (const [path, text] of Object.entries(starterFiles('ripa', 'Visits'))) await write(path, text)
})

afterAll(async () => {
  await db?.close()
  await office?.close()
  await rm(folder, { recursive: true, force: true })
})

async function write(path: string, text: string): Promise<void> {
  const file = join(folder, 'exchanges/ripa', path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

function start() {
  return startTributary({
    DATABASE_URL: url,
    TRIBUTARY_DATA: join(folder, 'data'),
    TRIBUTARY_EXCHANGES: join(folder, 'exchanges'),
    TRIBUTARY_LEASE_SECONDS: '2',
    TRIBUTARY_MAIL_URL: `smtp://127.0.0.1:${office.port}`,
    TRIBUTARY_MAIL_FROM: 'Exchange <exchange@centre.example>',
    TRIBUTARY_MAIL_TLS: 'off',
  })
}

test('a node killed between sending a mail and noting it sends the same message again, once', async () => {
  await write('mail/digest.subject.liquid', 'Ours: {{ totals.records.received }} of {{ exchange.title }}')
  const killed = await start()
  db = openPostgres(url, 2)
  await addPartner(db, 'alder', 'Alder Police Department')
  await addContact(db, 'alder', 'chief@alder.example')
  office.hangs = true
  await note(db, 'alder', 'intake-a')
  await vi.waitFor(() => expect(office.received).toHaveLength(1), soon)
  await killed.kill()
  office.hangs = false
  const node = await start()
  const mails = () =>
    db.transact((tx) => listMails(tx, { partner: 'alder', state: null, before: null, limit: 10 }))
  await vi.waitFor(async () => expect(await mails()).toMatchObject([{ state: 'sent', attempts: 2 }]), soon)
  expect(await node.stop()).toBe(0)
  expect(office.received).toHaveLength(2)
  const [first, second] = office.received
  expect(first?.mail.messageId).toMatch(/^<\d{14}-[0-9a-f]{18}@centre\.example>$/)
  expect(second?.mail.messageId).toBe(first?.mail.messageId)
  expect(second?.mail.subject).toBe('Ours: 120 of Visits')
})

test('templates of an exchange are checked with its definition, and are no part of its hash', async () => {
  const exchange = join(folder, 'exchanges/ripa')
  const { hash } = await loadExchange(exchange)
  await write('mail/digest.html.liquid', '<p>\n{{ partner.nmae }}</p>')
  await write('mail/digest.txt.liquid', 'x')
  const { definition, problems } = await checkExchangeFolder(exchange)
  expect(definition).toBeNull()
  expect(problems).toMatchObject([
    { file: 'mail/digest.html.liquid', line: 2, code: 'TEMPLATE' },
    { file: 'mail/digest.txt.liquid', line: 1, code: 'FILE_UNUSED' },
  ])
  await expect(loadExchange(exchange)).rejects.toThrow(
    'mail/digest.html.liquid:2:4: The template does not work',
  )
  await write('mail/digest.html.liquid', '<p>{{ partner.name }}</p>')
  await rm(join(exchange, 'mail/digest.txt.liquid'))
  expect((await loadExchange(exchange)).hash).toBe(hash)
})
