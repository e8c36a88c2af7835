import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { SmtpSettings } from '../../src/outbound/smtp-settings.ts'

/** A mail as a real server took it. */
export interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: Email
  readonly encrypted: boolean
  readonly user: string | null
}

export interface PostOffice {
  readonly port: number
  /** Taken so far, the oldest first. */
  readonly received: Received[]
  /** What is done with an address at RCPT, or a mail at DATA: an answer such as `550 5.1.1 no`, or null to take it. */
  refuse: { rcpt: (address: string) => string | null; data: (raw: string) => string | null }
  /** While true, the server reads a mail and never answers. */
  hangs: boolean
  close(): Promise<void>
}

/** Starts an SMTP server that takes what it is not told to refuse; without options it knows neither TLS nor log-in. */
export async function openPostOffice(options: SMTPServerOptions = {}, port = 0): Promise<PostOffice> {
  const received: Received[] = []
  const server = new SMTPServer({
    disabledCommands: options.cert === undefined ? ['STARTTLS', 'AUTH'] : [],
    authOptional: true,
    closeTimeout: 10,
    onRcptTo({ address }, _session, done) {
      done(answerOf(office.refuse.rcpt(address)))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString()
        const refused = office.refuse.data(raw)
        if (refused !== null) return done(answerOf(refused))
        const { mailFrom, rcptTo } = session.envelope
        void PostalMime.parse(raw).then((mail) => {
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
            mail,
            encrypted: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
          })
          if (!office.hangs) done()
        })
      })
    },
    ...options,
  })
  // A client that breaks off is no failure of the test.
  server.on('error', () => {})
  const office: PostOffice = {
    port: 0,
    received,
    refuse: { rcpt: () => null, data: () => null },
    hangs: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return Object.assign(office, { port: (server.server.address() as AddressInfo).port })
}

function answerOf(text: string | null): Error | null {
  if (text === null) return null
  const [, code = '550', words = ''] = /^(\d+) (.*)$/.exec(text) ?? []
  return Object.assign(new Error(words), { responseCode: Number(code) })
}

/** Settings for a post office on this machine that knows no TLS. */
export function plainSettings(port: number, change: Partial<SmtpSettings> = {}): SmtpSettings {
  return {
    host: '127.0.0.1',
    port,
    secure: false,
    tls: 'off',
    user: null,
    password: null,
    ca: null,
    from: { name: 'Stop data exchange', address: 'exchange@centre.example' },
    ...change,
  }
}
