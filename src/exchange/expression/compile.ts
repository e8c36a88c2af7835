import type { ASTNode } from '@marcbachmann/cel-js'
import type { CodeLookup } from '../code-lookup.ts'
import type { Field } from '../definition.ts'
import { ExpressionError } from './expression-error.ts'
import { addDays, daysBetween, size, toDouble, toInt, toText, yearOf } from './functions.ts'
import { arithmetic, comparisons, type Frame, isIn, join, type Run } from './operators.ts'
import { parseExpression } from './parse.ts'
import { patternInside } from './pattern.ts'
import type { Scope, StaticType } from './scope.ts'
import { typesOf } from './typing.ts'

export type { Frame } from './operators.ts'

/** A compiled expression; never throws, whatever the record holds. */
export type Condition = (frame: Frame) => boolean

const none: readonly unknown[] = []

const alwaysBoolean: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'call', 'rcall'])

/**
 * Compiles a checked expression to closures (no code is generated: a browser's content policy forbids it).
 * CEL, except where a value may be absent: an absent list is empty; a comparison with an absent scalar is false,
 * only `!=` is true; functions and arithmetic of an absent value are absent; an absent condition is false.
 * Throws ExpressionError for what `checkExpression` refuses.
 */
export function compileExpression(
  text: string,
  scope: Scope,
  lists: ReadonlyMap<string, CodeLookup>,
): Condition {
  const ast = parseExpression(text)
  const compiler = new Compiler(typesOf(ast, scope), lists)
  return compiler.condition(ast, new Map())
}

/** Compiles an expression whose value is taken; `undefined` is an absent value. Throws like `compileExpression`. */
export function compileValue(
  text: string,
  scope: Scope,
  lists: ReadonlyMap<string, CodeLookup>,
): (frame: Frame) => unknown {
  const ast = parseExpression(text)
  return new Compiler(typesOf(ast, scope), lists).value(ast)
}

/** A frame for records of one definition; set `record` and `it` before use. */
export function createFrame(): Frame {
  return {
    record: undefined,
    it: undefined,
    parent: undefined,
    current: undefined,
    today: '',
    effective: '',
    raw: undefined,
    outer: undefined,
    inner: undefined,
  }
}

type Slots = ReadonlyMap<string, 'outer' | 'inner'>

/** A field and its place among the values of its group. */
interface Place {
  readonly field: Field
  readonly index: number
}

class Compiler {
  readonly #types: ReadonlyMap<ASTNode, StaticType>
  readonly #lists: ReadonlyMap<string, CodeLookup>

  constructor(types: ReadonlyMap<ASTNode, StaticType>, lists: ReadonlyMap<string, CodeLookup>) {
    this.#types = types
    this.#lists = lists
  }

  value(node: ASTNode): Run {
    return this.#run(node, new Map())
  }

  /** The node as true or false. */
  condition(node: ASTNode, slots: Slots): Condition {
    if (node.op === '!_') {
      const inside = this.condition(node.args, slots)
      return (frame) => !inside(frame)
    }
    if (node.op === '&&' || node.op === '||') {
      const left = this.condition(node.args[0], slots)
      const right = this.condition(node.args[1], slots)
      return node.op === '&&'
        ? (frame) => left(frame) && right(frame)
        : (frame) => left(frame) || right(frame)
    }
    const run = this.#run(node, slots)
    // These give true or false already.
    if (alwaysBoolean.has(node.op)) return run as Condition
    return (frame) => run(frame) === true
  }

  #run(node: ASTNode, slots: Slots): Run {
    switch (node.op) {
      case 'value': {
        const value = typeof node.args === 'bigint' ? Number(node.args) : node.args
        return () => value
      }
      case 'id':
        return readName(node.args, slots)
      case '.':
        return readField(
          this.#run(node.args[0], slots),
          rootOf(node.args[0], slots),
          this.#placeOf(node.args[0], node.args[1]),
        )
      case '[]': {
        const list = this.#run(node.args[0], slots)
        const index = this.#run(node.args[1], slots)
        return (frame) => (list(frame) as readonly unknown[])[index(frame) as number]
      }
      case 'list':
        return this.#list(node.args, slots)
      case '?:': {
        const test = this.condition(node.args[0], slots)
        const left = this.#run(node.args[1], slots)
        const right = this.#run(node.args[2], slots)
        return (frame) => (test(frame) ? left(frame) : right(frame))
      }
      case '!_':
      case '&&':
      case '||':
        return this.condition(node, slots)
      case '-_': {
        const value = this.#run(node.args, slots)
        return (frame) => {
          const number = value(frame)
          return typeof number === 'number' ? -number : undefined
        }
      }
      case 'call':
        return this.#call(node.args[0], node.args[1], slots)
      case 'rcall':
        return this.#method(node.args[0], node.args[1], node.args[2], slots)
      case 'map':
      case '.?':
      case '[?]':
        throw new ExpressionError('Maps and optional values are not part of the language.', node.start)
      default:
        return this.#binary(node.op, node.args[0], node.args[1], slots)
    }
  }

  #placeOf(owner: ASTNode, name: string): Place {
    const type = this.#types.get(owner)
    const fields = type?.kind === 'group' ? type.fields : []
    const index = fields.findIndex((one) => one.name === name)
    const field = fields[index]
    if (field === undefined) throw new ExpressionError(`There is no field '${name}' here.`, owner.start)
    return { field, index }
  }

  #list(items: readonly ASTNode[], slots: Slots): Run {
    const constants = constantsOf(items)
    if (constants !== null) return () => constants
    const runs = items.map((item) => this.#run(item, slots))
    return (frame) => runs.map((run) => run(frame))
  }

  #binary(op: string, leftNode: ASTNode, rightNode: ASTNode, slots: Slots): Run {
    const left = this.#run(leftNode, slots)
    const right = this.#run(rightNode, slots)
    const compare = comparisons[op]
    if (compare !== undefined) return specialised(op, left, rightNode) ?? comparison(compare, left, right)
    const leftKind = this.#types.get(leftNode)?.kind
    const compute =
      leftKind === 'text' || leftKind === 'list'
        ? join
        : arithmetic(
            op as '+' | '-' | '*' | '/' | '%',
            leftKind === 'int' && this.#types.get(rightNode)?.kind === 'int',
          )
    return (frame) => compute(left(frame), right(frame))
  }

  #call(name: string, args: readonly ASTNode[], slots: Slots): Run {
    const [firstNode, secondNode] = args
    if (firstNode === undefined) throw new ExpressionError(`${name}() needs a value.`, 0)
    if (name === 'raw') {
      const place = constantText(firstNode)
      return (frame) => frame.raw?.(place) ?? ''
    }
    const first = this.#run(firstNode, slots)
    if (name === 'has') return present(first)
    if (name === 'matchesRe') {
      const test = patternInside(constantText(secondNode))
      return (frame) => {
        const value = first(frame)
        return typeof value === 'string' && test(value)
      }
    }
    if (name === 'inList') {
      const lookup = this.#lists.get(constantText(secondNode))
      return (frame) => {
        const value = first(frame)
        return typeof value === 'string' && lookup !== undefined && lookup(value, frame.effective)
      }
    }
    const one = functionsOfOne[name]
    if (one !== undefined) return (frame) => one(first(frame))
    const two = functionsOfTwo[name]
    if (two === undefined || secondNode === undefined)
      throw new ExpressionError(`${name}() is not part of the language.`, firstNode.start)
    const second = this.#run(secondNode, slots)
    return (frame) => two(first(frame), second(frame))
  }

  #method(name: string, receiverNode: ASTNode, args: readonly ASTNode[], slots: Slots): Run {
    const receiver = this.#run(receiverNode, slots)
    if (name === 'size') return (frame) => size(receiver(frame))
    const test = textTests[name]
    const [first, second, third] = args
    if (first === undefined) throw new ExpressionError(`.${name}() needs a value.`, receiverNode.start)
    if (test !== undefined) {
      const part = this.#run(first, slots)
      return (frame) => {
        const value = receiver(frame)
        const wanted = part(frame)
        return typeof value === 'string' && typeof wanted === 'string' && test(value, wanted)
      }
    }
    if (first.op !== 'id' || second === undefined)
      throw new ExpressionError(`.${name}() is not part of the language here.`, receiverNode.start)
    const slot = slots.size === 0 ? 'outer' : 'inner'
    const inside: Slots = new Map(slots).set(first.args, slot)
    if (name === 'map') {
      const keep = third === undefined ? () => true : this.condition(second, inside)
      return mapped(receiver, slot, keep, this.#run(third ?? second, inside))
    }
    return macro(name, receiver, slot, this.condition(second, inside))
  }
}

function readName(name: string, slots: Slots): Run {
  const slot = slots.get(name)
  if (slot === 'outer') return (frame) => frame.outer
  if (slot === 'inner') return (frame) => frame.inner
  if (name === 'it') return (frame) => frame.it
  if (name === 'parent') return (frame) => frame.parent
  if (name === 'current') return (frame) => frame.current
  if (name === 'today') return (frame) => frame.today
  return (frame) => frame.record
}

/** Decimals are stored as text and read as numbers; what could not be typed is read as it was sent. */
function readField(owner: Run, root: Root | null, { field, index }: Place): Run {
  const raw = root === null ? readAt(owner, index) : readRoot(root, index)
  if (field.many)
    return field.type === 'decimal'
      ? (frame) => listOr(raw(frame)).map(toDouble)
      : (frame) => {
          const list = raw(frame)
          return Array.isArray(list) ? list : none
        }
  return field.type === 'decimal' ? (frame) => toDouble(raw(frame)) : raw
}

function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : none
}

function readAt(owner: Run, index: number): Run {
  return (frame) => {
    const group = owner(frame)
    return Array.isArray(group) ? group[index] : undefined
  }
}

type Root = 'it' | 'record' | 'outer' | 'inner'

/** The same for what nearly all expressions read, without a call for the owner. */
function readRoot(root: Root, index: number): Run {
  switch (root) {
    case 'it':
      return ({ it }) => (Array.isArray(it) ? it[index] : undefined)
    case 'record':
      return ({ record }) => (Array.isArray(record) ? record[index] : undefined)
    case 'outer':
      return ({ outer }) => (Array.isArray(outer) ? outer[index] : undefined)
    case 'inner':
      return ({ inner }) => (Array.isArray(inner) ? inner[index] : undefined)
  }
}

function rootOf(node: ASTNode, slots: Slots): Root | null {
  if (node.op !== 'id') return null
  return slots.get(node.args) ?? (node.args === 'it' || node.args === 'record' ? node.args : null)
}

/** `has()`: a scalar that is there, a list that is not empty, a group that is there. */
function present(value: Run): Run {
  return (frame) => {
    const found = value(frame)
    return Array.isArray(found) ? found.length > 0 : found !== undefined
  }
}

function comparison(compare: (left: unknown, right: unknown) => boolean, left: Run, right: Run): Run {
  return (frame) => compare(left(frame), right(frame))
}

/** Comparisons with a constant, which nearly all rules are made of, without a detour. */
function specialised(op: string, left: Run, rightNode: ASTNode): Run | null {
  if (rightNode.op === 'value' && typeof rightNode.args === 'string') {
    const value = rightNode.args
    if (op === '==') return (frame) => left(frame) === value
    if (op === '!=') return (frame) => left(frame) !== value
  }
  if (rightNode.op === 'list' && op === 'in') {
    const constants = constantsOf(rightNode.args)
    if (constants === null) return null
    if (constants.length <= 4) return (frame) => isIn(left(frame), constants)
    const set = new Set<unknown>(constants)
    return (frame) => set.has(left(frame))
  }
  return null
}

function constantsOf(items: readonly ASTNode[]): readonly unknown[] | null {
  const constants: unknown[] = []
  for (const item of items) {
    if (item.op !== 'value') return null
    constants.push(typeof item.args === 'bigint' ? Number(item.args) : item.args)
  }
  return constants
}

function constantText(node: ASTNode | undefined): string {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : ''
}

function macro(name: string, receiver: Run, slot: 'outer' | 'inner', test: Condition): Run {
  if (name === 'exists')
    return (frame) => {
      for (const item of receiver(frame) as readonly unknown[]) {
        frame[slot] = item
        if (test(frame)) return true
      }
      return false
    }
  if (name === 'all')
    return (frame) => {
      for (const item of receiver(frame) as readonly unknown[]) {
        frame[slot] = item
        if (!test(frame)) return false
      }
      return true
    }
  const matching = (frame: Frame) =>
    (receiver(frame) as readonly unknown[]).filter((item) => {
      frame[slot] = item
      return test(frame)
    })
  return name === 'exists_one' ? (frame) => matching(frame).length === 1 : matching
}

function mapped(receiver: Run, slot: 'outer' | 'inner', keep: Condition, value: Run): Run {
  return (frame) => {
    const results: unknown[] = []
    for (const item of receiver(frame) as readonly unknown[]) {
      frame[slot] = item
      if (keep(frame)) results.push(value(frame))
    }
    return results
  }
}

const functionsOfOne: Readonly<Record<string, (value: unknown) => unknown>> = {
  size,
  int: toInt,
  double: toDouble,
  string: toText,
  yearOf,
}

const functionsOfTwo: Readonly<Record<string, (first: unknown, second: unknown) => unknown>> = {
  daysBetween,
  addDays,
}

const textTests: Readonly<Record<string, (value: string, part: string) => boolean>> = {
  startsWith: (value, part) => value.startsWith(part),
  endsWith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
}
