import fc from 'fast-check'
import { expect, test } from 'vitest'
import { returnPath, withNote } from '../../src/identity/return-path.ts'

test.each([
  ['/', '/'],
  ['/submissions?errors=true', '/submissions?errors=true'],
  ['/records/a%2Fb?x=%26#part', '/records/a%2Fb?x=%26'],
  ['/a/../b', '/b'],
])('%s is a path of ours', (asked, path) => {
  expect(returnPath(asked)).toBe(path)
})

test.each([
  undefined,
  '',
  'submissions',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/.\\/evil.example',
  'https://evil.example/',
  'HTTPS:evil.example',
  'javascript:alert(1)',
  ' //evil.example',
  '/v1/session/providers/x/start',
  `/${'a'.repeat(1000)}`,
])('%j is gone to by nobody', (asked) => {
  expect(returnPath(asked)).toBe('/')
})

test('whatever is asked for, nobody leaves us', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '//',
    '\t',
    '\n',
    '@',
    ':',
    '?',
    '#',
    '%2f',
    '%5c',
    'a.example',
  )
  const asked = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(asked, (text) => {
      for (const path of [returnPath(text), withNote(returnPath(`/${text}`), { 'sign-in': 'late' })])
        expect(new URL(path, 'https://ours.example').origin).toBe('https://ours.example')
    }),
  )
})
