import type { Definition } from '../../src/exchange/definition.ts'
import { type Finding, type Outcome, type Parcel, worst } from '../../src/exchange/parcel.ts'
import { linkPath } from '../../src/exchange/references.ts'
import { judgeAgainst } from '../../src/validate/against.ts'

/** What a record of the model's book is. */
export interface Held {
  readonly body: string
  readonly hash: string
  readonly status: string
  readonly version: number
  readonly faulty: readonly string[]
  readonly findings: readonly Finding[]
  readonly ties: readonly ModelTie[]
}

/** A reference to another record of the model's book. */
interface ModelTie {
  readonly name: string
  readonly path: string
  readonly target: string
  readonly waiting: boolean
}

/** The model's book, and how many records fell with others. */
export interface Model {
  readonly definition: Definition
  readonly book: Map<string, Held>
  cascaded: number
}

/** The river in few lines: what each judged record does to a book that is a map. */
export function applyTo(model: Model, parcel: Parcel, today: string): Outcome {
  const { book, definition } = model
  const type = definition.types[0] as Definition['types'][number]
  if (parcel.filtered) return 'filtered'
  if (parcel.key === null || worst(parcel.findings) === 'fatal') return 'rejected'
  const held = book.get(parcel.key)
  const { operation } = parcel
  if (held === undefined ? operation !== 'create' && operation !== 'upsert' : operation === 'create')
    return 'rejected'
  if (held !== undefined && !type.lifecycle.operations[operation]?.from.includes(held.status as 'submitted'))
    return 'rejected'
  if (operation === 'delete') return deleteFrom(model, parcel.key) ? 'deleted' : 'rejected'
  const same = held?.hash === parcel.contentHash
  if ((held === undefined ? type.sync?.new : same ? null : type.sync?.changed) === 'reject') return 'rejected'
  const against =
    held === undefined || same
      ? []
      : judgeAgainst(definition, type, JSON.parse(parcel.body), JSON.parse(held.body), today).filter(
          (finding) => !held.faulty.includes(finding.path),
        )
  const { ties, missing } = tiesOf(model, parcel)
  if (worst(against) === 'fatal' || (!same && worst(missing) === 'fatal')) return 'rejected'
  const findings = [...parcel.findings, ...against, ...missing.filter((one) => one.severity === 'error')]
  const status = worst(findings) === 'error' ? 'submitted-with-errors' : 'submitted'
  if (same && held.status === status) return 'unchanged'
  const faulty = findings.map((finding) => finding.path)
  const version = (held?.version ?? 0) + 1
  book.set(parcel.key, {
    body: parcel.body,
    hash: parcel.contentHash,
    status,
    version,
    faulty,
    findings,
    ties,
  })
  if (held === undefined) settleIn(model, parcel.key)
  return held === undefined ? 'created' : same ? 'unchanged' : 'updated'
}

function referenceOf({ definition }: Model, name: string) {
  const found = definition.types[0]?.references?.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no reference ${name}`)
  return found
}

function tiesOf(
  model: Model,
  { links = [], key }: Parcel,
): { readonly ties: readonly ModelTie[]; readonly missing: readonly Finding[] } {
  const missing: Finding[] = []
  const ties = links.map(({ reference: name, item, key: target }): ModelTie => {
    const { code, message, onMissing, ...reference } = referenceOf(model, name)
    const path = linkPath(
      model.definition.types[0]?.fields ?? [],
      { ...reference, code, message, onMissing },
      item,
    )
    const absent = target !== key && !model.book.has(target)
    const severity = onMissing === 'reject' ? 'fatal' : 'error'
    if (absent && onMissing !== 'accept')
      missing.push({ code, severity, path, field: '', item: null, message, value: target })
    return { name, path, target, waiting: absent && onMissing === 'wait' }
  })
  return { ties, missing }
}

/** Deletes a record with those that belong to it; false, and nothing is deleted, where another needs one of them. */
function deleteFrom(model: Model, key: string): boolean {
  const { book } = model
  const going = new Set([key])
  for (const gone of going)
    for (const [other, { ties }] of book)
      if (ties.some(({ name, target }) => target === gone && referenceOf(model, name).onDelete === 'cascade'))
        going.add(other)
  for (const [other, { ties }] of book)
    if (
      !going.has(other) &&
      ties.some(({ name, target }) => going.has(target) && referenceOf(model, name).onDelete === 'restrict')
    )
      return false
  for (const gone of going) book.delete(gone)
  model.cascaded += going.size - 1
  return true
}

/** A record has come: those that wait for it have one error less, in one new version for each reference. */
function settleIn(model: Model, key: string): void {
  const { book } = model
  for (const [other, before] of book) {
    let held = before
    for (const tie of before.ties) {
      if (!tie.waiting || tie.target !== key) continue
      const { code } = referenceOf(model, tie.name)
      const findings = held.findings.filter((one) => one.code !== code || one.path !== tie.path)
      held = {
        ...held,
        findings,
        faulty: findings.map((one) => one.path),
        version: held.version + 1,
        status: worst(findings) === 'error' ? 'submitted-with-errors' : 'submitted',
        ties: held.ties.map((one) => (one === tie ? { ...one, waiting: false } : one)),
      }
    }
    if (held !== before) book.set(other, held)
  }
}
