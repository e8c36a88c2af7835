import { readFile } from 'node:fs/promises'
import { Liquid } from 'liquidjs'
import { ownFile } from '../../installed/own-file.ts'
import { DIGEST_SAMPLES } from './digest-sample.ts'
import type { DigestView } from './digest-view.ts'
import { oneLine } from './plain.ts'

/** The parts of a mail, each made by a template. */
export const MAIL_PARTS = ['subject', 'text', 'html'] as const
export type MailPart = (typeof MAIL_PARTS)[number]

/** The templates of a mail, as texts in the Liquid language. */
export type DigestTemplates = Readonly<Record<MailPart, string>>

/** Name of a part's template, in the folder `mail` of an exchange and in Tributary's own. */
export function templateName(part: MailPart): string {
  return `digest.${part}.liquid`
}

const folder = ownFile('src/feedback/mail/templates/')

/** The templates that come with Tributary. */
export async function ownTemplates(): Promise<DigestTemplates> {
  const [subject, text, html] = await Promise.all(
    MAIL_PARTS.map((part) => readFile(new URL(templateName(part), folder), 'utf8')),
  )
  return { subject: subject ?? '', text: text ?? '', html: html ?? '' }
}

export interface ComposedMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Makes a mail. Throws what is wrong with a template; `templateMistake` finds that beforehand. */
export function composeMail(view: DigestView, templates: DigestTemplates): ComposedMail {
  return renderMail(view, templates)
}

/** Makes a mail of whatever its templates ask for. */
export function renderMail(view: object, templates: DigestTemplates): ComposedMail {
  return {
    subject: oneLine(render('subject', templates.subject, view).replaceAll(/\s+/g, ' '), 200),
    text: `${render('text', templates.text, view).trim()}\n`,
    html: `${render('html', templates.html, view).trim()}\n`,
  }
}

/** What is wrong with a template, with its place counted from 1; null when it makes a mail of each sample. */
export function templateMistake(
  part: MailPart,
  text: string,
): { readonly line: number; readonly column: number; readonly message: string } | null {
  try {
    for (const sample of DIGEST_SAMPLES) render(part, text, sample, true)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [, what = message, line = '1', column = '1'] = /^(.*), line:(\d+), col:(\d+)/s.exec(message) ?? []
    return { line: Number(line), column: Number(column), message: oneLine(what, 200) }
  }
}

/** A template may take so long, and make so much, before it is stopped. */
const limits = { parseLimit: 200_000, renderLimit: 2000, memoryLimit: 20_000_000 }

/** Templates see what they are given and nothing else: no files, no prototypes. Everything put into HTML is escaped. */
function render(part: MailPart, text: string, view: object, strict = false): string {
  const liquid = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: strict,
    ...(part === 'html' ? { outputEscape: 'escape' as const } : {}),
    ...limits,
  })
  liquid.registerFilter('count', (value: unknown) => Number(value).toLocaleString('en-US'))
  return String(liquid.parseAndRenderSync(text, view))
}
