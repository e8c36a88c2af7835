import { expect, test } from 'vitest'
import { adminEn } from '../../console/src/text/admin.en.ts'
import { adminEs } from '../../console/src/text/admin.es.ts'
import { en } from '../../console/src/text/en.ts'
import { es } from '../../console/src/text/es.ts'
import { signInEn } from '../../console/src/text/sign-in.en.ts'
import { signInEs } from '../../console/src/text/sign-in.es.ts'
import { filesBelow, read } from '../tidy/tree.ts'

/** What comes with the pages that need it. */
const later = Object.entries({ ...signInEn, ...adminEn })

const sources = filesBelow('console/src')
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('console/src/text/'))
  .map(read)

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test('every language has every text', () => {
  expect(Object.keys(es)).toEqual(Object.keys(en))
  expect(Object.keys({ ...signInEs, ...adminEs })).toEqual(later.map(([key]) => key))
  expect(Object.entries(es).filter(([, text]) => text.trim() === '')).toEqual([])
})

test('a text has the same holes in every language', () => {
  const others: Readonly<Record<string, string>> = { ...es, ...signInEs, ...adminEs }
  const different = [...Object.entries(en), ...later].filter(
    ([key, text]) => holes(text).join() !== holes(others[key] ?? '').join(),
  )
  expect(different).toEqual([])
})

test('every text is used', () => {
  // A key is written whole, or begins as a template does: `state.${name}`.
  const prefixes = sources.flatMap((source) =>
    [...source.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map(([, p]) => p ?? ''),
  )
  const whole = new Set(
    sources.flatMap((source) => [...source.matchAll(/'([a-z]+(?:\.[\w-]+)+)'/gi)].map(([, key]) => key)),
  )
  const unused = [...Object.keys(en), ...later.map(([key]) => key)]
    .map((key) => key.replace(/\.one$/, ''))
    .filter((key) => !whole.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)))
  expect(unused).toEqual([])
})

test('no page has words of its own', () => {
  // Text between tags that begins with a capital letter stands in the catalogue, not in the page.
  const words = sources.flatMap((source) =>
    [...source.matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)].map(([, text]) => text),
  )
  expect(words).toEqual([])
})
