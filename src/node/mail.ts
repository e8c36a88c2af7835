import { createSmtp } from '../outbound/smtp.ts'
import { readSmtpSettings } from '../outbound/smtp-settings.ts'
import { type Mailer, type MailerDeps, startMailer } from '../run/mailer.ts'
import type { Config } from './config.ts'
import type { LiveDefinitions } from './definitions.ts'

/** Starts the sending of mails; without a mail server they wait. Throws fault CONFIG_WRONG. */
export async function openMailer(
  config: Config,
  deps: Pick<MailerDeps, 'db' | 'now' | 'log'> & { readonly definitions: LiveDefinitions },
): Promise<Mailer> {
  const settings = await readSmtpSettings(config)
  const { db, now, log, definitions } = deps
  const transport = settings === null ? null : createSmtp(settings)
  return startMailer(
    { db, now, log, exchanges: definitions, transport, publicUrl: config.publicUrl },
    config.leaseSeconds,
  )
}
