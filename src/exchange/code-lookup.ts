import type { CodeList } from './definition.ts'

/** Is this a code of the list on that day (ISO)? With '' as the day: was it ever one? */
export type CodeLookup = (code: string, day: string) => boolean

/** Makes the question a code list answers; takes the same time for lists of any length. */
export function compileLookup(list: CodeList): CodeLookup {
  if (list.values.every((value) => value.from === null && value.until === null)) {
    const codes = new Set(list.values.map((value) => value.code))
    return (code) => codes.has(code)
  }
  // A code may be given up and taken again: each of its spans counts.
  const spans = new Map<string, readonly { readonly from: string; readonly until: string }[]>()
  for (const { code, from, until } of list.values)
    spans.set(code, [...(spans.get(code) ?? []), { from: from ?? '', until: until ?? '\uffff' }])
  return (code, day) => {
    const found = spans.get(code)
    if (found === undefined) return false
    if (day === '') return true
    for (const span of found) if (day >= span.from && day <= span.until) return true
    return false
  }
}
