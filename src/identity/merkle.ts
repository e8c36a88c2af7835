import { hash } from 'node:crypto'

/**
 * A Merkle tree over the lines of a session log (RFC 6962 §2.1): leaf = H(0x00 ‖ line), node = H(0x01 ‖ left
 * ‖ right). Kept as its right edge, so that it grows by chunks in constant memory.
 */

/** Right edge: at level n the root of a complete subtree of 2^n leaves, or null. Hex. */
export type Edge = readonly (string | null)[]

export function leafHash(line: string): Buffer {
  // In UTF-8 this character is one byte of zero.
  return hash('sha256', `\u0000${line}`, 'buffer')
}

/** Reused: a chunk has as many nodes as lines. */
const nodeInput = Buffer.alloc(1 + 32 + 32, 1)

function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(nodeInput, 1)
  right.copy(nodeInput, 33)
  return hash('sha256', nodeInput, 'buffer')
}

/** The edge after these leaves. */
export function appendLeaves(edge: Edge, leaves: readonly Buffer[]): Edge {
  const grown: (Buffer | null)[] = edge.map((text) => (text === null ? null : Buffer.from(text, 'hex')))
  for (const leaf of leaves) {
    let carry = leaf
    let level = 0
    for (let left = grown[level]; left !== null && left !== undefined; left = grown[level]) {
      carry = nodeHash(left, carry)
      grown[level] = null
      level += 1
    }
    grown[level] = carry
  }
  return grown.map((node) => node?.toString('hex') ?? null)
}

/** Root of the whole tree, hex; of no leaves, the hash of nothing. */
export function rootOf(edge: Edge): string {
  let root: Buffer | null = null
  for (const text of edge) {
    if (text === null) continue
    const node = Buffer.from(text, 'hex')
    root = root === null ? node : nodeHash(node, root)
  }
  return root?.toString('hex') ?? hash('sha256', '', 'hex')
}

export interface PathStep {
  readonly side: 'left' | 'right'
  readonly hash: string
}

export interface Proof {
  /** 0-based number of the line in the log. */
  readonly index: number
  readonly line: string
  readonly path: readonly PathStep[]
  readonly root: string
}

interface Subtree {
  level: number
  hash: Buffer
  holds: boolean
}

/**
 * Finds the first line that `wanted` accepts and its path to the root, reading the log once in constant
 * memory. Null when there is no such line.
 */
export async function prove(
  lines: AsyncIterable<string>,
  wanted: (line: string) => boolean,
): Promise<Proof | null> {
  const stack: Subtree[] = []
  const path: PathStep[] = []
  let found: { index: number; line: string } | null = null
  let index = 0
  for await (const line of lines) {
    const holds = found === null && wanted(line)
    if (holds) found = { index, line }
    index += 1
    let node: Subtree = { level: 0, hash: leafHash(line), holds }
    for (let left = stack.at(-1); left !== undefined && left.level === node.level; left = stack.at(-1)) {
      stack.pop()
      node = merge(left, node, path)
    }
    stack.push(node)
  }
  if (found === null) return null
  let root = stack.pop() as Subtree
  for (let left = stack.pop(); left !== undefined; left = stack.pop()) root = merge(left, root, path)
  return { ...found, path, root: root.hash.toString('hex') }
}

function merge(left: Subtree, right: Subtree, path: PathStep[]): Subtree {
  if (left.holds) path.push({ side: 'right', hash: right.hash.toString('hex') })
  if (right.holds) path.push({ side: 'left', hash: left.hash.toString('hex') })
  return { level: left.level + 1, hash: nodeHash(left.hash, right.hash), holds: left.holds || right.holds }
}

/** Does this line lead to this root by this path? Needs nothing but the receipt. */
export function proves(line: string, path: readonly PathStep[], root: string): boolean {
  let node = leafHash(line)
  for (const step of path) {
    const other = Buffer.from(step.hash, 'hex')
    node = step.side === 'left' ? nodeHash(other, node) : nodeHash(node, other)
  }
  return node.toString('hex') === root
}
