import { createTransport } from 'nodemailer'
import type { SmtpSettings } from './smtp-settings.ts'

/** A mail to be sent to one address. */
export interface OutgoingMail {
  /** Of letters, digits and hyphens; the Message-ID is made of it, so the same mail sent again is the same message. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** ISO; when the mail was made. */
  readonly date: string
}

/**
 * What became of a mail: taken by the server; refused for good (the address or the mail); put off by the server; or
 * not handed over at all, because the server was away, hung, or did not let us in.
 */
export type Sending =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused' | 'put-off' | 'away'; readonly reason: string }

export interface MailTransport {
  /** Never throws. When the signal comes, the connection is broken off and the outcome is `away`. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<Sending>
  close(): void
}

/** How long a mail server may take, in milliseconds. */
export interface SmtpTimes {
  readonly connectMs: number
  /** Without a byte from the server. */
  readonly silenceMs: number
  /** For one mail in all, however it is spent. */
  readonly mailMs: number
}

export const SMTP_TIMES: SmtpTimes = { connectMs: 15_000, silenceMs: 60_000, mailMs: 120_000 }

/** Opens the one connection by which mails leave; it is made when needed and kept while there is more to send. */
export function createSmtp(settings: SmtpSettings, times: SmtpTimes = SMTP_TIMES): MailTransport {
  const { from } = settings
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const options = { ...poolOptions(settings, times), maxRequeues: 0, idleTimeout: 20_000 }
  const transport = createTransport(options)
  return {
    async send(mail, signal) {
      if (!ADDRESS.test(mail.to)) return { outcome: 'refused', reason: 'This is not one plain address.' }
      const late = AbortSignal.timeout(times.mailMs)
      const message = {
        from: { name: from.name, address: from.address },
        to: { name: '', address: mail.to },
        envelope: { from: from.address, to: [mail.to] },
        messageId: `<${mail.id}@${domain}>`,
        date: new Date(mail.date),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // Answering machines leave such mail alone (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
        // The same mail is the same bytes each time.
        baseBoundary: mail.id,
        signal: signal === undefined ? late : AbortSignal.any([late, signal]),
      }
      try {
        await transport.sendMail(message)
        return { outcome: 'taken' }
      } catch (error) {
        return late.aborted
          ? { outcome: 'away', reason: `The mail server took longer than ${times.mailMs / 1000} seconds.` }
          : sendingOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/** What may stand between the brackets of a command; contacts are held to more. */
const ADDRESS = /^[!-;=?A-~]+@[!-;=?A-~]+$/

function poolOptions(settings: SmtpSettings, { connectMs, silenceMs }: SmtpTimes) {
  const { user, password, tls, secure, ca } = settings
  return {
    pool: true as const,
    maxConnections: 1,
    maxMessages: 100,
    host: settings.host,
    port: settings.port,
    secure,
    requireTLS: !secure && tls === 'required',
    ignoreTLS: tls === 'off',
    connectionTimeout: connectMs,
    dnsTimeout: connectMs,
    greetingTimeout: silenceMs,
    socketTimeout: silenceMs,
    tls: {
      minVersion: 'TLSv1.2' as const,
      rejectUnauthorized: tls !== 'opportunistic',
      ...(ca === null ? {} : { ca }),
    },
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  }
}

/** Answers that speak of us (not signed in, no TLS) and not of the address, though they come to RCPT or DATA. */
const OURS = new Set([503, 530, 534, 535, 538])

function sendingOf(error: unknown): Sending {
  const { command, responseCode, response } = errorParts(error)
  const reason = (response ?? (error instanceof Error ? error.message : String(error)))
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 300)
  if (responseCode === null || responseCode === 421 || (command !== 'RCPT TO' && command !== 'DATA'))
    return { outcome: 'away', reason: command === null ? reason : `${command}: ${reason}` }
  // 5.7.x to a recipient is the server's policy about the sender: it does not relay for us.
  const relaying = command === 'RCPT TO' && /^5\d\d[ -]5\.7\./.test(reason)
  const permanent = responseCode >= 500 && !OURS.has(responseCode) && !relaying
  return { outcome: permanent ? 'refused' : 'put-off', reason }
}

function errorParts(error: unknown): {
  readonly command: string | null
  readonly responseCode: number | null
  readonly response: string | null
} {
  const parts: Readonly<Record<string, unknown>> =
    typeof error === 'object' && error !== null ? { ...error } : {}
  return {
    command: typeof parts.command === 'string' ? parts.command : null,
    responseCode: typeof parts.responseCode === 'number' ? parts.responseCode : null,
    response: typeof parts.response === 'string' ? parts.response : null,
  }
}
