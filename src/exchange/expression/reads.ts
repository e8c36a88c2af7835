import type { ASTNode } from '@marcbachmann/cel-js'
import { parseExpression } from './parse.ts'

/** What an expression looks at. */
export interface Reads {
  /**
   * Dotted canonical paths that begin with `record`, `it`, `parent` or `current`; the variable of a macro is
   * replaced by the list it runs over: `it.actions.exists(a, a.code == '1')` reads `it.actions.code`.
   */
  readonly paths: readonly string[]
  readonly today: boolean
  readonly current: boolean
}

const roots = new Set(['record', 'it', 'parent', 'current'])
const macros = new Set(['exists', 'all', 'exists_one', 'filter', 'map'])

/** The paths an expression reads, and whether it uses `today` or `current`. Throws ExpressionError. */
export function readsOf(text: string): Reads {
  const paths = new Set<string>()
  const walk = createWalk(paths)
  const ast = parseExpression(text)
  walk(ast, new Map())
  return {
    paths: [...paths],
    today: namesToday(ast),
    current: [...paths].some((path) => path === 'current' || path.startsWith('current.')),
  }
}

type Variables = ReadonlyMap<string, string | null>

/** Walks a node and returns its own path where it is one; paths that end in it are added to `paths`. */
function createWalk(paths: Set<string>): (node: ASTNode, variables: Variables) => void {
  const add = (path: string | null) => {
    if (path !== null) paths.add(path)
  }

  function walk(node: ASTNode, variables: Variables): void {
    add(pathOf(node, variables))
  }

  /** Path of a node whose value is (part of) the record, or null; anything else inside it is walked. */
  function pathOf(node: ASTNode, variables: Variables): string | null {
    switch (node.op) {
      case 'id':
        if (variables.has(node.args)) return variables.get(node.args) ?? null
        return roots.has(node.args) ? node.args : null
      case '.': {
        const path = pathOf(node.args[0], variables)
        return path === null ? null : `${path}.${node.args[1]}`
      }
      case '[]':
        walk(node.args[1], variables)
        return pathOf(node.args[0], variables)
      case 'rcall':
        return methodPath(node.args, variables)
      default:
        for (const child of childrenOf(node)) walk(child, variables)
        return null
    }
  }

  function methodPath([name, receiver, args]: [string, ASTNode, ASTNode[]], outer: Variables): string | null {
    const path = pathOf(receiver, outer)
    const [variable, ...rest] = args
    if (!macros.has(name) || variable?.op !== 'id') {
      add(path)
      for (const arg of args) walk(arg, outer)
      return null
    }
    add(path)
    const inner = new Map(outer).set(variable.args, path)
    const last = rest.at(-1)
    for (const arg of rest) if (arg !== last || name !== 'map') walk(arg, inner)
    if (name === 'filter') return path
    return name === 'map' && last !== undefined ? pathOf(last, inner) : null
  }

  return walk
}

/** Direct parts of a node. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

function namesToday(node: ASTNode): boolean {
  return node.op === 'id' ? node.args === 'today' : childrenOf(node).some(namesToday)
}
