import type { FileTree } from '../../store/file-tree.ts'

/** A folder's files are moved together, so that they share its syncs; a bucket gets so many requests at a time. */
const inFolder = 500
const inBucket = 16

/** Does something with each file of a tree, as many at a time as suits the tree; answers in order. */
export async function eachInTree<T, R>(
  files: FileTree,
  items: readonly T[],
  perform: (item: T) => Promise<R>,
): Promise<R[]> {
  const atOnce = files.pathOf('') === null ? inBucket : inFolder
  const answers: R[] = []
  for (let index = 0; index < items.length; index += atOnce)
    answers.push(...(await Promise.all(items.slice(index, index + atOnce).map(perform))))
  return answers
}
