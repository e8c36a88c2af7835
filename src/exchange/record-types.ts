import type { Definition, RecordType } from './definition.ts'
import { stemOfName } from './file-name.ts'

/** Which of several types a file or a member of an archive holds, by its name; null where no type is called so. */
export type TypeOfName = (path: string) => string | null

/** Compiles the names of files of an exchange with several types; with one type no name tells anything. */
export function compileTypeOfName(definition: Definition): TypeOfName {
  if (definition.types.length < 2) return () => null
  const patterns = definition.types
    .map(({ name, forms }) => ({ name, parts: forms.member.toLowerCase().split('*') }))
    // The longest fixed text says most: `precinct_map*` before `precinct*`.
    .sort((a, b) => b.parts.join('').length - a.parts.join('').length)
  return (path) => {
    const stem = stemOfName(path.slice(path.lastIndexOf('/') + 1)).toLowerCase()
    return patterns.find(({ parts }) => fits(stem, parts))?.name ?? null
  }
}

/** Is the text made of these parts in order, with anything between them? Each `*` takes as little as it can. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text === first
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

/** A name, without extension, that tells a file's type. */
export function memberStem(type: RecordType): string {
  return type.forms.member.replaceAll('*', '').replace(/^[ ._-]+|[ ._-]+$/g, '') || type.name
}
