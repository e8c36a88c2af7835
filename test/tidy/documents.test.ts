import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedPages } from '../../scripts/pages.ts'
import { FAULTS } from '../../src/fault/fault.ts'
import { filesBelow, read, root } from './tree.ts'

const documents = filesBelow('.').filter((path) => path.endsWith('.md'))
const decisions = documents.filter((path) => path.startsWith('docs/decisions/'))

/** A document's text without its code blocks. */
function prose(path: string): string {
  return read(path).replaceAll(/^```[\s\S]*?^```/gm, '')
}

test('each document has one title', () => {
  const titles = (path: string) => prose(path).match(/^# .+$/gm)?.length ?? 0
  expect(documents.filter((path) => titles(path) !== 1)).toEqual([])
})

test('decisions are numbered once each, and the title repeats the number', () => {
  const numbers = decisions.map((path) => /(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1] ?? path)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(decisions.filter((path, index) => !read(path).startsWith(`# ${numbers[index]} `))).toEqual([])
})

test('each decision says in which state it is', () => {
  const stated = /^State: (proposed|accepted|replaced by \d{4})$/m
  expect(decisions.filter((path) => !stated.test(read(path)))).toEqual([])
})

test('links between documents lead to files that exist', () => {
  const broken = documents.flatMap((path) =>
    [...prose(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !existsSync(join(root, dirname(path), decodeURI(target))))
      .map((target) => `${path} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('generated pages say what the code says (npm run docs writes them)', async () => {
  for (const [path, text] of Object.entries(await generatedPages())) expect(read(path), path).toBe(text)
})

test('the page of faults names each code of the catalogue and no other', () => {
  const codes = [...read('docs/operations/faults.md').matchAll(/^## `([A-Z_]+)`$/gm)].map(([, code]) => code)
  expect(codes.sort()).toEqual(Object.keys(FAULTS).sort())
})
