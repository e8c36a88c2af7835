import type { Definition, RulesUsed } from './definition.ts'
import { canonicalText } from './load.ts'
import { overlayCrosswalks, overlayFormats } from './overlay-head.ts'
import { overlayTypes } from './overlay-types.ts'
import { type Problem, Problems, type Report } from './problem.ts'
import { readSection } from './read-section.ts'
import type { Section } from './section.ts'
import { parseYaml, pathAt, type YamlTree } from './yaml-tree.ts'

/** A rule set as it is written, and whose records it is for: a partner's, or `*` for all. */
export interface RuleSetText {
  readonly partner: string
  readonly version: number
  /** YAML, as `rule_set` in the table of the language says. */
  readonly content: string
}

/** A mistake in a rule set, with the keys down to it: `types.voter.fields.party.crosswalk`. */
export interface RuleProblem extends Problem {
  readonly path: string
}

export interface Overlaid {
  /** Null where there is any problem. */
  readonly definition: Definition | null
  readonly problems: readonly RuleProblem[]
}

/** Rule sets are written by hand; crosswalks of some ten thousand codes are still well below. */
export const RULE_SET_CHARS_MAX = 500_000

/**
 * Lays rule sets over a definition, one after the other: crosswalks, changes of values, filters, layouts, formats.
 * The result is a definition like any other, with a hash of its own; it is checked as a whole, and every problem is
 * told at once. A rule set that says nothing changes nothing. Never throws for what a rule set holds.
 */
export function overlay(
  definition: Definition,
  sets: readonly Omit<RuleSetText, 'version'>[],
  sha256: (text: string) => string,
): Overlaid {
  const found: RuleProblem[] = []
  let result = definition
  for (const { partner, content } of sets) {
    const problems = new Problems()
    const tree = parseYaml(`rules of ${partner}`, content, problems.report)
    const section = tree === null ? null : readSection(tree, 'rule_set', problems.report)
    if (section !== null) result = overlayOne(result, partner, section, problems.report)
    found.push(...problems.sorted().map((problem) => ({ ...problem, path: placeIn(tree, problem) })))
  }
  if (found.length > 0) return { definition: null, problems: found }
  return { definition: result === definition ? definition : hashed(result, sha256), problems: [] }
}

/** The definition with the versions of the rule sets that were laid over it: what it is pinned by names them. */
export function withRules(
  definition: Definition,
  rules: readonly RulesUsed[],
  sha256: (text: string) => string,
): Definition {
  return hashed({ ...definition, rules }, sha256)
}

function hashed(definition: Definition, sha256: (text: string) => string): Definition {
  const { hash: _, ...content } = definition
  return { ...content, hash: sha256(canonicalText(content)) }
}

function placeIn(tree: YamlTree | null, { line, column }: Problem): string {
  return tree === null ? '' : pathAt(tree, line, column)
}

function overlayOne(definition: Definition, partner: string, section: Section, report: Report): Definition {
  const crosswalks = overlayCrosswalks(definition, partner, section, report)
  const formats = overlayFormats(definition.formats, section, definition.types, report)
  const base: Definition =
    crosswalks === definition.crosswalks && formats === definition.formats
      ? definition
      : { ...definition, crosswalks, formats }
  const types = overlayTypes(base, section, report)
  return types === base.types ? base : { ...base, types }
}
