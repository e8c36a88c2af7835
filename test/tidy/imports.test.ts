import { expect, test } from 'vitest'
import { filesBelow, folderOrder, importsOf, isTest, pureFolders, read, resolved } from './tree.ts'

const sources = filesBelow('src').filter((path) => path.endsWith('.ts') && !isTest(path))

function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** Imports of a module that point to a folder later in the order. */
function wrongImports(path: string, source: string, order: readonly string[]): string[] {
  const home = order.indexOf(folderOf(path))
  return importsOf(source)
    .map((specifier) => resolved(path, specifier))
    .filter((target) => target !== null)
    .filter((target) => !target.startsWith('src/') || order.indexOf(folderOf(target)) > home)
    .map((target) => `${path} imports ${target}`)
}

test('each folder of src has its place in the order that ARCHITECTURE.md states', () => {
  const folders = [...new Set(sources.map(folderOf))].sort()
  expect(folderOrder()).toEqual(expect.arrayContaining(folders))
})

test('a folder imports only from folders above it', () => {
  const order = folderOrder()
  expect(sources.flatMap((path) => wrongImports(path, read(path), order))).toEqual([])
})

test('a channel does not know the order of the stages', () => {
  const wrong = sources
    .filter((path) => path.startsWith('src/channel/'))
    .flatMap((path) => importsOf(read(path)).map((specifier) => [path, resolved(path, specifier)]))
    .filter(([, target]) => target?.startsWith('src/run/'))
  expect(wrong).toEqual([])
})

test('the agent stands beside a database of others: it takes nothing of the node along', () => {
  const may = new Set([...pureFolders(), 'installed', 'unpack', 'judge', 'source', 'agent'])
  const wrong = sources
    .filter((path) => path.startsWith('src/agent/') || path.startsWith('src/source/'))
    .flatMap((path) => importsOf(read(path)).map((specifier) => [path, resolved(path, specifier)] as const))
    .filter(([, target]) => target?.startsWith('src/') === true && !may.has(folderOf(target)))
  expect(wrong).toEqual([])
})

test('the pure folders use no module of Node and no database', () => {
  const pure = new Set(pureFolders())
  const wrong = sources
    .filter((path) => pure.has(folderOf(path)))
    .flatMap((path) => importsOf(read(path)).map((specifier) => `${path} imports ${specifier}`))
    .filter((line) => /imports (node:|pg\b|@electric-sql)/.test(line))
  expect(wrong).toEqual([])
})

test('the check of imports finds static, dynamic and type imports', () => {
  const order = ['fault', 'decode', 'db']
  const source = `
    import { a } from '../db/sql.ts'
    import type { B } from '../db/database.ts'
    const c = await import('../db/migrate.ts')
    export { d } from '../fault/fault.ts'
    // import { e } from '../db/comment.ts'
  `
  expect(wrongImports('src/decode/csv.ts', source, order)).toEqual([
    'src/decode/csv.ts imports src/db/sql.ts',
    'src/decode/csv.ts imports src/db/database.ts',
    'src/decode/csv.ts imports src/db/migrate.ts',
  ])
})
