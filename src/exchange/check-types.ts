import type { Batch, Definition, Field, RecordType } from './definition.ts'
import type { TypeSource } from './load-type.ts'
import { type Report, suggestion } from './problem.ts'
import type { Section } from './section.ts'

/** The types that must come together; reports those that the exchange does not have. */
export function buildBatch(head: Section, types: readonly RecordType[], report: Report): Batch {
  const batch = head.section('batch')
  if (batch === null) return { required: [] }
  const known = types.map(({ name }) => name)
  for (const { value, at } of batch.items('required'))
    if (typeof value === 'string' && !known.includes(value))
      report(at, 'UNKNOWN_NAME', `There is no type '${value}'.`, suggestion(value, known))
  return { required: batch.texts('required') ?? [] }
}

/** Reports what makes records of one type look like those of another. */
export function checkTypesTogether(
  sources: readonly TypeSource[],
  { formats }: Definition,
  report: Report,
): void {
  if (sources.length < 2) return
  const seen = new Map<string, string>()
  for (const { type, section } of sources) {
    const { element, property, sheet, member } = type.forms
    const own = { element, property, sheet: sheet.toLowerCase(), member: member.toLowerCase() }
    for (const [what, text] of Object.entries(own)) {
      const other = seen.get(`${what} ${text}`)
      const at =
        what === 'member' ? section.place(what) : (section.section('formats')?.place(what) ?? section.at)
      if (other !== undefined)
        report(
          at,
          'DUPLICATE',
          `The type '${other}' has the ${what} '${text}' already.`,
          'Give each type its own.',
        )
      seen.set(`${what} ${text}`, type.name)
    }
    if (element === formats.xml.root)
      report(section.at, 'PATH', `The element '${element}' is the root of the document.`, 'Name another.')
    for (const other of sources) {
      const list = other.type.fields.find((field) => holdsValues(field) && field.path[0] === property)
      if (list !== undefined)
        report(
          section.at,
          'PATH',
          `'${property}' holds the records of this type, and '${list.name}' of a ${other.type.name}.`,
          'Give the type another property, or the field another path.',
        )
    }
    const { recordType } = formats
    const clash = type.fields.find(({ path, column }) => path[0] === recordType || column === recordType)
    if (clash !== undefined)
      report(
        section.at,
        'PATH',
        `'${recordType}' is where a record names its type, and the field '${clash.name}' too.`,
        'Give the field another path and column, or the exchange another record_type.',
      )
  }
}

/** Does an object or list stand under the first name of the field's path, which could be taken for records? */
function holdsValues({ type, many, path }: Field): boolean {
  return type === 'group' || many || path.length > 1
}
