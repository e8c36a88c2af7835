import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** All files below a folder with what they hold, in order; markers of uploads left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/.work/incomplete/'))
    .sort()
  return Promise.all(files.map(async (path) => `${relative(folder, path)}: ${await readFile(path, 'utf8')}`))
}
