import type { Field, Layout, RecordType, Source, SourceOf } from './definition.ts'
import { checkValue } from './expression/check.ts'
import { buildTransforms } from './load-transforms.ts'
import { parsePlace } from './place.ts'
import { type Place, type Report, suggestion } from './problem.ts'
import { type Entry, Section } from './section.ts'

/** What stands beside the fields and can be mapped too. */
export const CONTROL_FIELDS: readonly string[] = ['operation', 'record_id']

/** What the layouts of a record type are checked against. */
export interface LayoutWords {
  readonly type: Pick<RecordType, 'name' | 'fields' | 'identity'>
  readonly lists: readonly string[]
  readonly report: Report
}

/** Builds the layouts under `layouts`; what is wrong with them is reported. */
export function buildLayouts(section: Section, words: LayoutWords): readonly Layout[] {
  return [...section.entries('layouts')].flatMap(([name, { value }]) =>
    value instanceof Section ? [new LayoutBuilder(name, value, words).build()] : [],
  )
}

/** A record of a layout is one row, so there can be none where our own records have several. */
export function checkRowLayouts(section: Section, rowPer: string | null, report: Report): void {
  if (rowPer === null) return
  for (const { value } of section.entries('layouts').values())
    if (value instanceof Section && value.text('of') === 'rows')
      report(
        value.at,
        'VALUE',
        `Records of this exchange have a row for each of '${rowPer}'.`,
        'Remove the layout, or row_per from the formats of the definition.',
      )
}

class LayoutBuilder {
  readonly #name: string
  readonly #section: Section
  readonly #words: LayoutWords
  readonly #of: Layout['of']
  readonly #headers: readonly string[] | null

  constructor(name: string, section: Section, words: LayoutWords) {
    this.#name = name
    this.#section = section
    this.#words = words
    this.#of = section.text('of') as Layout['of']
    this.#headers = section.texts('headers')
  }

  build(): Layout {
    const section = this.#section
    const { type } = this.#words
    this.#checkKind()
    const when = [...section.entries('when')].map(([at, { value, keyAt }]) => {
      this.#checkPlace(at, keyAt)
      return { at, is: typeof value === 'string' ? value : null }
    })
    const sources = [...this.#columns(), ...this.#fields(section, type.fields, true)]
    this.#checkTargets(sources)
    return {
      name: this.#name,
      of: this.#of,
      when,
      sources,
      others: section.text('others') as Layout['others'],
    }
  }

  #checkKind(): void {
    if (this.#of === 'rows') return
    for (const key of ['headers', 'columns'])
      if (this.#section.has(key))
        this.#words.report(
          this.#section.place(key),
          'VALUE',
          `'${key}' says nothing of a tree.`,
          'Write fields, each with its path, or of: rows.',
        )
  }

  /** `columns`, turned round: our field, and the header its value stands under. */
  #columns(): readonly Source[] {
    return [...this.#section.entries('columns')].flatMap(([header, { value, keyAt }]) => {
      this.#checkPlace(header, keyAt)
      const paths = Array.isArray(value) ? value : [{ value, at: keyAt }]
      return paths.flatMap(({ value: path, at }) =>
        typeof path === 'string' ? this.#target(path, at, { at: [header], kind: 'places' }) : [],
      )
    })
  }

  #target(path: string, at: Place, from: SourceOf): readonly Source[] {
    const field = this.#fieldAt(path.split('.'), this.#words.type.fields, at, true)
    if (field !== null && field !== 'control') this.#checkFields(field, null, at)
    return field === null ? [] : [{ field: path.split('.'), from, transforms: [], fields: [] }]
  }

  #fields(section: Section, fields: readonly Field[], top: boolean): readonly Source[] {
    return [...section.entries('fields')].flatMap(([path, entry]) => {
      const names = path.split('.')
      const field = this.#fieldAt(names, fields, entry.keyAt, top)
      if (field === null) return []
      return this.#source(names, field, entry)
    })
  }

  #source(names: readonly string[], field: Field | 'control', entry: Entry): readonly Source[] {
    const { report } = this.#words
    const section = entry.value instanceof Section ? entry.value : null
    const from = section === null ? this.#places(entry.value, entry.at) : this.#sourceOf(section)
    if (field !== 'control') this.#checkFields(field, section, entry.at)
    if (from === null) return []
    const inside = field === 'control' ? [] : field.fields
    return [
      {
        field: names,
        from,
        transforms: section === null ? [] : buildTransforms(section, report),
        fields: section === null ? [] : this.#fields(section, inside, false),
      },
    ]
  }

  #places(value: Entry['value'], at: Place): SourceOf {
    const items = Array.isArray(value) ? value : [{ value, at }]
    const places = items.flatMap((item) => {
      if (typeof item.value !== 'string') return []
      this.#checkPlace(item.value, item.at)
      return [item.value]
    })
    return { kind: 'places', at: places }
  }

  #sourceOf(section: Section): SourceOf | null {
    const kinds = (['from', 'value', 'cel'] as const).filter((kind) => section.has(kind))
    const [kind] = kinds
    if (kind === undefined || kinds.length > 1) {
      const what = kind === undefined ? 'names no place' : `names two: ${kinds.join(', ')}`
      this.#words.report(section.at, 'VALUE', `The source ${what}.`, 'Write one of from, value, cel.')
      return null
    }
    if (kind === 'value') return { kind, value: section.text('value') }
    if (kind === 'from') return this.#places(section.item('from')?.value ?? null, section.place('from'))
    const cel = section.text('cel').trim()
    this.#checkCel(cel, section)
    return { kind, cel }
  }

  #checkCel(cel: string, section: Section): void {
    const { lists, report } = this.#words
    const checked = checkValue(cel, valueScope(lists, this.#of === 'rows' ? this.#headers : null))
    if (checked.ok) return
    const inner = section.inner('cel')
    const at = inner === null ? section.place('cel') : { ...inner, column: inner.column + checked.offset }
    const near = cel.slice(checked.offset, checked.offset + 30)
    report(at, 'EXPRESSION', checked.message, near === '' ? "Look at the end of 'cel'." : `Look at: ${near}`)
  }

  #checkPlace(text: string, at: Place): void {
    const { report } = this.#words
    if (this.#of === 'rows') {
      if (this.#headers !== null && !this.#headers.includes(text))
        report(at, 'UNKNOWN_NAME', `There is no header '${text}'.`, suggestion(text, this.#headers))
    } else if (parsePlace(text) === null)
      report(
        at,
        'PATH',
        `'${text}' is no path.`,
        'Write names joined by dots, such as Phone[Type=home].Number.',
      )
  }

  /** The field that a path of the map leads to; reported where there is none, or it stands in a list. */
  #fieldAt(
    names: readonly string[],
    fields: readonly Field[],
    at: Place,
    top: boolean,
  ): Field | 'control' | null {
    const { report } = this.#words
    if (top && names.length === 1 && CONTROL_FIELDS.includes(names[0] ?? '')) return 'control'
    let inside = fields
    let field: Field | undefined
    for (const [index, name] of names.entries()) {
      field = inside.find((one) => one.name === name)
      if (field === undefined) {
        const known = inside.map((one) => one.name)
        report(at, 'UNKNOWN_NAME', `There is no field '${names.join('.')}' here.`, suggestion(name, known))
        return null
      }
      if (index < names.length - 1 && field.many) {
        const fix = `Map '${names.slice(0, index + 1).join('.')}' with its fields instead.`
        report(at, 'VALUE', `'${names.join('.')}' stands in a list.`, fix)
        return null
      }
      inside = field.fields
    }
    return field ?? null
  }

  #checkFields(field: Field, section: Section | null, at: Place): void {
    const { report } = this.#words
    const named = section?.has('fields') === true
    if (named && this.#of === 'rows')
      report(at, 'VALUE', 'A row has no items of a list.', 'Map single values, each by its path.')
    else if (named && field.fields.length === 0)
      report(at, 'NOT_FOR_TYPE', `'${field.name}' is no group of fields.`, 'Remove fields.')
    else if (!named && field.fields.length > 0)
      report(
        at,
        'VALUE',
        `'${field.name}' is a group of fields.`,
        'Say under fields where each of them stands.',
      )
  }

  /** No field twice, and every part of the key. */
  #checkTargets(sources: readonly Source[]): void {
    const section = this.#section
    const { report, type } = this.#words
    const seen = new Set<string>()
    for (const { field } of sources) {
      const path = field.join('.')
      const other = [...seen].find(
        (one) => `${one}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${one}.`),
      )
      if (other !== undefined)
        report(
          section.at,
          'DUPLICATE',
          `'${path}' is mapped twice in '${this.#name}'${other === path ? '' : ` (also by '${other}')`}.`,
          'Keep one of them.',
        )
      seen.add(path)
    }
    if (section.text('others') === 'ours') return
    const missing = type.identity.key.filter((name) => ![...seen].some((path) => path.split('.')[0] === name))
    if (missing.length > 0)
      report(
        section.at,
        'IDENTITY',
        `The layout '${this.#name}' maps nothing to ${missing.map((name) => `'${name}'`).join(', ')}, by which a record is known.`,
        'Map it too.',
      )
  }
}

/** What a CEL expression of a source may name: `raw()` and `today`. */
export function valueScope(lists: readonly string[], headers: readonly string[] | null) {
  return { fields: [], each: null, lists, needs: 'record', at: [], raw: { names: headers } } as const
}
