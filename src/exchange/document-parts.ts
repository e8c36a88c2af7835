import type { Field, RecordType } from './definition.ts'

/** Canonical names of what is kept of a document, and what each is. */
const PARTS = [
  { no: 1, name: 'sha256', type: 'text' },
  { no: 2, name: 'type', type: 'text' },
  { no: 3, name: 'size', type: 'integer' },
] as const

/** The fields of a document's canonical value: hash, kind (`gif`), size in bytes. */
export function documentParts(): readonly Field[] {
  return PARTS.map(({ no, name, type }) => ({
    no,
    name,
    label: name,
    description: '',
    example: '',
    type,
    document: null,
    many: false,
    itemsMin: 0,
    itemsMax: 1,
    itemKey: null,
    distinct: false,
    alone: [],
    required: false,
    when: null,
    otherwise: 'reject',
    severity: 'error',
    codes: {},
    messages: {},
    lengthMin: null,
    lengthMax: null,
    pattern: null,
    min: null,
    max: null,
    scale: null,
    list: null,
    booleanWords: { true: ['true'], false: ['false'] },
    transforms: [],
    crosswalk: null,
    privacy: 'public',
    locked: false,
    search: false,
    only: null,
    path: [name],
    column: name,
    fields: [],
  }))
}

/** The fields of a type that hold documents. */
export function documentFields({ fields }: Pick<RecordType, 'fields'>): readonly Field[] {
  return fields.filter(({ document }) => document !== null)
}
