import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOpener, createSealer, FRAME_BYTES } from './at-rest.ts'

const key = randomBytes(32)

test('every frame opens by itself, and only as what and where it was', () => {
  const sealer = createSealer(key)
  const frames = [randomBytes(FRAME_BYTES), randomBytes(FRAME_BYTES), randomBytes(9)]
  const sealed = frames.map((frame, at) => sealer.seal(frame, at === 2))
  const open = createOpener(key, sealer.head)
  expect(Buffer.from(open(sealed[1] as Uint8Array, 1, false)).equals(frames[1] as Buffer)).toBe(true)
  expect(Buffer.from(open(sealed[2] as Uint8Array, 2, true)).equals(frames[2] as Buffer)).toBe(true)
  expect(() => open(sealed[1] as Uint8Array, 0, false)).toThrow()
  expect(() => open(sealed[2] as Uint8Array, 2, false)).toThrow()
  expect(() => createOpener(randomBytes(32), sealer.head)(sealed[0] as Uint8Array, 0, false)).toThrow()
})

test('a changed bit is noticed', () => {
  const sealer = createSealer(key)
  const sealed = sealer.seal(Buffer.from('a record'), true)
  const open = createOpener(key, sealer.head)
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => open(changed, 0, true)).toThrow()
    }),
  )
})
