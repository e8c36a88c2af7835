import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64 } from './base64.ts'

const large = 1_000_000

test('what was written as base64 is read again, also with line ends in it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
      const text = Buffer.from(bytes).toString('base64')
      const broken = text.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n')
      expect(Buffer.from(decodeBase64(text, large) as Uint8Array)).toEqual(Buffer.from(bytes))
      expect(Buffer.from(decodeBase64(broken, large) as Uint8Array)).toEqual(Buffer.from(bytes))
    }),
  )
})

test('what base64 does not have is malformed', () => {
  for (const text of [
    'a',
    'abc',
    'abcde',
    'ab=c',
    'abc==',
    'ab-_',
    'YQ=',
    'YQ===',
    'é===',
    'YR==',
    '====',
    '=',
  ])
    expect([text, decodeBase64(text, large)]).toEqual([text, 'malformed'])
})

test('more bytes than are taken are not made', () => {
  expect(decodeBase64('AAAA', 3)).toEqual(new Uint8Array(3))
  expect(decodeBase64('AAAA', 2)).toBe('large')
  expect(decodeBase64('AAAAAA==', 3)).toBe('large')
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => decodeBase64(text, 10)).not.toThrow()
    }),
  )
})
