import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createSmtp, type OutgoingMail, SMTP_TIMES } from '../../src/outbound/smtp.ts'
import type { SmtpSettings } from '../../src/outbound/smtp-settings.ts'
import { makeCertificate } from '../rest/certificate.ts'
import { openPostOffice, plainSettings } from './post-office.ts'

const inAnHour = new Date(Date.now() + 3_600_000)
const { cert, key } = makeCertificate('localhost', inAnHour)
const opened: (() => unknown)[] = []

afterEach(async () => {
  for (const end of opened.splice(0).reverse()) await end()
})

const MAIL: OutgoingMail = {
  id: '20260302203000-0123456789abcdef01',
  to: 'chief@alder.example',
  subject: 'Ünïcode',
  text: 'Text.\n.\nMore.\n',
  html: '<p>Text.</p>\n',
  date: '2026-03-02T20:30:00Z',
}

async function office(options: Parameters<typeof openPostOffice>[0]) {
  const made = await openPostOffice(options)
  opened.push(() => made.close())
  return made
}

function send(settings: SmtpSettings, times = SMTP_TIMES) {
  const transport = createSmtp(settings, times)
  opened.push(() => transport.close())
  return transport.send(MAIL)
}

/** Settings that ask for all that is safe. */
function safe(port: number, change: Partial<SmtpSettings> = {}): SmtpSettings {
  return plainSettings(port, { host: 'localhost', tls: 'required', ca: cert, ...change })
}

test('a mail goes over STARTTLS to a server whose certificate is trusted, signed in', async () => {
  const { port, received } = await office({
    cert,
    key,
    onAuth: ({ username, password }, _session, done) =>
      username === 'node' && password === 'p@ss:word'
        ? done(null, { user: username })
        : done(new Error('no')),
  })
  expect(await send(safe(port, { user: 'node', password: 'p@ss:word' }))).toEqual({ outcome: 'taken' })
  expect(received).toMatchObject([{ encrypted: true, user: 'node', to: ['chief@alder.example'] }])
  expect(received[0]?.mail).toMatchObject({
    subject: 'Ünïcode',
    html: expect.stringContaining('<p>Text.</p>'),
  })
  expect(received[0]?.mail.text).toContain('Text.\n.\nMore.')
  expect(Date.parse(received[0]?.mail.date ?? '')).toBe(Date.parse(MAIL.date))
})

test('a mail goes over TLS from the first byte', async () => {
  const { port, received } = await office({ secure: true, cert, key })
  expect(await send(safe(port, { secure: true }))).toEqual({ outcome: 'taken' })
  expect(received).toMatchObject([{ encrypted: true }])
})

test('without STARTTLS nothing is sent where TLS is required, not even the name', async () => {
  const asked: string[] = []
  const { port, received } = await office({
    cert,
    key,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, done) => {
      asked.push(auth.username ?? '')
      done(null, { user: 'x' })
    },
  })
  const sent = await send(safe(port, { user: 'node', password: 'secret' }))
  expect(sent).toMatchObject({ outcome: 'away', reason: expect.stringContaining('STARTTLS') })
  expect(received).toEqual([])
  expect(asked).toEqual([])
})

test('a certificate that is not trusted, or is for another name, or is over, is refused', async () => {
  const { port, received } = await office({ cert, key })
  expect(await send(safe(port, { ca: null }))).toMatchObject({ outcome: 'away' })
  const strange = makeCertificate('mail.other.example', inAnHour)
  const other = await office(strange)
  expect(await send(safe(other.port, { ca: strange.cert }))).toMatchObject({
    outcome: 'away',
    reason: expect.stringContaining('localhost'),
  })
  const over = makeCertificate('localhost', new Date(Date.now() - 3_600_000))
  const third = await office(over)
  expect(await send(safe(third.port, { ca: over.cert }))).toMatchObject({
    outcome: 'away',
    reason: expect.stringContaining('expired'),
  })
  expect([...received, ...other.received, ...third.received]).toEqual([])
})

test('opportunistic: STARTTLS where it is offered, whatever the certificate', async () => {
  const { port, received } = await office({ cert, key })
  expect(await send(safe(port, { tls: 'opportunistic', ca: null }))).toEqual({ outcome: 'taken' })
  const plain = await office({})
  expect(await send(safe(plain.port, { tls: 'opportunistic' }))).toEqual({ outcome: 'taken' })
  expect([...received, ...plain.received].map(({ encrypted }) => encrypted)).toEqual([true, false])
})

test('a wrong password is the trouble of the server and not of the address, and is not told', async () => {
  const { port } = await office({
    cert,
    key,
    onAuth: (_auth, _session, done) => done(Object.assign(new Error('5.7.8 wrong'), { responseCode: 535 })),
  })
  const sent = await send(safe(port, { user: 'node', password: 'hunter2' }))
  expect(sent).toMatchObject({ outcome: 'away', reason: expect.stringContaining('535') })
  expect(JSON.stringify(sent)).not.toContain('hunter2')
})

test('what a server answers tells whether the address is refused for good, for now, or not at all', async () => {
  const post = await office({})
  const answers = {
    '550 5.1.1 unknown': 'refused',
    '552 mailbox full': 'refused',
    '450 4.2.1 busy': 'put-off',
    '421 4.3.2 closing': 'away',
    '530 5.7.0 sign in first': 'put-off',
    '550 5.7.1 relaying denied': 'put-off',
  }
  for (const [answer, outcome] of Object.entries(answers)) {
    post.refuse.rcpt = () => answer
    expect(await send(plainSettings(post.port)), answer).toMatchObject({
      outcome,
      reason: expect.any(String),
    })
  }
})

/** Something that listens and does with each connection what it is told. */
async function listener(answer: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    opened.push(() => socket.destroy())
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const short = { connectMs: 400, silenceMs: 400, mailMs: 1200 }

test('a server that says nothing, or trickles without end, is left after a while', async () => {
  const silent = await listener(() => {})
  expect(await send(plainSettings(silent), short)).toMatchObject({ outcome: 'away' })
  const trickling = await listener((socket) => {
    socket.write('220 welcome\r\n')
    socket.once('data', () => {
      const timer = setInterval(() => socket.write('250-wait\r\n'), 50)
      socket.on('close', () => clearInterval(timer))
    })
  })
  expect(await send(plainSettings(trickling), short)).toEqual({
    outcome: 'away',
    reason: 'The mail server took longer than 1.2 seconds.',
  })
})

test('a server that talks nonsense, or hangs up, does no harm', async () => {
  for (const text of [
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    '',
    '550\u0000\u001b[31m go away\r\n',
    `220 ${'x'.repeat(5e6)}`,
  ]) {
    const port = await listener((socket) => socket.end(text))
    const sent = await send(plainSettings(port), short)
    expect(sent).toMatchObject({ outcome: 'away' })
    expect(JSON.stringify(sent).length).toBeLessThan(500)
    expect(sent.outcome === 'taken' ? '' : sent.reason).not.toMatch(/\p{Cc}/u)
  }
})

test('an address that carries commands is not sent to', async () => {
  const post = await office({})
  const transport = createSmtp(plainSettings(post.port))
  opened.push(() => transport.close())
  for (const to of [
    'a@b.example>\r\nDATA\r\nx',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    'a@b.example> <c@d.example',
  ])
    expect((await transport.send({ ...MAIL, to })).outcome, to).toBe('refused')
  expect(post.received).toEqual([])
  expect(await transport.send(MAIL)).toEqual({ outcome: 'taken' })
})
