import { Document, isMap, parseDocument } from 'yaml'

type Codes = Readonly<Record<string, string>>

/** The codes that a rule set, as it is written, says of each crosswalk. Nothing where it cannot be read. */
export function crosswalksIn(content: string): Readonly<Record<string, Codes>> {
  const document = parseDocument(content, { schema: 'failsafe' })
  const found = document.errors.length > 0 || !isMap(document.contents) ? null : document.toJS().crosswalks
  if (typeof found !== 'object' || found === null) return {}
  return Object.fromEntries(
    Object.entries(found as Record<string, { readonly map?: unknown }>).map(([name, value]) => [
      name,
      typeof value?.map === 'object' && value.map !== null ? (value.map as Codes) : {},
    ]),
  )
}

/** The rule set with that crosswalk; everything else in it, comments too, stays as it was written. */
export function withCrosswalk(content: string, crosswalk: string, map: Codes): string {
  const read: Document = parseDocument(content, { schema: 'failsafe' })
  const document = isMap(read.contents) ? read : new Document({}, { schema: 'failsafe' })
  if (Object.keys(map).length === 0) {
    document.deleteIn(['crosswalks', crosswalk])
    const left = document.get('crosswalks')
    if (isMap(left) && left.items.length === 0) document.delete('crosswalks')
  } else document.setIn(['crosswalks', crosswalk, 'map'], document.createNode(map))
  return isMap(document.contents) && document.contents.items.length === 0
    ? ''
    : document.toString({ lineWidth: 0 })
}
