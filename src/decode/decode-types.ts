import { groupColumnsOf } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import type { DecodeType } from './decode.ts'

/** How the records of an exchange's types are told from each other; none with one type. */
export function decodeTypesOf(definition: Definition): readonly DecodeType[] {
  if (definition.types.length < 2) return []
  return definition.types.map((type) => ({
    name: type.name,
    element: type.forms.element,
    property: type.forms.property,
    sheet: type.forms.sheet,
    groupColumns: groupColumnsOf(definition, type),
  }))
}
