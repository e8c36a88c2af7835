import { LANGUAGE } from '../exchange/language.ts'
import { PROBLEMS } from '../exchange/problem.ts'
import {
  FIRST_RELEASE,
  FORMS,
  type KeySpec,
  type Plain,
  type SectionName,
  type SectionSpec,
  type Shape,
} from '../exchange/shapes.ts'
import { code, table } from './markdown.ts'

/** Every key of the definition language as Markdown, from headings of level two on. */
export function languageReference(): string {
  const sections = Object.entries(LANGUAGE).map(([, section]) => sectionText(section))
  const problems = Object.entries(PROBLEMS).map(([name, about]) => [code(name), about])
  return [
    ...sections,
    '## Problems\n',
    '`tributary exchange check` tells each problem with file, line, one of these codes, and what to do.\n',
    `${table(['Code', 'Meaning'], problems)}\n`,
  ].join('\n')
}

function sectionText({ title, about, keys }: SectionSpec): string {
  const rows = Object.entries(keys).map(([key, spec]) => [
    spec.required === true ? `**${code(key)}**` : code(key),
    shapeText(spec.shape),
    defaultText(spec),
    `${spec.about}${sinceText(spec)}`,
    code(spec.example),
  ])
  return `## ${title}\n\n${about}\n\n${table(['Key', 'Takes', 'Default', 'What it is for', 'Example'], rows)}\n`
}

function sinceText({ since = FIRST_RELEASE }: KeySpec): string {
  return since === FIRST_RELEASE ? '' : ` Since ${since}.`
}

function defaultText({ required, fallback, fallbackIs }: KeySpec): string {
  if (required === true) return 'required'
  if (fallbackIs !== undefined) return fallbackIs
  return fallback === undefined || fallback === null || isEmpty(fallback) ? '' : code(String(fallback))
}

function isEmpty(fallback: Plain): boolean {
  return fallback === '' || (Array.isArray(fallback) && fallback.every((one) => one === null))
}

function shapeText(shape: Shape): string {
  switch (shape.is) {
    case 'text':
      return FORMS[shape.form].about
    case 'integer':
      return `a whole number, ${shape.min} to ${shape.max}`
    case 'number':
      return shape.max >= 1e15 ? 'a number' : `a number, ${shape.min} to ${shape.max}`
    case 'boolean':
      return '`true` or `false`'
    case 'nothing':
      return '`null`'
    case 'choice':
      return shape.of.map((word) => code(word === '\t' ? '"\\t"' : word)).join(', ')
    case 'list':
      return `a list: ${shapeText(shape.of)}`
    case 'map':
      return shape.keys === null
        ? `a map: ${FORMS[shape.key].about} → ${shapeText(shape.of)}`
        : `a map: ${shape.keys.map(code).join(', ')} → ${shapeText(shape.of)}`
    case 'section':
      return link(shape.of)
    case 'either':
      return shape.of
        .filter(({ is }) => is !== 'nothing')
        .map(shapeText)
        .join(', or ')
  }
}

function link(name: SectionName): string {
  const { title } = LANGUAGE[name]
  const anchor = title
    .toLowerCase()
    .replace(/[^\p{L}\d\s-]/gu, '')
    .replaceAll(' ', '-')
  return `[${title}](#${anchor})`
}
