import type { Field } from '../../../src/exchange/definition.ts'
import type { Tree } from './tree.ts'

/** What a form has to know again beside the record that was begun. */
export interface DraftNote {
  /** The version of the stored record that the draft was begun from. */
  readonly version?: number
  /** Whose record it is, where the centre writes it. */
  readonly partner?: string
}

/** No field has such a name. */
const NAME = '$form'

/** The draft's content as it is kept on the node. */
export function withNote(tree: Tree, { version, partner }: DraftNote): Tree {
  const note = {
    ...(version === undefined ? {} : { version }),
    ...(partner === undefined ? {} : { partner }),
  }
  return Object.keys(note).length === 0 ? tree : { ...tree, [NAME]: note }
}

/** The draft as the form has it, and its note. */
export function readDraft(body: Readonly<Record<string, unknown>>): {
  readonly tree: Tree
  readonly note: DraftNote
} {
  const { [NAME]: kept, ...tree } = body as Tree
  const { version, partner } = typeof kept === 'object' && kept !== null ? (kept as Tree) : {}
  return {
    tree,
    note: {
      ...(typeof version === 'number' ? { version } : {}),
      ...(typeof partner === 'string' ? { partner } : {}),
    },
  }
}

/** Files that were chosen are too large for a draft; a document that the record has is only named, and stays. */
export function withoutFiles(tree: Tree, fields: readonly Field[]): Tree {
  const files = new Set(fields.filter(({ document }) => document !== null).map(({ name }) => name))
  if (files.size === 0) return tree
  return Object.fromEntries(
    Object.entries(tree).filter(([name, value]) => !files.has(name) || typeof value !== 'string'),
  )
}
