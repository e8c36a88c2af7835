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
