import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { isFault } from '../fault/fault.ts'
import { digestView } from '../feedback/mail/digest-view.ts'
import {
  type ComposedMail,
  composeMail,
  type DigestTemplates,
  ownTemplates,
} from '../feedback/mail/templates.ts'
import type { MailTransport } from '../outbound/smtp.ts'
import { markBounced } from '../store/contacts.ts'
import {
  type ClaimedMail,
  claimMail,
  dropOldMails,
  mailQueue,
  newMailId,
  putMail,
  renewMail,
  returnMail,
  type Settled,
  settleMail,
} from '../store/mails.ts'
import { type Digest, type DueDigest, dueDigests, takeDigest } from '../store/notices.ts'
import { mailPause } from './mail-retry.ts'

export interface MailerDeps {
  readonly db: Database
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Null when no mail server is set: mails wait. */
  readonly transport: MailTransport | null
  readonly exchanges: MailExchanges
  /** Address of the node for links; null when none is set. */
  readonly publicUrl: string | null
}

/** What a mailer asks of the node's exchanges. */
export interface MailExchanges {
  list(): readonly Pick<Definition, 'exchange' | 'title' | 'zone'>[]
  /** Templates of the exchange's own, in place of Tributary's. */
  mailTemplates(exchange: string): Partial<DigestTemplates>
}

export interface Mailer {
  /** A mail server is set; without one mails wait. */
  readonly sending: boolean
  /** A notice was put, or a mail is to be tried again: look now rather than at the next turn. */
  wake(): void
  /** Breaks a mail off that is being sent, after a moment; it is sent again at the next start. */
  close(): Promise<void>
}

const idleMs = 1000
const awayMs = 2000
/** A mail server that is away is asked again after so long, then after twice as long, up to the last. */
const serverPauseMs = 1000
const serverPauseMaxMs = 60_000
const closeMs = 5000
const keptMs = 90 * 24 * 3600 * 1000
const sweepMs = 3600 * 1000

/**
 * Makes mails of what is due and sends them, each in a turn of its own: a mail server that is away or hangs delays
 * mails and nothing else. Making a mail and taking its notices is one transaction, so none is lost and none made
 * twice. Sending is at least once: after a crash between the server's answer and the note of it, the same mail goes
 * out again with the same Message-ID.
 * @param leaseSeconds after so long without a sign of life, another process sends the mail
 */
export function startMailer(deps: MailerDeps, leaseSeconds: number): Mailer {
  const stop = new AbortController()
  const sender = turn(deps, stop.signal, sending(deps, stop.signal, leaseSeconds))
  const turns = [sender, turn(deps, stop.signal, composing(deps, sender.wake))]
  return {
    sending: deps.transport !== null,
    wake: () => {
      for (const one of turns) one.wake()
    },
    async close() {
      stop.abort()
      await Promise.all(turns.map((one) => one.ended))
      deps.transport?.close()
    },
  }
}

/** Does something again and again; what it gives is how long to rest before the next time, in milliseconds. */
function turn(
  deps: MailerDeps,
  stopped: AbortSignal,
  step: () => Promise<number>,
): { wake(): void; readonly ended: Promise<void> } {
  let wakeUp = () => {}
  let awake = false
  const ended = loop()
  return {
    wake: () => {
      awake = true
      wakeUp()
    },
    ended,
  }

  async function loop(): Promise<void> {
    while (!stopped.aborted) {
      awake = false
      const restMs = await step().catch((error: unknown) => {
        if (!isFault(error, 'DATABASE_AWAY')) deps.log.error({ err: error }, 'mailer.failed')
        return awayMs
      })
      if (restMs > 0 && !awake && !stopped.aborted) await pause(restMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms)
      stopped.addEventListener('abort', wake)
      wakeUp = wake
      function wake(): void {
        clearTimeout(timer)
        stopped.removeEventListener('abort', wake)
        resolve()
      }
    })
  }
}

function composing(deps: MailerDeps, onMade: () => void): () => Promise<number> {
  let own: DigestTemplates | null = null
  let sweptAt = 0
  let told = deps.transport !== null
  return async () => {
    own ??= await ownTemplates()
    const templates = own
    const at = deps.now()
    if (at - sweptAt > sweepMs) {
      await deps.db.transact((tx) => dropOldMails(tx, at - keptMs))
      sweptAt = at
    }
    if (!told && (await deps.db.transact(mailQueue)).queued > 0) {
      deps.log.warn({}, 'mail.waits: TRIBUTARY_MAIL_URL is not set, so mails stay in the queue')
      told = true
    }
    let made = 0
    for (const due of await deps.db.transact((tx) => dueDigests(tx, at, 100)))
      if (await makeMail(deps, templates, due, at)) made += 1
    if (made > 0) onMade()
    return made > 0 ? 0 : idleMs
  }
}

/** False when there was nothing to make, or it could not be made. One digest that fails keeps no other back. */
async function makeMail(
  deps: MailerDeps,
  own: DigestTemplates,
  due: DueDigest,
  at: number,
): Promise<boolean> {
  try {
    return await deps.db.transact(async (tx) => {
      const digest = await takeDigest(tx, due, at)
      if (digest === null) return false
      const { contact, partner, exchange, address } = digest
      const mail = newMailId(at)
      await putMail(tx, {
        mail,
        contact,
        partner,
        exchange,
        recipient: address,
        at,
        ...compose(deps, own, digest),
      })
      return true
    })
  } catch (error) {
    if (isFault(error, 'DATABASE_AWAY')) throw error
    deps.log.error({ err: error, exchange: due.exchange, contact: due.contact }, 'mail.not-made')
    return false
  }
}

/** A template of the exchange that fails is told in the log, and Tributary's own is used. */
function compose(deps: MailerDeps, own: DigestTemplates, digest: Digest): ComposedMail {
  const { exchange } = digest
  const known = deps.exchanges.list().find((one) => one.exchange === exchange)
  const setting = { title: known?.title ?? exchange, zone: known?.zone ?? 'UTC', publicUrl: deps.publicUrl }
  const view = digestView(digest, setting)
  try {
    return composeMail(view, { ...own, ...deps.exchanges.mailTemplates(exchange) })
  } catch (error) {
    deps.log.warn({ err: error, exchange }, 'mail.template-failed')
    return composeMail(view, own)
  }
}

function sending(deps: MailerDeps, stopped: AbortSignal, leaseSeconds: number): () => Promise<number> {
  let restMs = serverPauseMs
  return async () => {
    const { transport } = deps
    if (transport === null) return idleMs
    const mail = await deps.db.transact((tx) => claimMail(tx, deps.now(), leaseSeconds))
    if (mail === null) return idleMs
    const heart = beat(deps.db, mail, leaseSeconds)
    const outcome = await sendOne(deps, transport, mail, stopped).finally(heart.stop)
    if (outcome !== 'away') {
      restMs = serverPauseMs
      return 0
    }
    const rest = restMs
    restMs = Math.min(serverPauseMaxMs, restMs * 2)
    return rest
  }
}

function beat(db: Database, mail: ClaimedMail, leaseSeconds: number): { stop(): void } {
  const timer = setInterval(
    () => {
      // When it fails, the mail may be sent twice: with one Message-ID, and noted once.
      void db.transact((tx) => renewMail(tx, mail, leaseSeconds)).catch(() => {})
    },
    (leaseSeconds * 1000) / 3,
  )
  return { stop: () => clearInterval(timer) }
}

async function sendOne(
  deps: MailerDeps,
  transport: MailTransport,
  mail: ClaimedMail,
  stopped: AbortSignal,
): Promise<'taken' | 'refused' | 'put-off' | 'away'> {
  const { recipient, createdAt, subject, text, html } = mail
  const broken = breakOff(stopped)
  const sent = await transport.send(
    { id: mail.mail, to: recipient, subject, text, html, date: createdAt },
    broken.signal,
  )
  broken.done()
  const at = deps.now()
  if (sent.outcome === 'away' && stopped.aborted) {
    await deps.db.transact((tx) => returnMail(tx, mail))
    return 'away'
  }
  const settled = sent.outcome === 'taken' ? { state: 'sent' as const } : failed(mail, sent, at)
  await deps.db.transact(async (tx) => {
    const held = await settleMail(tx, mail, settled, at)
    if (held && settled.state === 'bounced') await markBounced(tx, recipient, settled.error, at)
  })
  const about = { mail: mail.mail, partner: mail.partner, attempts: mail.attempts }
  if (settled.state === 'sent') deps.log.info(about, 'mail.sent')
  else deps.log.warn({ ...about, state: settled.state, reason: settled.error }, 'mail.not-sent')
  return sent.outcome
}

function failed(
  mail: ClaimedMail,
  { outcome, reason }: { readonly outcome: string; readonly reason: string },
  at: number,
): Settled & { readonly error: string } {
  if (outcome === 'refused') return { state: 'bounced', error: reason }
  const pause = mailPause(mail.attempts)
  return pause === null
    ? { state: 'given-up', error: reason }
    : { state: 'queued', error: reason, nextAt: at + pause }
}

/** When the mailer is closed, a mail that is under way has a moment to arrive. */
function breakOff(stopped: AbortSignal): { readonly signal: AbortSignal; done(): void } {
  const broken = new AbortController()
  let timer: NodeJS.Timeout | null = null
  const stopping = () => {
    timer = setTimeout(() => broken.abort(), closeMs)
  }
  stopped.addEventListener('abort', stopping)
  if (stopped.aborted) stopping()
  return {
    signal: broken.signal,
    done() {
      stopped.removeEventListener('abort', stopping)
      if (timer !== null) clearTimeout(timer)
    },
  }
}
