import { type Report, suggestion } from '../exchange/problem.ts'
import type { YamlMap, YamlTree } from '../exchange/yaml-tree.ts'
import { CONFIG_LANGUAGE, type ConfigSectionName, type ConfigShape } from './config-language.ts'

/** A text that stands elsewhere, or here. */
export type Secret = { readonly value: string } | { readonly file: string } | { readonly env: string }

type Value = string | number | Secret | readonly string[] | Part | readonly Part[] | Names | Parts
type Names = ReadonlyMap<string, string | null>
type Parts = { readonly parts: ReadonlyMap<string, Part> }

/** One section as it was read: what is there has the right shape, what is not answers with its default. */
export class Part {
  readonly #name: ConfigSectionName
  readonly #tree: YamlTree
  readonly #values: ReadonlyMap<string, Value>

  constructor(name: ConfigSectionName, tree: YamlTree, values: ReadonlyMap<string, Value>) {
    this.#name = name
    this.#tree = tree
    this.#values = values
  }

  get at(): YamlTree['at'] {
    return this.#tree.at
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  text(key: string): string {
    return String(this.#of(key) ?? '')
  }

  textOrNull(key: string): string | null {
    const value = this.#values.get(key)
    return typeof value === 'string' ? value : null
  }

  number(key: string): number {
    return Number(this.#of(key) ?? 0)
  }

  secret(key: string): Secret | null {
    const value = this.#values.get(key)
    return typeof value === 'object' && ('value' in value || 'file' in value || 'env' in value) ? value : null
  }

  texts(key: string): readonly string[] {
    const value = this.#values.get(key)
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  }

  names(key: string): Names {
    const value = this.#values.get(key)
    return value instanceof Map ? value : new Map()
  }

  /** The section, or one in which every key is absent. */
  part(key: string, name: ConfigSectionName): Part {
    const value = this.#values.get(key)
    return value instanceof Part ? value : new Part(name, this.#tree, new Map())
  }

  parts(key: string): readonly Part[] {
    const value = this.#values.get(key)
    return Array.isArray(value) ? value.filter((one) => one instanceof Part) : []
  }

  named(key: string): ReadonlyMap<string, Part> {
    const value = this.#values.get(key)
    return typeof value === 'object' && 'parts' in value && value.parts instanceof Map
      ? value.parts
      : new Map()
  }

  #of(key: string): Value | undefined {
    return this.#values.get(key) ?? CONFIG_LANGUAGE[this.#name].keys[key]?.fallback
  }
}

/** Reads a section and reports every key and value that does not fit. */
export function readPart(tree: YamlTree, name: ConfigSectionName, report: Report): Part {
  const { title, keys } = CONFIG_LANGUAGE[name]
  const values = new Map<string, Value>()
  if (tree.kind !== 'map') {
    report(
      tree.at,
      'TYPE',
      `${title} is written as key: value.`,
      `Its keys are ${Object.keys(keys).join(', ')}.`,
    )
    return new Part(name, tree, values)
  }
  const seen = new Set<string>()
  for (const { name: key, at, value } of tree.entries) {
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined
    if (known === undefined) {
      report(at, 'KEY_UNKNOWN', `There is no key '${key}' here.`, suggestion(key, Object.keys(keys)))
      continue
    }
    seen.add(key)
    const read = readShape(value, known.shape, report)
    if (typeof read === 'object' && 'wrong' in read)
      report(value.at, 'TYPE', `'${key}' ${read.wrong}.`, `Write such as ${key}: ${known.example}`)
    else values.set(key, read)
  }
  for (const [key, { required, example }] of Object.entries(keys))
    if (required === true && !seen.has(key))
      report(
        tree.at,
        'KEY_MISSING',
        `The key '${key}' is missing here.`,
        `Add it, such as ${key}: ${example}`,
      )
  return new Part(name, tree, values)
}

type Read = Value | { readonly wrong: string }

function readShape(tree: YamlTree, shape: ConfigShape, report: Report): Read {
  switch (shape.is) {
    case 'section':
      return readPart(tree, shape.of, report)
    case 'sections':
      return tree.kind === 'list'
        ? tree.items.map((item) => readPart(item, shape.of, report))
        : { wrong: 'must be a list' }
    case 'named':
      if (tree.kind !== 'map') return { wrong: 'must be name: section' }
      return {
        parts: new Map(tree.entries.map((entry) => [entry.name, readPart(entry.value, shape.of, report)])),
      }
    case 'texts':
      return tree.kind === 'list' ? tree.items.map(textOf) : { wrong: 'must be a list' }
    case 'names':
      return tree.kind === 'map'
        ? new Map(
            tree.entries.map((entry) => [entry.name, entry.value.kind === 'scalar' ? entry.value.text : '']),
          )
        : { wrong: 'must be name: name' }
    case 'secret':
      return tree.kind === 'map' ? readSecret(tree) : readScalar(tree, { is: 'secret' })
    default:
      return readScalar(tree, shape)
  }
}

function readScalar(tree: YamlTree, shape: ConfigShape): Read {
  if (tree.kind !== 'scalar' || tree.text === null) return { wrong: 'has no single value' }
  const { text } = tree
  switch (shape.is) {
    case 'integer': {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : -1
      return value >= shape.min && value <= shape.max
        ? value
        : { wrong: `is not a whole number from ${shape.min} to ${shape.max}` }
    }
    case 'share': {
      const value = /^\d?(\.\d+)?$/.test(text) ? Number(text) : -1
      return text !== '' && value >= 0 && value <= 1 ? value : { wrong: 'is not a number from 0 to 1' }
    }
    case 'choice':
      return shape.of.includes(text)
        ? text
        : { wrong: `is none of ${shape.of.map((one) => JSON.stringify(one)).join(', ')}` }
    case 'secret':
      return { value: text }
    default:
      return text === '' ? { wrong: 'is empty' } : text
  }
}

function readSecret(tree: YamlMap): Read {
  const [entry] = tree.entries
  const text = entry === undefined ? '' : textOf(entry.value)
  if (tree.entries.length === 1 && entry?.name === 'file' && text !== '') return { file: text }
  if (tree.entries.length === 1 && entry?.name === 'env' && text !== '') return { env: text }
  return { wrong: 'is none of a text, { file: … }, { env: … }' }
}

function textOf(tree: YamlTree): string {
  return tree.kind === 'scalar' ? (tree.text ?? '') : ''
}
