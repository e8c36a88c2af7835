import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'

/**
 * Might this record be any record of the book? One whose key is refused (too long, a wrong character) is as
 * good as one without: the record it means would seem absent.
 */
export function keyUnreadable(definition: Definition, parcel: Parcel): boolean {
  if (parcel.key === null) return true
  if (parcel.filtered || parcel.findings.length === 0) return false
  const key = definition.types.find((type) => type.name === parcel.type)?.identity.key ?? []
  return parcel.findings.some(({ severity, path }) => severity === 'fatal' && key.includes(path))
}
