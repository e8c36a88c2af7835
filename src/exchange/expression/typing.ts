import type { ASTNode } from '@marcbachmann/cel-js'
import { suggestion } from '../problem.ts'
import { ExpressionError } from './expression-error.ts'
import { patternInside } from './pattern.ts'
import {
  BOOL,
  DOUBLE,
  INT,
  levelsOf,
  NOTHING,
  type Scope,
  type StaticType,
  TEXT,
  typeOfField,
} from './scope.ts'

/** Types of the names an expression may use. */
export type Names = ReadonlyMap<string, StaticType>

/** Deepest nesting of `exists`, `all`, `filter` … inside each other. */
const nestingMax = 2

/** Macro steps of one expression on one record with the longest lists its definition allows. */
const stepsMax = 1_000_000

/** The names of a scope. Throws ExpressionError when the scope's own path does not exist. */
export function namesOf(scope: Scope): Names {
  const levels = levelsOf(scope)
  if (levels === null) throw new ExpressionError(`There is no list '${scope.each ?? scope.at.join('.')}'.`, 0)
  const names = new Map<string, StaticType>([['today', TEXT]])
  names.set('record', { kind: 'group', fields: scope.fields })
  names.set('it', { kind: 'group', fields: levels.at(-1) ?? [] })
  const parent = levels.at(-2)
  if (parent !== undefined) names.set('parent', { kind: 'group', fields: parent })
  if (scope.needs === 'current') names.set('current', { kind: 'group', fields: scope.fields })
  return names
}

/**
 * Finds the type of every node of an expression and refuses what the language leaves out of CEL: maps, bytes,
 * `matches` (its engine can be made to hang), names that are not fields, deep or costly nesting. Operators and
 * functions were checked by cel-js before. Throws ExpressionError.
 */
export function typesOf(ast: ASTNode, scope: Scope): ReadonlyMap<ASTNode, StaticType> {
  const types = new Map<ASTNode, StaticType>()
  const typing = new Typing(scope, types)
  typing.visit(ast, namesOf(scope), 0)
  const runs = itemsOf(scope)
  const steps = typing.stepsOf(ast) * runs
  if (steps > stepsMax)
    throw new ExpressionError(
      `The expression may take ${steps} steps on one record; at most ${stepsMax} are allowed. Lower the lists' largest counts or nest less.`,
      0,
    )
  return types
}

/** How often a rule may run on one record: once per item of its list. */
function itemsOf(scope: Scope): number {
  let fields = scope.fields
  let items = 1
  for (const name of scope.each?.split('.') ?? []) {
    const field = fields.find((one) => one.name === name)
    if (field?.many === true) items *= field.itemsMax
    fields = field?.fields ?? []
  }
  return items
}

class Typing {
  readonly #scope: Scope
  readonly #types: Map<ASTNode, StaticType>
  readonly #steps = new Map<ASTNode, number>()

  constructor(scope: Scope, types: Map<ASTNode, StaticType>) {
    this.#scope = scope
    this.#types = types
  }

  stepsOf(node: ASTNode): number {
    return this.#steps.get(node) ?? 1
  }

  visit(node: ASTNode, names: Names, depth: number): StaticType {
    const type = this.#typeOf(node, names, depth)
    this.#types.set(node, type)
    return type
  }

  #typeOf(node: ASTNode, names: Names, depth: number): StaticType {
    switch (node.op) {
      case 'value':
        return literalType(node)
      case 'id': {
        const type = names.get(node.args)
        if (type === undefined) throw new ExpressionError(`There is no '${node.args}' here.`, node.start)
        return type
      }
      case '.':
        return this.#member(node, this.visit(node.args[0], names, depth), node.args[1])
      case '[]': {
        const [list, index] = node.args
        const type = this.visit(list, names, depth)
        this.visit(index, names, depth)
        if (type.kind === 'list') return type.item
        throw new ExpressionError('Only an item of a list is taken with [ ].', node.start)
      }
      case 'rcall':
        return this.#method(node, node.args, names, depth)
      case 'call':
        return this.#call(node, node.args, names, depth)
      case 'map':
      case '.?':
      case '[?]':
        throw new ExpressionError('Maps and optional values are not part of the language.', node.start)
      default:
        return this.#operator(node, names, depth)
    }
  }

  #member(node: ASTNode, type: StaticType, name: string): StaticType {
    const field = type.kind === 'group' ? type.fields.find((one) => one.name === name) : undefined
    if (field === undefined) throw new ExpressionError(`There is no field '${name}' here.`, node.start)
    return typeOfField(field)
  }

  #operator(
    node: Exclude<ASTNode, { op: 'value' | 'id' | '.' | '.?' | '[?]' | 'call' | 'rcall' | 'map' }>,
    names: Names,
    depth: number,
  ): StaticType {
    const parts: readonly ASTNode[] = node.op === '!_' || node.op === '-_' ? [node.args] : node.args
    const types = parts.map((part) => this.visit(part, names, depth))
    this.#steps.set(node, Math.max(1, ...parts.map((part) => this.stepsOf(part))))
    const [first = NOTHING, second = first] = types
    switch (node.op) {
      case 'list':
        return { kind: 'list', item: first, sizeMax: parts.length }
      case '?:':
        return second.kind === 'list' ? longer(second, types[2] ?? second) : second
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return arithmeticType(first, second)
      case '-_':
        return first
      default:
        return BOOL
    }
  }

  #call(node: ASTNode, [name, args]: [string, ASTNode[]], names: Names, depth: number): StaticType {
    for (const arg of args) this.visit(arg, names, depth)
    this.#steps.set(node, Math.max(1, ...args.map((arg) => this.stepsOf(arg))))
    const [first, second] = args
    if (name === 'has' && first?.op !== '.')
      throw new ExpressionError('has() takes a field, such as has(it.age).', node.start)
    if (name === 'raw') this.#checkRaw(first, node)
    if (name === 'matchesRe') patternInside(constant(second, 'the pattern of matchesRe()'))
    if (name === 'inList') {
      const list = constant(second, 'the list of inList()')
      if (!this.#scope.lists.includes(list))
        throw new ExpressionError(`There is no code list '${list}'.`, second?.start ?? node.start)
    }
    const type = functionTypes.get(name)
    if (type === undefined) throw new ExpressionError(`${name}() is not part of the language.`, node.start)
    return type
  }

  #checkRaw(first: ASTNode | undefined, node: ASTNode): void {
    const { raw } = this.#scope
    if (raw === undefined)
      throw new ExpressionError('raw() is for filters and for the sources of a layout.', node.start)
    const name = constant(first, 'the header or path of raw()')
    if (raw.names !== null && !raw.names.includes(name))
      throw new ExpressionError(
        `There is no header '${name}'. ${suggestion(name, raw.names)}`,
        first?.start ?? node.start,
      )
  }

  #method(
    node: ASTNode,
    [name, receiver, args]: [string, ASTNode, ASTNode[]],
    names: Names,
    depth: number,
  ): StaticType {
    const receiverType = this.visit(receiver, names, depth)
    const type = methodTypes.get(name)
    if (type !== undefined) {
      for (const arg of args) this.visit(arg, names, depth)
      return type
    }
    const [variable, ...rest] = args
    if (name === 'matches')
      throw new ExpressionError(
        'matches() is not part of the language; use matchesRe(text, pattern).',
        node.start,
      )
    if (!macroNames.has(name) || receiverType.kind !== 'list' || variable?.op !== 'id')
      throw new ExpressionError(`.${name}() is not part of the language here.`, node.start)
    if (names.has(variable.args))
      throw new ExpressionError(`'${variable.args}' has a meaning already.`, variable.start)
    if (depth === nestingMax)
      throw new ExpressionError(
        `At most ${nestingMax} of exists, all, filter … stand in each other.`,
        node.start,
      )
    const inner = new Map(names).set(variable.args, receiverType.item)
    const types = rest.map((arg) => this.visit(arg, inner, depth + 1))
    const inside = Math.max(1, ...rest.map((arg) => this.stepsOf(arg)))
    this.#steps.set(node, Math.max(this.stepsOf(receiver), receiverType.sizeMax * inside))
    if (name === 'filter') return receiverType
    if (name !== 'map') return BOOL
    return { kind: 'list', item: types.at(-1) ?? NOTHING, sizeMax: receiverType.sizeMax }
  }
}

const macroNames = new Set(['exists', 'all', 'exists_one', 'filter', 'map'])

const functionTypes: Names = new Map([
  ['has', BOOL],
  ['size', INT],
  ['int', INT],
  ['double', DOUBLE],
  ['string', TEXT],
  ['matchesRe', BOOL],
  ['inList', BOOL],
  ['daysBetween', INT],
  ['yearOf', INT],
  ['addDays', TEXT],
  ['raw', TEXT],
])

const methodTypes: Names = new Map([
  ['size', INT],
  ['startsWith', BOOL],
  ['endsWith', BOOL],
  ['contains', BOOL],
])

function literalType(node: Extract<ASTNode, { op: 'value' }>): StaticType {
  const value = node.args
  if (typeof value === 'string') return TEXT
  if (typeof value === 'boolean') return BOOL
  if (typeof value === 'number') return DOUBLE
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return INT
  const hint = value === null ? ' Ask has() whether a field is present.' : ''
  throw new ExpressionError(`This kind of value is not part of the language.${hint}`, node.start)
}

function constant(node: ASTNode | undefined, what: string): string {
  if (node?.op === 'value' && typeof node.args === 'string') return node.args
  throw new ExpressionError(`Write ${what} as a text in quotes.`, node?.start ?? 0)
}

function arithmeticType(left: StaticType, right: StaticType): StaticType {
  if (left.kind === 'text') return TEXT
  if (left.kind === 'list' && right.kind === 'list') return { ...left, sizeMax: left.sizeMax + right.sizeMax }
  return left.kind === 'int' && right.kind === 'int' ? INT : DOUBLE
}

function longer(left: Extract<StaticType, { kind: 'list' }>, right: StaticType): StaticType {
  return right.kind === 'list' && right.sizeMax > left.sizeMax ? right : left
}
