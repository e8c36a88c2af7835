import { readFile } from 'node:fs/promises'
import { ownFile } from '../../installed/own-file.ts'
import { type ComposedMail, MAIL_PARTS, renderMail } from './templates.ts'

/** What an invitation says. */
interface Invited {
  readonly name: string
  readonly partnerTitle: string
  readonly invitedBy: string
  readonly link: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const folder = ownFile('src/feedback/mail/templates/')

/** Makes the mail that brings the link by which a person sets a password. */
export async function invitationMail(invited: Invited): Promise<ComposedMail> {
  const [subject = '', text = '', html = ''] = await Promise.all(
    MAIL_PARTS.map((part) => readFile(new URL(`invitation.${part}.liquid`, folder), 'utf8')),
  )
  const { name, link } = invited
  const until = `${new Date(invited.expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const view = { name, link, until, partner: invited.partnerTitle, invited_by: invited.invitedBy }
  return renderMail(view, { subject, text, html })
}
