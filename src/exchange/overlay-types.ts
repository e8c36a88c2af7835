import { checkFilters } from './check-expressions.ts'
import type { Definition, Field, Filter, RecordType } from './definition.ts'
import { buildLayouts, checkRowLayouts } from './load-layouts.ts'
import { buildTransforms, checkCrosswalkName, checkTransforms } from './load-transforms.ts'
import { type Report, suggestion } from './problem.ts'
import { Section } from './section.ts'

/** The record types with what a rule set says of them. */
export function overlayTypes(
  definition: Definition,
  section: Section,
  report: Report,
): readonly RecordType[] {
  const names = definition.types.map(({ name }) => name)
  const changed = new Map<string, RecordType>()
  for (const [name, { value, keyAt }] of section.entries('types')) {
    const type = definition.types.find((one) => one.name === name)
    if (type === undefined)
      report(keyAt, 'UNKNOWN_NAME', `There is no record type '${name}'.`, suggestion(name, names))
    else if (value instanceof Section) changed.set(name, overlayType(definition, type, value, report))
  }
  if (definition.types.every((type) => (changed.get(type.name) ?? type) === type)) return definition.types
  return definition.types.map((type) => changed.get(type.name) ?? type)
}

function overlayType(definition: Definition, type: RecordType, section: Section, report: Report): RecordType {
  const lists = Object.keys(definition.lists)
  let result = type
  for (const [path, { value, keyAt }] of section.entries('fields'))
    if (value instanceof Section) {
      const rule = { section: value, crosswalks: definition.crosswalks, report }
      const fields = overlayField(result.fields, path.split('.'), rule, keyAt)
      result = fields === result.fields ? result : { ...result, fields }
    }
  if (section.has('unknown_fields') && section.text('unknown_fields') !== type.unknownFields)
    result = { ...result, unknownFields: section.text('unknown_fields') as RecordType['unknownFields'] }
  const forms = overlayForms(type, section.section('formats'))
  if (forms !== type.forms) result = { ...result, forms }
  const filters: readonly Filter[] = section.sections('filters').map((filter) => ({
    code: filter.text('code'),
    drop: filter.text('drop').trim(),
    message: filter.text('message'),
  }))
  if (filters.length > 0) result = { ...result, filters: [...type.filters, ...filters] }
  checkFilters(result, section, lists, report)
  const layouts = buildLayouts(section, { type: result, lists, report })
  checkRowLayouts(section, definition.formats.csv.rowPer, report)
  if (layouts.length > 0) result = { ...result, layouts: [...layouts, ...(type.layouts ?? [])] }
  return result
}

function overlayForms({ forms }: RecordType, formats: Section | null): RecordType['forms'] {
  if (formats === null) return forms
  return {
    ...forms,
    element: formats.textOrNull('element') ?? forms.element,
    property: formats.textOrNull('property') ?? forms.property,
    sheet: formats.textOrNull('sheet') ?? forms.sheet,
  }
}

interface FieldRule {
  readonly section: Section
  readonly crosswalks: Definition['crosswalks']
  readonly report: Report
}

/** The fields with the rule laid over the one at the path. */
function overlayField(
  fields: readonly Field[],
  [name = '', ...below]: readonly string[],
  rule: FieldRule,
  at: Section['at'],
): readonly Field[] {
  const index = fields.findIndex((one) => one.name === name)
  const field = fields[index]
  if (field === undefined) {
    const known = fields.map((one) => one.name)
    rule.report(at, 'UNKNOWN_NAME', `There is no field '${name}' here.`, suggestion(name, known))
    return fields
  }
  const changed =
    below.length === 0
      ? ruledField(field, rule, at)
      : ruledGroup(field, overlayField(field.fields, below, rule, at))
  return changed === field ? fields : fields.with(index, changed)
}

function ruledGroup(group: Field, fields: readonly Field[]): Field {
  return fields === group.fields ? group : { ...group, fields }
}

function ruledField(field: Field, { section, crosswalks, report }: FieldRule, at: Section['at']): Field {
  if (field.type === 'group') {
    const known = field.fields.map(({ name }) => `${field.name}.${name}`)
    report(
      at,
      'NOT_FOR_TYPE',
      `'${field.name}' is a group of fields.`,
      `Name one in it: ${known.join(', ')}.`,
    )
    return field
  }
  const transforms = buildTransforms(section, report)
  checkTransforms(transforms, field, section, report)
  const crosswalk = section.textOrNull('crosswalk') ?? field.crosswalk
  if (section.has('crosswalk')) {
    if (field.type === 'code')
      checkCrosswalkName(section.text('crosswalk'), field, crosswalks, section.place('crosswalk'), report)
    else
      report(
        section.place('crosswalk'),
        'NOT_FOR_TYPE',
        `'${field.name}' has no code list.`,
        'Use the transform map for values of other types.',
      )
  }
  if (transforms.length === 0 && crosswalk === field.crosswalk) return field
  return { ...field, transforms: [...transforms, ...field.transforms], crosswalk }
}
