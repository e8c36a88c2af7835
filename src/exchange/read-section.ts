import { LANGUAGE } from './language.ts'
import { type Report, suggestion } from './problem.ts'
import { type Entry, type Item, Section } from './section.ts'
import { FORBIDDEN_NAMES, FORMS, type FormName, type SectionName, type Shape } from './shapes.ts'
import type { YamlMap, YamlScalar, YamlTree } from './yaml-tree.ts'

/**
 * Reads a part of a definition against the language's table and reports every key and value that does not fit.
 * Returns what does fit; null where the part is not a map at all.
 */
export function readSection(tree: YamlTree, name: SectionName, report: Report): Section | null {
  const spec = LANGUAGE[name]
  if (tree.kind !== 'map') {
    report(
      tree.at,
      'TYPE',
      `${spec.title} is written as key: value.`,
      `Its keys are ${keysOf(name).join(', ')}.`,
    )
    return null
  }
  const entries = new Map<string, Entry>()
  const seen = new Set<string>()
  for (const { name: key, at, value } of tree.entries) {
    const known = Object.hasOwn(spec.keys, key) ? spec.keys[key] : undefined
    if (known === undefined) {
      report(at, 'KEY_UNKNOWN', `There is no key '${shown(key)}' here.`, suggestion(key, keysOf(name)))
      continue
    }
    seen.add(key)
    const item = readShape(value, known.shape, key, report)
    if (item !== null) entries.set(key, { ...item, keyAt: at })
  }
  for (const [key, { required, example }] of Object.entries(spec.keys))
    if (required === true && !seen.has(key))
      report(
        tree.at,
        'KEY_MISSING',
        `The key '${key}' is missing here.`,
        `Add it, such as ${key}: ${example}`,
      )
  return new Section(name, tree.at, entries)
}

function keysOf(name: SectionName): readonly string[] {
  return Object.keys(LANGUAGE[name].keys)
}

function readShape(tree: YamlTree, shape: Shape, key: string, report: Report): Item | null {
  switch (shape.is) {
    case 'either': {
      const fitting = shape.of.filter((one) => fits(tree, one))
      const [first] = fitting
      if (first === undefined) return wrongType(tree, shape, key, report)
      return readShape(tree, fitting.find((one) => formFits(tree, one)) ?? first, key, report)
    }
    case 'section': {
      const section = readSection(tree, shape.of, report)
      return section === null ? null : { at: tree.at, value: section, inner: null }
    }
    case 'list':
      return tree.kind === 'list'
        ? readList(tree.items, tree, shape, key, report)
        : wrongType(tree, shape, key, report)
    case 'map':
      return tree.kind === 'map' ? readMap(tree, shape, key, report) : wrongType(tree, shape, key, report)
    default:
      return tree.kind === 'scalar'
        ? readScalar(tree, shape, key, report)
        : wrongType(tree, shape, key, report)
  }
}

function readList(
  trees: readonly YamlTree[],
  tree: YamlTree,
  shape: Extract<Shape, { is: 'list' }>,
  key: string,
  report: Report,
): Item {
  if (trees.length < shape.min || trees.length > shape.max)
    report(
      tree.at,
      'VALUE',
      `'${key}' has ${trees.length} values, not ${countWords(shape.min, shape.max)}.`,
      `Write ${describe(shape)}.`,
    )
  const value = trees.slice(0, shape.max).flatMap((one) => readShape(one, shape.of, key, report) ?? [])
  return { at: tree.at, value, inner: null }
}

function readMap(tree: YamlMap, shape: Extract<Shape, { is: 'map' }>, key: string, report: Report): Item {
  const value = new Map<string, Entry>()
  for (const entry of tree.entries) {
    if (FORBIDDEN_NAMES.includes(entry.name)) {
      report(entry.at, 'NAME', `'${entry.name}' cannot be used as a name.`, 'Choose another name.')
      continue
    }
    if (shape.keys !== null && !shape.keys.includes(entry.name)) {
      const fix = suggestion(entry.name, shape.keys)
      report(entry.at, 'KEY_UNKNOWN', `There is no key '${shown(entry.name)}' in '${key}'.`, fix)
      continue
    }
    if (shape.keys === null && !FORMS[shape.key].pattern.test(entry.name)) {
      const fix = `Write ${FORMS[shape.key].about}.`
      report(entry.at, 'NAME', `'${shown(entry.name)}' cannot stand in '${key}'.`, fix)
      continue
    }
    const item = readShape(entry.value, shape.of, entry.name, report)
    if (item !== null) value.set(entry.name, { ...item, keyAt: entry.at })
  }
  return { at: tree.at, value, inner: null }
}

function readScalar(tree: YamlScalar, shape: Shape, key: string, report: Report): Item | null {
  const { at, inner, text } = tree
  const item = (value: string | number | boolean | null): Item => ({ at, value, inner })
  if (shape.is === 'nothing' && text === null) return item(null)
  if (text === null) {
    report(at, 'TYPE', `'${key}' has no value.`, `Write ${describe(shape)}, or remove the key.`)
    return null
  }
  if (!fits(tree, shape)) return wrongType(tree, shape, key, report)
  switch (shape.is) {
    case 'boolean':
      return item(text === 'true')
    case 'integer':
    case 'number': {
      const value = Number(text)
      if (value >= shape.min && value <= shape.max) return item(value)
      report(at, 'VALUE', `'${key}' is ${text}.`, `Write ${describe(shape)}.`)
      return null
    }
    case 'choice':
      return item(text)
    case 'text':
      return readText(tree, text, shape.form, key, report) ? item(text) : null
    default:
      return null
  }
}

function readText(tree: YamlScalar, text: string, form: FormName, key: string, report: Report): boolean {
  const parts = form === 'path' || form === 'field_path' ? text.split('.') : [text]
  if (parts.some((part) => FORBIDDEN_NAMES.includes(part))) {
    report(tree.at, 'NAME', `'${shown(text)}' cannot be used as a name.`, 'Choose another name.')
    return false
  }
  if (FORMS[form].pattern.test(text)) return true
  const what = text === '' ? `'${key}' is empty.` : `'${shown(text)}' cannot be the '${key}'.`
  report(tree.at, form === 'line' || form === 'text' ? 'VALUE' : 'NAME', what, `Write ${FORMS[form].about}.`)
  return false
}

/** Could this be meant as a value of that shape? Its details are checked when it is read. */
function fits(tree: YamlTree, shape: Shape): boolean {
  switch (shape.is) {
    case 'either':
      return shape.of.some((one) => fits(tree, one))
    case 'section':
    case 'map':
      return tree.kind === 'map'
    case 'list':
      return tree.kind === 'list'
    default:
      return tree.kind === 'scalar' && fitsScalar(tree, shape)
  }
}

/** Of several kinds of text, is it this one? */
function formFits(tree: YamlTree, shape: Shape): boolean {
  return shape.is !== 'text' || (tree.kind === 'scalar' && FORMS[shape.form].pattern.test(tree.text ?? ''))
}

function fitsScalar({ text, plain }: YamlScalar, shape: Shape): boolean {
  if (shape.is === 'nothing' || text === null) return shape.is === 'nothing' && text === null
  switch (shape.is) {
    case 'boolean':
      return plain && (text === 'true' || text === 'false')
    case 'integer':
      return plain && /^[+-]?\d{1,15}$/.test(text)
    case 'number':
      return plain && /^[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})$/.test(text)
    case 'choice':
      return shape.of.includes(text)
    default:
      return shape.is === 'text'
  }
}

function wrongType(tree: YamlTree, shape: Shape, key: string, report: Report): null {
  const words = choicesOf(shape)
  if (tree.kind === 'scalar' && tree.text !== null && words.length > 0) {
    const fix = words.length === shapesIn(shape) ? suggestion(tree.text, words) : `Write ${describe(shape)}.`
    report(tree.at, 'VALUE', `'${shown(tree.text)}' cannot be the '${key}'.`, fix)
    return null
  }
  const is =
    tree.kind === 'scalar' ? (tree.text === null ? 'empty' : `'${shown(tree.text)}'`) : `a ${tree.kind}`
  report(tree.at, 'TYPE', `'${key}' is ${is}.`, `Write ${describe(shape)}.`)
  return null
}

function choicesOf(shape: Shape): readonly string[] {
  if (shape.is === 'choice') return shape.of
  return shape.is === 'either' ? shape.of.flatMap(choicesOf) : []
}

/** How many words a shape takes, if it takes words only. */
function shapesIn(shape: Shape): number {
  if (shape.is === 'choice') return shape.of.length
  return shape.is === 'either' ? shape.of.reduce((sum, one) => sum + shapesIn(one), 0) : 0.5
}

/** A shape in words: what to write. */
export function describe(shape: Shape): string {
  switch (shape.is) {
    case 'text':
      return FORMS[shape.form].about
    case 'boolean':
      return 'true or false'
    case 'nothing':
      return 'null'
    case 'integer':
      return `a whole number from ${shape.min} to ${shape.max}`
    case 'number':
      return shape.max >= 1e15 ? 'a number' : `a number from ${shape.min} to ${shape.max}`
    case 'choice':
      return shape.of.length === 1 ? (shape.of[0] ?? '') : `one of ${shape.of.map(word).join(', ')}`
    case 'list':
      return `a list of ${countWords(shape.min, shape.max)}, each ${describe(shape.of)}`
    case 'map':
      return `key: value, each key ${shape.keys === null ? FORMS[shape.key].about : `one of ${shape.keys.join(', ')}`}, each value ${describe(shape.of)}`
    case 'section':
      return `key: value (${keysOf(shape.of).join(', ')})`
    case 'either':
      return shape.of.map(describe).join(', or ')
  }
}

function word(text: string): string {
  return text === '\t' ? '"\\t"' : text
}

function countWords(min: number, max: number): string {
  return min === max ? `exactly ${min}` : `${min} to ${max}`
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
