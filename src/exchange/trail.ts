/**
 * The way from the record to the group in hand, kept while a record is walked, so that a path is written out
 * only where something is found.
 */
export class Trail {
  readonly #names: string[] = []
  /** 1-based number of the list item; 0 for a group that is no list. */
  readonly #items: number[] = []

  enter(name: string, item: number): void {
    this.#names.push(name)
    this.#items.push(item)
  }

  leave(): void {
    this.#names.pop()
    this.#items.pop()
  }

  /** Forgets everything; for use after a walk that was broken off. */
  clear(): void {
    this.#names.length = 0
    this.#items.length = 0
  }

  /** Canonical path of a field in the group in hand, `persons[2].gender`; `name` '' is the group itself. */
  path(name: string, item = 0): string {
    let path = ''
    for (const [index, group] of this.#names.entries())
      path += `${group}${numbered(this.#items[index] ?? 0)}.`
    return name === '' ? path.slice(0, -1) : `${path}${name}${numbered(item)}`
  }

  /** Number of the outermost list item, the person number of a stop; null outside lists. */
  item(): number | null {
    return this.#items.find((item) => item > 0) ?? null
  }

  /** The item numbers of the lists on the way, outermost first. */
  items(): number[] {
    return this.#items.filter((item) => item > 0)
  }

  /** Canonical path without item numbers. */
  pattern(name: string): string {
    return this.#names.length === 0 ? name : `${this.#names.join('.')}.${name}`
  }
}

function numbered(item: number): string {
  return item > 0 ? `[${item}]` : ''
}
