import { EXCHANGE_SECTIONS } from './language-exchange.ts'
import { FIELD_SECTIONS } from './language-field.ts'
import { FILE_SECTIONS } from './language-files.ts'
import { MESSAGE_SECTIONS } from './language-messages.ts'
import { REFERENCE_SECTIONS } from './language-references.ts'
import { RULE_SECTIONS } from './language-rules.ts'
import { TYPE_SECTIONS } from './language-type.ts'
import type { SectionName, SectionSpec } from './shapes.ts'

/**
 * The language of definitions as one table: every key that the YAML may hold, what it takes, its default and what
 * it is for. The reader, the editor schema and the reference page are made from it, so they cannot disagree.
 */
export const LANGUAGE: Readonly<Record<SectionName, SectionSpec>> = {
  ...EXCHANGE_SECTIONS,
  ...FILE_SECTIONS,
  ...TYPE_SECTIONS,
  ...FIELD_SECTIONS,
  ...REFERENCE_SECTIONS,
  ...MESSAGE_SECTIONS,
  ...RULE_SECTIONS,
}
