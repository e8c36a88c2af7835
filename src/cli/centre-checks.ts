import type { Definition, Field, RecordType } from '../exchange/definition.ts'

/** A check that needs what only the centre holds. */
export interface CentreCheck {
  readonly code: string
  readonly about: string
}

/** The checks of an exchange that cannot be made on the sender's machine. */
export function centreChecks(definition: Definition): readonly CentreCheck[] {
  const all = definition.types.flatMap(checksOf)
  const imported = Object.values(definition.lists)
    .filter((list) => list.imported)
    .map((list) => ({ code: '', about: `${list.title}: the centre may hold a newer table of codes.` }))
  const seen = new Set<string>()
  return [...all, ...imported].filter(({ code, about }) => {
    const name = `${code} ${about}`
    return !seen.has(name) && seen.add(name)
  })
}

function checksOf(type: RecordType): CentreCheck[] {
  const { identity, rules, references = [], sync } = type
  const texts = [
    identity.exists,
    identity.missing,
    identity.closed,
    ...(identity.stableId === null ? [] : [identity.wrongId]),
    ...identity.duplicates,
    ...(identity.owner === null ? [] : [identity.owner]),
  ]
  return [
    ...texts.map(({ code, message }) => ({ code, about: message })),
    ...lockedIn(type.fields).map((field) => ({
      code: field.codes.locked ?? `F${String(field.no).padStart(3, '0')}K`,
      about: `${field.label} may not be changed once it was submitted.`,
    })),
    ...references.flatMap(({ type: target, exchange, code, message, onMissing, onDelete, inUse }) => {
      const where = exchange === null ? '' : ` of ${exchange}`
      return [
        ...(onMissing === 'accept'
          ? []
          : [{ code, about: `${message} Whether the ${target}${where} is there.` }]),
        ...(onDelete === 'restrict' ? [{ code: inUse.code, about: inUse.message }] : []),
      ]
    }),
    ...(sync?.new === 'reject' ? [{ code: sync.newRefused.code, about: sync.newRefused.message }] : []),
    ...(sync?.changed === 'reject'
      ? [{ code: sync.changedRefused.code, about: sync.changedRefused.message }]
      : []),
    ...rules
      .filter((rule) => rule.needs !== 'record')
      .map(({ code, title, message }) => ({ code, about: title === '' ? message : title })),
  ]
}

function lockedIn(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [...(field.locked ? [field] : []), ...lockedIn(field.fields)])
}
