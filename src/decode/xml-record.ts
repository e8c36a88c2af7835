import type { RawTree, RawValue } from '../exchange/parcel.ts'

/** Namespace of `xsi:nil` and of the hints to schemas, which say nothing about the data. */
const INSTANCE_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance'

/** Text beside attributes or child elements stands under this name, which no element can have. */
const TEXT_NAME = '#text'

interface Attribute {
  readonly name: string
  readonly prefix: string
  readonly local: string
  readonly uri: string
  readonly value: string
}

interface Frame {
  readonly name: string
  tree: Record<string, RawValue> | null
  text: string
  nil: boolean
}

/**
 * Makes one record's tree from the events of an XML parser. An element with text is its text (blank text is
 * ''), with children a tree, repeated a list; `xsi:nil` makes null; attributes stand under `@name`. Prefixes
 * are dropped: an element is known by its local name.
 */
export class XmlRecord {
  readonly #frames: Frame[] = []

  open(name: string, attributes: Readonly<Record<string, Attribute>>): void {
    const frame: Frame = { name, tree: null, text: '', nil: false }
    for (const key in attributes) {
      const attribute = attributes[key] as Attribute
      if (attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue
      if (attribute.uri === INSTANCE_NAMESPACE) {
        if (attribute.local === 'nil') frame.nil = ['true', '1'].includes(attribute.value.trim())
        continue
      }
      frame.tree ??= {}
      put(frame.tree, `@${attribute.local}`, attribute.value)
    }
    this.#frames.push(frame)
  }

  /** Returns how long the element's text is so far, in characters. */
  text(text: string): number {
    const frame = this.#frames.at(-1)
    if (frame === undefined) return 0
    frame.text = frame.text === '' ? text : frame.text + text
    return frame.text.length
  }

  /** Ends the innermost element; returns the tree when that was the record itself. */
  close(): RawTree | null {
    const frame = this.#frames.pop() as Frame
    const parent = this.#frames.at(-1)
    if (parent === undefined) {
      const tree = frame.tree ?? {}
      if (!isBlank(frame.text)) put(tree, TEXT_NAME, frame.text.trim())
      return tree
    }
    parent.tree ??= {}
    put(parent.tree, frame.name, elementValue(frame))
    return null
  }
}

function elementValue(frame: Frame): RawValue {
  if (frame.tree === null) {
    if (!isBlank(frame.text)) return frame.text
    return frame.nil ? null : ''
  }
  if (!isBlank(frame.text)) put(frame.tree, TEXT_NAME, frame.text.trim())
  return frame.tree
}

function isBlank(text: string): boolean {
  return text === '' || text.trim() === ''
}

/** Adds a member; a second one of the same name makes a list. */
function put(tree: Record<string, RawValue>, name: string, value: RawValue): void {
  if (Object.hasOwn(tree, name)) {
    const present = tree[name] as RawValue
    if (Array.isArray(present)) (present as RawValue[]).push(value)
    else define(tree, name, [present, value])
  } else define(tree, name, value)
}

function define(tree: Record<string, RawValue>, name: string, value: RawValue): void {
  // Assigning to __proto__ would change what the tree inherits instead of adding a member.
  if (name === '__proto__')
    Object.defineProperty(tree, name, { value, enumerable: true, writable: true, configurable: true })
  else tree[name] = value
}
