import { LANGUAGE } from './language.ts'
import type { Place } from './problem.ts'
import type { Plain, SectionName } from './shapes.ts'

/** A value of a definition with its place. */
export interface Item {
  readonly at: Place
  readonly value: ItemValue
  /** Where the text itself begins, if it stands on one line as it is. */
  readonly inner: Place | null
}

export type ItemValue = string | number | boolean | null | readonly Item[] | Section | Entries

/** The members of a map whose keys the author chose. */
export type Entries = ReadonlyMap<string, Entry>

export interface Entry extends Item {
  readonly keyAt: Place
}

/**
 * One part of a definition as it was read: each key that is there has the right shape. What is absent, or was
 * wrong and reported, answers with the default of the language's table.
 */
export class Section {
  readonly name: SectionName
  readonly at: Place
  readonly #entries: Entries

  constructor(name: SectionName, at: Place, entries: Entries) {
    this.name = name
    this.at = at
    this.#entries = entries
  }

  has(key: string): boolean {
    return this.item(key) !== null
  }

  item(key: string): Entry | null {
    if (LANGUAGE[this.name].keys[key] === undefined)
      throw new Error(`The language has no key ${key} in ${this.name}`)
    return this.#entries.get(key) ?? null
  }

  /** Where the value stands; the section itself where it is absent. */
  place(key: string): Place {
    return this.item(key)?.at ?? this.at
  }

  /** Where the text of an expression begins. */
  inner(key: string): Place | null {
    return this.item(key)?.inner ?? null
  }

  /** A text, '' where there is none. */
  text(key: string): string {
    const value = this.#valueOf(key)
    return typeof value === 'string' ? value : ''
  }

  textOrNull(key: string): string | null {
    const value = this.#valueOf(key)
    return typeof value === 'string' ? value : null
  }

  number(key: string): number {
    const value = this.#valueOf(key)
    return typeof value === 'number' ? value : 0
  }

  numberOrNull(key: string): number | null {
    const value = this.#valueOf(key)
    return typeof value === 'number' ? value : null
  }

  flag(key: string): boolean {
    return this.#valueOf(key) === true
  }

  items(key: string): readonly Item[] {
    const value = this.item(key)?.value
    return Array.isArray(value) ? value : []
  }

  /** The texts of a list; null where there is none. */
  texts(key: string): readonly string[] | null {
    const value = this.#valueOf(key)
    if (!Array.isArray(value)) return null
    return value
      .map((one: Plain | Item) => (isItem(one) ? one.value : one))
      .filter((one) => typeof one === 'string')
  }

  sections(key: string): readonly Section[] {
    return this.items(key).flatMap(({ value }) => (value instanceof Section ? [value] : []))
  }

  section(key: string): Section | null {
    const value = this.item(key)?.value
    return value instanceof Section ? value : null
  }

  /** The section, or one in which every key is absent. */
  sectionOr(key: string, name: SectionName): Section {
    return this.section(key) ?? new Section(name, this.place(key), new Map())
  }

  /** A map; empty where there is none. */
  entries(key: string): Entries {
    const value = this.item(key)?.value
    return value instanceof Map ? value : new Map()
  }

  #valueOf(key: string): ItemValue | Plain {
    const item = this.item(key)
    return item === null ? (LANGUAGE[this.name].keys[key]?.fallback ?? null) : item.value
  }
}

function isItem(value: Plain | Item): value is Item {
  return typeof value === 'object' && value !== null && 'at' in value
}
