import type { Definition, Operation, RecordType } from '../exchange/definition.ts'

/** Questions and orders of the interactive XML interface. */
export const CALL_NAMES = ['Lookup', 'Enter', 'Update', 'CorrectStatus', 'Messages', 'ClearMessages'] as const
export type CallName = (typeof CALL_NAMES)[number]

/** Names that no element of a record may have: they would be taken for one. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'Call',
  'IdempotencyKey',
  'Realm',
  'Partner',
  'RecordId',
  'Version',
  ...CALL_NAMES,
])

/** What one record type is called in calls, and what they may do with it. */
export interface InteractiveType {
  readonly type: RecordType
  readonly element: string
  /** Operation of `Enter`, of `Update`; null: not offered. */
  readonly enter: Operation | null
  readonly update: Operation | null
  /** Fields that `CorrectStatus` may set; whether it may close and delete. */
  readonly statusFields: readonly string[]
  readonly closes: boolean
  readonly deletes: boolean
}

/** The interactive interface of an exchange. */
export interface Interactive {
  readonly namespace: string
  readonly types: readonly InteractiveType[]
}

/** Null where records have the name of an element of the interface itself, and cannot be told from it. */
export function interactiveOf(definition: Definition): Interactive | null {
  const { exchange, types, formats } = definition
  const several = types.length > 1
  const found = types.map((type): InteractiveType => {
    const offered = new Set(Object.keys(type.lifecycle.operations))
    const upserts = offered.has('upsert') ? ('upsert' as const) : null
    return {
      type,
      element: several ? type.forms.element : formats.xml.record,
      enter: offered.has('create') ? 'create' : upserts,
      update: offered.has('replace') ? 'replace' : upserts,
      statusFields: offered.has('replace') ? (type.statusFields ?? []) : [],
      closes: offered.has('close'),
      deletes: offered.has('delete'),
    }
  })
  if (found.some(({ element }) => OWN_NAMES.has(element))) return null
  return { namespace: namespaceOf(exchange, formats.xml.namespace), types: found }
}

/** The namespace of an exchange's calls: that of its records, where these have one. */
export function namespaceOf(exchange: string, namespace: string | null = null): string {
  return namespace ?? `urn:tributary:interactive:${exchange}`
}

/** What an exchange offers of the calls. */
export function offeredCalls({ types }: Interactive): readonly CallName[] {
  const any = (test: (one: InteractiveType) => boolean) => types.some(test)
  const offered: Readonly<Record<CallName, boolean>> = {
    Lookup: true,
    Enter: any(({ enter }) => enter !== null),
    Update: any(({ update }) => update !== null),
    CorrectStatus: any(({ statusFields, closes, deletes }) => statusFields.length > 0 || closes || deletes),
    Messages: true,
    ClearMessages: true,
  }
  return CALL_NAMES.filter((name) => offered[name])
}
