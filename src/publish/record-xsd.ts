import { xmlText } from '../encode/xml.ts'
import type { Definition, Field, RecordType } from '../exchange/definition.ts'

/** Longer code lists are named, not written out. */
const enumMax = 100

/**
 * `entry`: what a record without findings looks like. `view`: whatever is stored, also with errors. `status`: only the
 * fields that say where it stands.
 */
export type Use = 'entry' | 'view' | 'status'

/** An element of a record: with a value, or with elements below. */
interface Element {
  readonly name: string
  readonly field: Field | null
  readonly below: Map<string, Element>
}

/** The complex type of a record as a sequence in the order of the definition, as text of an XML Schema. */
export function recordXsd(definition: Definition, type: RecordType, use: Use): string {
  const root: Element = { name: '', field: null, below: new Map() }
  const { operation, identity } = type
  if (use !== 'status') {
    addElement(root, operation.path, null)
    if (operation.close !== null) addElement(root, operation.close.path, null)
    if (identity.stableId !== null) addElement(root, identity.stableId.path, null)
  }
  const fields =
    use === 'status' ? type.fields.filter(({ name }) => type.statusFields?.includes(name)) : type.fields
  for (const field of fields) addField(root, field)
  return complexType(definition, root, use)
}

function addField(above: Element, field: Field): void {
  const own = addElement(above, field.path, field)
  for (const child of field.fields) addField(own, child)
}

function addElement(above: Element, path: readonly string[], field: Field | null): Element {
  let at = above
  for (const [index, name] of path.entries()) {
    const known = at.below.get(name)
    const next = known ?? { name, field: index === path.length - 1 ? field : null, below: new Map() }
    at.below.set(name, next)
    at = next
  }
  return at
}

function complexType(definition: Definition, { below }: Element, use: Use): string {
  const elements = [...below.values()].map((element) => elementXsd(definition, element, use)).join('')
  return `<xs:complexType><xs:sequence>${elements}</xs:sequence></xs:complexType>`
}

function elementXsd(definition: Definition, element: Element, use: Use): string {
  const { name, field, below } = element
  const most = field?.many === true ? (use === 'view' ? 'unbounded' : String(field.itemsMax)) : '1'
  const least = use === 'entry' && isNeeded(element) ? '1' : '0'
  const open = `<xs:element name="${name}" minOccurs="${least}" maxOccurs="${most}"`
  const about = field === null ? '' : annotation(definition, field)
  if (field?.document != null && use !== 'view')
    // Sent as base64, or as what a document that is kept is known by.
    return `${open} type="xs:anyType">${about}</xs:element>`
  if (below.size > 0 && (field === null || field.type === 'group'))
    return `${open}>${about}${complexType(definition, element, use)}</xs:element>`
  const type = field === null || use === 'view' ? null : scalarXsd(definition, field)
  if (type === null) return `${open} type="xs:string">${about}</xs:element>`
  const free =
    least === '0' ? `<xs:simpleType><xs:union memberTypes="t:Empty">${type}</xs:union></xs:simpleType>` : type
  return `${open}>${about}${free}</xs:element>`
}

/** Must it be there in every record without findings? Around a field that must be, so must its elements. */
function isNeeded({ field, below }: Element): boolean {
  if (field !== null) return field.required && field.when === null && field.only === null
  return [...below.values()].some(isNeeded)
}

function annotation({ lists }: Definition, field: Field): string {
  const list = field.list === null ? '' : ` (code of the list ${lists[field.list]?.title ?? field.list})`
  const text = [field.label + list, field.description].filter((part) => part !== '').join('. ')
  return text === ''
    ? ''
    : `<xs:annotation><xs:documentation>${xmlText(text)}</xs:documentation></xs:annotation>`
}

/** The simple type of a value as it is sent; null where any text may be sent, because it is changed before it is judged. */
function scalarXsd(definition: Definition, field: Field): string | null {
  if (field.transforms.length > 0 || field.crosswalk !== null) return null
  switch (field.type) {
    case 'text':
      return textXsd(field)
    case 'integer':
      return restriction('xs:integer', bounds(field))
    case 'decimal':
      return restriction('xs:decimal', [
        ...(field.scale === null ? [] : [facet('fractionDigits', field.scale)]),
        ...bounds(field),
      ])
    case 'date':
      return restriction('xs:string', [
        facet('pattern', '[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'),
      ])
    case 'boolean':
      return enumeration([...field.booleanWords.true, ...field.booleanWords.false])
    case 'code':
      return codeXsd(definition, field)
    default:
      return null
  }
}

function textXsd({ lengthMin, lengthMax, pattern }: Field): string {
  const own = pattern === null ? null : xsdPattern(pattern)
  return restriction('xs:string', [
    ...(lengthMin === null ? [] : [facet('minLength', lengthMin)]),
    ...(lengthMax === null ? [] : [facet('maxLength', lengthMax)]),
    ...(own === null ? [] : [facet('pattern', own)]),
  ])
}

function bounds({ min, max }: Field): readonly string[] {
  return [
    ...(min === null ? [] : [facet('minInclusive', min)]),
    ...(max === null ? [] : [facet('maxInclusive', max)]),
  ]
}

function codeXsd({ lists }: Definition, field: Field): string | null {
  const list = lists[field.list ?? '']
  const codes = [...new Set(list?.values.map(({ code }) => code))]
  if (list === undefined || list.imported || codes.length === 0 || codes.length > enumMax) return null
  return enumeration(codes)
}

function enumeration(values: readonly string[]): string {
  const facets = [...new Set(values)].map((value) => facet('enumeration', value))
  return restriction('xs:string', facets)
}

function restriction(base: string, facets: readonly string[]): string {
  return `<xs:simpleType><xs:restriction base="${base}">${facets.join('')}</xs:restriction></xs:simpleType>`
}

function facet(name: string, value: string | number): string {
  return `<xs:${name} value="${xmlText(String(value))}"/>`
}

/** What RE2 and XML Schema write alike, and mean alike; null for all else: the schema then says less. */
export function xsdPattern(pattern: string): string | null {
  const strange = /\(\?|[\^$]|\\[^dDsS.\-\\()[\]{}|*+?]|[*+?}][?+]|\[:|&&/
  return strange.test(pattern) ? null : pattern
}
