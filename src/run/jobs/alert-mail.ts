import type { Tx } from '../../db/database.ts'
import { type Alert, takeUnmailed } from '../../store/alerts.ts'
import { type Contact, listContacts } from '../../store/contacts.ts'
import { newMailId, putMail } from '../../store/mails.ts'
import { centrePartner } from '../../store/partners.ts'

/** What fails together is told in one mail: an alert waits so long for others. */
const gatherMs = 10_000
const alertsAtOnce = 200

/**
 * Makes mails of the alerts that nobody was told of, for the centre's contacts whose exchange it is; in the same
 * transaction the alerts are taken, so that none is lost and none told twice.
 * @param publicUrl address of the node for links; null when none is set
 * @returns whether mails were made
 */
export async function mailAlerts(tx: Tx, publicUrl: string | null, at: number): Promise<boolean> {
  const alerts = await takeUnmailed(tx, at - gatherMs, alertsAtOnce)
  if (alerts.length === 0) return false
  const centre = await centrePartner(tx)
  const contacts = oncePerAddress((await listContacts(tx, centre)).filter((one) => one.bouncedAt === null))
  let made = false
  for (const [contact, exchanges] of contacts) {
    const mine = alerts.filter(({ exchange }) => exchanges.has('*') || exchanges.has(exchange))
    if (mine.length === 0) continue
    const about = new Set(mine.map(({ exchange }) => exchange))
    await putMail(tx, {
      mail: newMailId(at),
      contact: contact.contact,
      partner: centre,
      exchange: about.size === 1 ? (mine[0]?.exchange ?? '*') : '*',
      recipient: contact.address,
      at,
      ...alertMail(mine, publicUrl),
    })
    made = true
  }
  return made
}

/** An address that is a contact of several exchanges gets one mail about all of them. */
function oncePerAddress(contacts: readonly Contact[]): Map<Contact, Set<string>> {
  const byAddress = new Map<string, Contact>()
  const exchanges = new Map<Contact, Set<string>>()
  for (const contact of contacts) {
    const first = byAddress.get(contact.address) ?? contact
    byAddress.set(contact.address, first)
    exchanges.set(first, (exchanges.get(first) ?? new Set()).add(contact.exchange))
  }
  return exchanges
}

const WORDS = { failed: 'failed', 'timed-out': 'timed out', limit: 'failed for the last time' } as const

/** The words of a mail about alerts: names, codes and reasons, never anything of a record. */
export function alertMail(
  alerts: readonly Alert[],
  publicUrl: string | null,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const [first] = alerts
  const one = alerts.length === 1 && first !== undefined
  const subject = one
    ? `Job ${first.job} of ${first.partner} ${WORDS[first.kind]}`
    : `${alerts.length} jobs did not go well`
  const lines = alerts.map(
    (alert) =>
      `${alert.job}, ${alert.partner} (${alert.exchange}, ${alert.realm}): ${WORDS[alert.kind]} at ${alert.lastAt}, ` +
      `${alert.times} time${alert.times === 1 ? '' : 's'}. ${alert.message}` +
      `${alert.kind === 'limit' ? ' It is not tried again before its next occurrence.' : ''}`,
  )
  const rest = [
    ...(publicUrl === null ? [] : [`Alerts: ${publicUrl}/v1/alerts?open=true`]),
    'When somebody looks after one: tributary alert acknowledge <number>',
  ]
  const text = [...lines, '', ...rest, ''].join('\n')
  const html = `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>${rest
    .map((line) => `<p>${escaped(line)}</p>`)
    .join('')}`
  return { subject, text, html }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
