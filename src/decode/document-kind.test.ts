import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gifOf, smallest } from '../../test/fixtures/images.ts'
import { kindOf } from './document-kind.ts'

const KINDS = ['gif', 'tiff', 'jpeg', 'pdf'] as const
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

describe.each(KINDS)('%s', (kind) => {
  test('a whole one is told by its content', () => {
    expect(kindOf(smallest(kind))).toEqual({ kind, trouble: null })
  })

  test('one that was cut anywhere is told from a whole one', () => {
    const whole = smallest(kind)
    // The line end of a PDF is no part of it.
    const end = whole.length - (kind === 'pdf' ? 1 : 0)
    for (let length = 10; length < end; length += 1)
      expect([length, kindOf(whole.subarray(0, length)).trouble]).toEqual([length, 'cut'])
  })
})

describe.each(['gif', 'jpeg', 'pdf'] as const)('%s with something behind its end', (kind) => {
  test('is told, be it an archive, a script or another document', () => {
    for (const more of ['PK\x03\x04', '<script>', '/**/alert(1)', smallest('gif').toString('latin1')])
      expect(kindOf(Buffer.concat([smallest(kind), bytesOf(more)])).trouble).toBe('more')
  })

  test('is whole where only zeros and line ends follow', () => {
    expect(kindOf(Buffer.concat([smallest(kind), bytesOf('\r\n\0\0')])).trouble).toBe(null)
  })
})

test('a PDF hidden behind an image, and an image that says to be a PDF, are what they begin with', () => {
  const pdf = smallest('pdf')
  expect(kindOf(Buffer.concat([smallest('jpeg'), pdf]))).toEqual({ kind: 'jpeg', trouble: 'more' })
  expect(kindOf(Buffer.concat([bytesOf(' '), pdf])).kind).toBe(null)
})

test('a GIF that is a script to a browser is told by what follows its first block', () => {
  const script = Buffer.concat([bytesOf('GIF89a/*'), Buffer.alloc(5), bytesOf('*/=1;alert(1)')])
  expect(kindOf(script)).toEqual({ kind: 'gif', trouble: 'cut' })
})

test('other content is of no kind', () => {
  for (const other of ['', 'GIF', 'GIF88a', '\x89PNG\r\n\x1a\n', '<html>', 'PK\x03\x04', '%PD', 'BM'])
    expect([other, kindOf(bytesOf(other))]).toEqual([other, { kind: null, trouble: null }])
})

test('a TIFF whose directories go round, or that share one long list, ends', () => {
  const tiff = Buffer.alloc(6 * 1024 * 1024)
  tiff.write('II*\0', 0, 'latin1')
  tiff.writeUInt32LE(8, 4)
  for (let at = 8, next = 8 + 18; at < 8 + 900 * 18; at = next, next += 18) {
    tiff.writeUInt16LE(1, at)
    tiff.writeUInt16LE(273, at + 2)
    tiff.writeUInt16LE(4, at + 4)
    tiff.writeUInt32LE(1_000_000, at + 6)
    tiff.writeUInt32LE(100_000, at + 10)
    tiff.writeUInt32LE(next, at + 14)
  }
  expect(kindOf(tiff).trouble).toBe('cut')
  const round = Buffer.from(smallest('tiff'))
  round.writeUInt32LE(8, 8 + 2 + 12 * round.readUInt16LE(8))
  expect(kindOf(round).trouble).toBe('cut')
})

test('a strip that lies outside the file is missing', () => {
  const tiff = Buffer.from(smallest('tiff'))
  const strips = [...Array(tiff.readUInt16LE(8)).keys()]
    .map((index) => 10 + 12 * index)
    .find((at) => tiff.readUInt16LE(at) === 273)
  tiff.writeUInt32LE(0xffffffff, (strips ?? 0) + 8)
  expect(kindOf(tiff)).toEqual({ kind: 'tiff', trouble: 'cut' })
})

test('no bytes at all make it throw', () => {
  const start = fc.constantFrom('GIF89a', '\xff\xd8\xff', '%PDF-', 'II*\0', 'MM\0*', '')
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
      expect(() => kindOf(Buffer.concat([bytesOf(head), rest]))).not.toThrow()
    }),
  )
})

test('an image of any size that is made for tests is whole', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(1000), (size, seed) => {
      expect(kindOf(gifOf(size, seed))).toEqual({ kind: 'gif', trouble: null })
    }),
  )
})
