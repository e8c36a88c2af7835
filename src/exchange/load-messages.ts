import type { Definition, DifferenceKind, ReconcileCategory, RecordType, WorkItemKind } from './definition.ts'
import { inWords } from './load-field.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'
import { DIFFERENCE_KINDS } from './words.ts'

/** Kinds of work items, and how files are held against the centre; what was not said is left out. */
export function buildDealings(
  head: Section,
  types: readonly RecordType[],
  report: Report,
): Pick<Definition, 'workItems' | 'reconcile'> {
  return {
    ...(head.has('work_items') ? { workItems: buildWorkItems(head) } : {}),
    ...(head.has('reconcile') ? { reconcile: buildReconcile(head, types, report) } : {}),
  }
}

function buildWorkItems(head: Section): Readonly<Record<string, WorkItemKind>> {
  const kinds = [...head.entries('work_items')].flatMap(([name, { value }]) => {
    if (!(value instanceof Section)) return []
    return [
      [
        name,
        { title: value.textOrNull('title') ?? inWords(name), dueDays: value.number('due_days') },
      ] as const,
    ]
  })
  return Object.fromEntries(kinds)
}

function buildReconcile(
  head: Section,
  types: readonly RecordType[],
  report: Report,
): NonNullable<Definition['reconcile']> {
  const section = head.sectionOr('reconcile', 'reconcile')
  const first = (section.texts('fix_order') ?? []) as readonly DifferenceKind[]
  return {
    categories: buildCategories(section.sections('categories'), types, report),
    fixOrder: [...new Set([...first, ...DIFFERENCE_KINDS])],
  }
}

function buildCategories(
  sections: readonly Section[],
  types: readonly RecordType[],
  report: Report,
): readonly ReconcileCategory[] {
  const known = types.map(({ name }) => name)
  const named = new Map<string, string>()
  const categories = new Set<string>()
  for (const section of sections) {
    const category = section.text('category')
    if (categories.has(category))
      report(section.at, 'DUPLICATE', `There are two categories '${category}'.`, 'Give each its own name.')
    categories.add(category)
    for (const { value, at } of section.items('types')) {
      if (typeof value !== 'string') continue
      const other = named.get(value)
      if (!known.includes(value))
        report(at, 'UNKNOWN_NAME', `There is no type '${value}'.`, suggestion(value, known))
      else if (other !== undefined)
        report(at, 'DUPLICATE', `The type '${value}' belongs to '${other}' already.`, 'Remove it from one.')
      else named.set(value, category)
    }
  }
  return sections.map((section) => ({
    name: section.text('category'),
    title: section.textOrNull('title') ?? inWords(section.text('category')),
    types: section.texts('types') ?? known.filter((name) => !named.has(name)),
    tolerance: section.sections('tolerance').map((band) => ({
      upTo: band.numberOrNull('up_to'),
      differences: band.number('differences'),
      share: band.number('share'),
    })),
  }))
}

/** The fields that say where a record stands; what is no field at the top level is reported. */
export function buildStatusFields(
  type: Section,
  fields: readonly { readonly name: string }[],
  report: Report,
): Pick<RecordType, 'statusFields'> {
  const known = fields.map(({ name }) => name)
  for (const { value, at } of type.items('status_fields'))
    if (typeof value === 'string' && !known.includes(value))
      report(at, 'UNKNOWN_NAME', `There is no field '${value}' at the top level.`, suggestion(value, known))
  const statusFields = type.texts('status_fields')
  return statusFields === null || statusFields.length === 0 ? {} : { statusFields }
}
