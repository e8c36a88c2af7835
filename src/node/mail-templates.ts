import type { Problem } from '../exchange/problem.ts'
import {
  type DigestTemplates,
  MAIL_PARTS,
  templateMistake,
  templateName,
} from '../feedback/mail/templates.ts'

/** The templates of mails that an exchange brings in place of Tributary's, by part. */
export type MailTemplates = Partial<DigestTemplates>

export interface ReadMailTemplates {
  /** Those that work. */
  readonly templates: MailTemplates
  readonly problems: readonly Problem[]
}

/**
 * Takes the templates of mails from the files of an exchange's folder `mail`, and tries each. They are no part of
 * the definition: a word changed in a mail judges no record anew.
 * @param files texts by path from the exchange's folder
 */
export function readMailTemplates(files: ReadonlyMap<string, string>): ReadMailTemplates {
  const templates: { -readonly [K in keyof DigestTemplates]?: string } = {}
  const problems: Problem[] = []
  const known = new Map(MAIL_PARTS.map((part) => [`mail/${templateName(part)}`, part]))
  for (const [file, text] of files) {
    const part = known.get(file)
    if (part === undefined) {
      const message = 'No mail is made with this file.'
      const fix = `Name it one of ${[...known.keys()].join(', ')}, or remove it.`
      problems.push({ file, line: 1, column: 1, code: 'FILE_UNUSED', message, fix })
      continue
    }
    const mistake = templateMistake(part, text)
    if (mistake === null) templates[part] = text
    else {
      const { line, column } = mistake
      const message = `The template does not work: ${mistake.message}.`
      const fix = 'docs/operations/mail.md lists what templates may use.'
      problems.push({ file, line, column, code: 'TEMPLATE', message, fix })
    }
  }
  return { templates, problems }
}
