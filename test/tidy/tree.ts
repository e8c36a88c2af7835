import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Folders that hold nothing of ours. */
const foreign = new Set(['node_modules', 'dist', 'data', '.git', 'coverage'])

/** Paths of all files below a folder of the project, with `/`, relative to the project. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return foreign.has(entry.name) ? [] : filesBelow(path)
      return [path]
    })
    .map((path) => path.split(sep).join('/'))
    .sort()
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Is this a file of tests, or one that only tests use? */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/')
}

/** The folders of `src` from first to last, as ARCHITECTURE.md states them: later ones may import earlier ones. */
export function folderOrder(): string[] {
  const list = /^`(fault exchange [a-z\s]+)`$/m.exec(read('ARCHITECTURE.md'))?.[1]
  if (list === undefined) throw new Error('ARCHITECTURE.md does not list the folders of src in their order')
  return list.split(/\s+/)
}

/** The folders in which nothing may reach out of the language: from the first to `publish`. */
export function pureFolders(): string[] {
  const order = folderOrder()
  return order.slice(0, order.indexOf('publish') + 1)
}

/** What a module imports, statically or not: package names, `node:` modules, relative paths. */
export function importsOf(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)
  return [...found].map(([, specifier]) => specifier ?? '')
}

/** Project path of a relative import, or null for a package. */
export function resolved(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  return relative(root, join(root, dirname(path), specifier))
    .split(sep)
    .join('/')
}
