import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { Fault } from '../fault/fault.ts'

/** `required`: nothing is sent without TLS and a certificate that is trusted. */
export const MAIL_TLS = ['required', 'opportunistic', 'off'] as const
export type MailTls = (typeof MAIL_TLS)[number]

/** A mail server and how to speak with it. */
export interface SmtpSettings {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps://`), not STARTTLS. */
  readonly secure: boolean
  readonly tls: MailTls
  readonly user: string | null
  readonly password: string | null
  /** Authorities (PEM) that are trusted in place of those that come with Node; null: those. */
  readonly ca: string | null
  readonly from: Sender
}

export interface Sender {
  readonly name: string
  readonly address: string
}

/** What the settings of a node say of its mail server. */
export interface MailConfig {
  readonly mailUrl: string | null
  readonly mailFrom: string | null
  readonly mailTls: MailTls
  readonly mailCa: string | null
}

/**
 * Reads what is set. Null when mail is not set up. Throws an error whose message is one sentence, never with the
 * password in it.
 */
export function smtpSettings(config: MailConfig): Omit<SmtpSettings, 'ca'> | null {
  if (config.mailUrl === null) return null
  const url = serverOf(config.mailUrl)
  if (config.mailFrom === null) throw new Error('TRIBUTARY_MAIL_URL needs TRIBUTARY_MAIL_FROM')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const user = url.username === '' ? null : decodeURIComponent(url.username)
  const secure = url.protocol === 'smtps:'
  if (!isLoopback(host) && !secure) {
    if (config.mailTls === 'off')
      throw new Error('TRIBUTARY_MAIL_TLS=off is for a mail server on this machine only')
    if (config.mailTls === 'opportunistic' && user !== null)
      throw new Error('TRIBUTARY_MAIL_TLS=opportunistic could send the password in clear; use required')
  }
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    tls: config.mailTls,
    user,
    password: user === null ? null : decodeURIComponent(url.password),
    from: senderOf(config.mailFrom),
  }
}

/** The same with the authorities read from their file. Throws fault CONFIG_WRONG. */
export async function readSmtpSettings(config: MailConfig): Promise<SmtpSettings | null> {
  try {
    const settings = smtpSettings(config)
    if (settings === null) return null
    const ca = config.mailCa === null ? null : await readFile(config.mailCa, 'utf8')
    return { ...settings, ca }
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && config.mailCa !== null
        ? `${config.mailCa} (TRIBUTARY_MAIL_CA) cannot be read.`
        : `${error instanceof Error ? error.message : String(error)}.`
    throw new Fault('CONFIG_WRONG', { reason }, error)
  }
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const plain = url !== null && url.search === '' && url.hash === '' && /^\/?$/.test(url.pathname)
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !plain || !decodes(url))
    throw new Error('TRIBUTARY_MAIL_URL must look like smtp://user:password@host:587 or smtps://…:465')
  return url
}

function decodes(url: URL): boolean {
  try {
    decodeURIComponent(url.username + url.password)
    return true
  } catch {
    return false
  }
}

/** `Name <address>`, or an address alone. */
function senderOf(text: string): Sender {
  const [, name = '', bracketed] = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? []
  const address = (bracketed ?? text).trim()
  if (!/^[^\s@<>,;:"\\()]{1,64}@[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/i.test(address) || /\p{Cc}/u.test(text))
    throw new Error('TRIBUTARY_MAIL_FROM must be an address, or Name <address>')
  return { name, address }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
